"""Prove the graders: answers known to be wrong must lose their item, right ones must keep it.

python tests/graders.py [--bank FOLDER] [--quick [--apart]] [--messages] [ASSIGNMENT [ITEM ...]]

Without names: all assignments that have answers in the folder (tests/answers, or another of the
same layout: see tests/answers/README.md). Graded is as a class is graded, in the sandbox. Items
are independent, so the n-th answers to all items are graded as one submission.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import bank
import nbformat
import quick
from bank import BANK, ROOT, Answer
from nbformat.notebooknode import NotebookNode

sys.path.insert(0, str(ROOT / "tools"))
from release import course_config

ENDS = {"untouched": 0, "solution": 1}  # the share of all points that the release, the solution get


@dataclass(frozen=True)
class Mark:
    """What one test cell of one submission got, and the message under it ("" if none)."""

    score: float
    message: str


def notebook(folder: str, assignment: str) -> NotebookNode:
    return nbformat.read(ROOT / folder / assignment / f"{assignment}.ipynb", as_version=4)


@functools.cache
def items(assignment: str) -> dict[str, float]:
    """The points of each automatically graded item, by the name of its test cell."""
    found = {}
    for cell in notebook("source", assignment).cells:
        info = cell.metadata.get("nbgrader", {})
        if info.get("grade") and not info.get("solution") and not info.get("task"):
            found[info["grade_id"]] = float(info["points"])
    return found


def shared(answers: list[Answer]) -> list[dict[str, Answer]]:
    """The answers in as few submissions as there are answers to one item."""
    by_item = itertools.groupby(sorted(answers, key=lambda a: a.item), key=lambda a: a.item)
    columns = [list(group) for _, group in by_item]
    rows = itertools.zip_longest(*columns)
    return [{a.item: a for a in row if a is not None} for row in rows]


def named(made: NotebookNode, me: str) -> NotebookNode:
    """The notebook, where numbers are drawn by who works on it, as this one's."""
    for cell in made.cells:
        if cell.id == "me":
            cell.source = f"me = {me!r}"
    return made


def submission(assignment: str, answers: dict[str, Answer], me: str = "") -> NotebookNode:
    """The released notebook, filled with these answers and, for other items, the solutions."""
    made = named(notebook("release", assignment), me)
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

    from grading.bubble import why_not

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


def fault(answer: Answer, mark: Mark, points: float) -> str:
    """What is wrong with the grading of this answer; "" if nothing."""
    if answer.kind == "right" and mark.score != points:
        return f"{answer}: got {mark.score:g} of {points:g}:{mark.message}"
    if answer.kind == "wrong" and mark.score != 0:
        return f"{answer}: got {mark.score:g} of {points:g}"
    if answer.kind == "wrong" and answer.says not in mark.message:
        return f"{answer}: the message does not say {answer.says!r}:{mark.message}"
    return ""


def graded(
    assignment: str, points: dict[str, float], answers: list[Answer]
) -> tuple[dict[Answer, Mark], list[str]]:
    """The marks of all answers, and what else is wrong: the release, the solution, other items."""
    rows = shared(answers)
    students = [f"answers-{n:02d}" for n in range(1, len(rows) + 1)]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        make_course(folder, assignment)
        for student, row in zip(students, rows, strict=True):
            hand_in(folder, assignment, student, submission(assignment, row, student))
        hand_in(folder, assignment, "untouched", notebook("release", assignment))
        hand_in(folder, assignment, "solution", notebook("source", assignment))
        said = autograde(folder, assignment)
        got = {student: marks(folder, assignment, student) for student in [*students, *ENDS]}
    ungraded = [student for student, found in got.items() if not found]
    if ungraded:
        return {}, [f"{', '.join(ungraded)}: not graded: {said}"]
    found, more = {}, []
    for student, row in zip(students, rows, strict=True):
        found |= {answer: got[student][item] for item, answer in row.items()}
        for item in points.keys() - row.keys():
            if got[student][item].score != points[item]:
                beside = "; ".join(map(str, row.values()))
                more.append(f"the solution of {item} lost marks beside these answers: {beside}")
    for student, share in ENDS.items():
        for item, full in points.items():
            score = got[student][item].score
            if score != share * full:
                more.append(f"{student}: {item} got {score:g} of {full:g}")
    return found, more


def quickly(
    assignment: str, points: dict[str, float], answers: list[Answer], apart: bool = False
) -> tuple[dict[Answer, Mark], list[str]]:
    """The same marks, of the answers alone, without nbgrader and sandbox."""
    judged = quick.judge(notebook("source", assignment), answers, apart)
    return {a: Mark(points[a.item] * passed, said) for a, passed, said in judged}, []


def print_table(
    assignment: str, points: dict[str, float], answers: list[Answer], missed: set[Answer]
) -> None:
    print(f"\n| {assignment} | points | wrong tried | caught | right tried | accepted |")
    print("|---|---|---|---|---|---|")
    for item, full in points.items():
        columns = []
        for kind in ("wrong", "right"):
            tried = {a for a in answers if a.item == item and a.kind == kind}
            columns += [len(tried), len(tried - missed)]
        print(f"| {item} | {full:g} | " + " | ".join(map(str, columns)) + " |")


def prove(assignment: str, wanted: argparse.Namespace) -> list[str]:
    """Grade these answers, print the table, return what is wrong with the grading."""
    points = items(assignment)
    answers = bank.read(wanted.bank, assignment, list(points))
    unknown = [item for item in wanted.items if item not in points]
    if unknown:
        raise ValueError(f"{assignment} has no item {unknown[0]!r}; it has {', '.join(points)}")
    if wanted.items:
        answers = [a for a in answers if a.item in wanted.items]
        points = {item: points[item] for item in wanted.items}
    started = time.perf_counter()
    grade = functools.partial(quickly, apart=wanted.apart) if wanted.quick else graded
    found, more = grade(assignment, points, answers)
    faults = {a: fault(a, mark, points[a.item]) for a, mark in found.items()}
    missed = {a for a in answers if a not in found or faults[a]}
    print_table(assignment, points, answers, missed)
    print(f"\n{assignment}: {time.perf_counter() - started:.0f} s")
    if wanted.messages:
        told = [(a, m) for a, m in found.items() if m.message and a not in missed]
        print("\n".join(f"\n{answer}{mark.message}" for answer, mark in told))
    return [*filter(None, faults.values()), *more]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("assignment", nargs="?")
    parser.add_argument("items", nargs="*", metavar="item")
    parser.add_argument("--bank", type=Path, default=BANK, help="the folder with the answers")
    parser.add_argument("--quick", action="store_true", help="without nbgrader and sandbox")
    parser.add_argument("--apart", action="store_true", help="--quick, in two processes")
    parser.add_argument("--messages", action="store_true", help="print what wrong answers are told")
    wanted = parser.parse_args()
    known = {path.name for path in (ROOT / "source").iterdir() if path.is_dir()}
    there = sorted(known & {path.name for path in wanted.bank.glob("*")})
    if not there or (wanted.assignment and wanted.assignment not in there):
        print(f"no answers to {wanted.assignment or 'any assignment'} in {wanted.bank}", end="")
        print(f"; there are: {', '.join(there)}" if there else f": no folder of {sorted(known)}")
        return 2
    found = []
    for name in [wanted.assignment] if wanted.assignment else there:
        try:
            found += [f"{name}, {fault}" for fault in prove(name, wanted)]
        except ValueError as error:
            print(error)
            return 2
    for fault in found:
        print(f"\nMISS {fault}")
    print(f"\n{len(found)} misses" if found else "\nevery grader did what it should")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
