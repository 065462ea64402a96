"""``python -m grading marksheet``: an assignment's marks in a sheet that a platform exported.

What the platform would skip or misread without a word is refused, or reported by line.
"""

import re
import sys
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

from . import outcomes, report
from .course import CourseError
from .platforms import MOODLE, Column, Row, Sheet, column, key, write_new

THOUSANDS = re.compile(r"\d{1,3}([, '\u00a0\u202f]\d{3}(\.\d+)?|\.\d{3},\d+)")
TAKES_NO_MARK = {"EX": "it is excused there", "N/A": "not assigned there, or hidden from you"}


def number(text: str, point: str) -> Decimal | None:
    text = text.strip()
    if not re.fullmatch(r"-?\d+([.,]\d+)?", text) or ({".", ","} - {point}) & set(text):
        return None
    return Decimal(text.replace(point, "."))


def decimal_point(sheet: Sheet, to: Column) -> str:
    """The decimal mark of the column, else of the whole sheet. Raises CourseError."""
    own = [row[to.at] for row in to.people] + list(to.most)
    for texts in (own, [row[at] for row in sheet.rows for at in range(len(row.raw))]):
        found = {m[1] for text in texts if (m := re.fullmatch(r"\d+([.,])\d{1,2}", text.strip()))}
        if len(found) > 1 and texts is own:
            raise CourseError("the marks have decimal points and decimal commas: both, or which?")
        if found:
            return "," if found == {","} else "."
    return "."


def fill(sheet: Sheet, to: Column, rows: list[dict], mails: dict, scale: bool) -> tuple:
    """Put the final marks (of ``report.rows``) into the sheet. Raises CourseError.

    How many were written by which column, what is amiss, and what is to be known.
    """
    point = decimal_point(sheet, to)
    factor, most = factor_of(to, rows, point, scale)
    by, amiss, notes = Counter(), [], list(to.notes)
    known = {row["student"]: row for row in rows}
    given = {student for student, row in known.items() if row["score"] is not None}
    found = whose(sheet, to, known, mails)
    seen = {student for students in found.values() for student in students}
    if 2 * len(given & seen) < min(len(to.people), len(given)) or not given:
        raise CourseError(
            f"of {len(given)} students with marks {len(given & seen)} are among the "
            f"{len(to.people)} of the sheet: it is of another course, or calls them otherwise"
        )
    times = Counter(student for students in found.values() for student in students)
    for row in to.people:
        students = sorted(found[row.line])
        where = f"line {row.line}, {row[0].strip() or row[1]}"
        where += f" ({' or '.join(students)})" if students else ""
        before, text, why = row[to.at].strip(), "", "nobody of the gradebook"
        if students and (len(students) > 1 or times[students[0]] > 1):
            why = "two students for one row, or two rows for one student"
        elif students:
            text = _text(known[students[0]], factor, point)
            why = _why_not(sheet, to, row, known[students[0]], text and number(text, point) > most)
        if not why:
            sheet.put(row, to.at, text)
            by[sheet.head[found[row.line][students[0]]]] += 1
            notes += [f"{where}: {before} becomes {text}"] * (before not in ("", "-", text))
            amiss += [f"{where}: {doubt}" for doubt in _doubts(sheet, to, row, known[students[0]])]
            continue
        nothing = not students or why == outcomes.MISSING
        (notes if nothing else amiss).append(f"{where}: no mark written: {why}")
        amiss += [f"{where}: {odd}" for odd in _odd(to, before, point, most)]
    return by, amiss + [f"{student} is not in the sheet" for student in sorted(given - seen)], notes


def factor_of(to: Column, rows: list[dict], point: str, scale: bool) -> tuple[Decimal, Decimal]:
    """What marks are multiplied by, and the sheet's maximum."""
    full = Decimal(repr(float(rows[0]["max_score"]))) if rows else Decimal(0)
    most = number(*to.most, point) if len(to.most) == 1 else None
    if not most or not full:
        said = ", ".join(sorted(to.most)) or "none"
        raise CourseError(f"one maximum is needed; the sheet's: {said}; the assignment's: {full:f}")
    if most != full and not scale:
        raise CourseError(
            f"the column is out of {most:f}, the assignment out of {full:f}: another assignment? "
            "If not, change it there, or --scale the marks"
        )
    return most / full, most


def whose(sheet: Sheet, to: Column, known: dict, mails: dict) -> dict[int, dict[str, int]]:
    """line -> the students whom a row may be, each with the column that says so."""
    who: dict[str, set[str]] = {}
    for student in known:
        for text in {key(student), key(mails.get(student) or "")} - {""}:
            who.setdefault(text, set()).add(student)
    found = {}
    for row in to.people:
        texts = [(key(row[at]), at) for at in to.keys]
        if to.platform == "Moodle":  # who shares a name is collected as "Ana Example 123"
            texts += [(f"{text} {row[0].strip().split(' ')[-1]}", at) for text, at in texts]
        found[row.line] = {one: at for text, at in reversed(texts) for one in who.get(text, ())}
    return found


def _text(row: dict, factor: Decimal, point: str) -> str:
    """Always two decimals and no thousands mark; "" where there is no mark."""
    if row["score"] is None:
        return ""
    mark = Decimal(repr(float(row["score"]))) * factor
    return str(mark.quantize(Decimal("0.01"), ROUND_HALF_UP)).replace(".", point)


def _why_not(sheet: Sheet, to: Column, row: Row, known: dict, above: bool) -> str:
    """Why a student's row gets no mark; "" where it does."""
    if known["score"] is None or known["by_hand"] or known["older_version"]:
        return report.standing(known)
    if len(row.raw) != len(sheet.head):
        return f"it has {len(row.raw)} fields, and the header {len(sheet.head)}"
    if to.platform == "Moodle" and not MOODLE.fullmatch(row[0].strip()):
        return "it has lost the number of its participant, and Moodle skips it"
    if to.platform == "Canvas" and row[to.at].strip().upper() in TAKES_NO_MARK:
        return TAKES_NO_MARK[row[to.at].strip().upper()]
    if _named(sheet, row, "grade can be changed") not in (None, "yes"):
        return "Moodle has locked it"
    return "above the maximum, which Moodle skips" if above and to.platform == "Moodle" else ""


def _named(sheet: Sheet, row: Row, name: str) -> str | None:
    """The cell of a row in the column of this name."""
    names = [head.casefold() for head in sheet.head]
    return row[names.index(name)].strip().casefold() if name in names else None


def _doubts(sheet: Sheet, to: Column, row: Row, known: dict):
    if known["state"] != outcomes.GRADED:
        yield f"written, but {known['state']}: {'; '.join(known['reasons'])}"
    date = _named(sheet, row, "last modified (grade)") if to.platform == "Moodle" else None
    if date not in (None, "", "-") and not any(char.isalpha() for char in date.strip("apm ")):
        yield f"written, but Moodle may skip it: {date!r} is not how it writes a date"


def _odd(to: Column, text: str, point: str, most: Decimal):
    """What the platform would make of a cell that is left as it was."""
    value = number(text, point)
    if text.startswith("="):
        yield f"a formula, which {to.platform} does not compute: {text}"
    elif THOUSANDS.fullmatch(text) and to.platform != "Blackboard":
        yield f"{text} would not be read as that number"
    elif value is not None and (value < 0 or value > most) and to.platform == "Moodle":
        yield f"{text} is not within 0 and {most:f}, and is skipped"


def marksheet(course, arguments) -> int:
    """``python -m grading marksheet``"""
    course.plan(arguments.assignment)  # says what is wrong where there is none such
    with course.gradebook() as gradebook:
        rows = report.rows(gradebook, arguments.assignment)
        mails = {student.id: student.email for student in gradebook.students}
    sheet = Sheet(arguments.sheet)
    to = column(sheet, arguments.column, arguments.assignment)
    by, amiss, notes = fill(sheet, to, rows, mails, arguments.scale)
    for lines, file in ((notes, sys.stdout), (amiss, sys.stderr)):
        for line in lines:
            print(report.printable(line), file=file)
    if not by:
        raise CourseError("not one mark could be written")
    write_new(arguments.into, sheet.bytes())
    ways = ", ".join(f"{count} by {name!r}" for name, count in by.items())
    print(f"{by.total()} marks for {to.platform}, column {sheet.head[to.at]!r}, found {ways}")
    print(f"{len(amiss)} to be looked at; written: {arguments.into}")
    return 1 if amiss else 0
