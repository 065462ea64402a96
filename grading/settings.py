"""Whether what ``nbgrader_config.py`` sets exists, and is of its kind: before anything is graded."""

import difflib
from itertools import combinations
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute
from traitlets import Float, Integer
from traitlets.config import Config, Configurable

from .late import LateDays
from .limits import Limits
from .todo import Attempts

OURS = (Limits, LateDays, Attempts)
STEPS = "source", "release", "submitted", "autograded", "feedback"
MOST = 10**9  # a petabyte, of what is counted in MB


def wrong(config: Config) -> str:
    """What is wrong with the settings that grading goes by; "" where nothing is.

    traitlets takes a misspelt one for nobody's and goes on without it. Raises TraitError.
    """
    known = {
        kind.__name__: set(kind.class_trait_names(config=True))
        for one in (*OURS, CourseDirectory, Execute)
        for kind in one.mro()
        if issubclass(kind, Configurable)
    }
    ours = [kind.__name__ for kind in OURS]
    for section, values in config.items():
        if section not in known:
            if meant := difflib.get_close_matches(section, ours, 1, 0.8):
                return f"there is no c.{section}: is c.{meant[0]} meant?"
            continue
        for name in set(values) - known[section]:
            if isinstance(values[name], Config) and section not in ours:
                continue  # settings of a part of it
            meant = difflib.get_close_matches(name, known[section], 1, 0)[0]
            return f"there is no c.{section}.{name}: is c.{section}.{meant} meant?"
    Execute(config=config)
    folders = CourseDirectory(config=config)
    for name, value in folders.trait_values(config=True).items():
        if isinstance(value, str) and not _is_text(value):
            return f"c.CourseDirectory.{name} is no text: {value!r}"
    if why := _confused(folders):
        return why
    for kind in (*OURS, Execute):
        for name, value in kind(config=config).trait_values(config=True).items():
            if value is None or not isinstance(kind.class_traits()[name], Integer | Float):
                continue
            least = value >= 0 if kind is not Limits or name == "kernel_restarts" else value > 0
            large = isinstance(value, int) and value > MOST
            if not least or large or isinstance(value, bool):  # nan is not least, either
                return f"c.{kind.__name__}.{name} is {value}: out of its range"
    return ""


def _confused(folders: CourseDirectory) -> str:
    """Where what belongs to another step or student would be written over."""
    for one, other in combinations([f"{step}_directory" for step in STEPS], 2):
        if Path(getattr(folders, one)).resolve() == Path(getattr(folders, other)).resolve():
            return f"c.CourseDirectory.{one} and {other} are one folder: each step needs its own"
    structure = folders.directory_structure
    for part in ("{nbgrader_step}", "{student_id}", "{assignment_id}"):
        if part not in structure:
            return f"c.CourseDirectory.directory_structure is {structure!r}, without {part}"
    return ""


def _is_text(value: str) -> bool:
    """Whether it can be written to a database and name a file."""
    try:
        return b"\0" not in value.encode()
    except UnicodeEncodeError:
        return False
