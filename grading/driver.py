"""Grades a class: one writer to the gradebook, restartable at any point."""

import fcntl
import os
import sys
from collections.abc import Callable
from pathlib import Path

from nbgrader.utils import parse_utc
from tqdm import tqdm

from . import late, marks, outcomes, todo
from .bubble import why_not
from .course import Course, CourseError
from .limits import Limits
from .report import printable
from .sandbox import Sandbox
from .scratch import SandboxError, remove, remove_stale
from .submission import timestamp
from .todo import Summary
from .worker import Job, Plan, Result, definition
from .workers import Failed, Workers

TRIES = 3  # a kernel that is killed each time was killed by the submission itself


def locked_for_us(root: Path):
    """A lock on the course, until it is closed: two drivers would grade the same submissions.

    Raises CourseError.
    """
    try:
        file = open(root / ".grading.lock", "w")
    except OSError as error:
        raise CourseError(
            f"the course folder cannot be written ({error}), so no marks could be kept; "
            "copy the course to a folder that you may write"
        ) from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise CourseError(
            "another `python -m grading autograde` is at work in this course"
        ) from None
    return file


def local(
    plan: Plan, definition: bytes, most: int, jobs: int | None = None, warm: Sandbox | None = None
) -> Workers:
    """Workers on this machine: ``jobs``, or one for each core. Raises SandboxError.

    ``warm``: a sandbox that has been started already; to be closed by the caller.
    """
    if Limits(config=plan.config).isolation and (reason := why_not()):
        raise SandboxError(reason)
    count = min(jobs or len(os.sched_getaffinity(0)), most)
    return Workers(plan, definition, range(count), warm)


def autograde(
    course: Course,
    assignment: str,
    students: list[str] | None = None,
    force: bool = False,
    changed: bool = False,
    quiet: bool = False,
    engine: Callable = local,
) -> Summary:
    """Grade all submissions that have no outcome yet. Raises CourseError, SandboxError, OSError.

    ``engine``: ``local``, with its settings, or a ``cluster.Cluster``.
    """
    with locked_for_us(course.root):
        remove_stale()
        plan, summary = course.plan(assignment), Summary()
        _check(course, assignment)
        try:
            waiting = todo.jobs(course, plan, students, force, changed, summary)
        except todo.Unknown as error:
            raise CourseError(str(error)) from None
        run(course, plan, waiting, summary, quiet, engine)
        return summary


def _check(course: Course, assignment: str) -> None:
    """Raises CourseError where a file that students were given is not there for the tests."""
    given, ours = (course.folder(step, ".", assignment) for step in ("release", "source"))
    for path in (one.relative_to(given) for one in sorted(given.rglob("*")) if one.is_file()):
        mine = path.suffix not in (".ipynb", ".pyc") and not any(p[0] == "." for p in path.parts)
        if mine and not (ours / path).exists():
            raise CourseError(f"{ours} has no {str(path)!r}, as {given} has; tests may need it")


def run(
    course, plan: Plan, waiting: list[Job], summary, quiet, engine: Callable = local, keep=None
) -> None:
    """Grade submissions with the workers of an engine; see ``grade``."""
    if waiting:
        with course.gradebook() as gradebook:
            known = definition(gradebook, plan)
        workers = engine(plan, known, len(waiting))
        try:
            grade(course, plan, workers, waiting, summary, quiet, keep)
        finally:
            workers.close()


def grade(course, plan: Plan, workers: Workers, jobs: list[Job], summary, quiet, keep=None) -> None:
    """Grade submissions; ``keep`` (or ``record``) is called with each result as it comes."""
    waiting, tries = list(reversed(jobs)), dict.fromkeys((job.student for job in jobs), 0)
    begun = keep is not None
    bar = tqdm(total=len(jobs), unit="submission", disable=quiet, smoothing=0.1)
    while waiting or workers.busy:
        workers.hand_out(waiting)
        for job, answer in workers.answers():
            if not begun:  # there are workers, and they can grade: no outcome is lost before
                todo.forget(course, plan.assignment, jobs)
                begun = True
            tries[job.student] += 1
            if isinstance(answer, Failed) or answer.killed:  # by whom, one cannot know
                if tries[job.student] < TRIES:
                    waiting.append(job)
                    continue
            workers.hand_out(waiting)  # the worker goes on while this one's marks are written
            if isinstance(answer, Result):
                try:
                    (keep or record)(course, plan, job, answer)
                    summary.done[job.student] = outcomes.together(answer.parts)
                except Exception as error:  # nbgrader hides the database's errors in its own
                    answer = Failed(f"its marks could not be written: {error}")
            if isinstance(answer, Failed):
                summary.failed[job.student] = str(answer)
            _say(bar, job.student, summary)
            bar.update()
    bar.close()


def _say(bar: tqdm, student: str, summary: Summary) -> None:
    def write(line: str) -> None:
        bar.write(printable(f"{student}: {line}"), file=sys.stderr)

    if student in summary.failed:
        write(f"NOT GRADED: {summary.failed[student]}")
        return
    detail = summary.done[student]
    if detail["state"] != outcomes.GRADED:
        write(f"{detail['state']}: {'; '.join(detail['reasons'])}")
    for line in detail["evidence"]:
        write(f"evidence: {line}")


def record(course: Course, plan: Plan, job: Job, result: Result) -> None:
    """Put the autograded folder in its place and write marks and outcome in one transaction."""
    if todo.Attempts(config=course.config).best and _is_lesser(course, plan, job, result):
        remove(job.staging)
        return
    target = course.folder("autograded", result.student, plan.assignment)
    old = todo.beside(target, "old")
    if target.exists():
        target.rename(old)
    job.staging.rename(target)
    _write(course, plan, job, result)
    if old.exists():
        remove(old)


def _write(course: Course, plan: Plan, job: Job, result: Result) -> None:
    name, student = plan.assignment, result.student
    with course.gradebook() as gradebook:
        gradebook.update_or_create_student(student)
        stamp = timestamp(job.folder)
        when = {"timestamp": parse_utc(stamp)} if stamp else {}
        submission = gradebook.update_or_create_submission(name, student, **when)
        _mark(course, gradebook, submission, result)
        outcomes.write(gradebook.db, name, student, result.digest, result.parts)
        gradebook.db.commit()


def _mark(course: Course, gradebook, submission, result: Result) -> None:
    for notebook in submission.notebooks:
        of = notebook.name
        marks.write(notebook, result.scores.get(of, {}), result.comments.get(of, {}))
        late.penalise(notebook, gradebook, course.config)


def _is_lesser(course: Course, plan: Plan, job: Job, result: Result) -> bool:
    """Whether an earlier attempt has more marks; then these stay, and the outcome says so."""
    name, student = plan.assignment, result.student
    with course.gradebook() as gradebook:
        before = outcomes.read(gradebook.db, name, student).get(student)
        if before is None or before["state"] not in outcomes.HAVE_MARKS:
            return False
        submission, stamp = gradebook.find_submission(name, student), timestamp(job.folder)
        old = late.total(submission)
        submission.timestamp = parse_utc(stamp) if stamp else submission.timestamp
        _mark(course, gradebook, submission, result)
        gradebook.db.flush()
        gradebook.db.refresh(submission)
        new = late.total(submission)
        gradebook.db.rollback()
        if new >= old:
            return False
        note = f"a later attempt has {new:g} points; the earlier one's {old:g} count"
        whole = outcomes.whole(outcomes.GRADED, [], [note]) | {"lesser": result.digest}
        parts = before["parts"] | {"": whole}
        outcomes.write(gradebook.db, name, student, before["digest"], parts)
        gradebook.db.commit()
    return True
