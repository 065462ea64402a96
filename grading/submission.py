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

from .sandbox import MB, Limits

MOST_FILES = 2000
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
KINDS = ("code", "markdown", "raw")


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
            name, info = (
                str(Path(entry.path).relative_to(folder)),
                entry.stat(follow_symlinks=False),
            )
            stamp.update(
                f"{name}\0{info.st_mode}\0{info.st_size}\0{info.st_mtime_ns}\0".encode(
                    "utf-8", "replace"
                )
            )
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


def _stamped(found: Submission, stamp) -> Submission:
    found.digest = stamp.hexdigest()
    return found


def read_notebook(path: Path, limits: Limits) -> NotebookNode:
    """A submitted notebook, rebuilt from its cells' types, sources, ids and nbgrader metadata.

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
    metadata = data.get("metadata")
    if isinstance(metadata, dict) and isinstance(metadata.get("nbgrader"), dict):
        cell.metadata.nbgrader = from_dict({"grade_id": metadata["nbgrader"].get("grade_id")})
    return cell
