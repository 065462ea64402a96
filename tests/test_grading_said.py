"""What people are told and shown: titles, pictures, what is not there; and what a killed run left."""

import os
import tempfile
from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace

import pytest
from classroom import ASSIGNMENT, NOTEBOOK, cell, hand_in, make_course, notebook, released
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sqlalchemy.exc import OperationalError

from grading import (
    cells,
    driver,
    ends,
    feedback,
    inbox,
    outcomes,
    outputs,
    scratch,
    verdicts,
    worker,
)
from grading.__main__ import main
from grading.course import Course, CourseError


def test_a_heading_in_an_answer_is_no_title_of_an_item():
    cells = [new_markdown_cell("## 1. An essay (4 points)"), cell("essay", "", 4, solution=True)]
    cells += [cell("add", "def add(a): pass", solution=True), cell("test-add", "add(1)", 2)]
    cells[1].source = "# My own heading\nI think so."
    assert [one["title"] for one in verdicts.of_items(notebook(cells), set())] == [
        "1. An essay"
    ] * 2


def test_a_title_turns_nothing_round():
    cells = [new_markdown_cell("## 1. \u202eAn\u2066 item\u202c"), cell("t", "assert f()", 2)]
    assert verdicts.of_items(notebook(cells), set())[0]["title"] == "1. An item"


@pytest.mark.parametrize("kind", ["image/gif", "image/webp"])
def test_a_moving_picture_is_on_the_page(kind):
    data = {kind: "R0lGODlh\nAQABAAAAACw=\n", "text/plain": "<IPython.core.display.Image object>"}
    output = {"output_type": "display_data", "data": data, "metadata": {}}
    (shown,) = outputs.showable([output])
    page, _ = HTMLExporter().from_notebook_node(
        new_notebook(cells=[new_code_cell("1", outputs=[shown])])
    )
    assert f'src="data:{kind};base64,R0lGODlhAQABAAAAACw="' in page
    (named,) = outputs.showable([{**output, "data": {kind: 'x" onerror="1'}}])
    assert "not base64" in named.text


def test_a_folder_of_submissions_that_is_not_there_is_named(tmp_path, capsys):
    make_course(tmp_path, extra="c.CourseDirectory.submitted_directory = 'nowhere'")
    assert main(["autograde", ASSIGNMENT, "--course", str(tmp_path), "--quiet"]) == 0
    assert f"there is no folder {tmp_path / 'nowhere'}" in capsys.readouterr().err


def test_an_empty_word_is_no_folder(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        main(["report", ASSIGNMENT, "--course", ""])
    assert "--course: it is empty" in capsys.readouterr().err


def test_a_regrading_without_a_change_is_not_to_be_taken_back(tmp_path, capsys):
    make_course(tmp_path)
    assert main(["regrade", ASSIGNMENT, "--course", str(tmp_path)]) == 0
    assert "0 marks of 0 students changed (0 regraded)" in capsys.readouterr().out


def test_what_a_killed_grader_leaves_is_removed_by_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(worker, "private_gradebook", lambda *_: os._exit(0))
    pid = os.fork()
    if pid == 0:
        try:
            worker.definition(None, None)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert list(tmp_path.iterdir())
    scratch.remove_stale()
    assert not list(tmp_path.iterdir())


def test_what_was_graded_stays_where_grading_cannot_begin(tmp_path):
    course = Course(make_course(tmp_path))
    hand_in(tmp_path, "ana", released(tmp_path))
    (tmp_path / "autograded" / "ana" / ASSIGNMENT).mkdir(parents=True)
    with course.gradebook() as gradebook:
        gradebook.add_student("ana")
        gradebook.add_submission(ASSIGNMENT, "ana")
        outcomes.write(gradebook.db, ASSIGNMENT, "ana", "", {NOTEBOOK: outcomes.empty()})
        gradebook.db.commit()

    def engine(*_):
        raise scratch.SandboxError("nobody answers")

    with pytest.raises(scratch.SandboxError):
        driver.autograde(course, ASSIGNMENT, force=True, quiet=True, engine=engine)
    assert course.states(ASSIGNMENT)["ana"]["state"] == outcomes.GRADED
    with course.gradebook() as gradebook:  # as `nbgrader db student remove` does
        gradebook.remove_submission(ASSIGNMENT, "ana")
    assert course.states(ASSIGNMENT) == {}  # and `autograde` grades again


def test_whose_notebook_is_gone_gets_no_page_and_is_named(tmp_path, capsys):
    course = Course(make_course(tmp_path))
    with course.gradebook() as gradebook:
        gradebook.add_student("ana")
        gradebook.add_submission(ASSIGNMENT, "ana")
        outcomes.write(gradebook.db, ASSIGNMENT, "ana", "", {NOTEBOOK: outcomes.empty()})
        gradebook.db.commit()
    command = SimpleNamespace(assignment=ASSIGNMENT, zip=None, names=None)
    assert feedback.feedback(course, command) == 1
    assert "ana: no feedback" in capsys.readouterr().err


@pytest.mark.parametrize(
    "named, says",
    [
        ("small.ipynb", "is 'small' meant"),
        ("submitted/ana/small", "is 'small' meant"),
        ("other", "run `nbgrader generate_assignment other --force` first"),
        ("../other", r"it knows: small\)$"),
        ("", r"it knows: small\)$"),
    ],
)
def test_an_assignment_that_there_is_not(named, says, tmp_path):
    with pytest.raises(CourseError, match=says):
        Course(make_course(tmp_path)).plan(named)


@pytest.mark.parametrize(
    "command", [["items", "--bank"], ["markers", "--to", "ana", "--into"]], ids=" ".join
)
def test_a_file_is_no_folder(command, tmp_path, capsys):
    (tmp_path / "list.csv").touch()
    with pytest.raises(SystemExit):
        main([command[0], ASSIGNMENT, *command[1:], str(tmp_path / "list.csv")])
    assert "list.csv is a file, and no folder" in capsys.readouterr().err


def test_a_name_leaves_the_terminal_alone(capsys):
    summary = driver.Summary()
    summary.failed["a\n\x1b[2J"] = "lost"
    driver._say(driver.tqdm(disable=True), "a\n\x1b[2J", summary)
    assert capsys.readouterr().err == "a\\n\\x1b[2J: NOT GRADED: lost\n"


def test_a_full_disk_names_the_page_that_it_has_no_room_for(tmp_path):
    (tmp_path / ".work.new").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left") as caught:
        feedback._put(tmp_path / "work.html", "x")
    assert ends.place(caught.value) == str(tmp_path / ".work.new")
    assert list(tmp_path.iterdir()) == []


def test_marks_deleted_by_hand_are_no_zero_and_graded_again(tmp_path):
    course = Course(make_course(tmp_path))
    plan = course.plan(ASSIGNMENT)
    version = cells.version(plan.notebooks[NOTEBOOK])
    parts = {NOTEBOOK: {**outcomes.empty(), "version": version}}
    hand_in(tmp_path, "ana", released(tmp_path))
    job = worker.Job("ana", tmp_path / "submitted" / "ana" / ASSIGNMENT, tmp_path)

    def graded() -> set[str]:
        driver._write(course, plan, job, worker.Result("ana", "", deepcopy(parts)))
        return set(course.states(ASSIGNMENT))

    assert graded() == {"ana"}
    with course.gradebook() as gradebook:
        one, *_ = gradebook.find_submission(ASSIGNMENT, "ana").notebooks[0].grades
        gradebook.db.delete(one)
        gradebook.db.commit()
    assert course.states(ASSIGNMENT) == {} and graded() == {"ana"}


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to("nowhere")])
def test_what_is_called_a_gradebook_and_is_none_is_told(make, tmp_path):
    book = make_course(tmp_path) / "gradebook.db"
    book.unlink()
    make(book)
    with pytest.raises(CourseError, match=r"gradebook\.db is no file"):
        Course(tmp_path)


def test_a_full_temporary_folder_is_no_full_gradebook(tmp_path, monkeypatch):
    def full(*_):
        raise OperationalError("", {}, Exception("database or disk is full"))

    monkeypatch.setattr(worker, "private_gradebook", full)
    with pytest.raises(scratch.SandboxError, match="temporary folder .* is full; set TMPDIR"):
        worker.definition(None, None)


def test_an_id_of_two_lines_is_named(tmp_path):
    course = Course(make_course(tmp_path))
    hand_in(tmp_path, "a\nb", released(tmp_path))
    box = inbox.look(course, ASSIGNMENT, set(), set())
    assert box.folders == {} and "no id can have several lines" in box.lines()[0]
