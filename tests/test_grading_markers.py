"""Answers that people mark: dealt out, two compared, decided, taken back."""

import json

import commands
import markroom
import nbformat
import pytest
from classroom import ASSIGNMENT, NOTEBOOK, make_course, solve
from markroom import STUDENTS, read, write
from nbgrader.api import Gradebook
from sklearn.metrics import cohen_kappa_score

from grading import history, marking, outcomes
from grading.__main__ import main
from grading.course import CourseError

template, room, three = markroom.template, markroom.room, markroom.three  # fixtures


class Planted:
    """Of 20 that both mark, bo gives 3 two points less, 3 one less, and 4 as many for other lines."""

    def __init__(self, room, out):
        codes = [{row["answer"][:6] for row in read(out / f"{name}.csv")} for name in ("ana", "bo")]
        self.both = [room.whose()[code] for code in sorted(codes[0] & codes[1])]
        self.lower, self.moved = self.both[:6], self.both[6:10]
        for name in ("ana", "bo"):
            room.fill(out / f"{name}.csv", getattr(self, name))

    def ana(self, student: str, name: str, line: int) -> int:
        able = self.both.index(student) % 4 if student in self.both else 0
        return (2, 1, able)[line - 1] if name == "why" else able

    def bo(self, student: str, name: str, line: int) -> int:
        if name == "why" and line == 1:
            less = {student: 2 - (at > 2) for at, student in enumerate(self.lower)}
            return 3 if student in self.moved else 2 - less.get(student, 0)
        other = name == "why" and line == 2 and student in self.moved
        return 0 if other else self.ana(student, name, line)


def test_a_class_of_sixty_and_two_who_disagree(room, tmp_path):
    for number, student in enumerate(STUDENTS):
        room.hand_in(student, f"An answer of my own, number {number}.")
    out = tmp_path / "out"
    said = room.run(to=["ana", "bo"], both=20, into=out)
    assert "160 answers of essays are with ana, bo" in said and room.marks() == {}
    planted = Planted(room, out)
    assert len(planted.both) == 20
    room.run(read=[out / "ana.csv"])
    assert not set(room.marks()) & set(planted.both)  # which wait for the other one
    said = room.run(read=[out / "bo.csv"])
    how, why = json.loads(room.run(format="json"))["agreement"]
    assert how == {**how, "item": "work/how", "both": 20, "alike": 20, "kappa": 1, "weighted": 1}
    points = [[low + at % 4 for at in range(20)] for low in (3, 3)]
    points[1][:6] = [mark - 2 + (at > 2) for at, mark in enumerate(points[1][:6])]
    want = [
        cohen_kappa_score(*points, labels=range(9), weights=weights) for weights in (None, "linear")
    ]
    assert (why["both"], why["alike"]) == (20, 14)
    assert [why["kappa"], why["weighted"]] == pytest.approx(want, abs=1e-4)
    assert "both marked 20, 14 alike; Cohen's kappa 0.62, weighted by points 0.70" in said
    assert said.count("(line 1)") == 6 and "(line 1, 2)" not in said
    assert set(STUDENTS) - set(room.marks()) == set(planted.lower)
    assert set(room.marks("how")) == set(STUDENTS)
    room.run(decide="head", into=out)
    rows = read(out / "head.csv")
    said = [row["rubric"].partition(" [")[2] for row in rows if row["line"] == "1"]
    assert len(rows) == 18 and sorted(said) == ["ana 2; bo 0]"] * 3 + ["ana 2; bo 1]"] * 3
    room.fill(out / "head.csv", lambda student, name, line: (1, "settled") if line == 1 else 1)
    assert room.run(read=[out / "head.csv"]).count("; decided") == 6
    assert {room.marks()[student] for student in planted.lower} == {(3.0, "settled")}
    assert set(room.marks()) == set(STUDENTS)
    for _ in range(5):
        room.run(undo=True)
    assert room.marks() == room.marks("how") == {} and room.whose() == {}


def test_kappa_by_hand():
    """15 of 20 alike where 0.53 of them are by chance: (0.75 - 0.53) / 0.47."""
    points = [(4, 4)] * 10 + [(0, 0)] * 5 + [(4, 0)] * 3 + [(0, 4)] * 2
    assert marking.kappa(points, lambda a, b: a != b) == round(0.22 / 0.47, 4)
    assert marking.kappa(points, lambda a, b: abs(a - b)) == round(0.22 / 0.47, 4)  # of two kinds
    assert marking.kappa([(1, 1)] * 9, lambda a, b: a != b) is None  # nothing varies
    assert marking.kappa([], lambda a, b: a != b) is None


def test_what_is_left_empty_stays_with_the_marker(three):
    out = three.root / "out"
    rows = read(out / "ana.csv")
    for row in rows:
        row["points"] = "1" if row["item"] == "work/why" else ""
    write(out / "ana.csv", rows)
    assert "3 answers of essays read, 3 marks written" in three.run(read=[out / "ana.csv"])
    assert "ana: 3 of 6 answers marked" in three.run()
    with pytest.raises(CourseError, match="nothing new is filled in"):
        three.run(read=[out / "ana.csv"])
    for other in ("0", "x"):
        write(out / "ana.csv", [row | {"points": row["points"] and other} for row in rows])
        with pytest.raises(CourseError, match="ana.csv, line 5, .* already marked, otherwise"):
            three.run(read=[out / "ana.csv"])
    # locked: they are hers
    assert "0 answers" in three.run(to=["ana", "bo"], into=out / "again")
    assert [row["item"] for row in read(out / "again" / "ana.csv")] == ["work/how"] * 3
    three.run(back="ana")
    assert "3 answers" in three.run(to=["bo"], into=out)
    with pytest.raises(CourseError, match="ana has no answers of essays"):
        three.run(back="ana")
    for left in ("0 of 3", "", "3 of 6"):
        assert left in three.run()
        three.run(undo=True)


def test_who_handed_in_the_same_is_marked_once(room):
    for student in ("s00", "s01", "s02"):
        room.hand_in(student, "of a group" if student != "s02" else "alone", "x")
    room.run(to=["ana"], into=room.root)
    assert len(read(room.root / "ana.csv")) == 2 * 3 + 1
    room.fill(room.root / "ana.csv", lambda s, name, line: 0 if s == "s02" else 1)
    assert "3 answers of essays read, 6 marks written" in room.run(read=[room.root / "ana.csv"])
    assert {s: mark for s, (mark, _) in room.marks().items()} == {"s00": 3, "s01": 3, "s02": 0}
    with room.gradebook() as book:  # as `autograde --force` leaves it
        book.find_grade("why", NOTEBOOK, "essays", "s00").needs_manual_grade = True
        book.db.commit()
    room.hand_in("s03", "of a group", "x")
    assert "0 answers of essays are with bo, 3 marks" in room.run(to=["bo"], into=room.root)
    assert room.marks()["s03"] == room.marks()["s00"] == (3.0, None)


def test_by_item(three):
    three.run(undo=True)
    three.run(to=["ana", "bo"], by="item", into=three.root)
    for name, item in {"ana": "work/why", "bo": "work/how"}.items():
        assert {row["item"] for row in read(three.root / f"{name}.csv")} == {item}


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"to": ["ana"]}, "need --into FOLDER"),
        ({"into": "x"}, "need --into FOLDER"),
        ({"to": ["../ana"], "into": "x"}, "'../ana' cannot be a marker"),
        ({"to": ["ana", "Ana"], "into": "x"}, "a marker is named twice"),
        ({"to": ["ana"], "both": 3, "into": "x"}, "--both needs a number from 1, and two markers"),
        ({"to": list("abc"), "by": "item", "into": "x"}, "2 items for 3 markers"),
    ],
)
def test_a_command_that_cannot_be(room, more, says):
    assert "nobody has an answer yet" in room.run()
    with pytest.raises(CourseError, match=says):
        room.run(**more)


def test_a_sheet_that_is_there_is_not_written_over(three):
    three.capsys.readouterr()
    with pytest.raises(CourseError, match="ana.csv is there; say another --into"):
        three.run(to=["ana"], into=three.root / "out")
    assert "to be read on" not in three.capsys.readouterr().out
    three.names.clear()
    with pytest.raises(CourseError, match="no item of essays is marked by a person"):
        three.run()


def test_no_sheet_stays_where_the_gradebook_cannot_be_written(room, tmp_path, monkeypatch):
    def full(*_):
        raise OSError("no space left")

    room.hand_in("s00", "an answer")
    with monkeypatch.context() as patched, pytest.raises(OSError, match="no space left"):
        patched.setattr(history, "note", full)
        room.run(to=["ana"], into=tmp_path / "new")
    assert not list((tmp_path / "new").iterdir())
    assert "ana.csv" in room.run(to=["ana"], into=tmp_path / "new")


def test_who_is_gone_and_whose_notebook_is_gone_or_damaged(room, tmp_path, monkeypatch, capsys):
    for number in range(3):
        room.hand_in(f"s0{number}", f"answer {number}")
    monkeypatch.setattr("grading.course.Course", lambda root: room)
    with room.gradebook() as book:
        book.remove_student("s00")
    notebook = room.folder("autograded", "s01", "essays") / f"{NOTEBOOK}.ipynb"
    whole = notebook.read_text("utf-8")
    words = ["markers", "essays", "--to", "ana", "--into", str(tmp_path / "new")]
    notebook.write_text(whole[:100], "utf-8")
    assert main(words) == 1
    assert f"{notebook} cannot be read: JSONDecodeError" in capsys.readouterr().err
    notebook.unlink()
    assert main(words) == 0
    said = capsys.readouterr()
    assert "s01: nothing is left in" in said.err and "2 answers of essays are with ana" in said.out


def test_the_commands(tmp_path):
    """The example of the documentation."""
    course = make_course(tmp_path / "course")
    there = ["--course", str(course)]
    with Gradebook(f"sqlite:///{course}/gradebook.db", "bench") as book:
        for student in STUDENTS[:8]:
            folder = course / "autograded" / student / ASSIGNMENT
            folder.mkdir(parents=True)
            nbformat.write(solve(course, essay=f"By {student}."), folder / f"{NOTEBOOK}.ipynb")
            book.add_student(student)
            book.add_submission(ASSIGNMENT, student)
            outcomes.write(book.db, ASSIGNMENT, student, "", {NOTEBOOK: outcomes.empty()})
        book.db.commit()
    out = tmp_path / "out"
    deal = ["--to", "ana", "bo", "--both", "2", "--into", str(out)]
    done = commands.run("markers", ASSIGNMENT, *deal, *there)
    assert done.returncode == 0 and "10 answers of small are with ana, bo" in done.stdout, (
        done.stderr
    )
    both = {row["answer"][:6] for row in read(out / "ana.csv")}
    both &= {row["answer"][:6] for row in read(out / "bo.csv")}
    for name, points in (("ana", "4"), ("bo", "3")):
        rows = read(out / f"{name}.csv")
        write(out / f"{name}.csv", [row | {"points": points, "comment": "read"} for row in rows])
    paths = [str(out / f"{name}.csv") for name in ("ana", "bo")]
    done = commands.run("markers", ASSIGNMENT, "--read", *paths, *there)
    assert "10 answers of small read, 6 marks written" in done.stdout, done.stderr
    assert "both marked 2, 0 alike; Cohen's kappa 0.00" in done.stdout
    assert all(f"{code}  work/essay: ana 4, bo 3 (line 1)" in done.stdout for code in both)
    done = commands.run("markers", ASSIGNMENT, "--decide", "eve", "--into", str(out), *there)
    assert "eve: 2 answers" in done.stdout and len(read(out / "eve.csv")) == 2
    done = commands.run("markers", ASSIGNMENT, *there, "--format", "csv")
    assert done.stdout.startswith("answer,item,marker,role,points,comment\n")
    assert done.stdout.count("\n") == 13 and "S0" not in done.stdout.upper()
    said = commands.run("regrade", ASSIGNMENT, "--history", *there).stdout
    assert "10 answers of small read, 6 marks written" in said
    for _ in range(2):
        done = commands.run("markers", ASSIGNMENT, "--undo", *there)
    assert "taken back: 10 answers of small read" in done.stdout
    assert "ana: 0 of 5" in commands.run("markers", ASSIGNMENT, *there).stdout
