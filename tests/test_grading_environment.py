"""Grading where the machine is set up oddly: it works, or one line says what to do."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import classroom
import commands
import pytest
from classroom import ASSIGNMENT, hand_in, marks, solve
from test_grading import ROOT, needs_sandbox

from grading import __main__, bubble, doctor
from grading.__main__ import main
from grading.course import Course, CourseError

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


def test_odd_folders_language_and_time(course, tmp_path):
    """A long temporary folder that only we may read; a path with spaces, accents and brackets, in
    which nbgrader itself cannot generate an assignment: a course that was moved."""
    folder = tmp_path / ("long" * 30) / "closed"
    folder.mkdir(parents=True, mode=0o700)
    moved = course.rename(course.with_name("für [alle] (1)"))
    before = ["sh", "-c", 'umask 077; exec "$@"', "sh"]
    odd = {"TMPDIR": str(folder), "LC_ALL": "C", "TZ": "Pacific/Kiritimati"}
    works(moved, grade(moved, before, **odd))
    assert not list(folder.iterdir())


@pytest.mark.parametrize(
    ("to", "status", "said"), [(">&-", 0, ""), (">/dev/full", 1, "No space left on device")]
)
def test_output_that_is_closed_or_full_and_nothing_in_the_environment(course, to, status, said):
    words = [sys.executable, "-m", "grading", "report", ASSIGNMENT, "--course", str(course)]
    result = subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {to}', "sh", *words],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert result.returncode == status, result.stderr
    assert said in result.stderr and result.stderr.count("\n") == status


WRONG = {  # a line of the settings -> what is said of it
    "def (": "cannot be used: SyntaxError",
    "1 / 0": "cannot be used: ZeroDivisionError",
    "raise SystemExit(0)": "cannot be used: SystemExit",
    "c.Limits.disk_mb = 'x'": "'disk_mb' trait",
    "c.Limits.file_mb = -1": "c.Limits.file_mb is -1",
    "c.Limits.notebook_mb = 0": "c.Limits.notebook_mb is 0",
    "c.Limits.disk_mb = 10**30": "c.Limits.disk_mb is 1000",
    "c.Limits.disk_mb = True": "c.Limits.disk_mb is True",
    "c.Limits.submission_seconds = float('nan')": "c.Limits.submission_seconds is nan",
    "c.Limits.disk_md = 5": "there is no c.Limits.disk_md: is c.Limits.disk_mb meant?",
    "c.Limit.disk_mb = 5": "there is no c.Limit: is c.Limits meant?",
    "c.LateDays.perday = 0.1": "is c.LateDays.per_day meant?",
    "c.LateDays.per_day = '0.1'": "'per_day' trait",
    "c.Attempts.best = 'yes'": "'best' trait",
    "c.CourseDirectory.directory_structure = '{student_id}'": "without {nbgrader_step}",
    "c.Execute.timeout = 0.5": "'timeout' trait",
    "c.Execute.timeout = -5": "c.Execute.timeout is -5: out of its range",
    "raise KeyboardInterrupt": "cannot be used: KeyboardInterrupt",
    "c.CourseDirectory.db_url = 'nonsense'": "is no database's address",
    "c.CourseDirectory.db_url = 'postgresql://a@b:c/d'": "is no database's address",
    "c.CourseDirectory.course_id = '\\udcff'": "course_id is no text",
    "c.CourseDirectory.course_id = 'a\\0'": "course_id is no text",
    "c.CourseDirectory.autograded_directory = 'submitted'": "submitted_directory and autograded",
    "c.CourseDirectory.feedback_directory = './source/'": "each step needs its own",
    "c.Execute.timeot = 5": "is c.Execute.timeout meant?",
}


@pytest.mark.parametrize("line", WRONG)
def test_settings_that_cannot_be_used_are_refused(line, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CourseError, match=r"nbgrader_config\.py") as caught:
        Course(classroom.make_course(tmp_path / "course", extra=line))
    assert WRONG[line] in str(caught.value)


@pytest.mark.parametrize(
    "line",
    ["sys.stdout.close()", "sys.stderr = None", "warnings.simplefilter('error')"],
)
def test_what_settings_do_besides_is_undone(line, tmp_path):
    course = classroom.make_course(tmp_path, extra=f"import os, sys, warnings; {line}")
    result = commands.run("report", ASSIGNMENT, "--course", str(course))
    assert result.returncode == 0 and "not final: 0" in result.stdout, result.stderr


@pytest.mark.parametrize(
    ("done", "lack"),
    [("ALTER TABLE student RENAME COLUMN lms_user_id TO other", "student.lms_user_id")]
    + [("DROP TABLE grade", "grade")],
)
def test_a_gradebook_that_lacks_something(done, lack, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    course = classroom.make_course(tmp_path / "course")
    with sqlite3.connect(course / "gradebook.db") as book:
        book.execute(done)
    assert main(["report", ASSIGNMENT, "--course", str(course)]) == 2
    assert f"it has no {lack}; put a copy back, or run `nb" in capsys.readouterr().err


def test_a_gradebook_that_is_no_database(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    course = classroom.make_course(tmp_path / "course")
    (course / "gradebook.db").write_bytes(b"no database " * 1000)
    assert main(["report", ASSIGNMENT, "--course", str(course)]) == 2
    assert "gradebook.db is damaged (file is not a database)" in capsys.readouterr().err


def test_an_assignment_as_the_shell_completes_it(course, monkeypatch, capsys):
    monkeypatch.chdir(course)
    assert main(["report", f"submitted/{ASSIGNMENT}/"]) == 2
    assert f"is {ASSIGNMENT!r} meant?" in capsys.readouterr().err


def test_packages_are_looked_for_where_a_sandbox_looks(tmp_path, monkeypatch):
    copy = tmp_path / "helpers"
    copy.mkdir()
    (copy / "__init__.py").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert str(copy) not in bubble._python_paths(["helpers"])


def test_a_list_that_is_no_file(course, monkeypatch, capsys):
    monkeypatch.chdir(course)
    os.mkfifo(course / "list.csv")
    assert main(["groups", ASSIGNMENT, "list.csv"]) == 2
    assert "list.csv is no file" in capsys.readouterr().err


def test_a_database_without_its_driver(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "pymysql", None)
    monkeypatch.chdir(tmp_path)
    line = "c.CourseDirectory.db_url = 'mysql+pymysql://ana@localhost/gradebook'"
    course = classroom.make_course(tmp_path / "course", extra=line)
    assert main(["report", ASSIGNMENT, "--course", str(course)]) == 2
    assert "needs its driver: " in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    ["due a1", "extend a1 ana --until", "autograde a1 --scheduler", "markers a1 --decide"]
    + ["markers a1 --back", "marksheet a1 in.csv --into out.csv --column"],
)
def test_a_word_that_is_empty_is_not_taken_for_none(words, capsys):
    with pytest.raises(SystemExit):
        main([*words.split(), ""])
    assert "it is empty" in capsys.readouterr().err


def test_started_in_a_folder_that_is_gone(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    os.mkdir("gone")
    os.chdir("gone")
    os.rmdir(tmp_path / "gone")
    with pytest.raises(SystemExit):
        main(["roster", "class.csv"])
    assert "the folder where this runs was removed" in capsys.readouterr().err


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("one\nline"), RecursionError("x")])
def test_what_nobody_has_foreseen_ends_with_a_line(error, tmp_path, monkeypatch, capsys):
    def fail(_):
        raise error

    monkeypatch.setattr(__main__, "_main", fail)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert main(["report", ASSIGNMENT]) == 1
    (kept,) = tmp_path.iterdir()
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and type(error).__name__ in said and str(kept) in said
    assert "Traceback" in kept.read_text() and "Traceback" not in said
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    assert main(["report", ASSIGNMENT]) == 1
    assert "details could not be kept" in capsys.readouterr().err


def test_an_interrupt_before_anything_has_begun(monkeypatch, capsys):
    monkeypatch.setattr(__main__, "_main", _interrupted)
    assert main(["report", ASSIGNMENT]) == 1
    assert capsys.readouterr().err == "stopped; the same command continues\n"


def _interrupted(_):
    raise KeyboardInterrupt


def unshared() -> list[str]:
    words = ["unshare", "--user", "--map-user=54321", "--map-group=54321"]
    if shutil.which("unshare") is None or subprocess.run([*words, "true"]).returncode:
        pytest.skip("user namespaces are not allowed here")
    return words


def test_ordinary_user_with_neither_home_nor_a_name(course):
    """Root becomes one, in a user namespace: bubblewrap then makes its own inside it."""
    looks = classroom.answer(add="import os; return os.getuid() - 65534 + a + b")
    hand_in(course, "looks", solve(course, looks))
    works(course, grade(course, unshared(), HOME=None, USER=None, LOGNAME=None))
    assert marks(course, "looks")["test-add"] == 2


@pytest.mark.parametrize(
    "text", ["1 / 0", "exit()", 'c.Limits.memory_mb = "x"', "c.Limits.memori_mb = 1"]
)
def test_doctor_says_that_settings_cannot_be_used(tmp_path, capsys, text):
    (tmp_path / "nbgrader_config.py").write_text(text)
    assert doctor.doctor(tmp_path) == 2
    assert "the settings (nbgrader_config.py) cannot be used" in capsys.readouterr().out


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
