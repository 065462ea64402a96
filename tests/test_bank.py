"""The bank of answers, and the graders that are tried on it."""

from collections import defaultdict

import bank
import graders
import pytest


@pytest.mark.parametrize("name", [path.name for path in bank.BANK.iterdir() if path.is_dir()])
def test_bank_is_complete(name):
    """At least five wrong and three right answers to each item; `make graders` grades them."""
    items = list(graders.items(name))
    answers = bank.read(bank.BANK, name, items)
    assert [str(a) for a in answers if a.kind == "wrong" and not a.says] == []
    for item in items:
        kinds = [a.kind for a in answers if a.item == item]
        assert kinds.count("wrong") >= 5 and kinds.count("right") >= 3, item


SOLUTION = next(
    cell.source
    for cell in graders.notebook("source", "a1_training").cells
    if cell.id == "standardise-answer"
)
GOOD = """# how they were found

# %% right: by example
x = 1

# %% wrong: sign | says: the sign | of x
x = -1
# %% wrong: other
x = ...
"""


def test_bank_is_read(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "item.py").write_text(GOOD)
    right, sign, other = bank.read(tmp_path, "a", ["item", "more"])
    assert (right.kind, right.name, right.source, right.says) == (
        "right",
        "by example",
        "x = 1",
        "",
    )
    assert (sign.kind, sign.name, sign.says) == ("wrong", "sign", "the sign | of x")
    assert other.says == "" and str(other) == "item, wrong: other"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "begins with a line"),
        ("x = 1\n" + GOOD, "begins with a line"),
        (GOOD.replace("right:", "good:"), "line 3: # %% good: by example"),
        (GOOD.replace("other", "sign"), "line 8: # %% wrong: sign\na second answer of this name"),
        (GOOD.replace("x = ...", ""), "this cell is empty"),
        (GOOD.replace("example", "example | says: good"), "a right answer gets no message"),
    ],
)
def test_malformed_bank_is_explained(text, says):
    with pytest.raises(ValueError) as caught:
        bank.cells(text, "item", "bank/item.py")
    assert says in str(caught.value) and "bank/item.py" in str(caught.value)


def test_unknown_item_is_explained(tmp_path):
    with pytest.raises(ValueError, match="no answers: .* holds no file"):
        bank.read(tmp_path, "a", ["item"])
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "itme.py").write_text(GOOD)
    with pytest.raises(ValueError, match="a has no item 'itme'; it has item, more"):
        bank.read(tmp_path, "a", ["item", "more"])


def test_quick_judges_as_a_class_is_judged():
    """The state that one answer leaves is not the next one's."""
    answers = [
        bank.Answer("standardise", "wrong", "not begun", "raise NotImplementedError()"),
        bank.Answer("standardise", "wrong", "ends", "import os; os._exit(1)"),
        bank.Answer("standardise", "right", "solution", SOLUTION),
    ]
    judged = list(graders.quick.judge(graders.notebook("source", "a1_training"), answers))
    assert [passed for _, passed, _ in judged] == [False, False, True]
    assert "the process ended" in judged[1][2]


def test_numbers_of_ones_own_are_judged_alike():
    """Whatever numbers a student has, right answers pass and wrong ones fail with their cause."""
    source = graders.notebook("source", "a1_training")
    answers = bank.read(bank.BANK, "a1_training", list(graders.items("a1_training")))
    answers = [answer for answer in answers if answer.item == "start"]
    tried = defaultdict(set)
    for me in ["", *map("anna {}".format, range(21))]:  # they draw each number that there is
        *before, test = [cell.source for cell in cells_of(graders.named(source, me), "start")]
        names = {"__name__": "__main__"}
        for cell in before:
            exec(cell, names)
        for name, values in names["own"].given.items():
            tried[name] |= {values.index(getattr(names["own"], name))}
        for answer in answers:
            here = dict(names)
            exec(answer.source, here)
            passed, said = graders.quick.tested(test, here)
            assert not graders.fault(answer, graders.Mark(6.0 * passed, said), 6.0), (me, said)
    assert all(tried[n] == set(range(len(v))) for n, v in names["own"].given.items())


def cells_of(source, item: str) -> list:
    """The code cells from the setup to an item's test, without other items and the answer."""
    code = [cell for cell in source.cells if cell.cell_type == "code"]
    mine = ["setup", "me", f"{item}-numbers", f"{item}-net", item]
    return [cell for cell in code if cell.id in mine]


def test_graders_at_fault_are_found():
    wrong = bank.Answer("item", "wrong", "sign", "", "the sign")
    right = bank.Answer("item", "right", "sign", "")
    assert graders.fault(right, graders.Mark(5, ""), 5) == ""
    assert graders.fault(wrong, graders.Mark(0, "Likely: the sign is turned"), 5) == ""
    assert "item, right: sign: got 0 of 5" in graders.fault(right, graders.Mark(0, ""), 5)
    assert "item, wrong: sign: got 5 of 5" in graders.fault(wrong, graders.Mark(5, ""), 5)
    assert "got 2 of 5" in graders.fault(wrong, graders.Mark(2, "the sign"), 5)
    assert "does not say 'the sign'" in graders.fault(wrong, graders.Mark(0, "no"), 5)


def test_answers_share_submissions():
    answers = [bank.Answer(item, "right", n, "") for item, n in ("a0", "a1", "b0")]
    rows = graders.shared(answers)
    assert [sorted(row) for row in rows] == [["a", "b"], ["a"]]
    assert {a.name for row in rows for a in row.values()} == {"0", "1"}
