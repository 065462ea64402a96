"""What people are told and shown: titles, pictures, what is not there; and what a killed run left."""

import os
import tempfile

import pytest
from classroom import ASSIGNMENT, cell, make_course, notebook
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grading import outputs, scratch, verdicts, worker
from grading.__main__ import main


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
