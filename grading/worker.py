"""One worker: grades one submission at a time in a course folder of its own.

It runs nbgrader's own Autograde, preprocessors and all, but against a private copy of the
assignment's definition, so that nothing but the driver ever writes to the real gradebook.
"""

import shutil
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex

import nbformat
import nbgrader.api
from nbformat.v4 import new_markdown_cell, new_notebook
from nbgrader.api import Base, Gradebook
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError
from traitlets.config import Config

from . import cells, config, marks, outcomes
from .limits import Limits
from .notebook import Unreadable
from .preprocessors import explanation
from .provisioner import pool
from .scratch import MEND, SandboxError, folder_of_our_own, remove
from .staging import EXCHANGE, Staging
from .submission import Submission, line_of, look, timestamp

OWN_SECONDS = 120  # of computing time that the worker itself may take for one submission
STUDENT = "student"  # every submission's name in the private course


@dataclass
class Plan:
    """All that a worker knows about the course."""

    assignment: str
    notebooks: dict[str, list[cells.Cell]]  # notebook -> its cells
    config: Config
    source: Path  # the folder of the instructor's versions of all assignments
    hidden: list[Path]  # what submissions must not see

    def items(self) -> list[str]:
        """All that has points, in its order, each as NOTEBOOK/NAME."""
        both = ((of, cell) for of, known in self.notebooks.items() for cell in known)
        return [f"{of}/{cell.name}" for of, cell in both if cell.points is not None]


@dataclass
class Job:
    student: str
    folder: Path  # submitted/<student>/<assignment>
    staging: Path  # where the autograded folder is to be put for the driver


@dataclass
class Result:
    """What the driver is to write down."""

    student: str
    digest: str
    parts: dict[str, dict]
    scores: dict[str, dict[str, float | None]] = field(default_factory=dict)  # notebook -> cell
    comments: dict[str, dict[str, str | None]] = field(default_factory=dict)
    killed: bool = False  # a kernel got SIGKILL, from itself or from anybody


def definition(real: Gradebook, plan: Plan) -> bytes:
    """A gradebook (SQLite's file) with the assignment's definition and nothing about students."""
    folder, lock = folder_of_our_own()  # which the next run removes if this one is killed
    try:
        path = folder / "definition.db"
        private_gradebook(f"sqlite:///{path}", real, plan)
        return path.read_bytes()
    except OperationalError as error:  # the real one has been read before
        raise SandboxError(f"the temporary folder {folder.parent}: {error.orig}; {MEND}") from None
    finally:
        lock.close()
        remove(folder)


def private_gradebook(url: str, real: Gradebook, plan: Plan) -> None:
    """Write the assignment's definition to a gradebook at ``url``."""
    name, engine = plan.assignment, nbgrader.api.create_engine(url)
    event.listen(engine, "connect", hasten)
    # nbgrader starts a program, for seconds, to ask which version a gradebook without tables has
    Base.metadata.create_all(engine)
    with Gradebook(url) as own:
        own.add_assignment(name)
        for notebook in real.find_assignment(name).notebooks:
            own.add_notebook(notebook.name, name, kernelspec=notebook.kernelspec)
            graded = {cell.name: cell.cell_type for cell in notebook.grade_cells}
            for cell in plan.notebooks[notebook.name]:
                where = cell.name, notebook.name, name
                kind = {"cell_type": cell.kind}
                if cell.task:
                    own.add_task_cell(*where, max_score=cell.points, **kind)
                elif cell.points is not None:
                    own.add_grade_cell(*where, max_score=cell.points, cell_type=graded[cell.name])
                if cell.solution:
                    own.add_solution_cell(*where)
                text = {"source": cell.source, "checksum": cell.checksum, "locked": cell.locked}
                own.add_source_cell(*where, **kind, **text)


def hasten(connection, _) -> None:
    """A worker's gradebook is made anew after a crash: it need not be safe on the disk."""
    connection.execute("PRAGMA synchronous = OFF")


class Worker:
    """Grades submissions in ``folder``, which holds its private course and nothing else."""

    def __init__(self, folder: Path, slot: int, plan: Plan):
        self.folder, self.plan = folder, plan
        self.url = f"sqlite:///{folder}/gradebook.db"
        pool.hidden, pool.slot = plan.hidden, slot
        event.listen(Engine, "connect", hasten)  # this process opens no other gradebook
        self.config = Config(plan.config)
        config.guard(self.config)
        self.config.Exporter.optimistic_validation = True  # of the format: not after each step
        self.limits = Limits(config=self.config)
        if self.limits.isolation:
            pool.get(self.limits)

    def grade(self, job: Job) -> Result:
        """Grade one submission; the autograded folder is left at ``job.staging``.

        The signal ends a worker that computes for too long (a kernel's time is its own).
        """
        signal.setitimer(signal.ITIMER_PROF, OWN_SECONDS)
        try:
            return self._grade(job)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)

    def _grade(self, job: Job) -> Result:
        started = time.monotonic()
        found = look(job.folder, self.limits)
        result = Result(job.student, found.digest, {})
        own = self.folder / "submitted" / STUDENT / self.plan.assignment
        try:
            self._attempt(found, own, result)
            result.killed = any(part["killed"] for part in result.parts.values())
            self._summarise(result, found)
        except Unreadable as error:
            result.parts = {"": outcomes.whole(outcomes.NOT_GRADABLE, [str(error)], found.notes)}
        if outcomes.together(result.parts)["state"] == outcomes.NOT_GRADABLE:
            explain(job, self.plan, result)
        else:
            clear(job.staging)
            shutil.copytree(
                self.folder / "autograded" / STUDENT / self.plan.assignment, job.staging
            )
            sign(job)
        for part in result.parts.values():
            part["seconds"] = 0.0
        next(iter(result.parts.values()))["seconds"] = time.monotonic() - started
        return result

    def _attempt(self, found: Submission, own: Path, result: Result) -> None:
        for folder in (self.folder / "submitted", self.folder / "autograded"):
            if folder.exists():
                remove(folder)
        result.parts |= Staging(found, self.plan, self.limits, own).stage()
        if any(part["state"] != outcomes.NOT_GRADABLE for part in result.parts.values()):
            self._autograde(result)

    def _course(self) -> CourseDirectory:
        course = CourseDirectory(config=self.config, root=str(self.folder), db_url=self.url)
        course.directory_structure = "{nbgrader_step}/{student_id}/{assignment_id}"
        course.submitted_directory, course.autograded_directory = "submitted", "autograded"
        course.source_directory = str(self.plan.source)
        course.assignment_id, course.student_id = self.plan.assignment, STUDENT
        course.notebook_id = "*"
        course.ignore = []  # all that the student handed in travels, modules of his own too
        return course

    def _autograde(self, result: Result) -> None:
        """Run nbgrader's Autograde on the private course and read its marks back."""
        converter = _OneByOne(coursedir=self._course(), config=self.config)
        converter.parts = result.parts
        converter.start()
        name = self.plan.assignment
        with Gradebook(self.url) as own:
            submission = own.find_submission(name, STUDENT)
            for notebook in submission.notebooks:
                if result.parts[notebook.name]["state"] != outcomes.NOT_GRADABLE:
                    known = marks.names(notebook)
                    result.scores[notebook.name] = {
                        known[grade.cell_id]: grade.auto_score for grade in notebook.grades
                    }
                    result.comments[notebook.name] = {
                        known[one.cell_id]: one.auto_comment for one in notebook.comments
                    }
            for notebook, part in outcomes.read(own.db, name)[STUDENT]["parts"].items():
                if result.parts[notebook]["state"] != outcomes.NOT_GRADABLE:
                    part["notes"] += result.parts[notebook]["notes"]
                    result.parts[notebook] = part
            own.remove_submission(name, STUDENT)

    def _summarise(self, result: Result, found: Submission) -> None:
        """Several notebooks, of which some cannot be graded: the submission is graded in part."""
        states = {part["state"] for part in result.parts.values()}
        if outcomes.NOT_GRADABLE in states and len(states) > 1:
            for part in result.parts.values():
                if part["state"] == outcomes.NOT_GRADABLE:
                    part["state"] = outcomes.PARTIAL
        if found.notes:
            state = min(states, key=outcomes.ORDER.index)
            result.parts[""] = outcomes.whole(state, [], found.notes)


def clear(staging: Path) -> None:
    """Make room for an autograded folder."""
    if staging.exists():
        remove(staging)
    staging.parent.mkdir(parents=True, exist_ok=True)


def sign(job: Job) -> None:
    """Add what `nbgrader release_feedback` wants to find, for everyone, or it stops."""
    stamp, secret = EXCHANGE
    (job.staging / stamp).write_text(timestamp(job.folder), "utf-8")
    (job.staging / secret).write_text(line_of(job.folder, secret) or token_hex(16), "utf-8")


def explain(job: Job, plan: Plan, result: Result) -> None:
    """Leave notebooks that say why there are no marks; nbgrader makes the feedback from them."""
    text = explanation(outcomes.NOT_GRADABLE, outcomes.together(result.parts)["reasons"])
    clear(job.staging)
    job.staging.mkdir()
    for name in plan.notebooks:
        nbformat.write(new_notebook(cells=[new_markdown_cell(text)]), job.staging / f"{name}.ipynb")
    sign(job)


class _OneByOne(Autograde):
    """Autograde for one submission, whose exceptions reach the caller."""

    def convert_notebooks(self) -> None:
        for folder, notebooks in self.assignments.items():
            self.notebooks = sorted(notebooks)
            name = self.coursedir.assignment_id
            assert folder == self._format_source(name, STUDENT)
            self.init_assignment(name, STUDENT)
            for notebook in self.notebooks:
                self.convert_single_notebook(notebook)
            self.set_permissions(name, STUDENT)
