"""Sheets of marks as Canvas, Moodle and Blackboard export them: read, understood, written as they were.

What the names of handed-in files say is in ``grading.collect``, which calls students by the same keys.
"""

import codecs
import csv
import errno
import os
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from .course import CourseError

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
PROGRAMS = {b"PK": "an .xlsx", b"\xd0\xcf": "a binary .xls"}
BLACKBOARD = re.compile(r"(.*?)\s*\[([^\d\[\]]*)([\d.,]+)[^\[\]]*\]\s*\|\s*(\d+)")
CANVAS = re.compile(r"(.*\S) \((\d+)\)")
MOODLE = re.compile(r"\D+\d+")  # Participant 123, in any language
MOODLE_GRADEBOOK = re.compile(r".+: .+ \((Real|Percentage|Letter|Feedback)\)")
MOST = 64 << 20  # bytes of a sheet
NEVER = re.compile(r"(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")


@dataclass
class Row:
    line: int
    raw: list[str]  # as they are in the file, with their quotes
    end: str

    def __getitem__(self, at: int) -> str:
        text = self.raw[at] if at < len(self.raw) else ""
        return text[1:-1].replace('""', '"') if text.startswith('"') else text


class Sheet:
    """A file with separators that can be written again as it was. Raises CourseError."""

    def __init__(self, path: Path):
        if path.exists() and not path.is_file():
            raise CourseError(f"{path} is no file")
        try:
            with path.open("rb") as file:
                data = file.read(MOST + 1)
        except OSError as error:
            raise CourseError(f"{path} cannot be read: {error.strerror}") from None
        if len(data) > MOST:
            raise CourseError(f"{path} is no list of a class: it has more than {MOST >> 20} MB")
        for start, kind in PROGRAMS.items():
            if data.startswith(start):
                raise CourseError(f"{path} is {kind} file; save it as text (CSV), or export that")
        self.mark, self.codec = next((m for m in MARKS if data.startswith(m[0])), (b"", "utf-8"))
        try:
            text = data.removeprefix(self.mark).decode(self.codec)
        except UnicodeDecodeError:
            raise CourseError(
                f"{path} is neither UTF-8 nor UTF-16: a spreadsheet program may have saved it; save "
                'it there as "CSV UTF-8", or take the file as it was exported'
            ) from None
        first = text[:100_000].splitlines()[:1]  # csv refuses longer ones
        self.separator = max(
            ",;\t", key=lambda one: len(next(csv.reader(first, delimiter=one), []))
        )
        self.rows = list(_split(path, text, self.separator))
        if len(self.rows) < 2 or "\0" in text:
            raise CourseError(f"{path} holds no table with a header and students")
        self.head = [self.rows[0][at].strip() for at in range(len(self.rows[0].raw))]

    def filled(self) -> list[Row]:
        """The rows below the header that are not of separators alone."""
        return [row for row in self.rows[1:] if any(text.strip('" ') for text in row.raw)]

    def put(self, row: Row, at: int, text: str) -> None:
        quoted = row.raw[at].startswith('"') or self.separator in text
        row.raw[at] = f'"{text}"' if quoted else text

    def bytes(self) -> bytes:
        text = "".join(self.separator.join(row.raw) + row.end for row in self.rows)
        return self.mark + text.encode(self.codec)


def _split(path: Path, text: str, separator: str):
    field = rf'"(?:[^"]|"")*+"|[^"{separator}\r\n][^{separator}\r\n]*+|'
    cell = re.compile(rf"({field})({separator}|\r\n|\n|\r|\Z)")
    at, line, raw = 0, 1, []
    while at < len(text) or raw:
        match = cell.match(text, at)
        if match is None:
            raise CourseError(f"{path}, line {line}: a quote that does not end as it should")
        at, raw = match.end(), [*raw, match[1]]
        if match[2] != separator:
            yield Row(line, raw, match[2])
            line, raw = line + len(re.findall(r"\r\n|\n|\r", "".join(raw))) + 1, []


@dataclass
class Column:
    """Where the marks of an assignment go."""

    platform: str
    at: int
    most: set[str]  # the maximum, as it is written
    keys: range | list[int]  # the columns that say who a row is
    people: list[Row]
    notes: list[str] = field(default_factory=list)


def is_canvas(sheet: Sheet) -> bool:
    return sheet.head[0] == "Student" or sheet.head[:2] == ["LastName", "FirstName"]


def platform(sheet: Sheet) -> str:
    """Whose table of marks it is. Raises CourseError."""
    if any(BLACKBOARD.fullmatch(name) for name in sheet.head):
        return "Blackboard"
    if is_canvas(sheet):
        return "Canvas"
    if any(map(MOODLE_GRADEBOOK.fullmatch, sheet.head)):
        raise CourseError(
            "this is Moodle's gradebook, from where a mark would be locked for the assignment; take "
            "the assignment's own sheet: Submissions, Download grading worksheet"
        )
    people = sheet.filled()
    if 2 * sum(bool(MOODLE.fullmatch(row[0].strip())) for row in people) > len(people):
        return "Moodle"
    raise CourseError(
        "the sheet is not understood: its header is not one that Canvas (Student, ID, ... Section), "
        "Moodle (grading worksheet) or Blackboard (... |123456) exports; it has: "
        + ", ".join(sheet.head)
    )


def column(sheet: Sheet, wanted: str | None, assignment: str) -> Column:
    """Raises CourseError where the sheet is no platform's, or has no such column."""
    whose = platform(sheet)
    if whose == "Moodle":
        return _moodle(sheet, wanted)
    return (_canvas if whose == "Canvas" else _blackboard)(sheet, wanted or assignment)


def _choose(sheet: Sheet, pattern: re.Pattern, wanted: str, platform: str) -> int:
    """The one column of marks whose title, header or number is the wanted one."""
    found = {at: match for at, name in enumerate(sheet.head) if (match := pattern.fullmatch(name))}
    texts = {at: {sheet.head[at], match[1], match[match.re.groups]} for at, match in found.items()}
    for at, name in enumerate(sheet.head):
        texts.setdefault(at, {name, name.split(" [")[0]})
    fits = [at for at, names in texts.items() if _plain(wanted) in map(_plain, names)]
    if len(fits) != 1:
        raise CourseError(
            f"{len(fits) or 'no'} columns are {wanted!r}; say which by --column TITLE or NUMBER: "
            + (", ".join(sheet.head[at] for at in found) or "there is none of marks")
        )
    name = sheet.head[fits[0]]
    if fits[0] not in found:
        raise CourseError(f"{name!r} has no number of {platform}'s: it would become a new column")
    return fits[0]


def _plain(text: str) -> str:
    return "".join(char for char in key(text) if char.isalnum())


def canvas(sheet: Sheet) -> tuple[range, list[Row], list[Row]]:
    """The columns that say who a row is, the rows of points, and those of people. Raises CourseError."""
    first = sheet.head.index("ID") if "ID" in sheet.head else 0
    if first not in (1, 2) or "Section" not in sheet.head:
        raise CourseError("Canvas takes no header without Student, ID and Section, in English")
    keys = range(first, sheet.head.index("Section"))
    points = [row for row in sheet.rows[1:] if row[0].startswith("    ") and not row[first]]
    people = [
        row for row in sheet.rows[1:] if row not in points and any(row[k] for k in [0, *keys])
    ]
    return keys, points, people


def _canvas(sheet: Sheet, wanted: str) -> Column:
    keys, points, people = canvas(sheet)
    at = _choose(sheet, CANVAS, wanted, "Canvas")
    name = sheet.head[at]
    if NEVER.search(name) or any("read only" in row[at] for row in points):
        raise CourseError(f"Canvas never imports a column called {name!r}: give it another title")
    most = {row[at].strip() for row in points}
    notes = ["the other columns go up as they were exported: upload soon, or take them out"]
    if any(row[at].startswith(("Manual Posting", "Muted")) for row in sheet.rows[1:3]):
        notes.append("this column is posted by hand: students see its marks only then")
    return Column("Canvas", at, most, keys, people, notes=notes)


def _blackboard(sheet: Sheet, wanted: str) -> Column:
    at = _choose(sheet, BLACKBOARD, wanted, "Blackboard")
    match = BLACKBOARD.fullmatch(sheet.head[at])
    if "up to" in match[2]:
        raise CourseError(f"Blackboard computes {sheet.head[at]!r} and takes no marks for it")
    keys = [at for at, name in enumerate(sheet.head) if name in ("Username", "Student ID")]
    return Column("Blackboard", at, {match[3]}, keys or [2, 3], sheet.filled())


def _moodle(sheet: Sheet, wanted: str | None) -> Column:
    names = [name.casefold() for name in sheet.head]
    if (wanted or "grade").casefold() not in names:
        raise CourseError(
            f"no column {wanted or 'Grade'!r}; say by --column which holds the marks: "
            + ", ".join(sheet.head)
        )
    at = names.index((wanted or "grade").casefold())
    if "scale" in names:
        raise CourseError("the assignment is marked by a scale there: it takes no numbers")
    limit = names.index("maximum grade") if "maximum grade" in names else at + 1
    people = sheet.filled()
    most = {row[limit].strip() for row in people if len(row.raw) == len(names)}
    notes = ["Moodle skips who was marked there since this sheet was made: fetch it right before"]
    if sheet.separator != "," or sheet.codec != "utf-8":
        notes.append("older versions of Moodle read nothing but UTF-8 with commas")
    if "last modified (grade)" not in names:
        notes.append("the header is not English: which rows are locked or stale cannot be told")
    return Column("Moodle", at, most, range(at), people, notes=notes)


def key(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold().strip()


def write_new(into: Path, data: bytes) -> None:
    """Write a file, whole or not at all, and never over another. Raises CourseError."""
    ready = into.with_name(f".{into.name}.new")
    try:
        if into.exists() or into.is_symlink():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        try:
            ready.write_bytes(data)
            ready.replace(into)
        finally:
            ready.unlink(missing_ok=True)
    except OSError as error:
        raise CourseError(f"nothing written, {error.strerror}: {into}") from None
