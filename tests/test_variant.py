"""Numbers of one's own: drawn alike everywhere, graded, regraded, and whose they are."""

import json
import re
from pathlib import Path

import commands
import pytest
from classroom import ASSIGNMENT, NOTEBOOK, cell, find, hand_in, make_course, marks, notebook
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook
from test_grading import needs_sandbox
from test_grading_changed import change

import checks.training
from grading import similar
from helpers import variant

README = Path(__file__).resolve().parents[1] / "grading" / "README.md"
PRELOAD = 'c.Limits.preload = ["helpers.variant"]'  # as nbgrader_config.py preloads helpers
LISTS = {"a": tuple(range(20)), "b": (0.1, 0.2, 0.3)}


def test_a_name_draws_the_same_numbers_everywhere():
    """The numbers are those of the first version: students' work must not change under them."""
    own = variant.numbers("Ana López", **LISTS)
    assert (own.a, own.b) == (17, 0.2)
    assert variant.numbers(" ana  LO\u0301PEZ", **LISTS) == own
    assert variant.numbers("Ana López", a=LISTS["a"]).a == own.a  # whatever else is drawn
    assert str(own) == f"a = {own.a}\nb = {own.b}" and own.given == LISTS
    assert variant.numbers(4711, **LISTS) == variant.numbers("4711", **LISTS)


def test_nobody_has_the_first_of_each_list_and_all_are_drawn():
    assert vars(variant.numbers(" ", **LISTS)) == {"given": LISTS, "a": 0, "b": 0.1}
    drawn = [variant.numbers(f"student {n}", **LISTS).a for n in range(2000)]
    counts = [drawn.count(value) for value in LISTS["a"]]
    assert min(counts) > 60 and max(counts) < 145  # 100 each; 4 standard deviations are 39


@pytest.mark.parametrize("me", [None, True, 1.5, ["ana"], "\ud800", 10**5000], ids=type)
def test_who_is_no_text_is_told(me):
    with pytest.raises(TypeError, match="between quotes"):
        variant.numbers(me, **LISTS)


def test_whose_numbers_they_are():
    said = {"ana": "ana", "bo": "ana", "cy": "dora", "dora": "dd", "eve": "", "fay": ""}
    names = {"dora": {"dora", "doral"}, "bo": {"bo"}, "ana": {"ana"}}
    assert similar.borrowed(said, names) == {("ana", "bo"): "ana", ("cy", "dora"): "dora"}


# ---------------------------------------------------------------- the example of the manual


def blocks() -> list[str]:
    text = README.read_text("utf-8").split("## Numbers of one's own")[1].split("\n## ")[0]
    return re.findall(r"```python\n(.*?)\n```", text, re.DOTALL)


def written(me: str, product: str):
    """A student's notebook: the cells of the manual, and an answer."""
    who, draw, test = blocks()
    assert who.startswith('me = ""')
    cells = [
        new_code_cell(who.replace('""', repr(me))),
        cell("numbers", draw),
        cell("product", f"product = {product}", solution=True),
        cell("test-product", test, 5),
    ]
    return notebook(cells)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = make_course(tmp_path_factory.mktemp("variants") / "course", extra=PRELOAD)
    place = root / "source" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    place.write_text(json.dumps(written("", "own.a * own.b")))
    done = commands.run("generate_assignment", ASSIGNMENT, "--force", nbgrader_in=root)
    assert done.returncode == 0, done.stderr
    ana = variant.numbers("Ana", a=(3, 5, 7, 8), b=(12, 14, 16, 18, 19))
    hand_in(root, "ana", written("Ana", f"{ana.a} * {ana.b}"))
    hand_in(root, "bo", written("Bo", "own.a * own.b"))
    hand_in(root, "cy", written("cy", f"{ana.a} * {ana.b}"))  # the number, and not the name
    hand_in(root, "dora", written("ana", f"{ana.b} * {ana.a}"))
    hand_in(root, "eve", written("", "36"))
    nb = written("fay", "3 * 12")
    find(
        nb, "numbers"
    ).source = "from helpers import variant\ndrawn = lambda me: variant.numbers('')"
    hand_in(root, "fay", nb)
    hand_in(
        root, "gil", written("gil", "36\ndrawn = lambda me: variant.numbers(me, a=(3,), b=(12,))")
    )
    commands.run("autograde", ASSIGNMENT, "--course", str(root))
    return root


def scores(root) -> dict:
    return {
        s: marks(root, s)["test-product"] for s in ("ana", "bo", "cy", "dora", "eve", "fay", "gil")
    }


@needs_sandbox
def test_the_example_of_the_manual_grades_each_by_their_own_numbers(course):
    right = {"ana": 5, "bo": 5, "cy": 0, "dora": 5, "eve": 5, "fay": 0, "gil": 0}
    assert scores(course) == right
    nb = json.loads((course / "autograded" / "ana" / ASSIGNMENT / f"{NOTEBOOK}.ipynb").read_text())
    shown = "".join(nb["cells"][1]["outputs"][0]["text"])
    assert shown == f"{variant.numbers('ana', a=(3, 5, 7, 8), b=(12, 14, 16, 18, 19))}\n"


@needs_sandbox
def test_who_has_anothers_numbers_is_shown(course):
    with Gradebook(f"sqlite:///{course}/gradebook.db", "bench") as gradebook:
        gradebook.update_or_create_student("bo", first_name="Robert", last_name="Cy")
    words = ["similar", ASSIGNMENT, "--course", str(course)]
    found = json.loads((done := commands.run(*words, "--format", "json")).stdout)
    assert [(p["one"], p["other"], p["me"]) for p in found] == [("ana", "dora", "ana")]
    assert "drawn by no name, the same numbers: eve" in done.stderr
    table = commands.run(*words).stdout
    assert "ana and dora" in table and "numbers of 'ana'" in table


@needs_sandbox
def test_a_regrading_draws_the_same_numbers(course):
    words = ["regrade", ASSIGNMENT, "--dry-run", "--format", "json", "--course", str(course)]
    assert json.loads(commands.run(*words).stdout) == []
    change(course, "test-product", "own = drawn(me)\nassert product == own.a + own.b", 5)
    found = json.loads(commands.run(*words).stdout)
    assert {one["student"] for one in found} == {"ana", "bo", "dora", "eve"}


def test_who_wrote_no_name_is_told_by_a1s_item():
    """Its cell deleted, or a name without quotes: nothing is called `me`."""
    cells = json.loads((README.parents[1] / "source/a1_training/a1_training.ipynb").read_text())
    by_id = {c["metadata"].get("nbgrader", {}).get("grade_id"): c for c in cells["cells"]}
    draw, test = ("".join(by_id[name]["source"]) for name in ("start-numbers", "start"))
    space = {}
    exec(draw.partition("own =")[0], space)
    with pytest.raises(TypeError, match='me = "Ana Lopez"'):
        exec(test.splitlines()[-2], space | {"checks": checks, "start": {}})
