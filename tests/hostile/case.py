"""What a case is, and the ways to hand one in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from classroom import answer, find, hand_in, solve

GRADED, PARTIAL, NOT_GRADABLE = "graded", "graded in part", "not gradable"
FULL = {"test-add": 2, "test-mean": 3, "test-part": 2, "test-close": 2, "test-value": 1}
CONFIG = """
c.Limits.memory_mb = 400
c.Limits.processes = 20
c.Limits.file_mb = 4
c.Limits.disk_mb = 24
c.Limits.output_mb = 1
c.Limits.notebook_mb = 2
c.Limits.submission_seconds = 60
"""
TIMEOUT = 40  # seconds of one cell: the search through memory takes many on a busy machine


@dataclass
class Case:
    name: str
    make: Callable[[Path, str], None]  # (course, student)
    state: str
    says: list[str]  # each occurs in a reason, a note or a piece of evidence
    marks: dict[str, float] = field(default_factory=dict)  # the items that are not full
    clean: bool = False  # nothing may be said at all
    folder: str = ""  # the student's id, where it is not the name


CASES: dict[str, Case] = {}
GONE = dict.fromkeys([*FULL], None)


def case(
    state: str = GRADED, says: list[str] | str = (), clean: bool = False, id: str = "", **lost
):
    """Register a case; ``lost``: test_add=0 and so on for the items that are not full."""

    def register(make: Callable) -> Callable:
        name = make.__name__
        marks = GONE if state == NOT_GRADABLE else {k.replace("_", "-"): v for k, v in lost.items()}
        said = [says] if isinstance(says, str) else list(says)
        CASES[name] = Case(name, make, state, said, marks, clean, id or name)
        return make

    return register


def code(**cells: str) -> Callable[[Path, str], None]:
    """Hands in right answers but for these cells."""
    return lambda course, student: hand_in(course, student, solve(course, answer(**cells)))


def edited(change: Callable[[nbformat.NotebookNode], object], **cells: str) -> Callable:
    """Hands in a right notebook after a change to it."""

    def make(course: Path, student: str) -> None:
        nb = solve(course, answer(**cells))
        hand_in(course, student, change(nb) or nb)

    return make


def picture(nb: nbformat.NotebookNode, kind: str, data: str) -> None:
    """Put a picture into the essay."""
    essay = find(nb, "essay")
    essay.source = "See ![the proof](attachment:proof.png)."
    essay.attachments = {"proof.png": {kind: data}}


def simple(name: str, make: Callable, *given, **expected) -> None:
    make.__name__ = name
    case(*given, **expected)(make)


WRONG = "return a - b"  # add
LOST = {"test_add": 0, "test_part": 0.5}
RIGHT_ADD = "def add(a, b): return a + b"
