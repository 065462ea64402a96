"""Nothing that reads a submission is slow in its size: each reader on hostile inputs that grow."""

import gc
import json
import statistics
import time

import numpy as np
import pytest
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_markdown_cell

from grading import (
    cells,
    foreign,
    hidden,
    lines,
    marks,
    needless,
    notebook,
    outcomes,
    outputs,
    pages,
)
from grading.limits import Limits
from grading.submission import look

LEAST = 0.02  # s: what is faster is not told from chance on a busy machine
KNOWN = [cells.Cell("test", "code", "assert f() == 1", "", True, 2.0, False, False)]


def written(tmp_path, cells_: list[dict], **more):
    path = tmp_path / "work.ipynb"
    path.write_text(
        json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells_, **more})
    )
    return path


def cell(source="x", kind="code", **more) -> dict:
    return {"cell_type": kind, "source": source, "metadata": {}, **more}


def nested(depth: int) -> list:
    found = []
    for _ in range(depth):
        found = [found]
    return found


def made(source: str) -> NotebookNode:
    return NotebookNode(cell_type="code", source=source, metadata=NotebookNode(), outputs=[])


def restored(texts: list[str]) -> None:
    nb = NotebookNode(cells=[made(text) for text in texts])
    nb.cells[0].metadata.nbgrader = {"grade_id": "test"}
    cells.restore(nb, KNOWN)


def many_claims(n: int) -> None:
    nb = NotebookNode(cells=[made("x") for _ in range(n)])
    for each in nb.cells:
        each.metadata.nbgrader = {"grade_id": "test"}
    outcomes.condensed(cells.restore(nb, KNOWN))


def render(text: str) -> None:
    """A page's texts, each as long as is rendered, as many as there are of them."""
    page = pages.Pages()
    page.rendered = 0
    for at in range(0, len(text), pages.LONGEST_TEXT):
        page.markdown2html({}, text[at : at + pages.LONGEST_TEXT])


@pytest.fixture
def short_texts(monkeypatch):
    """What a text costs may grow as its square, up to the length that is rendered: here a short one."""
    monkeypatch.setattr(pages, "LONGEST_TEXT", 1000)


def picture(text: str) -> None:
    notebook.mend_pictures(new_markdown_cell(text, attachments={"a": {"image/png": "x"}}))


def to_read(source: str) -> list[str]:
    return lines.to_read(NotebookNode(cells=[made(source)]))


def shown(*found: dict):
    return outputs.showable(list(found))


def html(text: str):
    return shown({"output_type": "display_data", "data": {"text/html": text}, "metadata": {}})


# name -> (size of the smallest input, what reads one of a size)
READERS = {
    "marks of hidden tests, opened": (20_000, lambda n: hidden.replace("BEGIN HIDDEN TESTS\n" * n)),
    "marks of hidden tests, one line": (50_000, lambda n: hidden.replace("BEGIN MARK SCHEME " * n)),
    "marks of hidden tests, both": (
        20_000,
        lambda n: hidden.replace("BEGIN HIDDEN TESTS\nEND MARK SCHEME\n" * n),
    ),
    "a number of many digits": (
        20_000,
        lambda n: [marks.number("1" * n + "x") for _ in range(100)],
    ),
    "a number in many lines": (20_000, lambda n: marks.number(["1"] * n)),
    "long names before a number": (
        20_000,
        lambda n: [marks.number("np." + "a" * n) for _ in range(100)],
    ),
    "links to pictures": (5_000, lambda n: picture("attachment:" * n)),
    "links in brackets": (5_000, lambda n: picture("![a](attachment:a" * n)),
    "pictures in a text": (500, lambda n: picture(f"data:image/png;base64,{'A' * 1500} x" * n)),
    "escaped links": (5_000, lambda n: picture("attachment&#58;a \\" * n)),
    "cells": (500, lambda n: restored(["a" * 50] * n)),
    "cells with marks": (300, lambda n: restored(["BEGIN HIDDEN TESTS\n" * 50] * n)),
    "one cell many times": (400, many_claims),
    "a line of imports": (2_000, lambda n: to_read("import " * n)),
    "lines of imports": (2_000, lambda n: to_read("from a import apart\n" * n)),
    "lines of private names": (
        2_000,
        lambda n: needless.needless("a.b._c = getattr(d, '_e')\n" * n, {"a"}),
    ),
    "messages": (5_000, lambda n: outcomes.condensed([f"test: {i}" for i in range(n)])),
    "long messages": (3_000, lambda n: outcomes.condensed(["x" * n] * 3_000)),
    "colours": (
        20_000,
        lambda n: shown({"output_type": "stream", "name": "x", "text": "\x1b[31m" * n}),
    ),
    "lines of an error": (
        20_000,
        lambda n: shown(
            {"output_type": "error", "ename": "E", "evalue": "", "traceback": ["x"] * n}
        ),
    ),
    "outputs": (20_000, lambda n: shown(*[{"output_type": "stream", "text": "x"}] * n)),
    "kinds of data": (
        5_000,
        lambda n: shown({"output_type": "display_data", "data": {f"a/{i}": "x" for i in range(n)}}),
    ),
    "wide JSON": (
        5_000,
        lambda n: shown({"output_type": "display_data", "data": {"application/json": [[]] * n}}),
    ),
    "HTML": (5_000, lambda n: html("<p>" * n)),
    "HTML without end": (10_000, lambda n: html("<a " * n)),
    "HTML of quotes": (10_000, lambda n: html("<a b='" * n)),
    "HTML of scripts": (4_000, lambda n: html("<script><script a='b'>" * n)),
    "HTML of attributes": (5_000, lambda n: html("<a" + " b=c" * n + ">")),
    "pictures": (
        400_000,
        lambda n: shown({"output_type": "display_data", "data": {"image/png": "A" * 4 * n}}),
    ),
}
MARKDOWN = [
    "\\begin{a}",
    "[",
    "![a](",
    "**a",
    "> ",
    "`",
    "$a ",
    "<a ",
    "- a\n  ",
    "|a|\n|-|\n",
    "a_",
    "\\\\[",
]
for piece in MARKDOWN:
    READERS[f"markdown {piece!r}"] = (4_000 // len(piece), lambda n, p=piece: render(p * n))


def cpu(read, size: int) -> float:
    """Computing time of this process; no collection of garbage between."""
    gc.disable()
    try:
        start = time.process_time()
        read(size)
        return time.process_time() - start
    finally:
        gc.enable()


def check_growth(measure, factors: tuple[int, ...]) -> None:
    """The power of the size with which time grows: 1 is linear, 2 the square, the bound halfway.

    Time counts from LEAST on. The least time of up to six rounds: on a busy machine a round takes
    more, and never less; a slope through all sizes forgives the step where a cache is outgrown.
    """
    least = dict.fromkeys(factors, float("inf"))
    for _ in range(6):
        for factor in factors:
            least[factor] = min(least[factor], measure(factor))
        times = [max(least[factor], LEAST) for factor in factors]
        power = statistics.linear_regression(*map(np.log, (factors, times))).slope
        if power <= 1.5:
            return
    raise AssertionError(f"grows with the power {power:.2f} of the size: {least}")


@pytest.mark.parametrize("name", READERS)
def test_time_grows_no_faster_than_size(name, short_texts):
    size, read = READERS[name]
    read(10)  # what is imported at first use
    for _ in range(5):  # long enough to be measured (unless a limit is met first), no longer
        took = cpu(read, size)
        size = 2 * size if took < LEAST / 2 else size // 2 if took > 2 * LEAST else size
    check_growth(lambda factor: cpu(read, factor * size), (1, 2, 4, 8))


@pytest.mark.parametrize("factors", [(1, 2, 4), (1, 2, 4, 8)])
def test_what_grows_as_the_square_is_found(factors):
    with pytest.raises(AssertionError, match="power 2.00"):
        check_growth(lambda factor: factor**2 * LEAST, factors)
    check_growth(lambda factor: factor * LEAST * (1 if factor < 4 else 1.6), factors)


FILES = {
    "cells": lambda n: ([cell()] * n, {}),
    "text": lambda n: ([cell("a" * 1000)] * n, {}),
    "lines": lambda n: ([cell(["a\n"] * 1000)] * n, {}),
    "outputs": lambda n: ([cell(outputs=[{"text": "x" * 5000}] * n)], {}),
    "metadata": lambda n: ([cell()], {"x": [{}] * 100 * n}),
    "attachments": lambda n: (
        [cell("", "markdown", attachments={str(i): {"image/png": "A" * 1000} for i in range(n)})],
        {},
    ),
    "names": lambda n: ([cell(metadata={"nbgrader": {"grade_id": f"a{i}"}}) for i in range(n)], {}),
}


@pytest.mark.parametrize("name", FILES)
def test_a_notebook_is_read_in_time_that_grows_with_it(name, tmp_path):
    def measure(factor: int) -> float:
        made, more = FILES[name](factor * 120)
        path, limits = written(tmp_path, made, **more), Limits()
        start = time.process_time()
        nb = notebook.read_notebook(path, limits)
        foreign.belongs_to(nb, cells.locked_texts(KNOWN), tmp_path, "")
        return time.process_time() - start

    check_growth(measure, (1, 2, 4))


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ([cell()] * 100_000, "100000 cells, more than 2000"),
        ([cell("a" * 2**20), cell()], "characters of text"),
        ([cell("", "markdown", attachments={"a": {"image/png": "A" * (2**24 + 4)}})], "pictures"),
    ],
)
def test_what_is_too_much_is_refused_with_a_reason(made, said, tmp_path):
    with pytest.raises(notebook.Unreadable, match=said):
        notebook.read_notebook(written(tmp_path, made), Limits())


def test_sixty_megabytes_of_outputs_are_dropped(tmp_path):
    path = written(tmp_path, [cell("x = 1", outputs=[{"text": "y" * 60_000_000}])])
    nb = notebook.read_notebook(path, Limits())
    assert nb.cells[0].source == "x = 1" and nb.cells[0].outputs == []


def test_what_is_nested_is_dropped(tmp_path):
    deep = {"nbgrader": {"grade_id": nested(400)}}
    nb = notebook.read_notebook(written(tmp_path, [cell(metadata=deep)]), Limits())
    assert "nbgrader" not in nb.cells[0].metadata


def test_line_ends_of_other_systems_are_no_change(tmp_path):
    path = written(tmp_path, [cell("x = 1\r\ny = 2\rz = 3")])
    assert notebook.read_notebook(path, Limits()).cells[0].source == "x = 1\ny = 2\nz = 3"


def test_many_and_large_files_are_listed(tmp_path):
    for number in range(3000):
        (tmp_path / f"a{number}").touch()
    with open(tmp_path / "huge", "wb") as file:
        file.truncate(2**40)
    (tmp_path / "work.ipynb").write_text("{}")
    found = look(tmp_path, Limits())
    assert "work.ipynb" in found.files and "huge" not in found.files
    assert len(found.files) <= 2000 and any("too large" in note for note in found.notes)
