"""Whose work a downloaded file is, by the names that Moodle, Canvas and Blackboard give files.

For ``nbgrader zip_collect``: see ``grading.config.guard``.
"""

import os
import re
import shutil
from collections import Counter
from functools import cached_property
from pathlib import Path

from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin
from nbgrader.utils import unzip

from .staging import LEFTOVERS

# Ana Example_123_assignsubmission_file/hw1.ipynb, or ..._file_hw1.ipynb where folders are off
MOODLE = re.compile(
    r"(?P<who>[^_]+)(?:_(?P<number>\d+))?_assignsubmission_(?P<kind>[a-z]+)_?(?P<file>.*)"
)
# HW 1_aexample1_attempt_2026-03-03-14-15-04_hw1.ipynb
BLACKBOARD = re.compile(
    r"(?P<start>.+?)_attempt_(?P<stamp>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|\.txt)"
)
# exampleana_LATE_4321_98766_hw1-2.ipynb, LATE_anon_aB3x9_98766_hw1.ipynb
CANVAS = re.compile(
    r"(?:(?P<name>\w+?)_)??(?:LATE_)?(?P<user>[0-9]+|anon_[0-9A-Za-z]+)_(?P<number>[0-9]+)_(?P<file>.+)"
)
CANVAS_AGAIN = re.compile(r"-\d{1,2}(?=\.[^.]*$)")  # hw1-2.ipynb: handed in for the third time
BLACKBOARD_NAME = re.compile(r"^Name:[^\n]*\(([^()\n]+)\)\s*$", re.M)


class Archives(ExtractorPlugin):
    """nbgrader's extractor, which an archive that cannot be opened does not stop."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Unpack all archives, those in archives too; copy everything else."""
        for root, _, files in os.walk(archive_path):
            to = Path(extracted_path) / Path(root).relative_to(archive_path)
            to.mkdir(parents=True, exist_ok=True)
            for name in files:
                if not self._unpacked(Path(root) / name, to, 3):
                    shutil.copy(Path(root) / name, to)

    def _unpacked(self, file: Path, to: Path, deep: int) -> bool:
        if file.suffix.lower() not in (".zip", ".gz", ".tgz", ".tar") or deep == 0:
            return False
        try:
            unzip(str(file), str(to), zip_ext=[file.suffix], create_own_folder=True)
        except Exception as error:  # whatever a broken archive raises
            self.log.error("Not unpacked: %s (%s); unpack it by hand", file, error)
            return False
        inside = to / file.stem.removesuffix(".tar")
        for found in sorted(inside.rglob("*")):
            if found.is_file() and not found.is_symlink():
                self._unpacked(found, found.parent, deep - 1)
        return True


class Platforms(FileNameCollectorPlugin):
    """Collects every file of a download whose name one of the three platforms gave it."""

    def collect(self, submitted_file: str) -> dict | None:
        """``student_id``, ``file_id`` and, where the name has one, ``timestamp``; None: not known."""
        path = self._inside(Path(submitted_file))
        if any(part in LEFTOVERS or part.startswith("._") for part in path.parts):
            return None
        found = self._whose(path)
        if found is None:
            return super().collect(submitted_file) if self.named_regexp else None
        return self._new_name(found, submitted_file)

    @property
    def _folder(self) -> Path:
        return Path(self.parent._format_collect_path(self.parent.extracted_directory))

    def _inside(self, path: Path) -> Path:
        return path.relative_to(self._folder) if path.is_relative_to(self._folder) else path

    def _whose(self, path: Path) -> dict | None:
        """By the file's own name, or that of a folder around it (an archive, unpacked)."""
        for at in reversed(range(len(path.parts))):
            rest = "/".join(path.parts[at + 1 :])
            for way in (self._moodle, self._blackboard, self._canvas):
                found = way(path, at, rest)
                if found is not None:
                    return found or None
        return None

    def _new_name(self, found: dict, path: str) -> dict | None:
        """Two files of one name: the same is left out, another gets another name."""
        if not hasattr(self, "_seen"):
            self._seen: dict[tuple[str, str], Path] = {}
        key = found["student_id"], found["file_id"]
        before = self._seen.setdefault(key, Path(path))
        if before == Path(path) or "timestamp" in found:
            return found
        if before.read_bytes() == Path(path).read_bytes():
            return None
        stem, ending = os.path.splitext(found["file_id"])
        return self._new_name(found | {"file_id": f"{stem} again{ending}"}, path)

    @cached_property
    def _names(self) -> list[str]:
        """The names of all files and folders of the download."""
        return sorted({path.name for path in self._folder.rglob("*")})

    @cached_property
    def _numbers(self) -> dict[str, set[str]]:
        """Moodle: a full name -> the participants who have it."""
        found: dict[str, set[str]] = {}
        for match in filter(None, map(MOODLE.fullmatch, self._names)):
            found.setdefault(match["who"], set()).add(match["number"])
        return found

    @cached_property
    def _newest(self) -> dict[str, str]:
        """Blackboard: title and user -> the stamp of the last attempt."""
        matches = filter(None, map(BLACKBOARD.fullmatch, self._names))
        return {match["start"]: match["stamp"] for match in matches}  # in the order of the stamps

    @cached_property
    def _users(self) -> dict[str, str]:
        """Blackboard: title and user -> the user, as the platform's own text says."""
        found = {}
        for path in self._folder.rglob("*_attempt_*.txt"):
            match = BLACKBOARD.fullmatch(path.name)
            if match and not match["file"]:
                said = BLACKBOARD_NAME.search(path.read_text("utf-8-sig", "replace")[:5000])
                if said and match["start"].endswith(f"_{said[1]}"):
                    found[match["start"]] = said[1]
        return found

    @cached_property
    def _plain(self) -> Counter:
        """Canvas: how many files of a user have a name, but for the number of the attempt."""
        matches = filter(None, map(CANVAS.fullmatch, self._names))
        return Counter((m["user"], CANVAS_AGAIN.sub("", m["file"])) for m in matches)

    # --- one platform each: the student's file, {} for a file of the platform's own, None: another ---

    def _moodle(self, path: Path, at: int, rest: str) -> dict | None:
        match = MOODLE.fullmatch(path.parts[at])
        if match is None:
            return None
        file = match["file"] + ("/" if match["file"] and rest else "") + rest
        if match["kind"] != "file" or not file:
            return {}
        who, number = match["who"], match["number"]
        if number and (len(self._numbers.get(who, ())) > 1 or who == "Participant"):
            who = f"{who} {number}"  # Moodle's number is another in each assignment
        return {"student_id": who, "file_id": file}

    def _blackboard(self, path: Path, at: int, rest: str) -> dict | None:
        match = BLACKBOARD.fullmatch(path.parts[at])
        if match is None:
            return None
        start, newest = match["start"], self._newest.get(match["start"], match["stamp"])
        if match["stamp"] != newest or not (match["file"] or rest):
            return {}
        student = self._users.get(start, start.rpartition("_")[2])  # either part may hold "_"
        parts = newest.split("-")
        stamp = f"{'-'.join(parts[:3])} {':'.join(parts[3:])}"
        return {"student_id": student, "file_id": rest or match["file"], "timestamp": stamp}

    def _canvas(self, path: Path, at: int, rest: str) -> dict | None:
        match = CANVAS.fullmatch(path.parts[at])
        if match is None:
            return None
        plain = CANVAS_AGAIN.sub("", match["file"])
        file = match["file"] if self._plain[match["user"], plain] > 1 else plain
        return {"student_id": match["user"], "file_id": rest or file}
