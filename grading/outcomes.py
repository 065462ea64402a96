"""What became of each submission: a table of its own in the gradebook's database.

It is written in the same transaction as the marks, so that the two never disagree.
"""

import json
from collections import Counter
from datetime import UTC, datetime

from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import Column, MetaData, String, Table, Text, select

GRADED, PARTIAL, NOT_GRADABLE, MISSING = "graded", "graded in part", "not gradable", "missing"
MOST_LINE = 500  # characters of a line that a student may have written
HAVE_MARKS = (GRADED, PARTIAL)
JUDGED = (*HAVE_MARKS, NOT_GRADABLE)  # have a notebook in autograded/
ORDER = [*JUDGED, MISSING]

metadata = MetaData()
table = Table(
    "grading_outcome",
    metadata,
    Column("assignment", String(128), primary_key=True),
    Column("student", String(128), primary_key=True),
    Column("state", String(32), nullable=False),
    Column("digest", String(64), nullable=False),  # of the submitted files
    Column("written", String(32), nullable=False),  # UTC, ISO 8601
    Column("detail", Text, nullable=False),  # JSON: notebook -> detail, see ``empty``
)


def empty() -> dict:
    """The detail of a notebook about which there is nothing to say."""
    return {
        "state": GRADED,
        "reasons": [],  # why it is not "graded", for the student and the instructor
        "evidence": [],  # what may be an attempt to obtain marks, for the instructor
        "notes": [],  # what was repaired
        "isolated": True,
        "apart": True,  # its tests ran where no answer can reach them
        "version": {},  # of the assignment: see ``cells.version``
        "killed": False,  # a kernel got SIGKILL, from itself or from anybody
        "seconds": 0.0,
        "cell_seconds": 0.0,
        "cpu_seconds": 0.0,
        "memory": 0,  # bytes, the largest kernel
    }


def whole(state: str, reasons: list[str], notes: list[str] = ()) -> dict:
    """A detail about the submission as a whole; its key among the parts is ""."""
    return {**empty(), "state": state, "reasons": list(reasons), "notes": list(notes)}


def condensed(lines: list[str], most: int = 20) -> list[str]:
    """A flood of lines in few: the same only once, with a count; those past ``most`` counted."""
    counts = Counter(line[:MOST_LINE] + " ..." * (len(line) > MOST_LINE) for line in lines)
    found = [line + (f" ({n} times)" if n > 1 else "") for line, n in counts.items()]
    if len(found) > most + 1:
        found[most:] = [f"and {len(found) - most} more of this kind"]
    return found


def together(parts: dict[str, dict]) -> dict:
    """One detail for a submission from those of its notebooks."""
    total = empty()
    for part in parts.values():
        total["state"] = max(total["state"], part["state"], key=ORDER.index)
        total["isolated"] = total["isolated"] and part["isolated"]
        total["apart"] = total["apart"] and part.get("apart", False)
        total["memory"] = max(total["memory"], part["memory"])
        for key in ("reasons", "evidence", "notes", "seconds", "cell_seconds", "cpu_seconds"):
            total[key] = total[key] + part[key]
    return total


def remove(session, assignment: str, student: str) -> None:
    """Forget the outcome of one submission; the caller commits."""
    where = (table.c.assignment == assignment) & (table.c.student == student)
    session.execute(table.delete().where(where))


def write(session, assignment: str, student: str, digest: str, parts: dict[str, dict]) -> None:
    """Set the outcome of one submission; the caller commits. ``session`` is SQLAlchemy's."""
    for part in parts.values():
        part |= {key: condensed(part[key]) for key in ("reasons", "evidence", "notes")}
    metadata.create_all(session.connection())
    remove(session, assignment, student)
    session.execute(
        table.insert().values(
            assignment=assignment,
            student=student,
            state=together(parts)["state"],
            digest=digest,
            written=datetime.now(UTC).isoformat(timespec="seconds"),
            detail=json.dumps(parts),
        )
    )


def read(session, assignment: str, student: str | None = None) -> dict[str, dict]:
    """student -> the detail, with "digest", "written" and "parts", of all outcomes, or of one.

    One with marks holds as long as these do: `nbgrader db student remove` takes them alone, and
    so does who deletes rows of `grade`.
    """
    metadata.create_all(session.connection())
    query = select(table).where(table.c.assignment == assignment)
    if student is not None:
        query = query.where(table.c.student == student)
    graded, marks = _graded(session, assignment), _marks(session, assignment, student)
    found = {}
    for row in session.execute(query):
        parts = json.loads(row.detail)
        had = {graded.get((of, name)) for of, part in parts.items() for name in part["version"]}
        if row.state in HAVE_MARKS and not had | {None} <= marks.get(row.student, set()):
            continue
        extra = {"digest": row.digest, "written": row.written, "parts": parts}
        found[row.student] = {**together(parts), **extra}
    return found


def _graded(session, assignment: str) -> dict[tuple[str, str], str]:
    """The ids of cells that have marks, by notebook and name."""
    query = select(Notebook.name, BaseCell.name, BaseCell.id).join(Assignment.notebooks)
    query = query.join(BaseCell, BaseCell.notebook_id == Notebook.id)
    query = query.where(Assignment.name == assignment, BaseCell.type != "SolutionCell")
    return {(of, name): cell for of, name, cell in session.execute(query)}


def _marks(session, assignment: str, student: str | None) -> dict[str, set[str | None]]:
    """student, of whom there is a submission -> None, and the ids of the cells that it has marks for."""
    query = select(SubmittedAssignment.student_id, Grade.cell_id).join(Assignment)
    query = query.outerjoin(SubmittedNotebook, SubmittedAssignment.notebooks).outerjoin(Grade)
    if student is not None:
        query = query.where(SubmittedAssignment.student_id == student)
    found = {}
    for who, cell in session.execute(query.where(Assignment.name == assignment)):
        found.setdefault(who, {None}).add(cell)
    return found
