"""Regrading as a difference: what would change and why, only that written, by whom, and taken back."""

import getpass
import json
import os
import shutil
import subprocess
import sys
from types import SimpleNamespace

import commands
import nbformat
import pytest
from classroom import ASSIGNMENT, NOTEBOOK, answer, find, hand_in, make_course, marks, solve
from nbgrader.api import Gradebook
from test_grading import ROOT, needs_sandbox, run, states
from test_grading_changed import change
from test_grading_environment import unshared

from grading import history, todo
from grading import regrade as regrading

LATE = """
from nbgrader.plugins import BasePlugin
class Tenth(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score / 10
c.AssignLatePenalties.plugin_class = Tenth
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A class that was graded; then two tests were changed, one of them for the worse."""
    root = make_course(tmp_path_factory.mktemp("regrade") / "course", extra=LATE)
    with Gradebook(f"sqlite:///{root}/gradebook.db", "bench") as gradebook:
        gradebook.update_or_create_assignment(ASSIGNMENT, duedate="2026-03-01 10:00 UTC")
    hand_in(root, "right", solve(root))
    hand_in(root, "rounds", solve(root, answer(mean="return sum(x) // len(x)")))
    late = hand_in(root, "late", solve(root, answer(mean="return round(sum(x) / len(x))")))
    (late / "timestamp.txt").write_text("2026-03-02 10:00:00 UTC")
    hand_in(root, "again", solve(root))
    hand_in(root, "junk", "{")
    run("autograde", root)
    with Gradebook(f"sqlite:///{root}/gradebook.db", "bench") as gradebook:
        for name, mark in (("essay", 3.0), ("test-mean", 1.0)):
            grade = gradebook.find_grade(name, NOTEBOOK, ASSIGNMENT, "rounds")
            grade.manual_score, grade.needs_manual_grade = mark, False
        comment = gradebook.find_comment("essay", NOTEBOOK, ASSIGNMENT, "rounds")
        comment.manual_comment = "well said"
        gradebook.db.commit()
    change(root, "test-mean", "assert mean([1, 2]) == 1.5, 'no half'", 3)
    change(root, "test-add", "assert add(2, 3) == 6", 2)
    hand_in(root, "again", solve(root, answer(mean="return 0")))
    return root


def regrade(root, *words: str):
    return commands.run("regrade", ASSIGNMENT, *words, "--course", str(root))


@pytest.fixture
def course(made, tmp_path):
    return shutil.copytree(made, tmp_path / "course", symlinks=True)


def stored(root) -> dict:
    """All marks, comments and penalties, and the files of autograded/ that nobody hid."""
    found = {}
    with Gradebook(f"sqlite:///{root}/gradebook.db", "bench") as gradebook:
        for one in gradebook.assignment_submissions(ASSIGNMENT):
            for nb in one.notebooks:
                grades = [
                    (g.name, g.auto_score, g.manual_score, g.needs_manual_grade) for g in nb.grades
                ]
                comments = [(c.name, c.auto_comment, c.manual_comment) for c in nb.comments]
                found[one.student.id] = (
                    sorted(grades),
                    sorted(comments, key=str),
                    nb.late_submission_penalty,
                )
    files = [p for p in sorted((root / "autograded").glob(f"*/{ASSIGNMENT}/*")) if p.is_file()]
    return found | {str(path.relative_to(root)): path.read_bytes() for path in files}


@needs_sandbox
def test_a_dry_run_says_what_would_change_and_writes_nothing(course):
    before = stored(course)
    done = regrade(course, "--dry-run", "--format", "json")
    found = {(one["student"], one["item"]): one for one in json.loads(done.stdout)}
    assert {name: (one["old"], one["new"]) for name, one in found.items()} == {
        ("rounds", "work/test-mean"): (3.0, 0.0),
        ("late", "work/test-mean"): (3.0, 0.0),
        **{(name, "work/test-add"): (2.0, 0.0) for name in ("right", "rounds", "late")},
    }
    late, rounds = found["late", "work/test-mean"], found["rounds", "work/test-mean"]
    assert late["why"] == "Came: AssertionError: no half" and rounds["by_hand"] == 1.0
    assert late["old_score"] == pytest.approx(0.9 * 7) and late["new_score"] == pytest.approx(
        0.9 * 2
    )
    assert "again: not regraded: what was handed in is another now" in done.stderr
    assert done.returncode == 1 and stored(course) == before
    assert not list(course.glob("autograded/*/.*"))


def test_an_item_is_printed_with_the_heading_that_it_stands_under(capsys):
    change = {"student": "late", "item": "work/test-mean", "old": 3.0, "new": 0.0, "by_hand": None}
    change |= {"old_score": 7.0, "new_score": 4.0, "why": "no half"}
    run = SimpleNamespace(changes=[change], summary=todo.Summary(), left={}, dry=True)
    for title, said in (("The mean", " (The mean)"), ("test-mean", ""), ("", "")):
        regrading._print(run, "table", {"work/test-mean": title})
        line = f"late  work/test-mean{said}: 3 -> 0 (altogether 7 -> 4)\n"
        assert capsys.readouterr().out.startswith(line)


@needs_sandbox
def test_only_the_items_asked_for_are_written_and_it_is_taken_back(course):
    before = stored(course)
    done = regrade(course, "test-mean")
    said = done.stdout
    assert "rounds  work/test-mean: 3 -> 0; by hand 1 stays (altogether 8 -> 8)" in said, (
        done.stderr
    )
    assert "late  work/test-mean: 3 -> 0 (altogether 6.3 -> 3.6)" in said
    assert "2 marks of 2 students changed; --undo takes it back (3 regraded)" in said
    assert marks(course, "late") == {"test-add": 2, "test-mean": 0, "test-part": 2, "essay": None}
    after = stored(course)
    grades, comments, _ = after["rounds"]
    assert ("essay", None, 3.0, False) in grades and ("test-mean", 0.0, 1.0, False) in grades
    assert ("essay", None, "well said") in comments
    assert after["late"][2] == pytest.approx(0.4) and after["again"] == before["again"]
    assert states(course)["late"]["older_version"] == ["test-add"]
    page = nbformat.read(
        course / "autograded" / "late" / ASSIGNMENT / f"{NOTEBOOK}.ipynb", as_version=4
    )
    assert find(page, "test-mean").outputs[0].evalue == "no half"
    assert "== 5" in find(page, "test-add").source  # of the test that gave its mark
    assert "0 marks of 0 students" in regrade(course, "test-mean").stdout
    assert "3 students, marks changed: 2 of work/test-mean" in regrade(course, "--history").stdout
    assert regrade(course, "--undo").returncode == 0
    assert stored(course) == before
    assert states(course)["late"]["older_version"] == ["test-add", "test-mean"]
    assert "taken back" in regrade(course, "--history").stdout
    done = regrade(course, "--undo")
    assert done.returncode == 2 and "no regrading of small to take back" in done.stderr


@needs_sandbox
def test_all_items_and_what_was_graded_since_is_not_taken_back(course):
    assert "5 marks of 3 students changed" in regrade(course).stdout
    assert marks(course, "right")["test-add"] == 0 and not states(course)["right"]["older_version"]
    run("autograde", course, "--force", "--student", "right")
    done = regrade(course, "--undo")
    assert done.returncode == 1 and "right was graded since: left as it is" in done.stderr
    assert marks(course, "right")["test-add"] == 0 and marks(course, "late")["test-add"] == 2


@needs_sandbox
def test_a_test_that_ends_the_kernel_takes_no_marks_away(course):
    change(course, "test-mean", "import os; os._exit(1)", 3)
    before = stored(course)
    done = regrade(course)
    assert done.returncode == 1 and "late: not regraded: graded in part this time" in done.stderr
    assert stored(course) == before


def test_who_regraded_where_the_user_has_no_name(monkeypatch):
    def nameless():
        raise KeyError("getpwuid(): uid not found: 4242")

    monkeypatch.setattr(getpass, "getuser", nameless)
    assert history._who() == f"user {os.getuid()}"


def test_wrong_use(made):
    done = regrade(made, "nothing")
    assert done.returncode == 2
    assert "no such item: nothing; there are: work/test-add, work/test-mean, " in done.stderr
    assert regrade(made, "--undo", "--dry-run").returncode == 2


def test_an_ordinary_user_may_write_what_nbgrader_leaves_read_only(tmp_path):
    old, new = tmp_path / "old.ipynb", tmp_path / "new.ipynb"
    for path in (old, new):
        cell = {"id": path.stem, "metadata": {"nbgrader": {"grade_id": "test-mean"}}}
        path.write_text(json.dumps({"cells": [cell]}))
        path.chmod(0o444)
    merging = "import pathlib, sys; from grading.regrade import merge; "
    merging += "merge(*map(pathlib.Path, sys.argv[1:]), ['work/test-mean'])"
    command = [*unshared(), sys.executable, "-c", merging, str(old), str(new)]
    subprocess.run(command, cwd=ROOT, check=True)
    assert json.loads(new.read_text())["cells"][0]["id"] == "new"
