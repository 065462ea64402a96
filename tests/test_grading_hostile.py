"""Every submission of tests/hostile, graded in one class, gets the mark or state it deserves."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import classroom
import hostile
import pytest
from classroom import ASSIGNMENT, marks
from hostile import CASES, FULL, NOT_GRADABLE

from grading.bubble import why_not

ROOT = Path(__file__).parents[1]
pytestmark = [
    pytest.mark.skipif(why_not() is not None, reason=str(why_not())),
    pytest.mark.timeout(1800),  # the first test grades the whole class; a busy machine is slow
]


def fingerprint(course: Path) -> dict[str, str]:
    """What no submission may change."""
    found = {}
    for name in ("source", "release", "submitted"):
        for path in sorted((course / name).rglob("*")):
            if path.is_symlink():
                found[str(path)] = os.readlink(path)
            elif path.is_file():
                found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The class, graded once: the course, what was reported, and what was there before."""
    course = classroom.make_course(
        tmp_path_factory.mktemp("hostile"),
        torch=True,
        timeout=hostile.TIMEOUT,
        extra=hostile.CONFIG,
    )
    for case in CASES.values():
        case.make(course, case.folder)
    before = fingerprint(course)
    command = [sys.executable, "-m", "grading"]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "HOSTILE_SECRET": "secret"}
    run = subprocess.run(
        [*command, "autograde", ASSIGNMENT, "--course", str(course)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    report = subprocess.run(
        [*command, "report", ASSIGNMENT, "--course", str(course), "--format", "json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return course, run, {row["student"]: row for row in json.loads(report.stdout)}, before


@pytest.mark.parametrize("name", CASES)
def test_deserved(graded, name):
    course, _, rows, _ = graded
    case = CASES[name]
    row = rows[case.folder]
    said = row["reasons"] + row["evidence"] + row["notes"]
    assert row["state"] == case.state, said
    for words in case.says:
        assert any(words in line for line in said), said
    if case.clean:
        assert said == []
    if case.state != hostile.GRADED:
        assert row["reasons"]
    given = marks(course, case.folder)
    assert given.pop("essay") == (0 if name == "untouched_release" else None)
    assert given == (case.marks if case.state == NOT_GRADABLE else FULL | case.marks), said


def test_whole_class_is_accounted_for(graded):
    _, run, rows, _ = graded
    assert run.returncode == 1, run.stderr
    assert set(rows) == {case.folder for case in CASES.values()}
    assert "0 to be tried again" in run.stdout, run.stderr


def test_nothing_got_out(graded):
    course, _, _, before = graded
    assert fingerprint(course) == before
    for path in (course / "autograded").rglob("*.ipynb"):
        outputs = [
            json.dumps(cell.get("outputs", ""))
            for cell in json.loads(path.read_text("utf-8"))["cells"]
        ]
        assert not any("ESCAPED" in text for text in outputs), path
    processes = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
    assert "HOSTILE-DAEMON" not in processes


def test_everybody_gets_a_page(graded):
    """Pictures pasted into answers are in it; what cannot be shown does not stop it."""
    course, *_ = graded
    command = [sys.executable, "-m", "grading", "feedback", ASSIGNMENT, "--course", str(course)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    folder = course / "feedback"
    pages = {case: (folder / c.folder / ASSIGNMENT / "work.html") for case, c in CASES.items()}
    text = {case: page.read_text("utf-8") for case, page in pages.items()}
    assert 'src="data:image/png;base64,aGVsbG8="' in text["honest_picture"]
    assert "missing-picture:none.png" in text["picture_that_is_not_there"]
    assert "onerror" not in text["picture_that_is_a_script"]
    for name, case in CASES.items():
        assert ("<b>Not graded</b>" in text[name]) == (case.state == NOT_GRADABLE), name


def test_enough_kinds():
    assert len(CASES) >= 60
