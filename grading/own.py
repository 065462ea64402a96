"""What is a student's own: the modules beside a notebook, and the private names of classes."""

import ast
import re
from collections import namedtuple
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from . import cells
from .syntax import binds, dotted, tree_of

ENCODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.MULTILINE)
PLAIN = {b"utf-8", b"utf8", b"ascii", b"latin-1", b"iso-8859-1"}
# of cells in which IPython looks for magics, and of modules, how many; of a module, bytes
MOST, LARGEST = 20, 300_000
ITSELF = {"self", "cls"}
NAMED = {name for name in vars(namedtuple("Pair", ())) if name[:2] != "__"}  # a named tuple's


def modules(theirs: list[tuple], folder: Path) -> tuple[dict[str, list], set[int]]:
    """The files of what these sources import from that folder, and the places of cells that do.

    A source is a name, a text and the place of a cell; these files join them.
    """
    own, importing = {}, set()
    for _, source, place in theirs:  # which grows
        roots = {name.partition(".")[0] for name in cells.imports(source)}
        for root in roots - set(own):
            own[root] = files(root, folder)
            theirs += [(file, text, None) for file, text in own[root]]
        if place is not None and any(own[root] for root in roots):
            importing.add(place)
    return own, importing


def private(sources: list[str]) -> set[str]:
    """Names with an underscore that classes in these cells have, and no file of a library."""
    found = set()
    for node in (one for source in sources for one in ast.walk(tree_of(source))):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found |= {node.attr} if dotted(node.value) in ITSELF else set()
        elif isinstance(node, ast.ClassDef):
            found |= {getattr(one, "name", "") for one in node.body}
            inner = (part for one in node.body for part in ast.iter_child_nodes(one))
            found |= {one.id for one in inner if binds(one)}
    found = {name for name in found if name.startswith("_") and not name.startswith("__")}
    return (found - _files_of_libraries() if found else found) | NAMED


@lru_cache
def _files_of_libraries() -> set[str]:
    folders = [Path(spec.origin).parent for one in ("torch", "numpy") if (spec := find_spec(one))]
    return {path.name.partition(".")[0] for one in folders for path in one.rglob("_*")}


def files(root: str, folder: Path) -> list[tuple[str, str]]:
    """The files of a module of the student's own: their names and their text."""
    paths = [folder / f"{root}.py", *(folder / root).rglob("*.py")]
    paths = [path for path in paths if path.is_file() and not path.is_symlink()][: MOST + 1]
    return [(path.name, _text(path)) for path in paths]


def _text(path: Path) -> str:
    """What Python reads there; of what it may read otherwise, "exec"."""
    head = path.read_bytes()[:LARGEST] if path.stat().st_size < LARGEST else b"# coding: none"
    named = ENCODING.search(b"\n".join(head.splitlines()[:2]))
    if named and named[1].lower().replace(b"_", b"-") not in PLAIN:
        return "exec"
    return head.decode("utf-8-sig", "replace")
