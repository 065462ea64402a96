"""What lies under submitted/: whose work is where, and whatever was not understood."""

import os
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from .staging import ARCHIVES, is_notebook

# left by file managers, version control and Jupyter
DROPPINGS = {".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep", ".gitignore", "__MACOSX"}
DROPPINGS |= {".ipynb_checkpoints", ".localized"}
ASIDE = "aside"  # .ASSIGNMENT.aside: what a group's newer work took the place of
LONGEST_NAME = 240  # bytes; folders beside it have some more


@dataclass
class Inbox:
    """The folder of each student who handed this assignment in, and what was not understood."""

    folders: dict[str, Path] = field(default_factory=dict)
    students: set[str] = field(default_factory=set)  # who has a folder at all
    strange: dict[str, str] = field(default_factory=dict)  # path -> what is wrong, what to do
    unreadable: dict[str, str] = field(default_factory=dict)  # student -> why
    owners: dict[str, str] = field(default_factory=dict)  # path of what is strange -> student

    def lines(self) -> list[str]:
        return [f"{path}: {why}" for path, why in self.strange.items()]

    def of(self, student: str) -> list[str]:
        """What is strange among a student's own files."""
        mine = [path for path, owner in self.owners.items() if owner == student]
        return [f"{path}: {self.strange[path]}" for path in mine]


def composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def loose(name: str) -> str:
    """The same for names that people confuse: case, blanks, hyphens, forms of one character."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in plain if character.isalnum()) or plain


def is_text(name: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in name)


def shown(path: str | Path) -> str:
    return os.fsencode(path).decode("utf-8", "backslashreplace")


class Reader:
    """Goes through submitted/<student>/<assignment>."""

    def __init__(self, root: Path, assignment: str, known: set[str], students: set[str]):
        """``known``: all assignments; ``students``: the ids in the gradebook."""
        self.root, self.assignment, self.known = root, assignment, known | {assignment}
        self.ids = {composed(name): name for name in sorted(students)}
        self.like = {loose(name): name for name in self.known}
        self.box, self.found = Inbox(), {}

    def read(self) -> Inbox:
        """Raises OSError where the whole folder cannot be read."""
        entries = _listed(self.root) if self.root.exists() else []
        for entry in entries:
            self._student(entry)
        for student, folders in self.found.items():
            self._choose(student, folders)
        self._alike()
        return self.box

    def _strange(self, entry: os.DirEntry, why: str, student: str = "") -> None:
        path = shown(Path(self.root.name) / Path(entry.path).relative_to(self.root))
        self.box.strange[path] = why
        if student:
            self.box.owners[path] = student

    def _student(self, entry: os.DirEntry) -> None:
        where = f"{self.root.name}/<student>/{self.assignment}/"
        if not is_text(entry.name):
            self._strange(entry, "its name is not UTF-8; rename it to the student's id")
        elif not entry.is_dir():
            self._strange(entry, _file(entry.name, where))
        elif entry.name.splitlines() != [entry.name]:
            self._strange(entry, "no id can have several lines; rename it to the student's id")
        elif entry.is_symlink():
            self._strange(entry, "a link; put the folder itself there")
        elif len(os.fsencode(entry.name)) > LONGEST_NAME:
            self._strange(entry, "its name is too long; rename it to the student's id")
        elif entry.name.startswith("."):
            self._strange(entry, "a hidden folder; rename it to the student's id")
        elif loose(entry.name) in self.like and composed(entry.name) not in self.ids:
            why = f"it is called like an assignment; work belongs in {where}"
            self._strange(entry, why)
        elif composed(entry.name) in {f"{name}.html" for name in self.known}:
            why = "it is called like the page of the class; rename it to the student's id"
            self._strange(entry, why)
        else:
            self._work(entry)

    def _work(self, entry: os.DirEntry) -> None:
        """Everything in one student's folder."""
        name = composed(entry.name)
        student = self.ids.get(name, name)
        self.box.students.add(student)
        try:
            inside = _listed(Path(entry.path))
            for each in inside:
                if composed(each.name) == self.assignment and _is_folder(each):
                    os.listdir(each.path) if each.is_dir(follow_symlinks=False) else None
                    self.found.setdefault(student, []).append(Path(each.path))
                elif composed(each.name) not in self.known or not each.is_dir():
                    self._strange(each, self._not_known(each, entry.name), student)
        except OSError as error:
            self.box.unreadable[student] = f"{shown(entry.path)} cannot be read: {error.strerror}"
            self._strange(entry, f"it cannot be read ({error.strerror}); change its permissions")
            return
        if not inside:
            self._strange(entry, "the folder is empty", student)

    def _not_known(self, entry: os.DirEntry, student: str) -> str:
        """What to do about something in a student's folder that is no assignment's folder."""
        here = f"{self.root.name}/{student}"
        if not is_text(entry.name):
            return "its name is not UTF-8; rename it"
        if not entry.is_dir():
            return _file(entry.name, f"{here}/<assignment>/")
        if meant := self.like.get(loose(entry.name)):
            return f"rename it to {meant!r}, if that is meant"
        for folder, names, files in os.walk(entry.path):
            for name in names:
                if meant := self.like.get(loose(name)):
                    return f"{name!r} lies too deep: move it to {here}/{meant}/"
            if any(map(is_notebook, files)):
                return f"no assignment is called so: move the notebook to {here}/<assignment>/"
            if folder.count(os.sep) > entry.path.count(os.sep) + 5:
                break
        return f"no assignment is called so (there are {', '.join(sorted(self.known))})"

    def _choose(self, student: str, folders: list[Path]) -> None:
        """One name in two Unicode forms is one student, whose newer work counts."""
        folders.sort(key=lambda folder: (_newest(folder), folder.parent.name == student))
        self.box.folders[student] = folders[-1]
        for folder in folders[:-1]:
            path = shown(Path(self.root.name) / folder.relative_to(self.root))
            self.box.strange[path] = (
                f"{student!r} handed in twice, under one name in two Unicode forms; the newer work "
                "counts; remove one of the two folders"
            )
            self.box.owners[path] = student

    def _alike(self) -> None:
        """Two names that differ in case, blanks or hyphens: one student?"""
        seen = {loose(name): name for name in self.ids.values()}
        for student in sorted(self.box.students - set(self.ids.values())):
            other = seen.setdefault(loose(student), student)
            if other != student:
                path = f"{self.root.name}/{student}"
                self.box.strange[path] = f"is this {other!r}? if so, put the work under that name"


def _listed(folder: Path) -> list[os.DirEntry]:
    found = [
        entry
        for entry in os.scandir(folder)
        if entry.name not in DROPPINGS and not re.fullmatch(rf"\..+\.{ASIDE}", entry.name)
    ]
    return sorted(found, key=lambda entry: entry.name)


def _is_folder(entry: os.DirEntry) -> bool:
    return entry.is_symlink() or entry.is_dir()


def _newest(folder: Path) -> float:
    inside = [] if folder.is_symlink() else os.scandir(folder)
    return max((entry.stat(follow_symlinks=False).st_mtime for entry in inside), default=0)


def _file(name: str, where: str) -> str:
    if is_notebook(name):
        return f"a notebook; it belongs in {where}"
    if name.lower().endswith(ARCHIVES):
        return f"an archive; unpack it to {where}, or collect it with `nbgrader zip_collect`"
    return f"a file that nothing reads; work belongs in {where}"


def look(course, assignment: str, students: set[str], known: set[str]) -> Inbox:
    """The inbox of a ``driver.Course``. Raises OSError where it cannot be read."""
    root = course.root / course.dir.submitted_directory
    if course.folder("submitted", "s", "a") != root / "s" / "a":  # another structure of folders
        folders = course.folders("submitted", assignment)
        return Inbox(folders, set(folders))
    for step in ("source", "release"):
        folder = course.root / getattr(course.dir, f"{step}_directory")
        if folder.is_dir():
            known = known | {path.name for path in folder.iterdir() if path.is_dir()}
    return Reader(root, assignment, known, students).read()
