"""helpers/checks.py: what passes, what fails, and what the message says."""

import _thread
import os
import subprocess
import threading

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from helpers import checks
from helpers.models import rnn

X = torch.arange(6.0, dtype=torch.float64).view(2, 3)


def message(check, *arguments, **named) -> str:
    """The message with which a check fails."""
    with pytest.raises(AssertionError) as caught:
        check(*arguments, **named)
    return str(caught.value)


def test_call_returns_what_the_function_does():
    assert checks.call(lambda a, b: a + b, 2, 3, tried="2 + 3") == 5


def test_call_gives_copies_and_finds_changes_in_place():
    text = message(checks.call, lambda a: a.mul_(2), X, tried="twice")
    assert "argument 1 left as it was" in text and "an operation in place" in text
    assert X[0, 1] == 1, "the test's own data are untouched"
    checks.call(lambda a: a + 1, X * torch.nan, tried="nan is like nan")
    text = message(checks.call, lambda a: a.nan_to_num_(), X * torch.nan, tried="without nan")
    assert "an operation in place" in text


def test_call_gives_copies_of_lists_too():
    pair = [X, (X, None)]
    assert checks.call(lambda p: p[1][1], pair, tried="nothing done") is None
    for change in (lambda p: p[1][0].zero_(), lambda p: p.pop(), lambda p: p.reverse()):
        text = message(checks.call, change, pair, tried="lists")
        assert "argument 1 left as it was" in text
    assert len(pair) == 2 and pair[0] is X and X[0, 1] == 1


def test_call_explains_errors_and_blank_answers():
    def blank():
        raise NotImplementedError()

    assert "still to be written" in message(checks.call, blank, tried="blank()")
    text = message(checks.call, lambda: 1 / 0, tried="one by zero")
    assert "one by zero" in text and "ZeroDivisionError: division by zero" in text


@pytest.mark.parametrize(
    "function",
    [
        lambda x, w: F.conv2d(x, w),
        lambda x, w: torch.conv2d(x, w),
        lambda x, w: torch.nn.functional.conv2d(x.requires_grad_(), w),
        lambda x, w: F.conv2d(x.float(), w.float()).double(),
    ],
)
def test_by_hand_forbids_the_library_in_every_dress(function):
    x, w = torch.ones(1, 1, 3, 3, dtype=torch.float64), torch.ones(1, 1, 2, 2, dtype=torch.float64)
    text = message(checks.call, function, x, w, tried="by hand", by_hand=("conv",))
    assert "without the library's conv2d" in text
    assert checks.call(function, x, w, tried="freely").shape == (1, 1, 2, 2)
    with_layer = message(
        checks.call, lambda x: nn.Conv2d(1, 1, 2)(x.float()), x, tried="layer", by_hand=("conv",)
    )
    assert "without the library's" in with_layer
    F.conv2d(x, w)  # allowed again afterwards


@pytest.mark.parametrize(
    ("function", "word"),
    [
        (lambda x: nn.RNN(3, 2, dtype=x.dtype)(x)[0], "rnn"),
        (lambda x: nn.GRUCell(3, 2, dtype=x.dtype)(x), "gru"),
        (lambda x: nn.LSTM(3, 2)(x.float())[0], "lstm"),
        (lambda x: torch.autograd.grad((x.requires_grad_() ** 2).sum(), x)[0], "grad"),
        (lambda x: torch.func.grad(lambda x: (x**2).sum())(x), "grad"),
        (lambda x: (x.requires_grad_() ** 2).sum().backward(), "backward"),
    ],
)
def test_by_hand_sees_functions_that_are_made_of_several_operations(function, word):
    assert "by hand" in message(checks.call, function, X, tried="by hand", by_hand=(word,))
    checks.call(function, X, tried="freely")


def test_by_hand_refuses_functions_under_every_name():
    from helpers.models.ngram import NGram
    from helpers.models.rnn import adjusted as renamed

    def both(x):
        return renamed(x, 1.0, top_k=2)

    own = (rnn.adjusted, NGram.__init__)
    assert "the function for it" in message(checks.call, both, X, tried="own", by_hand=own)
    text = message(checks.call, lambda: NGram(X.long()[0], 1, 9), tried="own", by_hand=own)
    assert "the function for it" in text
    model, prompt = rnn.LanguageModel(3, 2), torch.zeros(2)
    text = message(  # a function with a decorator
        checks.call, rnn.sample, model, prompt, 2, tried="own", by_hand=(rnn.sample,)
    )
    assert "the function for it" in text
    assert len(rnn.sample(model, prompt, 2)) == 2
    text = message(
        checks.call,
        lambda x: torch.autograd.functional.jacobian(torch.sum, x),
        X,
        tried="own",
        by_hand=(torch.autograd.grad,),
    )
    assert "the function for it" in text
    assert checks.call(both, X, tried="freely").shape == X.shape, "whole again afterwards"


def test_tensor_accepts_rounding_and_nothing_more():
    checks.tensor(X + 1e-12, X, "rounding")
    checks.tensor(X.clone().requires_grad_() * 1.0, X, "with a graph")
    for wrong in (X + 1e-6, X * torch.nan, torch.full_like(X, torch.inf)):
        assert "Expected: [0, 1, 2, 3, ...]" in message(checks.tensor, wrong, X, "values")


def test_a_difference_behind_the_first_numbers_is_shown():
    text = message(checks.tensor, X.clone().clamp_max(4.5), X, "values")
    assert "(2, 3), 5 at (1, 2)" in text and "(2, 3), 4.5 at (1, 2)" in text
    text = message(checks.tensor, X.clamp_max(4.5), X, "values", {"too low": X.clamp_max(4.5)})
    assert "4.5 at (1, 2)" in text and "too low" in text


@pytest.mark.parametrize(
    ("came", "says"),
    [
        (X.float(), "dtype torch.float32"),
        (X.T, "shape (3, 2)"),
        (X.tolist(), "(list)"),
        (X.numpy(), "(ndarray)"),
        (None, "a missing `return`"),
        (nn.Parameter(X), "(Parameter)"),
    ],
)
def test_tensor_refuses_other_kinds(came, says):
    assert says in message(checks.tensor, came, X, "kinds")


def test_the_likely_mistake_is_named():
    mistakes = {"the sign is turned": -X, "never": X + 1}
    text = message(checks.tensor, -X, X, "signs", mistakes)
    assert "Tried:    signs" in text and "Likely:   the sign is turned" in text
    assert "Likely" not in message(checks.tensor, 3 * X, X, "signs", mistakes)
    # where a mistake happens to give the right values, it is no mistake
    checks.tensor(X, X, "signs", {"same": X.clone()})


def test_number():
    checks.number(0.5, 0.5, "half")
    checks.number(1, 1.0, "one")
    assert "per cent" in message(checks.number, 50.0, 0.5, "half", {"per cent": 50.0})
    assert ".item()" in message(checks.number, torch.tensor(0.5), 0.5, "half")
    assert ".item()" in message(checks.number, np.float64(0.5), 0.5, "half")
    for wrong in (True, "0.5", None, float("nan"), float("inf"), 0.5001):
        message(checks.number, wrong, 0.5, "half")


def test_equal_is_strict_about_kinds():
    checks.equal((1, (2, "a")), (1, (2, "a")), "same")
    assert "(float)" in message(checks.equal, 1.0, 1, "one", {})
    for wrong, want in ((True, 1), ([1, 2], (1, 2)), ((1, 2.0), (1, 2)), ((1,), (1, 2))):
        message(checks.equal, wrong, want, "kinds")
    assert "Likely:   swapped" in message(checks.equal, (2, 1), (1, 2), "pair", {"swapped": (2, 1)})


def test_gradient():
    checks.gradient(lambda a: a * a, lambda a: a**2, (X,), "square")
    rounded = (lambda a: (1 + 1e-7) * a, lambda a: a, (X,), "rounded")
    checks.gradient(*rounded, tolerance=1e-6)
    assert "gradient of argument 1" in message(checks.gradient, *rounded)
    text = message(checks.gradient, lambda a: 3 * a.detach() + a, lambda a: 4 * a, (X,), "line")
    assert "gradient of argument 1" in text
    assert "the graph is cut" in message(
        checks.gradient, lambda a: torch.tensor(a.tolist()), lambda a: 4 * a, (X,), "line"
    )
    assert "a gradient for argument 2" in message(
        checks.gradient, lambda a, b: a + b.detach(), lambda a, b: a + b, (X, X), "sum"
    )


@pytest.mark.parametrize(
    "elsewhere",
    [
        lambda: os.fork(),
        lambda: os.system("true"),
        lambda: subprocess.run(["true"]),
        lambda: threading.Thread(target=print).start(),
        lambda: _thread.start_new_thread(print, ()),
    ],
    ids=["fork", "system", "subprocess", "thread", "_thread"],
)
def test_by_hand_means_here(elsewhere):
    """A mode of torch sees neither another thread nor another process."""
    with pytest.raises(AssertionError, match="without threads or other processes"):
        checks.call(elsewhere, tried="f()", by_hand=("conv",))
    subprocess.run(["true"], check=True)  # afterwards all is as before
