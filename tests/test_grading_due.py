"""Due dates with a zone, extensions, and penalties that follow them without any notebook being run."""

import argparse
from datetime import datetime
from types import SimpleNamespace

import commands
import pytest
from classroom import ASSIGNMENT, NOTEBOOK, make_course
from nbgrader.api import Gradebook
from traitlets.config import Config

from grading import due, history, late, outcomes, report
from grading.course import CourseError

DUE = "2026-03-03 12:00 UTC"
MARKS = {"test-add": 2.0, "test-mean": 3.0, "test-part": 1.0, "essay": 4.0}  # 10 together


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-12-01 23:59 Europe/Berlin", "2026-12-01 22:59:00"),
        ("2026-07-01 00:00 Europe/Berlin", "2026-06-30 22:00:00"),
        ("2026-03-29 01:59 Europe/Berlin", "2026-03-29 00:59:00"),  # a minute before clocks change
        ("2026-03-29 03:00 Europe/Berlin", "2026-03-29 01:00:00"),  # and the next one
        ("2026-10-25 01:59 Europe/Berlin", "2026-10-24 23:59:00"),
        ("2026-10-25 03:00 Europe/Berlin", "2026-10-25 02:00:00"),
        ("2026-10-25T02:30+01:00", "2026-10-25 01:30:00"),
        ("2026-10-25 02:30 +0200", "2026-10-25 00:30:00"),
        ("2026-12-01 23:59:59 UTC", "2026-12-01 23:59:59"),
        ("2026-12-01 23:59Z", "2026-12-01 23:59:00"),
        ("2026-12-01 12:00 Asia/Kathmandu", "2026-12-01 06:15:00"),
    ],
)
def test_a_time_with_a_zone(text, utc):
    assert str(due.moment(text)) == utc


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2026-12-01 23:59", "no time with a zone"),
        ("tomorrow", "no time with a zone"),
        ("01.12.2026 23:59 UTC", "no time with a zone"),
        ("2026-12-01 23:59 Europe/Berlin or so", "no time with a zone"),
        ("2026-03-29 02:30 Europe/Berlin", "02:30 is never in Europe/Berlin"),
        ("2026-10-25 02:30 Europe/Berlin", "02:30 is twice in Europe/Berlin"),
        ("2026-12-01 23:59 CEST", "'CEST' is no time zone"),
        ("2026-12-01 23:59 Europe", "'Europe' is no time zone"),
        ("2026-12-01 23:59 ../etc/passwd", "is no time"),
        ("2026-02-30 23:59 UTC", "is no time: day is out of range"),
        ("2026-12-01 24:00 UTC", "is no time: hour must be"),
        ("2026-12-01 23:59 +01:99", "is no time: .01:99 is no offset"),
        ("2026-12-01 23:59 -25:00", "is no time: -25:00 is no offset"),
        ("2026-12-01 12:00 +99:00", "is no time"),
        ("0001-01-01 00:00 Asia/Tokyo", "is no time"),
        ("9999-12-31 23:59 UTC", "the year must lie from 1000 to 8999"),
        ("9999-12-31 23:59 -12:00", "is no time"),
    ],
)
def test_a_time_that_is_none_or_two_is_refused(text, says):
    with pytest.raises(CourseError, match=says):
        due.moment(text)


class Desk:
    """A gradebook of two assignments whose work was graded, and the commands."""

    def __init__(self, root, capsys):
        self.root, self.capsys, self.config = root, capsys, Config()
        self.config.AssignLatePenalties.plugin_class = "grading.late.LateDays"
        self.config.LateDays.per_day = 0.1

    def plan(self, assignment: str) -> None:
        pass

    def folder(self, step: str, student: str, name: str):
        return self.root / step / student / name

    def gradebook(self) -> Gradebook:
        return Gradebook(f"sqlite:///{self.root}/gradebook.db", "bench")

    def hand_in(self, student: str, when: str | None, assignment: str = ASSIGNMENT) -> None:
        """Ten points, at this time of March 2026."""
        with self.gradebook() as book:
            book.update_or_create_student(student)
            one = book.update_or_create_submission(assignment, student)
            one.timestamp = when and datetime.fromisoformat(f"2026-03-{when}")
            for grade in one.notebooks[0].grades:
                grade.auto_score, grade.needs_manual_grade = MARKS.get(grade.name, 10.0), False
            outcomes.write(book.db, assignment, student, "", {NOTEBOOK: outcomes.empty()})
            book.db.commit()

    def run(self, command, *words: str, **more) -> str:
        given = {"assignment": ASSIGNMENT, "why": None, "dry_run": False, "undo": False}
        given |= {"when": None, "days": None, "until": None} | more
        keys = ("student",) if command is due.extend else ("when",)
        names = argparse.Namespace(**given | dict(zip(keys, words, strict=False)))
        assert command(self, names) == 0
        found = self.capsys.readouterr()
        return found.out + found.err

    def scores(self, assignment: str = ASSIGNMENT) -> dict[str, float]:
        """As report, feedback, marksheet and export take them."""
        with self.gradebook() as book:
            return {row["student"]: row["score"] for row in report.rows(book, assignment)}

    def dates(self) -> tuple:
        with self.gradebook() as book:
            found = book.assignment_submissions(ASSIGNMENT)
            more = {one.student_id: one.extension for one in found}
            return book.find_assignment(ASSIGNMENT).duedate, more


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    course = make_course(tmp_path_factory.mktemp("due") / "course")
    with Gradebook(f"sqlite:///{course}/gradebook.db", "bench") as book:
        book.add_assignment("second", duedate="2026-03-10 12:00 UTC")
        book.add_notebook(NOTEBOOK, "second")
        book.add_grade_cell("only", NOTEBOOK, "second", max_score=10, cell_type="code")
    return (course / "gradebook.db").read_bytes()


@pytest.fixture
def desk(template, tmp_path, capsys):
    (tmp_path / "gradebook.db").write_bytes(template)
    return Desk(tmp_path, capsys)


def test_penalties_follow_a_date_and_come_back_with_it(desk):
    for student, when in {"early": "03 11:59", "late": "03 12:00:01", "days": "05 13:00"}.items():
        desk.hand_in(student, when)
    desk.hand_in("unknown", None)
    desk.run(due.due, "2026-04-01 12:00 UTC")
    said = desk.run(due.due, DUE, dry_run=True)
    assert "small is due: 2026-04-01 12:00:00 UTC -> 2026-03-03 12:00:00 UTC" in said
    assert "2 marks would change; nothing was written" in said
    assert set(desk.scores().values()) == {10.0} and desk.dates()[0].month == 4
    said = desk.run(due.due, DUE, why="as announced")
    assert "late  small: 10 (-0) -> 9 (-1)" in said and "2 marks changed" in said
    assert "when 1 handed in is not known: they are never late" in said
    want = {"early": 10.0, "late": 9.0, "days": 7.0, "unknown": 10.0}
    assert desk.scores() == want
    assert "0 marks changed" in desk.run(due.due, DUE) and desk.scores() == want
    history.tell(desk, ASSIGNMENT)
    assert "12:00:00 UTC (as announced); 2 penalties changed" in desk.capsys.readouterr().out
    said = desk.run(due.due, undo=True)
    assert "taken back: small is due" in said and said.endswith("2 penalties changed with it\n")
    assert set(desk.scores().values()) == {10.0} and desk.dates()[0].month == 4
    desk.run(due.due, undo=True)
    assert desk.dates()[0] is None
    with pytest.raises(CourseError, match="no date or extension of small to take back"):
        desk.run(due.due, undo=True)


@pytest.mark.parametrize(
    ("when", "score"),
    [
        ("03 12:00:00", 10.0),  # exactly at the due second
        ("03 12:00:00.999999", 10.0),  # within it
        ("03 12:00:01", 9.0),
        ("04 12:00:00", 9.0),  # a whole day
        ("04 12:00:00.999999", 9.0),
        ("04 12:00:01", 8.0),
        ("20 12:00:00", 0.0),  # never below nothing
    ],
)
def test_a_day_begins_with_the_second_after(desk, when, score):
    desk.hand_in("ana", when)
    desk.run(due.due, DUE)
    assert desk.scores()["ana"] == score


def test_clocks_that_change_between_take_or_give_nobody_an_hour(desk):
    """Due at 23:59 in Berlin on the Saturday; clocks go forward in the night."""
    desk.hand_in("ana", "29 21:59:00")  # 23:59 there on Sunday, 23 hours later
    desk.hand_in("bo", "29 22:59:01")  # 00:59:01, a day of 24 hours and a second
    desk.run(due.due, "2026-03-28 23:59 Europe/Berlin")
    assert desk.scores() == {"ana": 9.0, "bo": 8.0}
    desk.run(due.extend, "ana", until="2026-03-29 23:59 Europe/Berlin")
    desk.run(due.extend, "bo", days=1)
    assert desk.scores() == {"ana": 10.0, "bo": 9.0}
    assert desk.dates()[1]["ana"].total_seconds() == 23 * 3600


def test_an_extension_is_one_students_and_can_be_taken_back(desk):
    for student in ("ana", "bo"):
        desk.hand_in(student, "05 11:00")
    desk.run(due.due, DUE)
    assert desk.scores() == {"ana": 8.0, "bo": 8.0}
    said = desk.run(due.extend, "ana", days=2, dry_run=True)
    assert "ana hands small in until 2026-03-05 12:00:00 UTC, not 2026-03-03" in said
    assert desk.scores()["ana"] == 8.0 and desk.dates()[1]["ana"] is None
    desk.run(due.extend, "ana", days=2, why="ill")
    assert desk.scores() == {"ana": 10.0, "bo": 8.0}
    desk.run(due.due, "2026-03-02 12:00 UTC")  # it moves with the date
    assert desk.scores() == {"ana": 9.0, "bo": 7.0}
    desk.run(due.due, undo=True)
    assert desk.scores() == {"ana": 10.0, "bo": 8.0}
    desk.run(due.extend, "ana", days=0)
    assert desk.scores()["ana"] == 8.0 and desk.dates()[1]["ana"] is None
    desk.run(due.due, undo=True)
    desk.run(due.due, undo=True)
    assert desk.scores()["ana"] == 8.0 and desk.dates()[1] == {"ana": None, "bo": None}


def test_an_extension_before_anything_is_handed_in(desk):
    with desk.gradebook() as book:
        book.add_student("ana")
    desk.run(due.due, DUE)
    desk.run(due.extend, "ana", days=1, dry_run=True)
    assert desk.dates()[1] == {}
    desk.run(due.extend, "ana", days=1)
    desk.hand_in("ana", "04 12:00")
    desk.run(due.due)
    assert desk.scores() == {"ana": 10.0}


REFUSED = {
    "nobody": ({"student": "dee", "days": 1}, "no student 'dee' in the gradebook"),
    "fewer days": ({"days": -1}, "--days from 0"),
    "nan": ({"days": float("nan")}, "--days from 0"),
    "before": ({"until": "2026-03-01 12:00 UTC"}, "before small is due"),
    "no zone": ({"until": "2026-03-09 12:00"}, "no time with a zone"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_an_extension_that_cannot_be(desk, case):
    more, says = REFUSED[case]
    desk.hand_in("ana", "05 11:00")
    with pytest.raises(CourseError, match="small has no due date"):
        desk.run(due.extend, "ana", days=1)
    desk.run(due.due, DUE)
    with pytest.raises(CourseError, match=says):
        desk.run(due.extend, **{"student": "ana"} | more)
    assert desk.scores() == {"ana": 8.0} and desk.dates()[1] == {"ana": None}


def test_a_budget_is_spent_by_what_is_due_first(desk):
    desk.config.LateDays.budget = 2
    desk.hand_in("ana", "04 11:00")  # a day late
    desk.hand_in("ana", "12 13:00", "second")  # three days late, of which a day is covered
    desk.hand_in("bo", "12 13:00", "second")  # has both days for this one
    desk.run(due.due, DUE)
    assert desk.scores() == {"ana": 10.0, "bo": None}
    assert desk.scores("second") == {"ana": 8.0, "bo": 9.0}
    said = desk.run(due.extend, "ana", days=1)  # gives a day back to the other assignment
    assert "ana  second: 8 (-2) -> 9 (-1)" in said
    assert desk.scores("second") == {"ana": 9.0, "bo": 9.0}
    desk.run(due.due, undo=True)
    assert desk.scores("second") == {"ana": 8.0, "bo": 9.0}


def test_settings_that_changed_are_followed_and_nothing_else_is_undone_for_them(desk):
    desk.hand_in("ana", "04 11:00")
    desk.run(due.due, DUE)
    desk.config.LateDays.per_day = 0.5
    said = desk.run(due.due)
    assert "9 (-1) -> 5 (-5)" in said and "--undo" not in said
    desk.config.LateSubmissionPlugin.penalty_method = "zero"  # nbgrader's own
    desk.run(due.due)
    assert desk.scores() == {"ana": 0.0}


def test_marks_by_hand_are_in_the_penalty(desk):
    desk.hand_in("ana", "04 11:00")
    with desk.gradebook() as book:
        book.find_grade("essay", NOTEBOOK, ASSIGNMENT, "ana").manual_score = 2.0
        book.db.commit()
    desk.run(due.due, DUE)
    assert desk.scores()["ana"] == pytest.approx(0.9 * 8)


def test_without_a_due_date_nobody_is_late():
    of = SimpleNamespace(duedate=None)
    assert late.seconds(SimpleNamespace(assignment=of, timestamp=datetime(2026, 3, 3))) == 0


def test_the_commands(tmp_path):
    """The example of the documentation."""
    course = make_course(tmp_path / "course", extra="c.LateDays.per_day = 0.1")
    there = ["--course", str(course)]
    desk = Desk(course, None)
    desk.hand_in("ana", "05 11:00")
    done = commands.run("due", "nothing", DUE, *there)
    assert done.returncode == 2 and "no assignment 'nothing'" in done.stderr
    done = commands.run("due", ASSIGNMENT, "2026-03-03 13:00", *there)
    assert done.returncode == 2 and "no time with a zone" in done.stderr
    done = commands.run("due", ASSIGNMENT, "2026-03-03 13:00 Europe/Berlin", *there)
    assert done.returncode == 0 and "small: 10 (-0) -> 8 (-2)" in done.stdout, done.stderr
    done = commands.run("extend", ASSIGNMENT, "ana", "--days", "1", "--why", "ill", *there)
    assert done.returncode == 0 and "small: 8 (-2) -> 9 (-1)" in done.stdout, done.stderr
    assert "(ill); 1 penalties" in commands.run("regrade", ASSIGNMENT, "--history", *there).stdout
    assert "9 / 11" in commands.run("report", ASSIGNMENT, *there).stdout
    done = commands.run("due", ASSIGNMENT, "--undo", *there)
    assert done.returncode == 0 and "taken back: ana hands small in" in done.stdout
    assert desk.scores() == {"ana": 8.0}
