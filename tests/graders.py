"""Prove the graders: answers known to be wrong must lose their item, right ones must keep it.

python tests/graders.py [ASSIGNMENT ...]        (all assignments that have answers, without names)

The bank is tests/answers/ASSIGNMENT/ITEM/NAME.py, ITEM being the name of a test cell. Each file
stands for the whole answer cell "ITEM-answer". NAME begins with `right` or `wrong`; a wrong answer
begins with a line `# says: ...`, a phrase that the message to the student must contain.

Items are independent, so the n-th answers to all items are graded as one submission.
"""

from __future__ import annotations

import argparse
import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from release import course_config  # noqa: E402

BANK = ROOT / "tests" / "answers"
ENDS = {"untouched": 0, "solution": 1}  # the share of all points that the release, the solution get


@dataclass(frozen=True)
class Answer:
    """One file of the bank."""

    item: str
    name: str
    source: str
    says: str  # the phrase that the message must contain; "" for a right answer

    @property
    def right(self) -> bool:
        return self.name.startswith("right")


@dataclass(frozen=True)
class Mark:
    """What one test cell of one submission got, and the message under it ("" if none)."""

    score: float
    message: str


def notebook(folder: str, assignment: str) -> NotebookNode:
    return nbformat.read(ROOT / folder / assignment / f"{assignment}.ipynb", as_version=4)


def items(assignment: str) -> dict[str, float]:
    """The points of each automatically graded item, by the name of its test cell."""
    found = {}
    for cell in notebook("source", assignment).cells:
        info = cell.metadata.get("nbgrader", {})
        if info.get("grade") and not info.get("solution") and not info.get("task"):
            found[info["grade_id"]] = float(info["points"])
    return found


def bank(assignment: str) -> list[Answer]:
    """Every answer on file; ValueError where a file is not as the bank wants it."""
    names = items(assignment)
    found = []
    for path in sorted((BANK / assignment).glob("*/*.py")):
        item, source = path.parent.name, path.read_text()
        says = re.match(r"# says: (.+)\n", source)
        answer = Answer(item, path.stem, source, says.group(1) if says else "")
        if item not in names:
            raise ValueError(f"{path}: {assignment} has no item {item!r}")
        if not path.stem.startswith(("right", "wrong")):
            raise ValueError(f"{path}: the name must begin with right or wrong")
        if bool(answer.says) == answer.right:
            raise ValueError(f"{path}: a wrong answer, and only that, begins with '# says: PHRASE'")
        found.append(answer)
    return found


def shared(answers: list[Answer]) -> list[dict[str, Answer]]:
    """The answers in as few submissions as there are answers to one item."""
    by_item = itertools.groupby(sorted(answers, key=lambda a: a.item), key=lambda a: a.item)
    columns = [list(group) for _, group in by_item]
    rows = itertools.zip_longest(*columns)
    return [{a.item: a for a in row if a is not None} for row in rows]


def submission(assignment: str, answers: dict[str, Answer]) -> NotebookNode:
    """The released notebook, filled with these answers and, for other items, the solutions."""
    made = notebook("release", assignment)
    solutions = {cell.id: cell.source for cell in notebook("source", assignment).cells}
    for cell in made.cells:
        info = cell.metadata.get("nbgrader", {})
        if info.get("solution") and not info.get("grade"):
            answer = answers.get(cell.id.removesuffix("-answer"))
            cell.source = answer.source if answer else solutions[cell.id]
    return made


def make_course(folder: Path, assignment: str) -> None:
    """A course that holds nothing but this assignment's source."""
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    shutil.copytree(ROOT / "source" / assignment, folder / "source" / assignment)


def hand_in(folder: Path, assignment: str, student: str, made: NotebookNode) -> None:
    place = folder / "submitted" / student / assignment
    place.mkdir(parents=True)
    nbformat.write(made, place / f"{assignment}.ipynb")


def autograde(folder: Path, assignment: str) -> str:
    """Grade everything handed in, as an instructor does; returns what was said about it.

    The answers are the course's own: where there is no sandbox, they are graded without one.
    """
    from nbgrader.apps import NbGraderAPI

    from grading.sandbox import why_not

    made = NbGraderAPI(config=course_config(folder)).generate_assignment(assignment)
    if not made["success"]:
        raise RuntimeError(made.get("log") or made["error"])
    command = [sys.executable, "-m", "grading", "autograde", assignment, "--course", str(folder)]
    done = subprocess.run(
        [*command, "--quiet", *(["--no-isolation"] if why_not() else [])],
        env={**os.environ, "OMP_NUM_THREADS": "1", "COURSE_PINNED": "1", "COURSE_DATA": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def marks(folder: Path, assignment: str, student: str) -> dict[str, Mark]:
    """What each item of a submission got in the gradebook, and the message; {} if not graded."""
    from nbgrader.api import Gradebook

    path = folder / "autograded" / student / assignment / f"{assignment}.ipynb"
    if not path.exists():
        return {}
    messages = {}
    for cell in nbformat.read(path, as_version=4).cells:
        errors = [o.evalue for o in cell.get("outputs", []) if o.output_type == "error"]
        messages[cell.metadata.get("nbgrader", {}).get("grade_id")] = "\n".join(errors)
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        grades = gradebook.find_submission_notebook(assignment, assignment, student).grades
        return {g.name: Mark(g.auto_score or 0.0, messages.get(g.name, "")) for g in grades}


def faults(answer: Answer, mark: Mark, points: float) -> str:
    """What is wrong with the grading of this answer; "" if nothing."""
    where = f"{answer.item}/{answer.name}"
    if answer.right and mark.score != points:
        return f"{where}: right, but got {mark.score:g} of {points:g}:{mark.message}"
    if not answer.right and mark.score != 0:
        return f"{where}: wrong, but got {mark.score:g} of {points:g}"
    if not answer.right and answer.says not in mark.message:
        return f"{where}: the message does not say {answer.says!r}:{mark.message}"
    return ""


def prove(assignment: str) -> list[str]:
    """Grade the whole bank, the release and the solution; print the table, return the faults."""
    points, answers = items(assignment), bank(assignment)
    rows = shared(answers)
    students = [f"answers-{n:02d}" for n in range(1, len(rows) + 1)]
    found: list[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        make_course(folder, assignment)
        for student, row in zip(students, rows, strict=True):
            hand_in(folder, assignment, student, submission(assignment, row))
        hand_in(folder, assignment, "untouched", notebook("release", assignment))
        hand_in(folder, assignment, "solution", notebook("source", assignment))
        said = autograde(folder, assignment)
        got = {student: marks(folder, assignment, student) for student in [*students, *ENDS]}
        ungraded = [student for student, found_marks in got.items() if not found_marks]
        if ungraded:
            return [f"{', '.join(ungraded)}: not graded: {said}"]
        for student, row in zip(students, rows, strict=True):
            for item, full in points.items():
                score = got[student][item].score
                if item in row:
                    found.append(faults(row[item], got[student][item], full))
                elif score != full:
                    found.append(f"{student}: the solution of {item} got {score:g} of {full:g}")
        for student, share in ENDS.items():
            for item, full in points.items():
                score = got[student][item].score
                if score != share * full:
                    found.append(f"{student}: {item} got {score:g} of {full:g}")
    found = [fault for fault in found if fault]
    print_table(assignment, points, answers, found)
    return found


def print_table(
    assignment: str, points: dict[str, float], answers: list[Answer], found: list[str]
) -> None:
    failed = {fault.split(":")[0] for fault in found}
    print(f"\n| {assignment} | points | wrong tried | caught | right tried | accepted |")
    print("|---|---|---|---|---|---|")
    for item, full in points.items():
        columns = []
        for right in (False, True):
            tried = [f"{a.item}/{a.name}" for a in answers if a.item == item and a.right == right]
            columns += [len(tried), len([name for name in tried if name not in failed])]
        print(f"| {item} | {full:g} | " + " | ".join(map(str, columns)) + " |")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("assignments", nargs="*")
    there = sorted(path.name for path in BANK.iterdir() if path.is_dir())
    names = parser.parse_args().assignments or there
    found = []
    for name in names:
        if name not in there:
            print(f"no answers to {name!r} in {BANK}; there are: {', '.join(there)}")
            return 2
        started = time.perf_counter()
        found += prove(name)
        print(f"\n{name}: {time.perf_counter() - started:.0f} s")
    for fault in found:
        print(f"FAULT {fault}", file=sys.stderr)
    print(f"{len(found)} faults" if found else "every grader did what it should")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
