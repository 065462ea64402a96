"""Similar answers: what was copied into a class is found, whatever was done to hide it."""

import ast
import csv
import io
import json
from types import SimpleNamespace

import bank
import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook

from grading import similar
from grading.__main__ import parser
from grading.course import CourseError

ITEMS = sorted(path.stem for path in (bank.BANK / "a1_training").glob("*.py"))


def notebook(answers: dict[str, str]):
    flags = {"locked": False, "task": False, "schema_version": 3}
    nb = new_notebook()
    for name, source in answers.items():
        nb.cells.append(new_markdown_cell(f"## The part <{name}> (1 point)"))
        for kind, text in (("solution", source), ("grade", "check()")):
            cell = new_code_cell(text)
            own = {"grade": False, "solution": False} | flags | {kind: True, "points": 1}
            cell.metadata["nbgrader"] = own | {"grade_id": name + "-" * (kind == "solution")}
            nb.cells.append(cell)
    return nb


# ---------------------------------------------------------------- what copyists do


class Renamed(ast.NodeTransformer):
    """Each name that the answer itself gives gets another."""

    def __init__(self, tree):
        stored = [
            n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and n.ctx.__class__ is ast.Store
        ]
        self.new = {name: f"my_{i}" for i, name in enumerate(dict.fromkeys(stored))}

    def visit_Name(self, node):
        return ast.Name(self.new.get(node.id, node.id), node.ctx)


def renamed(source: str) -> str:
    tree = ast.parse(source)
    return ast.unparse(Renamed(tree).visit(tree))


def reformatted(source: str) -> str:
    return ast.unparse(ast.parse(source)).replace("    ", "  ").replace(", ", ",\n  ", 1)


def with_other_comments(source: str) -> str:
    lines = [line.partition("  #")[0] for line in source.split("\n")]
    return "\n".join(
        f"{line}  # Zeile {i}" if line.strip() else line for i, line in enumerate(lines)
    )


def reordered(source: str) -> str:
    """Assignments that do not need one another change places, and functions too."""

    class Swap(ast.NodeTransformer):
        def generic_visit(self, node):
            super().generic_visit(node)
            body = getattr(node, "body", None)
            for i in range(len(body) - 1 if isinstance(body, list) else 0):
                a, b = body[i : i + 2]
                simple = all(isinstance(x, ast.Assign | ast.FunctionDef) for x in (a, b))
                if simple and not names(a, ast.Store) & names(b, ast.Load):
                    body[i : i + 2] = b, a
            return node

    return ast.unparse(Swap().visit(ast.parse(source)))


def names(tree, kind) -> set[str]:
    own = {tree.name} if isinstance(tree, ast.FunctionDef) and kind is ast.Store else set()
    return own | {
        n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, kind)
    }


def all_of_it(source: str) -> str:
    return with_other_comments(reordered(renamed(source)))


WAYS = [renamed, reformatted, with_other_comments, reordered, all_of_it]


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Sixteen students with answers of the bank, no two alike, and six copies: folders and pairs.

    With seeds 0 to 5 all 42 copied pairs share 0.17 or more, and all others 0.14 or less.
    """
    drawn = np.random.default_rng(0)
    answers = {item: [] for item in ITEMS}
    for answer in bank.read(bank.BANK, "a1_training", ITEMS):
        answers[answer.item].append(answer.source)
    orders = {item: drawn.permutation(len(answers[item]))[:16] for item in ITEMS}
    made = {
        f"s{number:02d}": {item: answers[item][orders[item][number]] for item in ITEMS}
        for number in range(16)
    }
    pairs = set()
    for number, way in enumerate(WAYS):
        made[f"t{number}"] = {item: way(text) for item, text in made[f"s{number:02d}"].items()}
        pairs.add((f"s{number:02d}", f"t{number}"))
    halves = zip(ITEMS, [made["s10"], made["s11"]] * len(ITEMS), strict=False)
    made["t9"] = {item: renamed(other[item]) for item, other in halves}
    pairs |= {("s10", "t9"), ("s11", "t9")}
    root = tmp_path_factory.mktemp("class")
    for student, written in made.items():
        (root / student).mkdir()
        nbformat.write(notebook(written), root / student / "a1.ipynb")
    return {student: root / student for student in made}, pairs


class Course:
    def __init__(self, folders, release):
        self.graded, self.release = folders, release
        self.book = Gradebook("sqlite:///:memory:", "bench")

    def gradebook(self):
        return self.book

    def plan(self, assignment):
        pass

    def folders(self, step, assignment):
        return self.graded

    def folder(self, step, student, assignment):
        return self.release


@pytest.fixture
def ask(planted, tmp_path, monkeypatch):
    """The command's exit status and what it printed."""
    blank = {item: "def to_be_written(): ..." for item in ITEMS}
    nbformat.write(notebook(blank), tmp_path / "a1.ipynb")

    def run(form="table", folders=planted[0], page=None):
        out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
        monkeypatch.setattr("sys.stdout", out)
        words = SimpleNamespace(assignment="a1", least=0.15, format=form, page=page)
        assert similar.similar(Course(folders, tmp_path), words) == 0
        out.flush()
        monkeypatch.undo()
        return out.buffer.getvalue().decode()

    return run


def test_what_was_copied_is_found_and_nothing_else(planted, ask, tmp_path):
    page = tmp_path / "similar.html"
    found = json.loads(ask("json", page=page))
    assert {(pair["one"], pair["other"]) for pair in found} == planted[1]
    assert found[0]["share"] > 0.99 and found[0]["one"] == "s02"  # comments do not count
    text = page.read_text()
    item, share = next(iter(found[0]["items"].items()))
    part = item.removeprefix("a1/")
    assert f"<h3>{item} (The part &lt;{part}&gt;): {100 * share:.0f} %</h3>" in text
    assert text.count("<h2>") == len(found) and "a reason to look, not a proof" in text
    assert text.count("<mark>") == text.count("</mark>") > 100


@pytest.mark.parametrize("share", ["nan", "-1", "15", "much"])
def test_a_share_is_from_0_to_1(share, capsys):
    with pytest.raises(SystemExit, match="2"):
        parser().parse_args(["similar", "a1", "--least", share])
    assert "--least" in capsys.readouterr().err


def test_who_hands_in_together_is_no_pair():
    pairs = [similar.Pair(one, other, 1.0, 99) for one, other in ("ab", "ac", "cd", "de")]
    assert similar.apart(pairs, {"a": "red", "b": "red", "c": "blue"}) == pairs[1:]


def test_as_a_table_and_with_commas(ask, planted, capsys):
    rows = list(csv.DictReader(io.StringIO(ask("csv"))))
    assert {(row["one"], row["other"]) for row in rows} == planted[1]
    table = ask("table")
    assert all(f"{one} and {other}" in table for one, other in planted[1])
    assert all(f"a1/{item} (The part <{item}>) " in table for item in ITEMS)
    assert "not a proof" in capsys.readouterr().err
    similar._table([], {})
    assert capsys.readouterr().out == "No pair shares as much.\n"


def one_item(*sources: str, known: str = "") -> list[similar.Pair]:
    def answer(text):
        places = {value: [(start, end)] for value, start, end in similar.pieces(text)}
        return similar.Answer(text, places)

    written = {f"s{number}": answer(text) for number, text in enumerate(sources)}
    return similar.compare({"item": written}, {"item": set(answer(known).pieces)})


LINES = "total = 0\nfor value in values:\n    total += value ** 2\nresult = total / len(values)\n"


def test_what_many_have_or_was_handed_out_does_not_count():
    assert one_item(LINES, LINES)[0].share == 1
    assert one_item(LINES, LINES, known=LINES) == []
    assert one_item(*[LINES] * 3) != [] and one_item(*[LINES] * 4) == []
    assert one_item("", "x", LINES) == []


def test_marked_parts_make_up_the_source():
    answer = similar.Answer(LINES, {})
    for value, start, end in similar.pieces(LINES):
        answer.pieces.setdefault(value, []).append((start, end))
    assert similar.marked(answer, set()) == [(LINES, False)]
    [some] = list(answer.pieces)[3:4]
    parts = similar.marked(answer, {some})
    assert "".join(text for text, _ in parts) == LINES
    [shared] = [text for text, shared in parts if shared]
    start, end = answer.pieces[some][0]
    assert shared == LINES[start:end]


def test_one_student_is_no_pair(ask, planted):
    with pytest.raises(CourseError, match="fewer than two students"):
        ask(folders=dict(list(planted[0].items())[:1]))
