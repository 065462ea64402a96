"""Notebooks as other programs write them are read; what is too large is named."""

import os

import pytest
from test_grading_inbox import BAD, GOOD, NAME, plan, put, taken, work  # noqa: F401

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
