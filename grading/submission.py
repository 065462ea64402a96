"""What a student handed in, looked at without trusting it."""

import hashlib
import json
import os
import re
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode, from_dict
from nbformat.v4 import new_notebook
from nbgrader.utils import parse_utc

from .limits import MB, Limits

MOST_FILES = 2000
HASHED_BYTES = 4 * MB  # a larger file is known by its size and time
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
KINDS = ("code", "markdown", "raw")
PICTURE = re.compile(r"image/(png|jpeg|gif|webp|svg\+xml)")
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")


class Unreadable(Exception):
    """A file that is not a notebook. The message says why."""


@dataclass
class Submission:
    """The plain files of a submission, and what is wrong with it."""

    folder: Path
    files: dict[str, Path] = field(default_factory=dict)  # path below the folder -> file
    notes: list[str] = field(default_factory=list)
    links: set[str] = field(default_factory=set)  # what is neither a plain file nor a folder
    digest: str = ""


def look(folder: Path, limits: Limits) -> Submission:
    """List a submission's plain files; never follows a link or opens a pipe."""
    found, stamp, size = Submission(folder), hashlib.sha256(), 0
    if folder.is_symlink():
        found.links.add(".")
        found.notes.append("the submitted folder is a link")
    stack = [] if folder.is_symlink() else [folder]
    while stack:
        for entry in sorted(os.scandir(stack.pop()), key=lambda entry: entry.name):
            name = str(Path(entry.path).relative_to(folder))
            info = entry.stat(follow_symlinks=False)
            stamp.update(f"{name}\0{stat.S_IFMT(info.st_mode)}\0".encode("utf-8", "replace"))
            stamp.update(_content(entry.path, info))
            if stat.S_ISDIR(info.st_mode):
                if len(Path(name).parts) < 20:
                    stack.append(Path(entry.path))
            elif not stat.S_ISREG(info.st_mode):
                kind = "a link" if stat.S_ISLNK(info.st_mode) else "not a plain file"
                found.links.add(name)
                found.notes.append(f"{name!r} is {kind}; it was left out")
            elif len(found.files) >= MOST_FILES or size + info.st_size > limits.disk_mb * MB:
                found.notes.append("the submission is too large; some files were left out")
                return _stamped(found, stamp)
            else:
                size += info.st_size
                found.files[name] = Path(entry.path)
    return _stamped(found, stamp)


def _content(path: str, info: os.stat_result) -> bytes:
    """What tells a file from another: a copy of a course is not a class that handed in anew."""
    if not stat.S_ISREG(info.st_mode):
        return b""
    if info.st_size > HASHED_BYTES:
        return f"{info.st_size}\0{info.st_mtime_ns}".encode()
    return hashlib.sha256(Path(path).read_bytes()).digest()


def digest(folder: Path, limits: Limits) -> str | None:
    """Changes when something else is handed in; None where the folder cannot be read."""
    try:
        return look(folder, limits).digest
    except OSError:
        return None


def line_of(folder: Path, name: str) -> str:
    """What a small text file that nbgrader's exchange adds says; "" where it is not as it should be."""
    path = folder / name
    if folder.is_symlink() or path.is_symlink() or not path.is_file():
        return ""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read(200).strip()
    except (OSError, ValueError):
        return ""


def timestamp(folder: Path) -> str:
    """When it was handed in, where nbgrader can read that; else ""."""
    text = line_of(folder, "timestamp.txt")
    try:
        parse_utc(text)
    except (ValueError, OverflowError, TypeError):
        return ""
    return text


def _stamped(found: Submission, stamp) -> Submission:
    found.digest = stamp.hexdigest()
    return found


def read_notebook(path: Path, limits: Limits) -> NotebookNode:
    """A submitted notebook, rebuilt from its cells' types, sources, ids, pictures and nbgrader
    metadata.

    Everything else in the file (outputs, other metadata) is dropped: it is the student's word.
    Raises Unreadable.
    """
    size = path.stat().st_size
    if size == 0:
        raise Unreadable("the file is empty")
    if size > limits.notebook_mb * MB:
        raise Unreadable(f"the file is larger than {limits.notebook_mb} MB")
    try:
        data = json.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unreadable(f"the file is not UTF-8 text (byte {error.start})") from None
    except RecursionError:
        raise Unreadable("the file is nested too deeply") from None
    except (ValueError, MemoryError) as error:
        raise Unreadable(f"the file is not JSON ({error})") from None
    if not isinstance(data, dict) or not isinstance(data.get("nbformat"), int):
        raise Unreadable("the file is JSON but not a notebook")
    if data["nbformat"] > 4:
        raise Unreadable(f"the notebook has format {data['nbformat']}, newer than 4")
    if data["nbformat"] < 4:
        try:
            data = nbformat.convert(
                nbformat.reads(json.dumps(data), as_version=data["nbformat"]), 4
            )
        except Exception as error:
            raise Unreadable(f"the notebook's old format cannot be read ({error})") from None
    if not isinstance(data.get("cells"), list):
        raise Unreadable("the notebook has no list of cells")
    nb, seen = new_notebook(), set()
    for number, cell in enumerate(data["cells"], 1):
        nb.cells.append(_cell(cell, number, seen))
    return nb


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
        cell.metadata.nbgrader = from_dict({"grade_id": metadata["nbgrader"].get("grade_id")})
    return cell


def _pictures(attachments: object) -> dict[str, dict[str, str]]:
    """The pictures pasted into a cell, name -> type -> base64; anything else is dropped."""
    found = {}
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        for kind, data in bundle.items() if isinstance(bundle, dict) else ():
            if isinstance(data, str) and PICTURE.fullmatch(kind) and BASE64.fullmatch(data):
                found.setdefault(name, {})[kind] = data
    return found
