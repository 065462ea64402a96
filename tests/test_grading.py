"""The grading engine on a small class: marks, states, reports, feedback, restart."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import classroom
import commands
import nbformat
import pytest
from classroom import ASSIGNMENT, answer, hand_in, marks, solve

from grading import outcomes
from grading.bubble import why_not

ROOT = Path(__file__).parents[1]
NO_SANDBOX = why_not()
needs_sandbox = pytest.mark.skipif(NO_SANDBOX is not None, reason=str(NO_SANDBOX))


def run(command: str, course: Path, *options: str) -> subprocess.CompletedProcess:
    """``python -m grading command``, with one worker where nothing else is said."""
    words = [command, *([] if command == "doctor" else [ASSIGNMENT])]
    words += ["--jobs", "1"] if command == "autograde" else []
    return commands.run(*words, "--course", str(course), *options)


def states(course: Path) -> dict[str, dict]:
    result = run("report", course, "--format", "json")
    assert result.returncode == 0, result.stderr
    return {row["student"]: row for row in json.loads(result.stdout)}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class that was graded once: the course and what the command said."""
    course = classroom.make_course(tmp_path_factory.mktemp("course"))
    hand_in(course, "right", solve(course))
    hand_in(course, "wrong", solve(course, answer(add="return a - b")))
    hand_in(course, "dies", solve(course, answer(mean="import os; os._exit(3)")))
    hand_in(course, "junk", '{"no')
    (course / "submitted" / "absent").mkdir()
    words = [sys.executable, "-m", "grading", "autograde", ASSIGNMENT, "--course", str(course)]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    return course, subprocess.run(
        [*words, "--jobs", "1"], cwd=ROOT, capture_output=True, text=True, env=environment
    )


@needs_sandbox
def test_marks_and_states(graded):
    course, result = graded
    assert result.returncode == 1, result.stderr  # one could not be graded
    assert marks(course, "right") == {
        "test-add": 2.0,
        "test-mean": 3.0,
        "test-part": 2.0,
        "essay": None,
    }
    assert marks(course, "wrong")["test-add"] == 0.0
    assert marks(course, "wrong")["test-part"] == 0.5
    assert marks(course, "dies") == {
        "test-add": 2.0,
        "test-mean": 0.0,
        "test-part": 2.0,
        "essay": None,
    }
    found = states(course)
    assert {name: row["state"] for name, row in found.items()} == {
        "right": outcomes.GRADED,
        "wrong": outcomes.GRADED,
        "dies": outcomes.PARTIAL,
        "junk": outcomes.NOT_GRADABLE,
        "absent": outcomes.MISSING,
    }
    assert "exit status 3" in found["dies"]["reasons"][0]
    assert "JSON" in found["junk"]["reasons"][0] and found["junk"]["score"] is None
    assert not any(row["evidence"] for row in found.values())


@needs_sandbox
def test_feedback_says_why_and_hides_hidden_tests(graded):
    course, _ = graded
    result = run("feedback", course)
    assert result.returncode == 0, result.stderr
    pages = {
        name: (course / "feedback" / name / ASSIGNMENT / "work.html").read_text()
        for name in ("right", "dies", "junk", "wrong")
    }
    assert "could not be graded" in pages["junk"] and "<b>Not graded</b>" in pages["junk"]
    assert "<b>0</b> of" not in pages["junk"]
    assert "graded in part" in pages["dies"] and "exit status 3" in pages["dies"]
    assert not any("add(-1, 1)" in page or "BEGIN HIDDEN" in page for page in pages.values())
    words = ["generate_feedback", ASSIGNMENT, "--student", "junk", "--force"]  # the button's way
    assert commands.run(*words, nbgrader_in=course).returncode == 0
    page = (course / "feedback" / "junk" / ASSIGNMENT / "work.html").read_text()
    assert "<b>Not graded</b>" in page and "<b>0</b> of" not in page


@needs_sandbox
def test_who_was_left_out_of_a_run_is_counted_and_on_the_page_of_the_class(tmp_path):
    course = classroom.make_course(tmp_path / "course")
    hand_in(course, "right", solve(course))
    hand_in(course, "later", solve(course))
    result = run("autograde", course, "--student", "right")
    assert "the class: 1 graded, " in result.stdout, result.stderr
    assert ", 1 not graded yet, 0 to be tried again" in result.stdout
    assert "feedback for 1 student written" in run("feedback", course).stdout
    page = (course / "feedback" / f"{ASSIGNMENT}.html").read_text()
    assert "2 students, 1 with marks" in page and "later</a>: not graded yet" in page
    assert "not graded yet" not in run("autograde", course).stdout


@needs_sandbox
def test_second_run_grades_nothing_twice(graded):
    course, _ = graded
    before = {name: (course / "autograded" / name).stat().st_ino for name in ("right", "dies")}
    result = run("autograde", course)
    assert "0 done, 4 had been graded before" in result.stdout
    assert before == {name: (course / "autograded" / name).stat().st_ino for name in before}


@needs_sandbox
def test_killed_and_started_again(tmp_path):
    """A sample of what benchmarks/restart.py does 200 times."""
    words = [sys.executable, str(ROOT / "benchmarks" / "restart.py")]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    result = subprocess.run(
        [*words, "--kills", "3", "--students", "5", "--seed", "1"],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "3 kills" in result.stdout and "0 rounds wrong" in result.stdout


@needs_sandbox
def test_locked_gradebook_is_waited_for(tmp_path):
    """When grading starts, and again when it writes."""
    course = classroom.make_course(tmp_path / "course")
    hand_in(course, "right", solve(course))
    words = [sys.executable, "-m", "grading", "autograde", ASSIGNMENT, "--course", str(course)]
    with sqlite3.connect(course / "gradebook.db", isolation_level=None) as database:
        database.execute("begin exclusive")
        process = subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for seen in (".grading.lock", "autograded"):
            while not (course / seen).exists():
                assert process.poll() is None, process.stderr.read()
                time.sleep(0.02)
            if not database.in_transaction:
                database.execute("begin exclusive")
            time.sleep(7)  # SQLite itself gives up after 5
            database.execute("rollback")
    assert process.wait() == 0, process.stderr.read()
    assert marks(course, "right")["test-add"] == 2


def test_waiting_for_a_locked_gradebook_is_said_and_can_be_interrupted(tmp_path):
    course = classroom.make_course(tmp_path / "course")
    words = [sys.executable, "-m", "grading", "report", ASSIGNMENT, "--course", str(course)]
    with sqlite3.connect(course / "gradebook.db", isolation_level=None) as database:
        database.execute("begin exclusive")
        with subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
            assert "waiting for the gradebook" in process.stderr.readline()
            process.send_signal(signal.SIGINT)
            assert process.wait() != 0


@needs_sandbox
def test_full_disk_is_reported_and_made_good(tmp_path):
    """The autograded folder cannot be written; once it can, the same command finishes."""
    course = classroom.make_course(tmp_path / "course")
    hand_in(course, "right", solve(course))
    (course / "autograded").write_text("in the way")
    result = run("autograde", course)
    assert result.returncode == 1 and "1 to be tried again" in result.stdout, result.stderr
    assert "Traceback" not in result.stderr
    (course / "autograded").unlink()
    assert run("autograde", course).returncode == 0
    assert marks(course, "right")["test-add"] == 2


@needs_sandbox
def test_handed_in_anew_is_graded_anew(tmp_path):
    course = classroom.make_course(tmp_path / "course")
    hand_in(course, "late", solve(course, answer(add="return 0")))
    assert run("autograde", course).returncode == 0
    assert marks(course, "late")["test-add"] == 0
    hand_in(course, "late", solve(course))
    assert "1 done" in run("autograde", course).stdout
    assert marks(course, "late")["test-add"] == 2
    hand_in(course, "late", "{broken")
    assert run("autograde", course).returncode == 1
    assert marks(course, "late")["test-add"] is None


@needs_sandbox
def test_the_same_work_copied_is_not_handed_in_anew(tmp_path):
    course = classroom.make_course(tmp_path / "course")
    folder = hand_in(course, "right", solve(course))
    assert run("autograde", course).returncode == 0
    for path in folder.iterdir():
        os.utime(path, (1e9, 1e9))
    assert "0 done, 1 had been graded before" in run("autograde", course).stdout


@needs_sandbox
def test_a_name_that_is_not_utf8_is_reported(tmp_path):
    course = classroom.make_course(tmp_path / "course")
    hand_in(course, "zoe", solve(course))
    folder = os.fsencode(course / "submitted") + b"/caf\xe9"
    shutil.copytree(os.fsencode(course / "submitted" / "zoe"), folder)
    result = run("autograde", course)
    assert result.returncode == 1 and "1 done" in result.stdout, result.stderr
    assert "submitted/caf\\xe9: its name is not UTF-8" in result.stderr
    assert "Traceback" not in result.stderr
    assert marks(course, "zoe")["test-add"] == 2


@needs_sandbox
def test_student_named_twice_or_left_out(tmp_path):
    left_out = "c.CourseDirectory.student_id_exclude = 'audit'"
    course = classroom.make_course(tmp_path / "course", extra=left_out)
    for student in ("audit", "right"):
        hand_in(course, student, solve(course))
    assert "this run: 1 done" in run("autograde", course, "--student", "right", "right").stdout
    assert "1 had been graded before" in run("autograde", course).stdout
    assert set(states(course)) == {"right"}


@needs_sandbox
def test_right_answers_keep_their_marks_after_a_kernel_died(tmp_path, monkeypatch):
    """What an earlier test imported is there again in the fresh kernel."""
    tests = {"test-mean": ("import math as library\nassert library.isclose(mean([4]), 4)", 3)}
    tests["test-part"] = ("library.fsum(add(i, i) == 2 * i for i in range(4)) / 2", 2)
    monkeypatch.setattr(classroom, "TESTS", classroom.TESTS | tests)
    course = classroom.make_course(tmp_path / "course")
    nb = solve(course)
    place = nb.cells.index(classroom.find(nb, "test-mean"))
    nb.cells.insert(place + 1, nbformat.v4.new_code_cell("import os; os._exit(5)"))
    hand_in(course, "dies", nb)
    assert run("autograde", course).returncode == 0
    assert "exit status 5" in states(course)["dies"]["reasons"][0]
    found = marks(course, "dies")
    assert found["test-add"] == 2 and found["test-mean"] == 3 and found["test-part"] == 2


@needs_sandbox
def test_tests_may_use_magics(tmp_path, monkeypatch):
    tests = {
        "test-add": ("found = !echo 5\nassert add(2, 3) == int(found[0])", 2),
        "test-mean": ("%%capture\nassert near(mean([4]), 4)\nmean([4])", 3),
    }
    monkeypatch.setattr(classroom, "TESTS", classroom.TESTS | tests)
    course = classroom.make_course(tmp_path / "course")
    hand_in(course, "right", solve(course))
    hand_in(course, "wrong", solve(course, answer(add="return a - b", mean="return 0")))
    assert run("autograde", course).returncode == 0
    assert [marks(course, "right")[name] for name in tests] == [2, 3]
    assert [marks(course, "wrong")[name] for name in tests] == [0, 0]
    assert not states(course)["right"]["evidence"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["autograde", "none"], "no assignment 'none' in the gradebook"),
        (["autograde", ASSIGNMENT, "--student", "nobody"], "no such student: nobody"),
        (["autograde", ASSIGNMENT, "--jobs", "0"], "a whole number from 1 on, not '0'"),
        (["report", "none"], "nbgrader generate_assignment none"),
        (["report", ASSIGNMENT, "--course", "empty"], "there is no gradebook"),
        (["feedback", ASSIGNMENT, "--course", "nowhere"], "there is no folder nowhere"),
    ],
)
def test_wrong_use(words, said, tmp_path):
    course = classroom.make_course(tmp_path / "course")
    if words[0] == "autograde" and NO_SANDBOX and "--jobs" not in words:
        pytest.skip(NO_SANDBOX)
    words = [str(tmp_path) if word == "empty" else word for word in words]
    where = [] if "--course" in words else ["--course", str(course)]
    result = commands.run(*words, *where)
    assert result.returncode == 2 and said in result.stderr
