"""Statistics per item: what was planted in a class is found, and what nobody explained is kept."""

import csv
import io
import json
from types import SimpleNamespace

import bank
import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grading import items, report, verdicts

NAMES = ("sum", "mean", "essay")
POINTS = {f"work/{name}": points for name, points in zip(NAMES, (4.0, 6.0, 10.0), strict=True)}


def code(source: str, name: str, *outputs: dict, **marked) -> dict:
    flags = {"grade": False, "solution": False, "task": False, "locked": False, "schema_version": 3}
    cell = new_code_cell(source, outputs=[nbformat.from_dict(one) for one in outputs])
    cell.metadata["nbgrader"] = flags | {"grade_id": name} | marked
    return cell


def error(text: str) -> dict:
    return {"output_type": "error", "ename": "Wrong", "evalue": text, "traceback": []}


LIKELY = (
    "\nItem:     Item 1\nTried:    f(1)\nExpected: 2\nCame:     1\nLikely:   the sum is missing"
)
PLAIN = "\nTried:    f(1)\nExpected: 2\nCame:     1"
BLANK = "\nTried:    f(1)\nCame:     f is still to be written"


class Class:
    """Autograded notebooks in a folder, and rows as `report.rows` gives them."""

    def __init__(self, root):
        self.root, self.rows = root, []

    def folder(self, kind, student, assignment):
        return self.root / kind / student / assignment

    def add(self, student: str, scores: dict, failed: dict | None = None, **answers: str) -> None:
        cells = []
        for name in NAMES[:2]:
            cells.append(code(answers.get(name, "answer"), f"{name}-answer", solution=True))
            outputs = [error(failed[name])] if failed and name in failed else []
            cells.append(code("check()", name, *outputs, grade=True, points=POINTS[f"work/{name}"]))
        folder = self.folder("autograded", student, "a1")
        folder.mkdir(parents=True)
        nbformat.write(new_notebook(cells=cells), folder / "work.ipynb")
        marks = {f"work/{name}": score for name, score in scores.items()}
        self.rows.append({"student": student, "score": 1.0, "items": marks, "points": POINTS})

    def summary(self) -> dict[str, dict]:
        return {item.name: item.summary() for item in items.look(self, "a1", self.rows)}


@pytest.fixture
def sixty(tmp_path):
    """Who has `sum` right has `mean` right too, but for six; the essay is at odds with both."""
    made, draw = Class(tmp_path), np.random.default_rng(0)
    for number in range(60):
        able = draw.random() < 0.6
        failed = {} if able else {"sum": LIKELY if number % 3 else PLAIN}
        failed |= {} if able != (number < 6) else {"mean": BLANK}
        scores = {"sum": 0.0 if "sum" in failed else 4.0, "mean": 0.0 if "mean" in failed else 6.0}
        scores["essay"] = None if number == 7 else float(draw.integers(0, 11))
        made.add(f"s{number:02d}", scores, failed, sum=f"def f(x): return {number % 9}")
    made.rows.append({"student": "none", "score": None, "items": {}, "points": {}})
    return made


def test_facility_and_discrimination_equal_their_definitions(sixty):
    table = np.array([[row["items"][n] or 0.0 for n in POINTS] for row in sixty.rows[:-1]])
    found = sixty.summary()
    for column, name in enumerate(POINTS):
        marked = np.array([row["items"][name] is not None for row in sixty.rows[:-1]])
        own, rest = table[marked, column], np.delete(table, column, 1).sum(1)[marked]
        assert found[name]["facility"] == pytest.approx(own.mean() / POINTS[name], abs=1e-4)
        r = np.corrcoef(own, rest)[0, 1]
        assert found[name]["discrimination"] == pytest.approx(r, abs=1e-4)
        assert found[name]["marked"] == marked.sum()
    assert found["work/essay"]["waiting"] == 1
    assert found["work/sum"]["discrimination"] > 0.3 > abs(found["work/essay"]["discrimination"])


def test_causes_are_counted_and_the_unexplained_told_apart(sixty):
    found = sixty.summary()
    lost = [n for n, row in enumerate(sixty.rows[:-1]) if row["items"]["work/sum"] == 0]
    plain = sum(n % 3 == 0 for n in lost)
    assert found["work/sum"]["causes"] == {
        "the sum is missing": len(lost) - plain,
        items.UNEXPLAINED: plain,
    }
    assert found["work/mean"]["causes"] == {} and found["work/mean"]["not_begun"] > 0
    assert found["work/mean"]["none"] == found["work/mean"]["not_begun"]


def test_what_an_answer_uses_that_is_not_by_hand_is_its_cause():
    lines = {"Expected": "an answer by hand", "Came": "without the library's softmax"}
    assert verdicts.cause(lines) == lines["Came"]
    assert verdicts.cause(lines | {"Likely cause": "another"}) == "another"
    assert verdicts.cause({"Expected": "2", "Came": "3"}) == ""


def test_what_nobody_explained_becomes_answers_of_the_bank_once_and_nameless(sixty, tmp_path):
    found = {item.name: item for item in items.look(sixty, "a1", sixty.rows)}
    for _ in range(2):  # the second time adds nothing
        items.to_bank(found["work/sum"], tmp_path / "bank" / "a1")
    text = (tmp_path / "bank" / "a1" / "sum.py").read_text()
    assert not any(row["student"] in text for row in sixty.rows)
    answers = bank.read(tmp_path / "bank", "a1", ["sum"])
    assert [a.source.strip() for a in answers] == found["work/sum"].unexplained
    assert len(set(found["work/sum"].unexplained)) == len(found["work/sum"].unexplained) > 1
    items.to_bank(found["work/mean"], tmp_path / "bank" / "a1")
    assert not (tmp_path / "bank" / "a1" / "mean.py").exists()


@pytest.mark.parametrize(
    ("x", "y"), [([], []), ([1.0, 2.0], [1.0, 2.0]), ([1.0] * 5, [1.0, 2.0, 3.0, 4.0, 5.0])]
)
def test_no_correlation_where_there_can_be_none(x, y):
    assert items.correlation(x, y) is None


def test_formats(sixty, monkeypatch):
    found = [one | {"title": "1. A sum"} for one in sixty.summary().values()]
    shown = {}
    for name in ("json", "csv", "table"):
        out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
        monkeypatch.setattr("sys.stdout", out)
        if not report.as_data(name, found, items.FIELDS, map(items._line, found)):
            items._table(found)
        out.flush()
        shown[name] = out.buffer.getvalue().decode()
    monkeypatch.undo()
    assert json.loads(shown["json"]) == found
    rows = list(csv.DictReader(io.StringIO(shown["csv"])))
    assert [row["name"] for row in rows] == list(POINTS)
    assert "x the sum is missing" in rows[0]["causes"]
    assert shown["table"].splitlines()[1].endswith("  1. A sum")
    assert "work/sum" in shown["table"] and "x the sum is missing" in shown["table"]


def test_an_item_is_named_by_the_heading_above_it(tmp_path):
    folder = tmp_path / "source" / "." / "a1"
    folder.mkdir(parents=True)
    cells = [
        new_markdown_cell("# Work\n\n### 1. A sum (4 points)"),
        code("x", "a", solution=True),
    ]
    cells.append(code("check()", "sum", grade=True, points=4))
    nbformat.write(new_notebook(cells=cells), folder / "work.ipynb")
    made = Class(tmp_path)
    (folder / "broken.ipynb").write_text('{"cells": 3}')
    assert items.titles(made, "a1") == {"work/sum": "1. A sum"} and items.titles(made, "a2") == {}


def test_a_class_without_marks(tmp_path):
    assert items.look(SimpleNamespace(), "a1", [{"student": "a", "score": None}]) == []
    items._table([])
