"""Grading where the machine is set up oddly: it works, or one line says what to do."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import classroom
import pytest
from classroom import ASSIGNMENT, hand_in, marks, solve
from test_grading import ROOT, needs_sandbox

pytestmark = needs_sandbox


def grade(course: Path, before: list[str] = (), cwd: Path = ROOT, **environment: str | None):
    """``autograde`` after the words ``before``; a variable that is None is taken away."""
    words = [*before, sys.executable, "-m", "grading", "autograde", ASSIGNMENT]
    given = os.environ | {"PYTHONPATH": str(ROOT)} | environment
    return subprocess.run(
        [*words, "--course", str(course), "--jobs", "1"],
        cwd=cwd,
        env={name: value for name, value in given.items() if value is not None},
        capture_output=True,
        text=True,
    )


def works(course: Path, result: subprocess.CompletedProcess) -> None:
    assert result.returncode == 0, result.stderr
    assert marks(course, "right") == {"test-add": 2, "test-mean": 3, "test-part": 2, "essay": None}


@pytest.fixture
def course(tmp_path):
    course = classroom.make_course(tmp_path / "course")
    folder = hand_in(course, "right", solve(course))
    (folder / "tools.py").write_text("x = 1")  # a file that has to be copied in
    return course


def test_long_temporary_folder_that_only_we_may_read(course, tmp_path):
    folder = tmp_path / ("long" * 30) / "closed"
    folder.mkdir(parents=True, mode=0o700)
    works(course, grade(course, ["sh", "-c", 'umask 077; exec "$@"', "sh"], TMPDIR=str(folder)))
    assert not list(folder.iterdir())


def test_path_with_spaces_accents_and_brackets(course):
    """nbgrader itself cannot generate an assignment there: a course that was moved."""
    moved = course.rename(course.with_name("für [alle] (1)"))
    works(moved, grade(moved))


def unshared() -> list[str]:
    words = ["unshare", "--user", "--map-user=54321", "--map-group=54321"]
    if shutil.which("unshare") is None or subprocess.run([*words, "true"]).returncode:
        pytest.skip("user namespaces are not allowed here")
    return words


def test_neither_home_nor_a_name_for_the_user_id(course):
    works(course, grade(course, unshared(), HOME=None, USER=None, LOGNAME=None))


def bound(*writable: Path) -> list[str]:
    """A machine on which nothing can be written but these folders."""
    words = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    for folder in writable:
        words += ["--bind", str(folder), str(folder)]
    return words


def test_course_that_cannot_be_written(course, tmp_path):
    (tmp_path / "tmp").mkdir()
    before = (course / "gradebook.db").read_bytes()
    result = grade(course, bound(tmp_path / "tmp"), TMPDIR=str(tmp_path / "tmp"))
    assert result.returncode == 2, result.stderr
    assert "the course folder cannot be written" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert (course / "gradebook.db").read_bytes() == before


def test_no_temporary_folder_at_all(course, tmp_path):
    """Python falls back on the folder it is started in: here, the course's own."""
    result = grade(course, bound(course), TMPDIR="/nowhere")
    works(course, result)
    assert not list(course.glob("grading-*"))
