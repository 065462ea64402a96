"""A submitted notebook, read without trusting it."""

import hashlib
import html
import json
import re
import secrets
from pathlib import Path
from urllib.parse import unquote

import nbformat
from nbformat.notebooknode import NotebookNode, from_dict
from nbformat.v4 import new_notebook

from .limits import MB, Limits

MOST_CELLS = 2000
MOST_TEXT = MB  # characters in all cells together
MOST_PICTURES = 16 * MB  # pasted into all cells together
KINDS = ("code", "markdown", "raw")
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
PICTURE = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*+")
LINK = "attachment:"
END_OF_LINK = re.compile(r"[\s)>\"'\]]")


class Unreadable(Exception):
    """A file that is not a notebook. The message says why."""


def read_notebook(path: Path, limits: Limits) -> NotebookNode:
    """A submitted notebook, rebuilt from its cells' types, sources, ids, pictures and names.

    All else in the file (outputs, other metadata) is dropped: it is the student's word. Call it in
    a bounded child. Raises Unreadable.
    """
    data = _json(path, limits)
    if not isinstance(data, dict) or type(data.get("nbformat")) is not int:
        raise Unreadable("the file is JSON but not a notebook")
    if data["nbformat"] > 4:
        raise Unreadable(f"the notebook has format {data['nbformat']}, newer than 4")
    if data["nbformat"] < 4:
        data = _from_old_format(data)
    if not isinstance(data.get("cells"), list):
        raise Unreadable("the notebook has no list of cells")
    if len(data["cells"]) > MOST_CELLS:
        raise Unreadable(f"the notebook has {len(data['cells'])} cells, more than {MOST_CELLS}")
    nb, seen, text, pictures = new_notebook(), set(), 0, 0
    for number, cell in enumerate(data["cells"], 1):
        nb.cells.append(_cell(cell, number, seen))
        text += len(nb.cells[-1].source)
        pictures += sum(map(_size, nb.cells[-1].get("attachments", {}).values()))
    if text > MOST_TEXT:
        raise Unreadable(f"its cells hold {text:,} characters of text, more than {MOST_TEXT:,}")
    if pictures > MOST_PICTURES:
        raise Unreadable(f"the pictures in it are larger than {MOST_PICTURES // MB} MB together")
    return nb


def _json(path: Path, limits: Limits) -> object:
    size = path.stat().st_size
    if size == 0:
        raise Unreadable("the file is empty")
    if size > limits.notebook_mb * MB:
        raise Unreadable(f"the file is larger than {limits.notebook_mb} MB")
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unreadable(f"the file is not UTF-8 text (byte {error.start})") from None
    except RecursionError:
        raise Unreadable("the file is nested too deeply") from None
    except ValueError as error:
        raise Unreadable(f"the file is not JSON ({error})") from None


def _from_old_format(data: dict) -> dict:
    try:
        sheets = data.get("worksheets")
        for sheet in sheets if isinstance(sheets, list) else ():
            for cell in sheet.get("cells", ()):
                cell["outputs"] = []
        old = nbformat.reads(json.dumps(data), as_version=data["nbformat"])
        return nbformat.convert(old, 4)
    except Exception as error:
        raise Unreadable(f"the notebook's old format cannot be read ({error})"[:300]) from None


def _size(bundle: dict[str, str]) -> int:
    return sum(map(len, bundle.values()))


def _cell(data: object, number: int, seen: set[str]) -> NotebookNode:
    if not isinstance(data, dict) or data.get("cell_type") not in KINDS:
        raise Unreadable(f"cell {number} is not a notebook cell")
    source = data.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise Unreadable(f"the source of cell {number} is not text")
    source = source.encode("utf-8", "replace").decode("utf-8")  # lone surrogates
    name = data.get("id")
    if not isinstance(name, str) or not CELL_ID.fullmatch(name) or name in seen:
        name = secrets.token_hex(4)
    seen.add(name)
    kind = data["cell_type"]
    cell = from_dict({"id": name, "cell_type": kind, "source": source, "metadata": {}})
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    elif pictures := _pictures(data.get("attachments")):
        cell.attachments = from_dict(pictures)
    metadata = data.get("metadata")
    if isinstance(metadata, dict) and isinstance(metadata.get("nbgrader"), dict):
        name = metadata["nbgrader"].get("grade_id")
        if isinstance(name, str):
            cell.metadata.nbgrader = NotebookNode(grade_id=name[:200])
    return cell


def _pictures(attachments: object) -> dict[str, dict[str, str]]:
    """The pictures pasted into a cell, name -> type -> base64; anything else is dropped."""
    found = {}
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        for kind, data in bundle.items() if isinstance(bundle, dict) else ():
            if kind in PICTURE and isinstance(data, str) and BASE64.fullmatch(data):
                found.setdefault(name, {})[kind] = data
    return found


def mend_pictures(cell: NotebookNode) -> None:
    """Take out links to pictures that are not there, and give the others names that links can have.

    No page could be made of the notebook otherwise.
    """
    if cell.cell_type != "markdown" or "attachment" not in cell.source:
        return
    plain = html.unescape(cell.source).replace("\\", "")
    if plain.count(LINK) != cell.source.count(LINK):  # hidden by escapes
        cell.source = cell.source.replace("attachment", "missing-picture")
    first, *rest = cell.source.split(LINK)
    known, parts = cell.get("attachments", {}), [first]
    for text in rest:
        end = END_OF_LINK.search(text)
        at = end.start() if end else len(text)
        name = next((name for name in (text[:at], unquote(text[:at])) if name in known), None)
        if name is None:
            parts += ["missing-picture:", text]
        else:
            safe = name if CELL_ID.fullmatch(name.replace(".", "")) else _named(name, known)
            parts += [LINK, safe, text[at:]]
    cell.source = "".join(parts)


def _named(name: str, known: dict) -> str:
    """A name that a link can have, for the picture ``name``, which gets it too."""
    safe = f"picture-{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:12]}"
    known[safe] = known[name]
    return safe
