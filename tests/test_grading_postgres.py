"""The gradebook in PostgreSQL, where a server and a driver are installed."""

import re

import classroom
import postgres
import pytest
from classroom import answer, hand_in, solve
from test_grading import needs_sandbox, run, states


@pytest.fixture
def database():
    with postgres.Server() as server:
        yield server.url()


@needs_sandbox
def test_postgresql(tmp_path, database):
    course = classroom.make_course(
        tmp_path / "course", extra=f"c.CourseDirectory.db_url = {database!r}", db_url=database
    )
    hand_in(course, "right", solve(course))
    hand_in(course, "dies", solve(course, answer(mean="import os; os._exit(3)")))
    hand_in(course, "junk", "{")
    result = run("autograde", course)
    assert result.returncode == 1, result.stderr
    found = states(course)
    assert {name: row["state"] for name, row in found.items()} == {
        "right": "graded",
        "dies": "graded in part",
        "junk": "not gradable",
    }
    assert found["right"]["score"] == 7 and found["dies"]["score"] == 4
    assert "0 done, 3 had been graded before" in run("autograde", course).stdout
    assert not re.search("sqlite", result.stderr)
