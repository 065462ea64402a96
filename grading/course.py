"""A course folder as nbgrader's configuration describes it."""

import functools
import glob
import os
import re
import sqlite3
import sys
import warnings
from contextlib import closing, suppress
from pathlib import Path

import nbgrader.api
from nbgrader.api import Base, Gradebook, MissingEntry
from nbgrader.apps import AutogradeApp
from sqlalchemy import Engine, create_engine, inspect
from sqlalchemy.exc import ArgumentError, SAWarning, SQLAlchemyError

from . import cells, loading, outcomes, settings
from .bubble import must_stay_hidden
from .worker import Plan

LOCKED_SECONDS = 120  # how long to wait for a gradebook that another program has locked


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
    try:
        return create_engine(url, **options)
    except ImportError as error:
        raise CourseError(f"the gradebook's database needs its driver: {error}") from None
    except (ArgumentError, ValueError) as error:
        why = f"c.CourseDirectory.db_url (nbgrader_config.py) is no database's address: {error}"
        raise CourseError(why) from None


@functools.cache
def lacking(url: str) -> str:
    """What a gradebook lacks, of an earlier nbgrader or a damaged one; "" where that is nothing."""
    with suppress(SQLAlchemyError):  # whoever uses the gradebook will say what is wrong
        found = inspect(one_engine(url))
        for table in Base.metadata.sorted_tables if found.get_table_names() else ():
            if not found.has_table(table.name):
                return table.name
            known = {column["name"] for column in found.get_columns(table.name)}
            for column in sorted(set(table.columns.keys()) - known):
                return f"{table.name}.{column}"
    return ""


def wait_for(file: str) -> None:
    """Wait for a gradebook that another program has locked, and say so; interrupts are heard.

    SQLite hears none while it waits by itself, as it does for locks that come later.
    """
    if not Path(file).is_file():
        raise CourseError(f"{file} is no file: the gradebook belongs there; put a copy back")
    for second in range(LOCKED_SECONDS):
        try:
            with closing(sqlite3.connect(file, timeout=1)) as database:
                database.execute("pragma schema_version")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                return  # whoever uses it will say what is wrong
            if second == 1:
                print("waiting for the gradebook: another program has locked it", file=sys.stderr)
        except sqlite3.DatabaseError as error:
            raise CourseError(
                f"the gradebook {file} is damaged ({error}): put a copy back"
            ) from None


class Course:
    """A course folder as nbgrader's configuration describes it."""

    def __init__(self, root: Path):
        path = os.environ.get("PATH", os.defpath)
        os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{path}"
        if not root.is_dir():
            raise CourseError(f"there is no folder {root}")
        os.chdir(root)
        warnings.filterwarnings("ignore", category=SAWarning, module="nbgrader")
        nbgrader.api.create_engine = one_engine
        app = AutogradeApp()
        app.raise_config_file_errors = True  # else it would go on without the file
        try:
            with loading.undone():
                app.initialize(["--log-level=CRITICAL"])
            why = settings.wrong(app.config)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt) and not loading.is_of_file(error):
                raise
            why = f"{type(error).__name__}: {error}"
            raise CourseError(f"the settings (nbgrader_config.py) cannot be used: {why}") from None
        if why:
            raise CourseError(f"nbgrader_config.py: {why}")
        self.config, self.dir = app.config, app.coursedir
        self.root = Path(self.dir.root).resolve()
        one_engine(self.dir.db_url)
        file = self.dir.db_url.removeprefix("sqlite:///")
        if file != self.dir.db_url and not os.path.lexists(file):
            raise CourseError(
                f"there is no gradebook {file}: is {root} a course? "
                "`nbgrader generate_assignment ASSIGNMENT --force` makes its gradebook"
            )
        if file != self.dir.db_url:
            wait_for(file)
        if lack := lacking(self.dir.db_url):
            why = f"the gradebook is damaged or of another version of nbgrader: it has no {lack}"
            raise CourseError(
                f"{why}; put a copy back, or run `nbgrader db upgrade`, which keeps one"
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
                parts = [*Path(assignment).parts, Path(assignment).stem]
                named = [a.name for a in gradebook.assignments if a.name in parts]
                todo = f"; is {named[0]!r} meant?" if named else ""
                possible = Path(assignment).parts == (assignment,)
                if possible and not todo:
                    todo = f"; run `nbgrader generate_assignment {assignment} --force` first"
                raise CourseError(
                    f"no assignment {assignment!r} in the gradebook (it knows: {known}){todo}"
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
