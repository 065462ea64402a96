"""Grades a class: N workers, one writer to the gradebook, restartable at any point."""

import ctypes
import fcntl
import functools
import glob
import multiprocessing
import os
import re
import shutil
import signal
import sys
import tempfile
import warnings
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path

import nbgrader.api
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import AutogradeApp
from nbgrader.utils import parse_utc
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import SAWarning
from tqdm import tqdm

from . import cells, marks, outcomes
from .sandbox import (
    PREFIX,
    Limits,
    SandboxError,
    must_stay_hidden,
    remove,
    remove_stale,
    why_not,
)
from .submission import digest, timestamp
from .worker import Job, Plan, Result, Worker, explain, private_gradebook

LOCKED_SECONDS = 120  # how long to wait for a gradebook that another program has locked
TRIES = 3  # how often a submission is tried at which the worker or the sandbox fails


class CourseError(Exception):
    """The course or the command is wrong. The message says what to do."""


@functools.cache
def one_engine(url: str, **options) -> Engine:
    """SQLAlchemy's ``create_engine``, once for each database, and patient where it is locked.

    Each of nbgrader's Gradebooks would make an engine of its own, which compiles all its
    statements anew: some ten times for each submission.
    """
    if url.startswith("sqlite"):
        options["connect_args"] = {"timeout": LOCKED_SECONDS}
    return create_engine(url, **options)


class Course:
    """A course folder as nbgrader's configuration describes it."""

    def __init__(self, root: Path):
        os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        if not root.is_dir():
            raise CourseError(f"there is no folder {root}")
        os.chdir(root)
        warnings.filterwarnings("ignore", category=SAWarning, module="nbgrader")
        nbgrader.api.create_engine = one_engine
        app = AutogradeApp()
        app.initialize(["--log-level=CRITICAL"])
        self.config, self.dir = app.config, app.coursedir
        self.root = Path(self.dir.root).resolve()
        file = self.dir.db_url.removeprefix("sqlite:///")
        if file != self.dir.db_url and not Path(file).is_file():
            raise CourseError(
                f"there is no gradebook {file}: is {root} a course? "
                "`nbgrader generate_assignment ASSIGNMENT --force` makes its gradebook"
            )

    def gradebook(self) -> Gradebook:
        return Gradebook(self.dir.db_url, self.dir.course_id)

    def folder(self, step: str, student: str, assignment: str) -> Path:
        directory = getattr(self.dir, f"{step}_directory")
        return Path(self.dir.format_path(directory, student, assignment))

    def folders(self, step: str, assignment: str) -> dict[str, Path]:
        """student -> folder of what was "submitted", "autograded" or given "feedback"."""
        directory = getattr(self.dir, f"{step}_directory")
        pattern = self.dir.format_path(directory, "*", assignment)
        where = directory, "(?P<student>[^/]*)", assignment
        student = re.compile(self.dir.format_path(*where, escape=True))
        found = {}
        for path in sorted(glob.glob(glob.escape(pattern).replace("[*]", "*"))):
            match = student.fullmatch(path)
            if match and (os.path.isdir(path) or os.path.islink(path)):
                found[match["student"]] = Path(path)
        return found

    def states(self, assignment: str) -> dict[str, dict]:
        """student -> outcome detail (see ``outcomes.read``)."""
        with self.gradebook() as gradebook:
            found = outcomes.read(gradebook.db, assignment)
            gradebook.db.commit()
        return found

    def plan(self, assignment: str) -> Plan:
        """Raises CourseError."""
        with self.gradebook() as gradebook:
            try:
                found = gradebook.find_assignment(assignment)
            except MissingEntry:
                known = ", ".join(a.name for a in gradebook.assignments) or "none"
                raise CourseError(
                    f"no assignment {assignment!r} in the gradebook (it knows: {known}); run "
                    f"`nbgrader generate_assignment {assignment} --force` first"
                ) from None
            source = self.folder("source", ".", assignment)
            notebooks = {
                notebook.name: cells.definition(notebook, source / f"{notebook.name}.ipynb")[0]
                for notebook in found.notebooks
            }
        if not notebooks:
            raise CourseError(f"assignment {assignment!r} has no notebooks in the gradebook")
        root = self.root / self.dir.source_directory
        return Plan(assignment, notebooks, self.config, root, must_stay_hidden(self.dir))


@dataclass
class Summary:
    """What a run did."""

    done: dict[str, dict] = field(default_factory=dict)  # student -> detail, graded in this run
    before: int = 0  # graded by an earlier run
    failed: dict[str, str] = field(default_factory=dict)  # student -> why: to be graded next time


def locked_for_us(root: Path):
    """A lock on the course: two drivers would grade the same submissions. Raises CourseError."""
    file = open(root / ".grading.lock", "w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise CourseError(
            "another `python -m grading autograde` is at work in this course"
        ) from None
    return file


def autograde(
    course: Course,
    assignment: str,
    students: list[str] | None = None,
    jobs: int | None = None,
    force: bool = False,
    quiet: bool = False,
) -> Summary:
    """Grade all submissions that have no outcome yet. Raises CourseError, SandboxError."""
    limits = Limits(config=course.config)
    if limits.isolation and (reason := why_not()):
        raise SandboxError(reason)
    lock = locked_for_us(course.root)
    try:
        remove_stale()
        plan, summary = course.plan(assignment), Summary()
        todo = _todo(course, assignment, students, force, limits, summary)
        if todo:
            with _Run(course, plan, min(jobs or len(os.sched_getaffinity(0)), len(todo))) as run:
                run.grade(todo, summary, quiet)
        return summary
    finally:
        lock.close()


def _todo(course, assignment, students, force, limits, summary: Summary) -> list[Job]:
    """What is to be graded; outcomes of what will be graded again are taken back first."""
    submitted = course.folders("submitted", assignment)
    with course.gradebook() as gradebook:
        everyone = {student.id for student in gradebook.students} | set(submitted)
        everyone = sorted(everyone - set(course.dir.student_id_exclude.split(",")))
        if unknown := set(students or []) - set(everyone):
            raise CourseError(f"no such student: {', '.join(sorted(unknown))}")
        known, jobs = outcomes.read(gradebook.db, assignment), []
        for student in dict.fromkeys(students or everyone):
            folder, before = submitted.get(student), known.get(student)
            autograded = course.folder("autograded", student, assignment)
            for left in (_beside(autograded, "new"), _beside(autograded, "old")):
                if left.exists():  # by a run that was killed
                    remove(left)
            if folder is None:
                if before is None:
                    detail = {"": outcomes.whole(outcomes.MISSING, ["nothing was handed in"])}
                    outcomes.write(gradebook.db, assignment, student, "", detail)
                continue
            same = before and before["digest"] == digest(folder, limits)
            if same and not force and before["state"] != outcomes.MISSING and autograded.is_dir():
                summary.before += 1
                continue
            if before:
                outcomes.remove(gradebook.db, assignment, student)
            jobs.append(Job(student, folder, _beside(autograded, "new")))
        gradebook.db.commit()
    return jobs


def _beside(folder: Path, kind: str) -> Path:
    return folder.with_name(f".{folder.name}.{kind}")


class _Run:
    """The workers of one run, and what they are doing."""

    def __init__(self, course: Course, plan: Plan, workers: int):
        self.course, self.plan = course, plan
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        self.lock = open(self.folder / "lock", "w")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        template = self.folder / "template.db"
        with course.gradebook() as gradebook:
            private_gradebook(f"sqlite:///{template}", gradebook, plan)
        self.slots: dict[Connection, _Slot] = {}
        for number in range(workers):
            self._start(number)

    def __enter__(self) -> "_Run":
        return self

    def __exit__(self, *exception) -> None:
        for connection, slot in self.slots.items():
            connection.close()
            slot.process.join(5)
            slot.process.kill()
        self.lock.close()
        remove(self.folder)

    def _start(self, number: int) -> None:
        folder = self.folder / str(number)
        if folder.exists():
            remove(folder)
        folder.mkdir()
        shutil.copy(self.folder / "template.db", folder / "gradebook.db")
        ours, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("fork")
        others = [ours, *self.slots]
        arguments = (theirs, others, folder, number, self.plan)
        process = context.Process(target=_work, args=arguments, daemon=True)
        process.start()
        theirs.close()
        self.slots[ours] = _Slot(number, process)

    def grade(self, todo: list[Job], summary: Summary, quiet: bool) -> None:
        waiting, tries = list(reversed(todo)), dict.fromkeys((job.student for job in todo), 0)
        bar = tqdm(total=len(todo), unit="submission", disable=quiet, smoothing=0.1)
        busy = 0

        def again(job: Job) -> bool:
            """Whether a submission that failed is to be tried once more; if so, queue it."""
            tries[job.student] += 1
            if tries[job.student] < TRIES:
                waiting.append(job)
            return tries[job.student] < TRIES

        def hand_out(connection: Connection) -> None:
            nonlocal busy
            slot = self.slots[connection]
            if slot.job is None and slot.ready and waiting:
                slot.job, busy = waiting.pop(), busy + 1
                with suppress(OSError):  # the worker has just died: to be seen below
                    connection.send(slot.job)

        while waiting or busy:
            for connection in self.slots:
                hand_out(connection)
            for connection in wait(list(self.slots)):
                slot = self.slots[connection]
                try:
                    answer = connection.recv()
                except (EOFError, OSError):
                    answer = None
                if answer == "ready":
                    slot.ready = True
                    continue
                if isinstance(answer, SandboxError):
                    raise answer
                job = slot.job
                if answer is None:  # the worker is gone
                    slot.process.join()
                    del self.slots[connection]
                    self._start(slot.number)
                    if job is None:
                        raise SandboxError("a worker died while starting")
                    busy -= 1
                    if again(job):
                        continue
                    answer = _fatal(job, self.plan, slot.process.exitcode)
                else:
                    slot.job, busy = None, busy - 1
                    if isinstance(answer, _Failed) and again(job):
                        continue
                    hand_out(connection)  # the worker goes on while this one's marks are written
                if isinstance(answer, Result):
                    try:
                        record(self.course, self.plan, job, answer)
                        summary.done[job.student] = outcomes.together(answer.parts)
                    except Exception as error:  # nbgrader hides the database's errors in its own
                        answer = _Failed(f"its marks could not be written: {error}")
                if isinstance(answer, _Failed):
                    summary.failed[job.student] = str(answer)
                self._say(bar, job.student, summary)
                bar.update()
        bar.close()

    def _say(self, bar: tqdm, student: str, summary: Summary) -> None:
        if student in summary.failed:
            bar.write(f"{student}: NOT GRADED: {summary.failed[student]}", file=sys.stderr)
            return
        detail = summary.done[student]
        if detail["state"] != outcomes.GRADED:
            bar.write(
                f"{student}: {detail['state']}: {'; '.join(detail['reasons'])}", file=sys.stderr
            )
        for line in detail["evidence"]:
            bar.write(f"{student}: evidence: {line}", file=sys.stderr)


class _Failed(Exception):
    """Why a submission has no outcome yet."""


@dataclass
class _Slot:
    number: int
    process: multiprocessing.Process
    job: Job | None = None
    ready: bool = False


def _fatal(job: Job, plan: Plan, status: int) -> Result:
    """The outcome of a submission in which the worker, not the kernel, died every time."""
    reason = f"the process that graded it died {TRIES} times (exit status {status})"
    parts = {"": outcomes.whole(outcomes.NOT_GRADABLE, [reason])}
    seen = digest(job.folder, Limits(config=plan.config)) or ""
    result = Result(job.student, seen, parts)
    explain(job, plan, result)
    return result


def _work(connection: Connection, others: list[Connection], folder: Path, number: int, plan: Plan):
    """A worker process: grade what comes until the driver is gone."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # die with the driver
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for other in others:
        other.close()
    try:
        try:
            worker = Worker(folder, number, plan)
        except SandboxError as error:
            connection.send(error)
            os._exit(1)
        connection.send("ready")
        while True:
            job = connection.recv()
            try:
                answer = worker.grade(job)
            except SandboxError as error:
                answer = _Failed(f"the sandbox failed: {error}")
            except Exception as error:
                answer = _Failed(f"{type(error).__name__}: {error}")
            connection.send(answer)
    except (EOFError, BrokenPipeError):
        pass
    finally:
        from .provisioner import pool

        pool.close()
        os._exit(0)


def record(course: Course, plan: Plan, job: Job, result: Result) -> None:
    """Put the autograded folder in its place and write marks and outcome in one transaction."""
    target = course.folder("autograded", result.student, plan.assignment)
    old = _beside(target, "old")
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
        for notebook in submission.notebooks:
            of = notebook.name
            marks.write(notebook, result.scores.get(of, {}), result.comments.get(of, {}))
            marks.penalise(notebook, gradebook, course.config)
        outcomes.write(gradebook.db, name, student, result.digest, result.parts)
        gradebook.db.commit()
