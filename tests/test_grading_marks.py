"""What a test is worth, what it relies on, and which lines of an answer are to be read."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from grading import cells, lines, marks


@pytest.mark.parametrize(
    ("shown", "value"),
    [
        *[(text, 0.5) for text in ("0.5", "np.float32(0.5)", "array(0.5)", "tensor(0.5000)")],
        *[(text, 0.5) for text in ("array(0.5, dtype=float32)", "np.float64(0.5)", ["0", ".5"])],
        ("tensor(0.5000, dtype=torch.float64)", 0.5),
        *[("np.int64(3)", 3), ("array(2)", 2), ("7", 7), ("-2", -2), ("1.", 1), ("1e-3", 1e-3)],
        *[(text, None) for text in ("True", "'1.0'", "[1.0]", "array([1.])", "nan", "1_0", "1j")],
        *[(text, None) for text in ("inf", "'1'", "1+0j", "", "tensor([1.])", "tensor(nan)", None)],
        *[(text, None) for text in ("np.float64(inf)", "1e999", "1" * 20_000 + "x")],
    ],
)
def test_number_displayed(shown, value):
    assert marks.number(shown) == value


def test_mark_of_a_test():
    assert marks.score_of("assert True", [], 3, False) == (3, "")
    assert marks.score_of("assert True", [], 3, True) == (0, "")
    assert marks.score_of("x = 1\nx", ["1.5"], 3, False) == (1.5, "")
    assert marks.score_of("check(f)", [], 3, False) == (3, "")
    assert marks.score_of("x", ["3.5"], 3, False)[0] == 0
    assert marks.score_of("assert f()", ["3"], 3, True)[0] == 0
    assert marks.score_of("assert f()", ["0"], 3, False)[0] == 3


def test_what_a_test_relies_on():
    source = (
        "import numpy as np\nfrom torch.nn import functional as F\nx = near(np.ones(2), F.relu(y))"
    )
    assert cells.imports(source) == {"numpy", "torch.nn"}
    assert cells.free(source) == ["near", "y"]
    assert cells.shows_value("1 + 1") and not cells.shows_value("1 + 1;")
    assert not cells.shows_value("x = 1") and cells.shows_value("not Python (")


def test_names_that_a_test_takes_from_the_answers():
    test = "def check(f, x=start):\n    for H in range(3): return [f(p, H) for p in sizes]\n"
    assert cells.free(test + "%time check(g)\nnet = 1\nprint(net)") == [
        "check",
        "g",
        "sizes",
        "start",
        "time",
    ]
    assert cells.free("x = await f()") == ["f"] and cells.free("a = !ls (") == ["a", "ls"]


def test_lines_to_read_are_named():
    answer = new_code_cell("import sys\nx = 'a'  # gc\nfrom os import checks\nchecks = 1")
    answer.metadata["nbgrader"] = {"grade_id": "mine", "locked": False}
    test = new_code_cell("import gc", metadata={"nbgrader": {"grade_id": "t", "locked": True}})
    calm = new_code_cell("net.eval(); torch.compile(net); re.compile('x')")
    found = lines.to_read(new_notebook(cells=[answer, test, calm]))
    assert found == ["to be read in cell 'mine': line 3: from os import checks"]
    for line in (
        "sys.setprofile(None)",
        "import os, checks.rnn",
        "a = 1; from grading import cells",
    ):
        assert lines.to_read(new_notebook(cells=[new_code_cell(line)])), line
