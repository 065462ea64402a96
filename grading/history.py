"""Who regraded, moved a date or the like, and when: a table of its own in the gradebook's database, to take back from."""

import getpass
import json
import os
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import groupby

from sqlalchemy import Column, Integer, MetaData, String, Table, Text, select

from . import late, marks, outcomes
from .course import CourseError
from .report import printable
from .scratch import remove
from .todo import beside

WHAT = {"regrade": "regrading", "due": "date or extension", "markers": "sheet", "groups": "groups"}
metadata = MetaData()
table = Table(
    "grading_regrade",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("assignment", String(128), nullable=False),
    Column("student", String(128), nullable=False),
    Column("who", String(128), nullable=False),
    Column("at", String(40), nullable=False),  # UTC, ISO 8601: of the whole run
    Column("undone", String(40)),
    Column("written", String(32), nullable=False),  # the outcome that this left
    Column("detail", Text, nullable=False),  # JSON: "digest" and "parts" of before, "changes"
)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no name belongs to the user's number
        return f"user {os.getuid()}"


def remember(
    gradebook, name: str, student: str, at: str, before: dict, changes: list[dict]
) -> None:
    """Note what a regrading that began ``at`` changed, and the outcome of before; the caller commits."""
    metadata.create_all(gradebook.db.connection())
    written = outcomes.read(gradebook.db, name, student)[student]["written"]
    detail = {key: before[key] for key in ("digest", "parts")} | {"changes": changes}
    line = {"assignment": name, "student": student, "who": _who(), "at": at}
    line |= {"written": written, "detail": json.dumps(detail)}
    gradebook.db.execute(table.insert().values(line))


def note(gradebook, name: str, student: str, before: dict, said: str) -> None:
    """Note that a date or the like was changed, for one student or for all (""), and what it was; the caller commits."""
    metadata.create_all(gradebook.db.connection())
    detail = {"changes": [], "before": before, "said": said}
    line = {"assignment": name, "student": student, "who": _who(), "at": now(), "written": ""}
    gradebook.db.execute(table.insert().values(line | {"detail": json.dumps(detail)}))


def _rows(gradebook, name: str) -> list:
    metadata.create_all(gradebook.db.connection())
    query = select(table).where(table.c.assignment == name).order_by(table.c.at, table.c.student)
    return list(gradebook.db.execute(query))


def tell(course, name: str) -> int:
    """Who regraded what, and when."""
    with course.gradebook() as gradebook:
        rows = _rows(gradebook, name)
    for at, group in groupby(rows, key=lambda row: row.at):
        run = list(group)
        undone = "; taken back" if any(row.undone for row in run) else ""
        if said := json.loads(run[0].detail).get("said"):
            print(f"{at}  {run[0].who}: {said}{undone}")
            continue
        changes = [one for row in run for one in json.loads(row.detail)["changes"]]
        count = Counter(one["item"] for one in changes)
        items = ", ".join(f"{number} of {item}" for item, number in count.items()) or "none"
        print(f"{at}  {run[0].who}: {len(run)} students, marks changed: {items}{undone}")
    return 0


def undo(course, name: str, by: str) -> int:
    """Take back what this command did last: of a regrading, where nothing was graded since."""
    with course.gradebook() as gradebook:
        rows = [row for row in _rows(gradebook, name) if not row.undone and _can_go(row)]
        rows = [row for row in rows if _command(row) == by]
        if not rows:
            raise CourseError(f"no {WHAT[by]} of {name} to take back")
        rows = [row for row in rows if row.at == rows[-1].at]
        if "said" in json.loads(rows[0].detail):
            return _date_back(course, gradebook, name, rows[0])
        known = outcomes.read(gradebook.db, name)
        fit = [row for row in rows if known.get(row.student, {}).get("written") == row.written]
        for row in fit:
            _take_back(course, gradebook, name, row)
    who = f"of {rows[0].at} by {rows[0].who}"
    print(f"the regrading {who} is taken back for {len(fit)} of {len(rows)} students")
    for row in rows:
        if row not in fit:
            print(printable(f"{row.student} was graded since: left as it is"), file=sys.stderr)
    return 0 if fit == rows else 1


def _command(row) -> str:
    """Which command made this change, and takes it back."""
    detail = json.loads(row.detail)
    if "said" not in detail:
        return "regrade"
    return {"marking": "markers", "groups": "groups"}.get(next(iter(detail["before"]), ""), "due")


def _can_go(row) -> bool:
    """Not where penalties followed the settings, which stand in a file."""
    return json.loads(row.detail).get("before") != {}


def _date_back(course, gradebook, name: str, row) -> int:
    detail = json.loads(row.detail)
    for field, old in detail["before"].items():
        if field == "duedate":
            when = old and datetime.fromisoformat(old)
            gradebook.find_assignment(name).duedate = when
        elif field in ("marking", "groups"):  # the module that wrote it takes it back
            module = import_module(f".{field}", __package__)
            for who in module.take_back(course, gradebook, name, old):
                print(printable(f"{who} was changed since: left as it is"), file=sys.stderr)
        else:
            longer = None if old is None else timedelta(seconds=old)
            gradebook.find_submission(name, row.student).extension = longer
    changed = len(late.recompute(gradebook, course.config))
    gradebook.db.execute(table.update().where(table.c.number == row.number).values(undone=now()))
    gradebook.db.commit()
    late.announce(course, gradebook)
    print(f"taken back: {detail['said']}\n{changed} penalties changed with it")
    return 0


def _take_back(course, gradebook, name: str, row) -> None:
    detail, submission = json.loads(row.detail), gradebook.find_submission(name, row.student)
    old = {one["item"]: one["old"] for one in detail["changes"]}
    for notebook in submission.notebooks:
        known = marks.names(notebook)
        for grade in notebook.grades:
            item = f"{notebook.name}/{known[grade.cell_id]}"
            if item in old:
                grade.auto_score = old[item]
                grade.needs_manual_grade |= old[item] is None
        late.penalise(notebook, gradebook, course.config)
    target = course.folder("autograded", row.student, name)
    if (kept := beside(target, "before")).is_dir():
        remove(target)
        kept.rename(target)
    outcomes.write(gradebook.db, name, row.student, detail["digest"], detail["parts"])
    gradebook.db.execute(table.update().where(table.c.number == row.number).values(undone=now()))
    gradebook.db.commit()
