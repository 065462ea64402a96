"""The grading engine on a small class: marks, states, reports, feedback, restart."""

import json
import os
import subprocess
import sys
from pathlib import Path

import classroom
import pytest
from classroom import ASSIGNMENT, answer, hand_in, marks, solve

from grading import outcomes
from grading.sandbox import why_not

ROOT = Path(__file__).parents[1]
NO_SANDBOX = why_not()
needs_sandbox = pytest.mark.skipif(NO_SANDBOX is not None, reason=str(NO_SANDBOX))


def run(command: str, course: Path, *options: str) -> subprocess.CompletedProcess:
    """``python -m grading command`` in a process of its own."""
    words = [sys.executable, "-m", "grading", command]
    words += [] if command == "doctor" else [ASSIGNMENT]
    words += ["--course", str(course), *options]
    return subprocess.run(
        words, cwd=ROOT, capture_output=True, text=True, env=os.environ | {"OMP_NUM_THREADS": "1"}
    )


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
    return course, run("autograde", course, "--jobs", "1")


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
    assert "could not be graded" in pages["junk"] and "(not graded)" in pages["junk"]
    assert "Score: 0" not in pages["junk"]
    assert "graded in part" in pages["dies"] and "exit status 3" in pages["dies"]
    assert not any("add(-1, 1)" in page or "BEGIN HIDDEN" in page for page in pages.values())


@needs_sandbox
def test_second_run_grades_nothing_twice(graded):
    course, _ = graded
    before = {name: (course / "autograded" / name).stat().st_ino for name in ("right", "dies")}
    result = run("autograde", course)
    assert "0 done, 4 had been graded before" in result.stdout
    assert before == {name: (course / "autograded" / name).stat().st_ino for name in before}
