"""A class whose answers people mark, for the tests of that: a gradebook, notebooks, and the command."""

import argparse
import csv
from types import SimpleNamespace

import nbformat
import pytest
from classroom import NOTEBOOK, make_course
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook
from traitlets.config import Config

from grading import markers, marking, outcomes
from grading.cells import Cell

SCHEME = """### Why? (8 points)

<!-- BEGIN MARK SCHEME -->
**Rubric, 8 points**

- 3: numbers. A has 50, and
  B has 20.
- 1: the choice.
- 4: the reasons, half of them where
  one is missing.

No points for length.
<!-- END MARK SCHEME -->"""
STUDENTS = [f"s{number:02d}" for number in range(60)]


def item(name: str, points: float) -> list[Cell]:
    asked = Cell(f"{name}-task", "markdown", SCHEME, "", True, None, False, False)
    return [asked, Cell(name, "markdown", "", "", False, points, True, False)]


class Room:
    """A gradebook, autograded notebooks, and the command."""

    def __init__(self, root, capsys):
        self.root, self.capsys, self.config = root, capsys, Config()
        self.names = {"why": 8.0, "how": 4.0}

    def plan(self, assignment: str):
        cells = [cell for name, points in self.names.items() for cell in item(name, points)]
        return SimpleNamespace(notebooks={NOTEBOOK: cells})

    def gradebook(self) -> Gradebook:
        return Gradebook(f"sqlite:///{self.root}/gradebook.db", "bench")

    def folder(self, step: str, student: str, assignment: str):
        return self.root / step / student / assignment

    def hand_in(self, student: str, why: str, how: str = "", assignment: str = "essays") -> None:
        cells = []
        for name, text in {"why": why, "how": how or f"how by {len(student)} {why}"}.items():
            flags = {"grade": True, "solution": True, "grade_id": name, "locked": False}
            make = new_markdown_cell if name == "why" else new_code_cell
            cells.append(make(text, metadata={"nbgrader": flags}))
        folder = self.folder("autograded", student, assignment)
        folder.mkdir(parents=True, exist_ok=True)
        nbformat.write(new_notebook(cells=cells), folder / f"{NOTEBOOK}.ipynb")
        with self.gradebook() as book:
            first, last = {"s00": ("Ana", "Example")}.get(student, (student.upper(), "Sample"))
            book.update_or_create_student(student, first_name=first, last_name=last)
            book.update_or_create_submission(assignment, student)
            outcomes.write(book.db, assignment, student, "", {NOTEBOOK: outcomes.empty()})
            book.db.commit()

    def run(self, assignment: str = "essays", **more) -> str:
        given = {"to": None, "read": None, "decide": None, "back": None, "undo": False, "both": 0}
        given |= {"into": None, "by": "student", "format": "table", "assignment": assignment} | more
        self.capsys.readouterr()
        assert markers.markers(self, argparse.Namespace(**given)) == 0
        return self.capsys.readouterr().out

    def marks(self, name: str = "why") -> dict[str, tuple]:
        """Of each student whose mark is final: the points and the comment."""
        with self.gradebook() as book:
            found = {}
            for one in book.assignment_submissions("essays"):
                grade = book.find_grade(name, NOTEBOOK, "essays", one.student_id)
                comment = book.find_comment(name, NOTEBOOK, "essays", one.student_id)
                if not grade.needs_manual_grade:
                    found[one.student_id] = grade.score, comment.comment
        return found

    def whose(self) -> dict[str, str]:
        """The letters of an answer -> the student, whom no sheet names."""
        with self.gradebook() as book:
            return {row.code: row.student for row in marking.rows(book)}

    def fill(self, path, give) -> dict[str, float]:
        """Fill a sheet in, ``give(student, item, line)`` -> points and comment; the points of each."""
        rows, whose, sums = read(path), self.whose(), {}
        for row in rows:
            student = whose[row["answer"].split("-")[0]]
            given = give(student, row["item"].partition("/")[2], int(row["line"]))
            row["points"], row["comment"] = given if isinstance(given, tuple) else (given, "")
            sums[student, row["item"]] = sums.get((student, row["item"]), 0) + float(row["points"])
        write(path, rows)
        return sums


def read(path) -> list[dict]:
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines(keepends=True)))


def write(path, rows: list[dict], **how) -> None:
    with open(path, "w", encoding=how.pop("encoding", "utf-8"), newline="") as file:
        writer = csv.DictWriter(file, rows[0], **how)
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    course = make_course(tmp_path_factory.mktemp("markers") / "course")
    with Gradebook(f"sqlite:///{course}/gradebook.db", "bench") as book:
        for assignment in ("essays", "others"):
            book.add_assignment(assignment)
            book.add_notebook(NOTEBOOK, assignment)
            for name, points in {"why": 8, "how": 4}.items():
                where = name, NOTEBOOK, assignment
                book.add_grade_cell(*where, max_score=points, cell_type="markdown")
                book.add_solution_cell(*where)
    return (course / "gradebook.db").read_bytes()


@pytest.fixture
def room(template, tmp_path, capsys):
    (tmp_path / "gradebook.db").write_bytes(template)
    return Room(tmp_path, capsys)


@pytest.fixture
def three(room):
    for number in range(3):
        room.hand_in(f"s0{number}", f"answer {number}")
    room.run(to=["ana"], into=room.root / "out")
    return room
