"""The files a student handed in, looked at without trusting them."""

import hashlib
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.utils import parse_utc

from .limits import MB, Limits

MOST_FILES = 2000
LONGEST_PATH = 1000  # bytes, of a folder
HASHED_BYTES = 4 * MB  # a larger file is known by its size and time


@dataclass
class Submission:
    """The plain files of a submission, and what is wrong with it."""

    folder: Path
    files: dict[str, Path] = field(default_factory=dict)  # path below the folder -> file
    notes: list[str] = field(default_factory=list)
    links: set[str] = field(default_factory=set)  # what is neither a plain file nor a folder
    left_out: list[str] = field(default_factory=list)  # too large, too many or too deep
    digest: str = ""


def look(folder: Path, limits: Limits) -> Submission:
    """List a submission's plain files; never follows a link or opens a pipe."""
    found, stamp, size = Submission(folder), hashlib.sha256(), 0
    if folder.is_symlink():
        found.links.add(".")
        found.notes.append("the submitted folder is a link")
    stack, seen = [] if folder.is_symlink() else [folder], 0
    while stack and seen < 10 * MOST_FILES:
        # notebooks first: whatever is too much, they are seen
        for entry in sorted(
            os.scandir(stack.pop()), key=lambda e: (".ipynb" not in e.name, e.name)
        ):
            name = str(Path(entry.path).relative_to(folder))
            info, seen = entry.stat(follow_symlinks=False), seen + 1
            stamp.update(f"{name}\0{stat.S_IFMT(info.st_mode)}\0".encode("utf-8", "replace"))
            if stat.S_ISDIR(info.st_mode):
                if len(Path(name).parts) < 20 and len(os.fsencode(name)) < LONGEST_PATH:
                    stack.append(Path(entry.path))
                else:
                    found.left_out.append(name)
            elif not stat.S_ISREG(info.st_mode):
                kind = "a link" if stat.S_ISLNK(info.st_mode) else "not a plain file"
                found.links.add(name)
                found.notes.append(f"{name!r} is {kind}; it was left out")
            elif len(found.files) >= MOST_FILES or size + info.st_size > limits.disk_mb * MB:
                found.left_out.append(name)
            else:
                stamp.update(_content(entry.path, info))
                size += info.st_size
                found.files[name] = Path(entry.path)
    _note(found, bool(stack))
    found.digest = stamp.hexdigest()
    return found


def _note(found: Submission, more: bool) -> None:
    """Say what was left out, and of a date that cannot be read."""
    if found.left_out or more:
        names = ", ".join(name[:100] for name in map(repr, found.left_out[:3]))
        found.notes.append(
            "the submission is too large or too deep; some files were left out"
            + (f": {names}{' ...' if len(found.left_out) > 3 else ''}" if names else "")
        )
    there = "." not in found.links and os.path.lexists(found.folder / "timestamp.txt")
    if there and not timestamp(found.folder):  # a folder or a link is none
        found.notes.append(
            "no date can be read in 'timestamp.txt': whether it is late is not known"
        )


def _content(path: str, info: os.stat_result) -> bytes:
    """What tells a file from another: a copy of a course is not a class that handed in anew."""
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
