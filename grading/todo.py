"""What is to be graded: work that was handed in and has no outcome, or one that no longer holds."""

from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import Gradebook
from traitlets import Bool
from traitlets.config import Configurable

from . import cells, inbox, outcomes
from .limits import Limits
from .scratch import remove
from .submission import digest
from .worker import Job, Plan


@dataclass
class Summary:
    """What a run did."""

    done: dict[str, dict] = field(default_factory=dict)  # student -> detail, graded in this run
    before: int = 0  # graded by an earlier run
    failed: dict[str, str] = field(default_factory=dict)  # student -> why: to be graded next time
    stale: dict[str, list[str]] = field(default_factory=dict)  # student -> cells that have changed
    strange: list[str] = field(default_factory=list)  # what lies under submitted/ besides


class Attempts(Configurable):
    """Which of several attempts counts, where somebody hands in again after grading."""

    best = Bool(
        False, help="The one with the most marks, penalties taken off, instead of the last"
    ).tag(config=True)


class Unknown(Exception):
    """There are no such students. The message names them."""


def stale(detail: dict, versions: dict[str, dict[str, str]]) -> list[str]:
    """The cells that have changed since the marks of an outcome were given.

    ``versions``: notebook -> ``cells.version``. None is stale where the marks' version is not known.
    """
    found = []
    for name, now in versions.items():
        before = detail["parts"].get(name, {}).get("version")
        if before and before != now:
            both = sorted(set(now) | set(before))
            found += [cell for cell in both if now.get(cell) != before.get(cell)]
    return found


def versions(notebooks: dict[str, list[cells.Cell]]) -> dict[str, dict[str, str]]:
    return {name: cells.version(found) for name, found in notebooks.items()}


def beside(folder: Path, kind: str) -> Path:
    """Where a folder is made ready, or kept, while it is replaced."""
    return folder.with_name(f".{folder.name}.{kind}")


def jobs(course, plan: Plan, students, force: bool, changed: bool, summary: Summary) -> list[Job]:
    """What is to be graded. Raises Unknown, OSError."""
    limits, name = Limits(config=course.config), plan.assignment
    with course.gradebook() as gradebook:
        box = look(course, gradebook, name)
        summary.strange = box.lines()
        ids = {student.id for student in gradebook.students}
        everyone = sorted((ids | box.students) - set(course.dir.student_id_exclude.split(",")))
        if unknown := set(students or []) - set(everyone):
            raise Unknown(f"no such student: {', '.join(sorted(unknown))}")
        known, found, now = outcomes.read(gradebook.db, name), [], versions(plan.notebooks)
        for student in dict.fromkeys(students or everyone):
            folder, before = box.folders.get(student), known.get(student)
            autograded = course.folder("autograded", student, name)
            for left in (beside(autograded, "new"), beside(autograded, "old")):
                if left.exists():  # by a run that was killed
                    remove(left)
            if student in box.unreadable:
                summary.failed[student] = box.unreadable[student]
            elif folder is None:
                if before is None or before["state"] == outcomes.MISSING:
                    reasons = ["nothing was handed in", *box.of(student)]
                    detail = {"": outcomes.whole(outcomes.MISSING, reasons)}
                    outcomes.write(gradebook.db, name, student, "", detail)
            elif _tried(before, folder, limits) and autograded.is_dir() and not force:
                if names := stale(before, now):
                    summary.stale[student] = names
                if names and changed:
                    found.append(Job(student, folder, beside(autograded, "new")))
                else:
                    summary.before += 1
            else:
                found.append(Job(student, folder, beside(autograded, "new")))
        gradebook.db.commit()
    return found


def forget(course, name: str, waiting: list[Job]) -> None:
    """Take the outcomes back of what is being graded again."""
    with course.gradebook() as gradebook:
        known = outcomes.read(gradebook.db, name)
        for job in waiting:
            _forget(course, gradebook, name, job, known.get(job.student))
        gradebook.db.commit()


def look(course, gradebook: Gradebook, assignment: str) -> inbox.Inbox:
    """What lies under submitted/. Raises OSError."""
    ids = {student.id for student in gradebook.students}
    known = {found.name for found in gradebook.assignments}
    return inbox.look(course, assignment, ids, known)


def done(before: dict | None, folder: Path, limits: Limits) -> bool:
    """Whether a submission, as it is now, has an outcome."""
    same = before is not None and before["digest"] == digest(folder, limits)
    return same and before["state"] != outcomes.MISSING


def _forget(course, gradebook: Gradebook, name: str, job: Job, before: dict | None) -> None:
    """Take the outcome back, but for that of an earlier attempt, which may be the best."""
    same = done(before, job.folder, Limits(config=course.config))
    if same or not Attempts(config=course.config).best:
        outcomes.remove(gradebook.db, name, job.student)


def _tried(before: dict | None, folder: Path, limits: Limits) -> bool:
    """The same, or it was graded and had fewer marks than the attempt that has the outcome."""
    lesser = before["parts"].get("", {}).get("lesser") if before else None
    return done(before, folder, limits) or (lesser is not None and lesser == digest(folder, limits))
