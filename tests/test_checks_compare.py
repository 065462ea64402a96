"""checks/compare: what is equal, and what is said where it is not."""

import numpy as np
import pytest
import torch
from told import message
from torch import nn

from checks import calls, compare, values

X = torch.arange(6.0, dtype=torch.float64).view(2, 3)


def test_tensor_accepts_rounding_and_nothing_more():
    compare.tensor(X + 1e-12, X, "rounding")
    compare.tensor(X.clone().requires_grad_() * 1.0, X, "with a graph")
    for wrong in (X + 1e-6, X * torch.nan, torch.full_like(X, torch.inf)):
        assert "Expected: [0, 1, 2, 3, 4, 5]" in message(compare.tensor, wrong, X, "values")
    longer = torch.cat([X, X])
    assert "[0, 1, 2, 3, ...]" in message(compare.tensor, longer + 1, longer, "values")


def test_a_difference_behind_the_first_numbers_is_shown():
    text = message(compare.tensor, X.clone().clamp_max(4.5), X, "values")
    assert "(2, 3), 5 at (1, 2)" in text and "(2, 3), 4.5 at (1, 2)" in text


@pytest.mark.parametrize("came", [X.tolist(), X.numpy(), nn.Parameter(X), tuple(X), [*X]])
def test_tensor_takes_every_kind_of_tensor(came):
    compare.tensor(came, X, "kinds")


@pytest.mark.parametrize(
    ("came", "says"),
    [
        (X.float(), "dtype torch.float32"),
        (X.T, "shape (3, 2)"),
        ("X", "(str)"),
        ([[1], [2, 3]], "(list)"),
        (None, "a missing `return`"),
        (..., "still to be written"),
    ],
)
def test_tensor_refuses_other_kinds(came, says):
    assert says in message(compare.tensor, came, X, "kinds")


def test_the_likely_mistake_is_named():
    mistakes = {"the sign is turned": -X, "never": X + 1}
    text = message(compare.tensor, -X, X, "signs", mistakes)
    assert "Tried:    signs" in text and "Likely:   the sign is turned" in text
    assert "Likely" not in message(compare.tensor, X**3, X, "signs", mistakes)
    # where a mistake happens to give the right values, it is no mistake
    compare.tensor(X, X, "signs", {"same": X.clone()})
    # where two give the same, neither is named
    assert "Likely" not in message(compare.tensor, X**3, X, "signs", {"a": X**3, "b": X**3})


def test_number():
    for half in (0.5, np.float64(0.5), np.float32(0.5), torch.tensor(0.5), torch.tensor([0.5])):
        compare.number(half, 0.5, "half")
    for half in (0.5, np.float64(0.5)):
        compare.number(half, 0.5, "half", plain=float)
    compare.number(1, 1.0, "one", plain=float)
    assert "per cent" in message(compare.number, 50.0, 0.5, "half", {"per cent": 50.0})
    assert ".item()" in message(compare.number, torch.tensor(0.5), 0.5, "half", plain=float)
    for wrong in (True, "0.5", None, float("nan"), float("inf"), 0.5001, torch.tensor([0.5, 0.5])):
        message(compare.number, wrong, 0.5, "half")


def test_whole():
    for three in (3, np.int64(3), np.array(3), torch.tensor(3), torch.tensor([3])):
        compare.whole(three, 3, "three")
    text = message(compare.whole, 3.5, 3, "three", {"//": 3.5})
    assert "(int)" in text and "//" in text
    for wrong in (True, torch.tensor(True), 4, torch.tensor(4), torch.tensor([3, 3])):
        message(compare.whole, wrong, 3, "three")
    for wrong in (3.0, np.float32(3), torch.tensor(3.0)):
        assert "a float, even where" in message(compare.whole, wrong, 3, "three")


def test_equal_goes_by_value():
    for same in ((1, (2, "a")), [1, [2, "a"]], (1.0, (np.int64(2), "a"))):
        compare.equal(same, (1, (2, "a")), "same")
    compare.equal(torch.tensor([1, 2]), (1, 2), "same")
    compare.equal(torch.Size([1, 2]), (1, 2), "same")
    compare.equal({"a": [1]}, {"a": (1,)}, "same")
    for wrong, want in ((True, 1), ((1,), (1, 2)), ("1", 1), ((1, 2.5), (1, 2)), (1, True)):
        message(compare.equal, wrong, want, "kinds")
    assert "Likely:   swapped" in message(compare.equal, (2, 1), (1, 2), "p", {"swapped": (2, 1)})


def test_pair():
    for two in ((1, 2), [1, 2], torch.tensor([1, 2])):
        assert compare.pair(two, "(a, b)", "f()") == (1, 2)
    both = compare.pair(torch.ones(2, 3, requires_grad=True), "(a, b)", "f()")
    assert all(part.requires_grad for part in both)  # of one tensor that holds both
    assert "the pair (a, b)" in message(compare.pair, (1, 2, 3), "(a, b)", "f()")


def test_of_two_mistakes_that_are_near_the_nearest_is_named():
    usual = {"one": 1.1000, "the other": 1.1008}
    assert compare.cause(1.1008, 2.0, usual, 1e-3) == "the other"
    assert compare.cause(1.1004, 2.0, usual, 1e-3) == ""


def test_an_error_where_something_is_special_is_told_by_that():
    def answer(x):
        raise ValueError("one size, and another")

    def run(likely, by=""):
        with compare.failing(likely, by):
            calls.call(answer, X, tried="f(x)")

    assert "Likely:   n may be 1" in message(run, "n may be 1")
    assert "n may be 1" in message(run, "n may be 1", "one size")
    for likely, by in (("", ""), ("n may be 1", "three sizes")):
        assert "n may be 1" not in message(run, likely, by)
    with compare.failing("n may be 1"):
        calls.call(torch.square, X, tried="f(x)")


def test_nothing_but_infinity_is_near_infinity():
    infinite = torch.tensor([1.0, -torch.inf], dtype=torch.float64)
    compare.tensor(infinite, infinite, tried="the same")
    text = message(compare.tensor, torch.tensor([1.0, 5.0]).double(), infinite, tried="finite")
    assert "Came:" in text and not values.alike(5.0, float("inf")) and not values.alike(5, infinite)


def test_the_right_numbers_in_another_dtype_are_no_mistake():
    several = {"a number filled in": values.OneOf([X, X + 1])}
    told = message(compare.tensor, X.float(), X, "kinds", several)
    assert "dtype" in told and "filled in" not in told
    assert "without dtype=" in message(compare.tensor, X.float() ** 3, X, "kinds")
    assert "filled in" not in message(compare.tensor, (X + 2e-9).float(), X, "kinds", several, 1e-7)
    assert "filled in" in message(compare.tensor, X + 1, X, "kinds", several)
