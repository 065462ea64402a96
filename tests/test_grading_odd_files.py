"""Notebooks as other programs write them are read; what is too large is named."""

import json
import os
import sqlite3

import pytest
import sqlalchemy.exc
from classroom import ASSIGNMENT, hand_in, make_course, solve
from test_grading_inbox import BAD, GOOD, NAME, plan, put, taken, work  # noqa: F401

from grading import due
from grading.__main__ import main

ODD = {
    "a format of 4.0": work(nbformat=4.0),
    "a number of 5,000 digits": work(metadata={"n": "?"}).replace('"?"', "9" * 5000),
    "a kind of cell that there is no more": work().replace('"code"', '"heading"', 1),
}


@pytest.mark.parametrize("name", ODD)
def test_it_is_read(name, tmp_path, plan):  # noqa: F811
    state, words, there = taken(tmp_path, plan, {f"{NAME}.ipynb": ODD[name]})
    assert (state, words) == (GOOD, "") and f"{NAME}.ipynb" in there


def test_a_notebook_that_is_too_large_is_named(tmp_path, plan):  # noqa: F811
    put(tmp_path / "in", {f"{NAME}.ipynb": work()})
    os.truncate(tmp_path / "in" / f"{NAME}.ipynb", 2 << 30)  # with a hole: it takes no room
    state, words, _ = taken(tmp_path, plan, {})
    assert state == BAD and f"not too large: '{NAME}.ipynb' was left out" in words


@pytest.mark.parametrize(
    "name", ["timestamp.txt/x", "tools.py/x", "hw/submission_secret.txt/x", "data"]
)
def test_what_is_in_the_way_of_files_that_lie_there_is_left_out(name, tmp_path, plan):  # noqa: F811
    put(plan.source / NAME, {"tools.py": "x = 1", "data/a.csv": "1"})
    base = name.partition("/")[0] if name.startswith("hw/") else "."
    state, words, there = taken(
        tmp_path, plan, {f"{base}/{NAME}.ipynb": work(), name: "", "b.py": ""}
    )
    assert state == GOOD and f"{name!r} was left out" in words
    assert there == {f"{NAME}.ipynb", "b.py"}


def test_compiled_modules_are_left_out(tmp_path, plan):  # noqa: F811
    given = {f"{NAME}.ipynb": work(), "a.py": "", "a.so": "", "__pycache__/a.cpython-311.pyc": ""}
    state, words, there = taken(tmp_path, plan, given | {"my__pycache__.txt": ""})
    assert state == GOOD and "'a.so' was left out: it is compiled" in words
    assert there == {f"{NAME}.ipynb", "a.py", "my__pycache__.txt"}


def test_work_that_is_not_graded_yet_is_no_missing_work(tmp_path, capsys):
    make_course(tmp_path)
    hand_in(tmp_path, "ana", solve(tmp_path))
    assert main(["report", ASSIGNMENT, "--course", str(tmp_path), "--format", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["student"], row["state"], row["score"]) == ("ana", "not graded yet", None)


def test_a_file_of_the_assignment_that_is_gone_is_named(tmp_path, capsys):
    make_course(tmp_path)
    hand_in(tmp_path, "ana", solve(tmp_path))
    put(tmp_path / "release" / ASSIGNMENT, {"data/tools.py": "x = 1", ".ipynb_checkpoints/a": ""})
    assert main(["autograde", ASSIGNMENT, "--course", str(tmp_path), "--quiet"]) == 2
    assert "has no 'data/tools.py'" in capsys.readouterr().err


def test_a_gradebook_on_a_full_disk_is_said_to_be(tmp_path, monkeypatch, capsys):
    def full(*_):
        why = sqlite3.OperationalError("database or disk is full")
        error = sqlalchemy.exc.OperationalError("INSERT", {}, why)
        error.add_detail("raised as a result of Query-invoked autoflush")
        raise error

    monkeypatch.setattr(due, "due", full)
    make_course(tmp_path)
    assert main(["due", ASSIGNMENT, "--course", str(tmp_path)]) == 1
    assert (
        capsys.readouterr().err == "error: the gradebook cannot be used: database or disk is full\n"
    )
