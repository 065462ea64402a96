"""``python -m grading feedback --zip``: the pages in a zip, named as Moodle and Canvas want them back.

Whose a page is there is told by a number alone, which only the platform's own files know. Blackboard
takes no such zip.
"""

import io
import re
import zipfile
from pathlib import Path

from . import collect
from .course import CourseError
from .marksheet import decimal_point, factor_of, whose
from .platforms import BLACKBOARD, Sheet, column, key, platform

NO_BLACKBOARD = (
    "Blackboard takes no zip of feedback: attach the pages there by hand, feedback/USERNAME/...; "
    "`marksheet` brings the marks there"
)


class Places:
    """Where the pages of each student go: ``of`` is student -> (a handed-in file, what it begins with)."""

    def __init__(self, path: Path, rows: list[dict], people: list, scale: bool):
        self.of: dict[str, list[tuple[str, str]]] = {}
        self.amiss: list[str] = []
        self.known = {row["student"]: row for row in rows}
        if path.is_dir() or zipfile.is_zipfile(path):
            self.platform = "Canvas"
            self._download(path, people)
        else:
            self.platform = "Moodle"
            self._worksheet(Sheet(path), rows, people, scale)

    def _download(self, path: Path, people: list) -> None:
        """Canvas's submissions, packed or not. Whoever is called by a number there is one of these."""
        matches = list(filter(None, map(collect.CANVAS.fullmatch, _names(path))))
        self.size = len({match["user"] for match in matches})
        users: dict[str, set[str]] = {}
        for person in people:
            for text in {person.id, person.lms_user_id or ""} - {""}:
                users.setdefault(text.removeprefix("anon_"), set()).add(person.id)
        for match in matches:
            students = users.get(match["user"].removeprefix("anon_"), set())
            pieces = [one for one in match.string.split("_") if re.fullmatch("[0-9]+", one)]
            if len(students) > 1:
                self.amiss.append(f"{match.string}: two students: {', '.join(sorted(students))}")
            elif students and pieces[:2] != [match["user"], match["number"]]:
                self.amiss.append(
                    f"{match.string}: Canvas would take it for another's, or nobody's"
                )
            elif students:
                stem = collect.CANVAS_AGAIN.sub("", match["file"]).partition(".")[0]
                start = match.string[: match.start("file")]
                self.of.setdefault(students.pop(), []).append((key(stem), start))

    def _worksheet(self, sheet: Sheet, rows: list[dict], people: list, scale: bool) -> None:
        if any(BLACKBOARD.fullmatch(name) for name in sheet.head):
            raise CourseError(NO_BLACKBOARD)
        if platform(sheet) == "Canvas":
            raise CourseError(
                "the numbers of Canvas's files are not in its gradebook: take the zip of Download "
                "Submissions, as it came"
            )
        to = column(sheet, None, "")
        self.size = len(to.people)
        factor_of(to, rows, decimal_point(sheet, to), scale)  # raises where it is another's
        found = whose(sheet, to, self.known, {person.id: person.email for person in people})
        numbers: dict[str, set[tuple[str, str]]] = {}
        named = [name.casefold() for name in sheet.head]
        for row in to.people:
            number = re.search(r"\d+$", row[0].strip())
            who = row[named.index("full name")] if "full name" in named else "Participant"
            for student in found[row.line]:
                if number is None:
                    self.amiss.append(f"line {row.line}, {student}: without a participant's number")
                elif len(found[row.line]) > 1:
                    self.amiss.append(f"line {row.line}: {' or '.join(sorted(found[row.line]))}?")
                else:
                    numbers.setdefault(student, set()).add((number[0], who))
        for student, places in numbers.items():
            if len(places) > 1:
                self.amiss.append(f"{student}: two participants")
                continue
            ((number, who),) = places
            plain = re.sub(r"[^\w .-]|_", " ", who).strip()
            self.of[student] = [("", f"{plain}_{number}_assignsubmission_file_/")]

    def name(self, student: str, page: Path) -> str:
        """What a page is called in the zip."""
        wanted = key(page.stem)
        places = self.of[student]
        start = next((start for stem, start in places if stem == wanted), places[0][1])
        if self.platform == "Moodle":
            return start + page.name
        return f"{start}feedback-{page.name.replace('_', '-')}"  # a last piece "link..." is ignored


def _names(path: Path) -> list[str]:
    """The names of the files of a download. Raises CourseError where it is not Canvas's."""
    try:
        paths = path.rglob("*") if path.is_dir() else zipfile.ZipFile(path).namelist()
    except (OSError, zipfile.BadZipFile) as error:
        raise CourseError(f"{path} cannot be read: {error}") from None
    names = sorted({Path(one).name for one in paths})
    if any(map(collect.BLACKBOARD.fullmatch, names)):
        raise CourseError(NO_BLACKBOARD)
    if any("_assignsubmission_" in part for one in paths for part in Path(one).parts):
        raise CourseError(
            "Moodle's numbers may be those of groups in a download: take the grading worksheet (CSV)"
        )
    return names


def pack(places: Places, pages: dict[str, list[Path]]) -> tuple[bytes, int, list[str]]:
    """A zip of the pages, how many students' they are, and what is amiss. Raises CourseError."""
    amiss, packed, out = list(places.amiss), 0, io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for student, found in pages.items():
            if student not in places.of:
                amiss.append(f"{student} is not in the zip: no place there is surely theirs")
                continue
            packed += bool(found)
            for page in found:
                file.write(page, places.name(student, page))
    if 2 * packed < min(len(pages), places.size) or not packed:
        raise CourseError(
            f"of {len(pages)} students with pages {packed} are among the {places.size} there: it is of "
            "another course, or calls them otherwise; no zip was written"
        )
    return out.getvalue(), packed, amiss
