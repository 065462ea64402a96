"""``python -m grading due`` and ``extend``: dates with a time zone; penalties follow, and can be taken back."""

import re
import sys
import unicodedata
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nbgrader.api import MissingEntry

from . import driver, history, late
from .course import CourseError
from .report import printable

WHEN = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?) ?(\S+)")


def moment(text: str) -> datetime:
    """A time with its zone, as the gradebook keeps it: in UTC. Raises CourseError."""
    match = WHEN.fullmatch(text.strip())
    if match is None:
        raise CourseError(
            f'{text!r} is no time with a zone, as "2026-12-01 23:59 Europe/Berlin" is, or with +01:00'
        )
    day, clock, zone = match.groups()
    try:
        if zone[0] in "+-":
            if re.match(r".(2[4-9]|[3-9]|\d\d:?[6-9])", zone):  # Python adds up such minutes
                raise ValueError(f"{zone} is no offset")
            when = datetime.fromisoformat(f"{day}T{clock}{zone}").astimezone(UTC)
            return _within_reach(text, when)
        local = datetime.fromisoformat(f"{day}T{clock}")
        place = ZoneInfo("UTC" if zone == "Z" else zone)
        first, second = (local.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1))
    except (ZoneInfoNotFoundError, OSError):
        raise CourseError(f"{zone!r} is no time zone; one is Europe/Berlin, or +01:00") from None
    except (ValueError, OverflowError) as error:
        raise CourseError(f"{text!r} is no time: {error}") from None
    if first != second:
        times = "twice" if first < second else "never"
        raise CourseError(
            f"clocks change then: {day} {clock} is {times} in {zone}; take another time, or say it "
            f'with an offset, as in "{day} {clock} +01:00"'
        )
    return _within_reach(text, first)


def _within_reach(text: str, when: datetime) -> datetime:
    """Without its zone; far from the ends of what dates can say, where none can be moved."""
    if not 1000 <= when.year < 9000:
        raise CourseError(f"{text!r} is no time: the year must lie from 1000 to 8999")
    return when.replace(tzinfo=None)


def _utc(when: datetime | None) -> str:
    return "none" if when is None else f"{when:%Y-%m-%d %H:%M:%S} UTC"


def due(course, arguments) -> int:
    """``python -m grading due``"""
    return _run(course, arguments, _set_due)


def extend(course, arguments) -> int:
    """``python -m grading extend``"""
    return _run(course, arguments, _set_extension)


def _run(course, arguments, change) -> int:
    """Change a date within one transaction, with the penalties that follow from it."""
    course.plan(arguments.assignment)  # says what is wrong where there is none such
    with driver.locked_for_us(course.root):
        if getattr(arguments, "undo", False):
            return history.undo(course, arguments.assignment, "due")
        with course.gradebook() as gradebook:
            student, before, said = change(gradebook, arguments)
            changes = late.recompute(gradebook, course.config)
            if arguments.dry_run or not (before or changes):
                gradebook.db.rollback()
            else:
                said += f" ({arguments.why})" if arguments.why else ""
                where = arguments.assignment, student
                history.note(gradebook, *where, before, f"{said}; {len(changes)} penalties changed")
                gradebook.db.commit()
            if not arguments.dry_run:
                late.announce(course, gradebook)
    print(printable(said))
    for one in changes:
        off = [f"{max(0.0, one['score'] - one[key]):g} (-{one[key]:g})" for key in ("old", "new")]
        print(printable(f"{one['student']}  {one['assignment']}: {off[0]} -> {off[1]}"))
    end = "would change; nothing was written" if arguments.dry_run else "changed"
    print(
        f"{len(changes)} marks {end}"
        + "; `due --undo` takes it back" * bool(before and not arguments.dry_run)
    )
    return 0


def _set_due(gradebook, arguments) -> tuple[str, dict, str]:
    """The student ("": all), what was before ({}: the same), and what is to be said."""
    name, entry = arguments.assignment, gradebook.find_assignment(arguments.assignment)
    before = entry.duedate
    if arguments.when:
        entry.duedate = None if arguments.when == "none" else moment(arguments.when)
    submissions = gradebook.assignment_submissions(name)
    if blind := sum(one.timestamp is None for one in submissions):
        print(f"when {blind} handed in is not known: they are never late", file=sys.stderr)
    if entry.duedate is None and any(one.extension for one in submissions):
        print("extensions wait until there is a due date again", file=sys.stderr)
    if entry.duedate == before:
        return "", {}, f"{name} is due: {_utc(before)}"
    old = before and before.isoformat()
    return "", {"duedate": old}, f"{name} is due: {_utc(before)} -> {_utc(entry.duedate)}"


def _set_extension(gradebook, arguments) -> tuple[str, dict, str]:
    name, student = arguments.assignment, unicodedata.normalize("NFC", arguments.student)
    entry = gradebook.find_assignment(name)
    known = {unicodedata.normalize("NFC", one.id): one.id for one in gradebook.students}
    if student not in known:
        raise CourseError(f"no student {student!r} in the gradebook; `roster` enters a class")
    if entry.duedate is None:
        raise CourseError(f"{name} has no due date: `due {name} WHEN` sets it")
    if arguments.until:
        longer = moment(arguments.until) - entry.duedate
    elif 0 <= arguments.days <= 1000:
        longer = timedelta(days=arguments.days)
    else:
        raise CourseError("--days from 0 (takes an extension away) to 1000")
    if longer < timedelta(0):
        raise CourseError(f"that is before {name} is due: {_utc(entry.duedate)}")
    try:
        submission = gradebook.find_submission(name, known[student])
    except MissingEntry:  # nothing was handed in yet
        submission = None
    before = submission.extension if submission else None
    said = f"{known[student]} hands {name} in until {_utc(entry.duedate + longer)}"
    if (before or timedelta(0)) == longer:
        return known[student], {}, f"{said}, as before"
    if not arguments.dry_run:
        submission = submission or gradebook.add_submission(name, known[student])
    if submission:
        submission.extension = longer or None
    was = f", not {_utc(entry.duedate + (before or timedelta(0)))}"
    old = before.total_seconds() if before else None
    return known[student], {"extension": old}, said + was
