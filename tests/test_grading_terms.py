"""What a class is told of its dates; groups that hand one notebook in; attempts."""

import json

import commands
import pytest
import test_grading_due
from classroom import ASSIGNMENT, NOTEBOOK, answer, hand_in, make_course, marks, solve
from nbgrader.api import Gradebook
from test_grading import needs_sandbox, run, states

from grading import due, history
from grading.course import CourseError

template, desk = test_grading_due.template, test_grading_due.desk  # fixtures


def test_students_see_the_dates_of_now(desk):
    (desk.root / "release").mkdir()
    path = desk.root / "release" / "due.json"
    second = {"second": "2026-03-10T12:00:00+00:00"}
    desk.run(due.due, "2026-03-03 13:00 Europe/Berlin", dry_run=True)
    assert not path.exists()
    desk.run(due.due, "2026-03-03 13:00 Europe/Berlin")
    assert json.loads(path.read_text()) == second | {ASSIGNMENT: "2026-03-03T12:00:00+00:00"}
    desk.run(due.due, undo=True)
    assert json.loads(path.read_text()) == second


STUDENTS = ("ana", "bo", "cy", "dee")
LIST = "group,student\nred,ana\nred,Bo\nblue,cy\nblue,dee\n"


@pytest.fixture
def course(tmp_path):
    root = make_course(tmp_path / "course", extra="c.LateDays.per_day = 0.1")
    with Gradebook(f"sqlite:///{root}/gradebook.db", "bench") as book:
        for student in STUDENTS:
            book.add_student(student)
    (root / "groups.csv").write_text(LIST)
    return root


def together(root, *words: str):
    return commands.run("groups", ASSIGNMENT, *words, "--course", str(root))


def work(root, student: str, text: str, day: int | None = 1) -> None:
    folder = hand_in(root, student, text)
    if day:
        (folder / "timestamp.txt").write_text(f"2026-03-{day:02} 12:00:00 UTC")


def there(root) -> dict[str, str]:
    found = (root / "submitted").glob(f"*/{ASSIGNMENT}/{NOTEBOOK}.ipynb")
    return {path.parts[-3]: path.read_text() for path in found}


def test_the_newest_work_of_a_group_is_everybodys(course):
    """The example of the documentation."""
    work(course, "ana", "one")
    (course / "submitted" / "ana" / ASSIGNMENT / "submission_secret.txt").write_text("ana's")
    done = together(course, str(course / "groups.csv"))
    assert done.returncode == 1 and "blue: nothing was handed in" in done.stderr
    assert "2 groups of small, 1 copies made" in done.stdout
    assert there(course) == {"ana": "one", "bo": "one"}
    copied = {path.name for path in (course / "submitted" / "bo" / ASSIGNMENT).iterdir()}
    assert copied == {f"{NOTEBOOK}.ipynb", "timestamp.txt"}
    work(course, "ana", "two", 2)
    work(course, "cy", "three")
    assert together(course).stderr == "" and set(there(course).values()) == {"two", "three"}
    assert "0 copies made" in together(course).stdout
    work(course, "bo", "four", 3)  # the other one, this time
    assert together(course).returncode == 0
    assert there(course) == {"ana": "four", "bo": "four", "cy": "three", "dee": "three"}
    assert (
        "not understood" not in commands.run("report", ASSIGNMENT, "--course", str(course)).stdout
    )
    assert "taken back: 2 groups of small, 1 copies" in together(course, "--undo").stdout
    assert there(course) == {"ana": "two", "bo": "four", "cy": "three", "dee": "three"}
    work(course, "dee", "five")
    done = together(course, "--undo")
    assert "dee was changed since: left as it is" in done.stderr
    assert there(course) == {"ana": "two", "bo": "four", "cy": "three", "dee": "five"}


def test_different_work_of_which_the_newest_is_not_known_is_left(course):
    work(course, "ana", "one")
    work(course, "bo", "two", None)
    work(course, "cy", "three", None)
    done = together(course, str(course / "groups.csv"))
    assert "red: ana, bo handed in different work, when is not known: remove one" in done.stderr
    assert there(course) == {"ana": "one", "bo": "two", "cy": "three", "dee": "three"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("group,name\nred,ana\n", "columns group and student are needed; there are: group, name"),
        ("group,student\nred,eve\n", "line 2, eve: not in the gradebook"),
        ("group,student\nred,ana\nblue,ANA\n", "line 3, ANA: twice"),
        ("group,student\n,ana\n", "line 2, ana: no group"),
    ],
)
def test_a_list_that_is_wrong(course, text, says):
    work(course, "ana", "one")
    (course / "groups.csv").write_text(text)
    done = together(course, str(course / "groups.csv"))
    assert done.returncode == 2 and says in done.stderr and there(course) == {"ana": "one"}
    done = together(course)
    assert done.returncode == 2 and "no groups of small yet" in done.stderr


@needs_sandbox
def test_each_member_has_the_marks_and_a_lateness_of_their_own(course):
    folder = hand_in(course, "ana", solve(course, answer(add="return 0")))
    (folder / "timestamp.txt").write_text("2026-03-02 11:00:00 UTC")
    together(course, str(course / "groups.csv"))
    run("autograde", course)
    assert marks(course, "bo") == marks(course, "ana") and marks(course, "bo")["test-mean"] == 3
    where = ["--course", str(course)]
    commands.run("due", ASSIGNMENT, "2026-03-01 12:00 UTC", *where)
    commands.run("extend", ASSIGNMENT, "bo", "--days", "1", *where)
    found = states(course)
    assert found["bo"]["score"] > 0 == found["bo"]["penalty"] < found["ana"]["penalty"]


WORSE, BETTER = answer(add="return 0"), answer(mean="return round(sum(x) / len(x))")


def again(root, code: dict) -> tuple[float, list[str]]:
    """ana hands in once more and is graded: the score, and what the report notes."""
    hand_in(root, "ana", solve(root, code))
    run("autograde", root)
    found = states(root)["ana"]
    return found["score"], found["notes"]


@needs_sandbox
def test_of_several_attempts_the_best_counts_where_the_course_says_so(tmp_path):
    root = make_course(tmp_path / "course", extra="c.Attempts.best = True")
    assert again(root, WORSE) == (3.5, [])  # without 2 for a sum, 1.5 of the part
    assert again(root, BETTER) == (7.0, [])
    page = root / "autograded" / "ana" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    best = page.read_bytes()
    noted = ["a later attempt has 3.5 points; the earlier one's 7 count"]
    assert again(root, WORSE) == (7.0, noted) and page.read_bytes() == best
    assert "0 done, 1 had been graded before" in run("autograde", root).stdout
    assert again(root, WORSE | {"mean": "def mean(x):\n    return 1"})[0] == 7.0
    assert again(root, answer())[0] == 7.0 and page.read_bytes() != best  # as many: the later one
    assert states(root)["ana"]["notes"] == []


@needs_sandbox
def test_otherwise_the_last_does(course):
    assert again(course, BETTER)[0] == 7.0 and again(course, WORSE) == (3.5, [])


def test_a_command_takes_back_what_it_did_itself(desk):
    desk.run(due.due, test_grading_due.DUE)
    with desk.gradebook() as gradebook:
        history.note(gradebook, ASSIGNMENT, "", {"groups": {}}, "2 groups of small")
        gradebook.db.commit()
    with pytest.raises(CourseError, match="no sheet of small to take back"):
        history.undo(desk, ASSIGNMENT, "markers")
    assert "taken back: small is due" in desk.run(due.due, undo=True)
