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
MOST_DIGITS = 4000
MOST_TEXT = MB  # characters in all cells together
MOST_PICTURES = 16 * MB  # pasted into all cells together
KINDS = ("code", "markdown", "raw")
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
PICTURE = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*+")
BEGINNINGS = {b"pk": "a zip archive, to be unpacked", b"\x1f\x8b": "packed by gzip"}
BEGINNINGS |= {
    b"<": "a web page",
    b"%pdf": "a PDF",
    b"version https://git-lfs": "a pointer of Git LFS",
}
# a picture in a text; what is shorter is text, so that no program can be made of pictures
IN_TEXT = re.compile(r"data:(image/(?:png|jpeg|gif|webp));base64,([A-Za-z0-9+/=]{1000,}+)")
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
    if isinstance(data, dict) and data.get("nbformat") == 4:
        data["nbformat"] = 4  # some programs write 4.0
    if not isinstance(data, dict) or type(data.get("nbformat")) is not int:
        raise Unreadable("the file is JSON but not a notebook")
    if data["nbformat"] > 4:
        raise Unreadable("the notebook's format is newer than 4")
    if data["nbformat"] < 4:
        data = _from_old_format(data)
    if not isinstance(data.get("cells"), list):
        raise Unreadable("the notebook has no list of cells")
    if len(data["cells"]) > MOST_CELLS:
        raise Unreadable(f"the notebook has {len(data['cells'])} cells, more than {MOST_CELLS}")
    nb, seen, text, pictures = new_notebook(), set(), 0, 0
    for number, cell in enumerate(data["cells"], 1):
        nb.cells.append(_cell(cell, number, seen))
        pasted = _in_text(nb.cells[-1])
        text, pictures = text + len(nb.cells[-1].source) - pasted, pictures + pasted
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
    text = path.read_bytes()
    try:
        return json.loads(text, parse_int=_integer)  # UTF-8, or UTF-16 that says so
    except RecursionError:
        raise Unreadable("the file is nested too deeply") from None
    except ValueError as error:
        raise Unreadable(_what(text, error)) from None


def _integer(digits: str) -> int:
    """Python refuses to read more digits; no number that counts here has as many."""
    return int(digits[:MOST_DIGITS])


def _what(text: bytes, error: ValueError) -> str:
    """Why a file is no notebook, and where one can see it what it is."""
    if b"\n<<<<<<< " in text and b"\n>>>>>>> " in text:
        line = text[: text.index(b"\n<<<<<<< ")].count(b"\n") + 2
        return f"two versions of it were left unmerged (line {line}): it has to be handed in again"
    start = text[:100].lstrip().lower()
    for beginning, what in BEGINNINGS.items():
        if start.startswith(beginning):
            return f"the file is {what}, not a notebook (.ipynb), whatever it is called"
    if isinstance(error, UnicodeDecodeError):
        return f"the file is not UTF-8 text (byte {error.start})"
    return (
        f"the file is not JSON ({error}): it is cut off or damaged, and has to be handed in again"
    )


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


def _in_text(cell: NotebookNode) -> int:
    """The length of the pictures in a cell's text."""
    found = IN_TEXT.finditer(cell.source) if cell.cell_type == "markdown" else ()
    return sum(len(picture[0]) for picture in found)


def _size(bundle: dict[str, str]) -> int:
    return sum(map(len, bundle.values()))


def _cell(data: object, number: int, seen: set[str]) -> NotebookNode:
    if not isinstance(data, dict) or not isinstance(data.get("cell_type"), str):
        raise Unreadable(f"cell {number} is not a notebook cell")
    source = data.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise Unreadable(f"the source of cell {number} is not text")
    source = _whole(source.replace("\r\n", "\n").replace("\r", "\n"))
    name = data.get("id")
    if not isinstance(name, str) or not CELL_ID.fullmatch(name) or name in seen:
        name = secrets.token_hex(4)
    seen.add(name)
    kind = data["cell_type"] if data["cell_type"] in KINDS else "raw"
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


def _whole(text: str) -> str:
    """The text without halves of characters, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _pictures(attachments: object) -> dict[str, dict[str, str]]:
    """The pictures pasted into a cell, name -> type -> base64; anything else is dropped."""
    found = {}
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        for kind, data in bundle.items() if isinstance(bundle, dict) else ():
            if kind in PICTURE and isinstance(data, str) and BASE64.fullmatch(data):
                found.setdefault(_whole(name), {})[kind] = data
    return found


def mend_pictures(cell: NotebookNode) -> None:
    """Take out links to pictures that are not there, and give the others names that links can have.

    No page could be made of the notebook otherwise. Pictures in a student's text, where Colab
    pastes them, become attachments.
    """
    if cell.cell_type == "markdown" and not cell.metadata.get("nbgrader", {}).get("locked"):
        _attach(cell)
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


def _attach(cell: NotebookNode) -> None:
    known = cell.get("attachments", NotebookNode())

    def attach(found: re.Match) -> str:
        name = f"in-text-{len(known)}"
        known[name] = NotebookNode({found[1]: found[2]})
        return LINK + name

    cell.source = IN_TEXT.sub(attach, cell.source)
    if known:
        cell.attachments = known


def _named(name: str, known: dict) -> str:
    """A name that a link can have, for the picture ``name``, which gets it too."""
    safe = f"picture-{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:12]}"
    known[safe] = known[name]
    return safe
