"""``python -m grading roster``: a class list of Canvas, Moodle or Blackboard becomes nbgrader's students.

Nothing is written unless every row is understood, and nobody is removed.
"""

import re
import unicodedata
from collections import Counter
from pathlib import PurePath

from nbgrader.api import Student

from .course import CourseError
from .platforms import BLACKBOARD, Row, Sheet, canvas, is_canvas, key
from .report import printable

COLUMNS = {  # what nbgrader keeps, and what the platforms call it
    "first_name": ("first name", "firstname"),
    "last_name": ("last name", "lastname", "surname"),
    "email": ("email address", "email"),
    "whole": ("student", "full name"),
    "lms_user_id": ("id",),  # of Canvas; its files are named by it
}
LONGEST = 128  # characters that nbgrader keeps
SHOWN = 10  # lines of what is wrong


class Roster:
    """A list, read. Raises CourseError."""

    def __init__(self, sheet: Sheet, wanted: str | None):
        self.sheet, self.heads = sheet, [name.casefold() for name in sheet.head]
        self.canvas = is_canvas(sheet)
        self.at = {
            field: next((self.heads.index(name) for name in names if name in self.heads), None)
            for field, names in COLUMNS.items()
        }
        split = self.at["first_name"], self.at["last_name"]
        if self.at["whole"] is None and None in split:
            raise CourseError(
                "no columns of names (First name and Last name, Full name, or Canvas's Student), as "
                "the English interface calls them; there are: " + ", ".join(sheet.head)
            )
        if not self.canvas:
            self.at["lms_user_id"] = None
        self.by = self._id_column(wanted)
        self.notes = []
        if None in split:
            self.notes.append(
                "names are in one column: what follows the last blank, or stands before"
            )
            self.notes[-1] += " the comma, was taken for the last name"

    def _id_column(self, wanted: str | None) -> int | None:
        """The column of the ids; None: full names are. By default what `zip_collect` calls people."""
        if wanted is None:
            board = any(map(BLACKBOARD.fullmatch, self.sheet.head)) or "student id" in self.heads
            wanted = "ID" if self.canvas else "Username" if board else None
        if wanted is None:
            return None
        if self.heads.count(wanted.strip().casefold()) != 1:
            count, there = self.heads.count(wanted.strip().casefold()), ", ".join(self.sheet.head)
            raise CourseError(
                f"{count or 'no'} columns are {wanted!r}; say by --id which; there are: {there}"
            )
        return self.heads.index(wanted.strip().casefold())

    def students(self) -> dict[str, dict[str, str]]:
        """id -> the other fields. Raises CourseError that names the lines which are wrong."""
        wrong, found, lines = [], {}, {}
        rows = canvas(self.sheet)[2] if self.canvas else self.sheet.filled()
        several = Counter(key(self._fields(row)["id"]) for row in rows if self.by is None)
        for row in rows:
            fields = self._fields(row)
            name = fields.pop("id")
            if fields["last_name"] == "Student" and fields["first_name"] == "Test":
                self.notes.append(f"line {row.line}: Canvas's test student is left out")
                continue
            why = self._why_not(row, name, fields)
            if several[key(name)] > 1 and name and not why:
                self.notes.append(
                    f"line {row.line}, {name}: left out, {several[key(name)]} have this name"
                )
                continue
            if key(name) in lines:
                line, other = lines[key(name)]
                why = (
                    why or f"the same as line {line}, {other!r}: {name!r}; say another --id COLUMN"
                )
            if why:
                wrong.append(f"line {row.line}, {self._whole(fields)[:LONGEST]}: {why}")
            lines[key(name)], found[name] = (row.line, name), fields
        if wrong or not found:
            wrong[SHOWN:] = [f"and {len(wrong) - SHOWN} more"] if len(wrong) > SHOWN else []
            raise CourseError(
                "nothing written:\n" + "\n".join(wrong or ["there is nobody in the list"])
            )
        return found

    def _fields(self, row: Row) -> dict[str, str]:
        found = {field: _text(row, at) for field, at in self.at.items() if at is not None}
        whole = found.pop("whole", "")
        if "," in whole and self.canvas:
            last, _, first = whole.partition(",")
        else:
            first, _, last = whole.rpartition(" ")
        names = {"first_name": first.strip(), "last_name": last.strip()}
        found = {**names, **{field: text for field, text in found.items() if text}}
        found["id"] = self._whole(found) if self.by is None else _text(row, self.by)
        return found

    @staticmethod
    def _whole(fields: dict[str, str]) -> str:
        return f"{fields['first_name']} {fields['last_name']}".strip()

    def _why_not(self, row: Row, name: str, fields: dict[str, str]) -> str:
        if len(row.raw) != len(self.heads):
            return f"it has {len(row.raw)} fields, and the header {len(self.heads)}"
        if not name:
            return f"no {'name' if self.by is None else self.sheet.head[self.by]}"
        if PurePath(name).name != name or name.startswith(".") or not name.isprintable():
            return f"{name!r} cannot be an id: it is the name of a folder, too"
        long = [text for text in [name, *fields.values()] if len(text) > LONGEST]
        return f"longer than {LONGEST} characters: {long[0][:LONGEST]}..." if long else ""


def _text(row: Row, at: int) -> str:
    text = unicodedata.normalize("NFC", row[at]).strip()
    kept = re.fullmatch(r'="(.*)"', text)  # how Canvas writes a name that begins with =
    return kept[1] if kept else text


def enter(gradebook, students: dict[str, dict[str, str]]) -> tuple[list[str], list[str], list[str]]:
    """Put them into the gradebook's session: who is new, what changes, and who is not in the list."""
    new, changed, known = [], [], {key(one.id): one for one in gradebook.students}
    known |= {one.id: one for one in gradebook.students}
    seen = set()
    for name, fields in students.items():
        student = known.get(name) or known.get(key(name))
        if student is None:
            new.append(f"{name}: {', '.join(text for text in fields.values() if text)}")
            gradebook.db.add(Student(id=name, **fields))
            continue
        seen.add(student.id)
        for field, text in fields.items():
            before = getattr(student, field)
            if text and text != before:
                changed.append(f"{student.id}: {field} {before or '-'} becomes {text}")
                setattr(student, field, text)
    return new, changed, sorted({one.id for one in gradebook.students} - seen - set(students))


def roster(course, arguments) -> int:
    """``python -m grading roster``"""
    found = Roster(Sheet(arguments.sheet), arguments.id)
    students = found.students()
    with course.gradebook() as gradebook:
        new, changed, gone = enter(gradebook, students)
        gradebook.db.rollback() if arguments.dry_run else gradebook.db.commit()
    told = [
        *found.notes,
        *(f"new: {line}" for line in new),
        *(f"changed: {line}" for line in changed),
    ]
    told += [f"not in the list, and left: {name}" for name in gone]
    for line in told:
        print(printable(line))
    one = len({line.partition(": ")[0] for line in changed})
    by = "names" if found.by is None else found.sheet.head[found.by]
    print(
        f"{len(students)} students called by their {by}: {len(new)} new, {one} changed, "
        f"{len(students) - len(new) - one} as they were; {len(gone)} others are in the gradebook"
        + "; nothing was written"
        * arguments.dry_run
    )
    return 0
