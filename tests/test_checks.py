"""checks/: what passes, what fails, what is put back, and what the message says."""

import _thread
import os
import random
import subprocess
import threading
import warnings

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from checks import calls, compare, values, watch
from checks.calls import Case
from helpers.models import rnn

X = torch.arange(6.0, dtype=torch.float64).view(2, 3)


def message(check, *arguments, **named) -> str:
    """The message with which a check fails."""
    with pytest.raises(AssertionError) as caught:
        check(*arguments, **named)
    return str(caught.value)


def test_call_returns_what_the_function_does():
    assert calls.call(lambda a, b: a + b, 2, 3, tried="2 + 3") == 5


def test_call_gives_copies_and_finds_changes_in_place():
    text = message(calls.call, lambda a: a.mul_(2), X, tried="twice")
    assert "argument 1 left as it was" in text and "an operation in place" in text
    assert X[0, 1] == 1, "the test's own data are untouched"
    calls.call(lambda a: a + 1, X * torch.nan, tried="nan is like nan")
    text = message(calls.call, lambda a: a.nan_to_num_(), X * torch.nan, tried="without nan")
    assert "an operation in place" in text
    assert "argument 1" in message(calls.call, lambda a: a.requires_grad_(), X, tried="leaf")


def test_call_gives_copies_of_lists_too():
    pair = [X, (X, None)]
    assert calls.call(lambda p: p[1][1], pair, tried="nothing done") is None
    for change in (lambda p: p[1][0].zero_(), lambda p: p.pop(), lambda p: p.reverse()):
        text = message(calls.call, change, pair, tried="lists")
        assert "argument 1 left as it was" in text
    assert len(pair) == 2 and pair[0] is X and X[0, 1] == 1


def test_call_explains_errors_and_blank_answers():
    def blank():
        raise NotImplementedError()

    assert "still to be written" in message(calls.call, blank, tried="blank()")
    assert "still to be written" in message(calls.call, None, tried="a name not yet bound")[:0] + (
        message(calls.call, ..., tried="f = ...")
    )
    text = message(calls.call, lambda: 1 / 0, tried="one by zero")
    assert "one by zero" in text and "ZeroDivisionError: division by zero" in text
    assert "At:" in text and "1 / 0" in text, "the line of the answer"
    # torch raises NotImplementedError as well; that is an error, not a blank
    text = message(calls.call, lambda: nn.Module()(X), tried="forward")
    assert "still to be written" not in text and "NotImplementedError: Module" in text


LEFT = {
    "gradients": lambda: torch.set_grad_enabled(False),
    "dtype": lambda: torch.set_default_dtype(torch.float64),
    "folder": lambda: os.chdir("/"),
    "threads": lambda: torch.set_num_threads(torch.get_num_threads() + 1),
    "warning": lambda: warnings.simplefilter("ignore"),
}


@pytest.mark.parametrize("name", LEFT)
def test_what_is_left_behind_is_told_once_and_put_back(name):
    def answer():
        LEFT[name]()
        return 1

    before = watch.settings()
    text = message(calls.call, answer, tried="f()")
    assert "what is left behind" in text and name in text
    assert watch.settings() == before
    assert calls.call(lambda: 1, tried="the next item") == 1


def test_random_states_are_given_back():
    states = random.getstate(), torch.get_rng_state(), np.random.get_state()[1].tolist()  # noqa: NPY002

    def answer():
        random.seed(1), torch.manual_seed(1), np.random.seed(1)  # noqa: NPY002
        return 1

    calls.call(answer, tried="seeds")
    assert random.getstate() == states[0] and torch.equal(torch.get_rng_state(), states[1])
    assert np.random.get_state()[1].tolist() == states[2]  # noqa: NPY002


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda net: net[1].eval(), "the mode of argument 1 1 as it was"),
        (lambda net: net[0].weight.requires_grad_(False), "requires_grad of argument 1, 0.weight"),
    ],
)
def test_modules_keep_their_mode_and_requires_grad(change, says):
    net = nn.Sequential(nn.Linear(2, 2), nn.Dropout())
    assert says in message(calls.call, lambda net: change(net), net, tried="f(net)")
    assert net[1].training and net[0].weight.requires_grad


def test_a_graph_is_seen_where_none_may_be():
    net, x = nn.Linear(3, 2), X.float()
    with torch.no_grad():
        want = net(x)
    for f in (lambda net, x: net(x).detach(), lambda net, x: net(x).sum().item()):
        assert "no graph" in message(calls.call, f, net, x, tried="f(net, x)", graph=False)

    def without(net, x):
        with torch.inference_mode():
            return net(x).tolist()

    compare.tensor(calls.call(without, net, x, tried="f", graph=False), want, "f")


def test_an_item_is_settled_and_named():
    @calls.item("Item 3")
    def check(f):
        assert torch.get_default_dtype() == torch.float32 and torch.is_grad_enabled()
        torch.manual_seed(0)
        compare.number(f(), 1, "f()")

    state = torch.get_rng_state()
    torch.set_default_dtype(torch.float64)
    try:
        check(lambda: 1)
        assert torch.get_default_dtype() == torch.float64
        with pytest.raises(compare.Wrong) as caught:
            check(lambda: 2)
    finally:
        torch.set_default_dtype(torch.float32)
    assert torch.equal(torch.get_rng_state(), state)
    lines = caught.value._render_traceback_()
    assert lines[0] == "Item:     Item 3" and len(lines) == 4


def twice(x, absolute=False):
    def mistakes():
        found = {"squared": x**2, "four more": x + 4, "two more": x + 2}
        return found | ({"absolute": x.abs()} if absolute else {})

    return Case(f"twice({x.tolist()})", (x,), 2 * x, mistakes)


def test_judge_names_a_cause_only_if_no_other_gives_the_same():
    four = torch.tensor([4.0, 1.0])
    calls.judge(lambda x: x + x, twice(four))
    assert "Likely:   squared" in message(calls.judge, lambda x: x**2, twice(four))
    both = twice(torch.tensor([0.0, -1.0, 1.0]), absolute=True)  # squared and absolute: 0, 1, 1
    assert "Likely" not in message(calls.judge, lambda x: x**2, both)
    probe = twice(torch.tensor([3.0]), absolute=True)
    text = message(calls.judge, lambda x: x**2, both, [probe])
    assert "Likely:   squared" in text and "twice([3.0])" in text, "the smaller case is shown"
    one = twice(torch.ones(1))
    text = message(calls.judge, lambda x: x + 2 if len(x) > 1 else x + 3, twice(four), [one])
    assert "Likely" not in text, "it is not that mistake everywhere"


@pytest.mark.parametrize(
    "function",
    [
        lambda x, w: F.conv2d(x, w),
        lambda x, w: torch.conv2d(x, w),
        lambda x, w: torch.nn.functional.conv2d(x.clone().requires_grad_(), w),
        lambda x, w: F.conv2d(x.float(), w.float()).double(),
        lambda x, w: torch.ops.aten.convolution(x, w, None, [1], [0], [1], False, [0], 1),
        lambda x, w: torch.conv_transpose2d(x, w),
    ],
)
def test_by_hand_refuses_the_library_in_every_dress(function):
    x, w = torch.ones(1, 1, 3, 3, dtype=torch.float64), torch.ones(1, 1, 2, 2, dtype=torch.float64)
    text = message(calls.call, function, x, w, tried="by hand", by_hand=())
    assert "without the library's" in text
    assert calls.call(function, x, w, tried="freely").shape[0] == 1
    with_layer = message(
        calls.call, lambda x: nn.Conv2d(1, 1, 2)(x.float()), x, tried="layer", by_hand=()
    )
    assert "without the library's" in with_layer
    F.conv2d(x, w)  # allowed again afterwards


def sklearn_softmax(x):
    from sklearn.utils.extmath import softmax

    return torch.tensor(softmax(x.numpy()))


def swallowed(x):
    try:
        return F.softmax(x, 1)
    except RuntimeError:
        return x


@pytest.mark.parametrize(
    "function",
    [
        lambda x: F.rms_norm(x, (3,)),
        lambda x: nn.RMSNorm(3, dtype=x.dtype)(x),
        lambda x: F.layer_norm(x, (3,)),
        lambda x: torch._refs.softmax(x, 1),
        lambda x: F.normalize(x),
        lambda x: F.unfold(x[None, None], 2),
        lambda x: nn.RNN(3, 2, dtype=x.dtype)(x)[0],
        lambda x: nn.GRUCell(3, 2, dtype=x.dtype)(x),
        lambda x: nn.LSTM(3, 2)(x.float())[0],
        lambda x: torch.autograd.grad((x.clone().requires_grad_() ** 2).sum(), x)[0],
        lambda x: torch.func.grad(lambda x: (x**2).sum())(x),
        lambda x: (x.clone().requires_grad_() ** 2).sum().backward(),
        sklearn_softmax,
        swallowed,
    ],
)
def test_by_hand_goes_by_what_is_called(function):
    assert "by hand" in message(calls.call, function, X, tried="by hand", by_hand=())


@pytest.mark.parametrize(
    "function",
    [
        lambda x: ((x - x.mean(0)) ** 2).mean().sqrt().reciprocal(),
        lambda x: x.exp() / x.exp().sum(1, keepdim=True),
        lambda x: torch.einsum("ij,kj->ik", x, x).unfold(0, 2, 1).amax(-1).flip(0),
        lambda x: torch.tensor(np.exp(x.numpy()).sum(0)),
        lambda x: F.pad(x, (1, 1)).T[..., None].contiguous().view(-1),
        lambda x: torch.stack([row * row for row in x]) @ x.T,
        lambda x: torch.vmap(lambda row: row.sum())(x),
        lambda x: max(x.flatten().tolist()),
        lambda x: (x > 1).to(x.dtype).masked_fill(x < 0, 0) - x.clamp(min=1).relu(),
        lambda x: x.var(0, unbiased=False, keepdim=True) + x.std(0, correction=0),
    ],
)
def test_by_hand_takes_what_is_made_of_primitive_operations(function):
    calls.call(function, X, tried="by hand", by_hand=())
    leaf = X.clone().requires_grad_()
    with watch.by_hand((), ()):
        function(leaf.detach())


def test_by_hand_lets_through_what_is_named():
    calls.call(lambda x: F.unfold(x[None, None], 2), X, tried="f", by_hand=("unfold", "im2col"))


def test_without_refuses_functions_under_every_name():
    from helpers.models.ngram import NGram
    from helpers.models.rnn import adjusted as renamed

    def both(x):
        return renamed(x, 1.0, top_k=2)

    own = (rnn.adjusted, NGram.__init__)
    assert "the function for it" in message(calls.call, both, X, tried="own", without=own)
    text = message(calls.call, lambda: NGram(X.long()[0], 1, 9), tried="own", without=own)
    assert "the function for it" in text
    model, prompt = rnn.LanguageModel(3, 2), torch.zeros(2)
    text = message(  # a function with a decorator
        calls.call, rnn.sample, model, prompt, 2, tried="own", without=(rnn.sample,)
    )
    assert "the function for it" in text
    assert len(rnn.sample(model, prompt, 2)) == 2
    assert calls.call(both, X, tried="freely").shape == X.shape, "whole again afterwards"


def test_tensor_accepts_rounding_and_nothing_more():
    compare.tensor(X + 1e-12, X, "rounding")
    compare.tensor(X.clone().requires_grad_() * 1.0, X, "with a graph")
    for wrong in (X + 1e-6, X * torch.nan, torch.full_like(X, torch.inf)):
        assert "Expected: [0, 1, 2, 3, ...]" in message(compare.tensor, wrong, X, "values")


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
    for half in (0.5, np.float64(0.5), np.float32(0.5), torch.tensor(0.5)):
        compare.number(half, 0.5, "half")
    for half in (0.5, np.float64(0.5)):
        compare.number(half, 0.5, "half", plain=float)
    compare.number(1, 1.0, "one", plain=float)
    assert "per cent" in message(compare.number, 50.0, 0.5, "half", {"per cent": 50.0})
    assert ".item()" in message(compare.number, torch.tensor(0.5), 0.5, "half", plain=float)
    for wrong in (True, "0.5", None, float("nan"), float("inf"), 0.5001, torch.tensor([0.5])):
        message(compare.number, wrong, 0.5, "half")


def test_whole():
    for three in (3, np.int64(3)):
        compare.whole(three, 3, "three")
    text = message(compare.whole, 3.5, 3, "three", {"//": 3.5})
    assert "(int)" in text and "//" in text
    for wrong in (3.0, True, torch.tensor(3), 4):
        message(compare.whole, wrong, 3, "three")


def test_equal_goes_by_value():
    for same in ((1, (2, "a")), [1, [2, "a"]], iter([1, (2, "a")]), (1.0, (np.int64(2), "a"))):
        compare.equal(same, (1, (2, "a")), "same")
    compare.equal(torch.tensor([1, 2]), (1, 2), "same")
    compare.equal(torch.Size([1, 2]), (1, 2), "same")
    compare.equal({"a": [1]}, {"a": (1,)}, "same")
    for wrong, want in ((True, 1), ((1,), (1, 2)), ("1", 1), ((1, 2.5), (1, 2)), (1, True)):
        message(compare.equal, wrong, want, "kinds")
    assert "Likely:   swapped" in message(compare.equal, (2, 1), (1, 2), "p", {"swapped": (2, 1)})


def test_pair():
    for two in ((1, 2), [1, 2], iter((1, 2)), torch.tensor([1, 2])):
        assert compare.pair(two, "(a, b)", "f()") == (1, 2)
    assert "the pair (a, b)" in message(compare.pair, (1, 2, 3), "(a, b)", "f()")


def test_gradient():
    calls.gradient(lambda a: a * a, lambda a: a**2, (X,), "square")
    rounded = (lambda a: (1 + 1e-7) * a, lambda a: a, (X,), "rounded")
    calls.gradient(*rounded, tolerance=1e-6)
    assert "gradient of argument 1" in message(calls.gradient, *rounded)
    text = message(calls.gradient, lambda a: 3 * a.detach() + a, lambda a: 4 * a, (X,), "line")
    assert "gradient of argument 1" in text
    assert "the graph is cut" in message(
        calls.gradient, lambda a: torch.tensor(a.tolist()), lambda a: 4 * a, (X,), "line"
    )
    assert "a gradient for argument 2" in message(
        calls.gradient, lambda a, b: a + b.detach(), lambda a, b: a + b, (X, X), "sum"
    )
    calls.gradient(lambda a: a * a, lambda a: a**2, (X,), "square", by_hand=())


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
        calls.call(elsewhere, tried="f()", by_hand=())
    subprocess.run(["true"], check=True)  # afterwards all is as before


def test_a_change_in_place_is_told_before_what_it_brings_along():
    weight = nn.Parameter(torch.full((3,), 2.0, dtype=torch.float64))
    text = message(calls.call, lambda a: a.mul_(weight), torch.ones(3).double(), tried="product")
    assert "argument 1 left as it was" in text and "requires_grad" not in text


def test_too_many_numbers_are_no_back_propagation():
    def answer(a):
        return sum(a * k for k in range(50))

    assert calls.call(answer, X, tried="sum", most=2000) is not None
    text = message(calls.call, answer, X, tried="sum", most=100)
    assert "at most 100 numbers computed" in text and "finite differences" in text


def test_an_edge_is_named_where_all_else_is_right():
    probe, edge = Case("of two", (X[:, :2],), X[:, :2]), "an empty one is left as it is"
    case = Case("of none", (X[:, :0],), X[:, :0], edge=edge)

    def raises(a):
        return a / (1 if a.numel() else 0) if a.numel() else 1 / 0

    def wrong_everywhere(a):
        return a + 1 if a.numel() else 1 / 0

    assert f"Likely:   {edge}" in message(calls.judge, raises, case, [probe])
    assert edge not in message(calls.judge, wrong_everywhere, case, [probe])


def test_a_mistake_that_a_probe_cannot_show_is_still_named():
    mistakes = {"twice": 2 * X, "never here": None}
    probe = Case("the same", (X,), X, {"twice": None})
    assert "Likely:   twice" in message(
        calls.judge, lambda a: 2 * a, Case("once", (X,), X, mistakes), [probe]
    )


def test_a_gradient_is_explained_by_what_gives_the_same():
    def reference(a):
        return a * a

    def cut(a):
        return a * a.detach()

    given, text = (X,), "one factor is cut off"
    calls.gradient(reference, reference, given, "square", mistakes={text: cut})
    assert f"Likely:   {text}" in message(
        calls.gradient, cut, reference, given, "square", mistakes={text: cut}
    )
    assert "Likely" not in message(
        calls.gradient, lambda a: a * a + (a - a.detach()) * 3, reference, given, "square",
        mistakes={text: cut},
    )  # fmt: skip


def test_of_two_mistakes_that_are_near_the_nearest_is_named():
    usual = {"one": 1.1000, "the other": 1.1008}
    assert compare.cause(1.1008, 2.0, usual, 1e-3) == "the other"
    assert compare.cause(1.1004, 2.0, usual, 1e-3) == ""


def test_nothing_but_infinity_is_near_infinity():
    infinite = torch.tensor([1.0, -torch.inf], dtype=torch.float64)
    compare.tensor(infinite, infinite, tried="the same")
    text = message(compare.tensor, torch.tensor([1.0, 5.0]).double(), infinite, tried="finite")
    assert "Came:" in text and not values.alike(5.0, float("inf")) and not values.alike(5, infinite)


def test_an_argument_on_which_nothing_depends_may_be_unused():
    calls.gradient(lambda a, b: a * 1, lambda a, b: a + 0 * b, (X, X), "the first alone")
    text = message(calls.gradient, lambda a, b: a * 1, lambda a, b: a + b, (X, X), "both")
    assert "a gradient for argument 2" in text


def test_gradients_switched_off_are_no_derivative():
    def answer(a):
        with torch.no_grad():
            return a + 1

    hand = watch.AllBut("backward", "grad")
    calls.call(answer, X, tried="no_grad", by_hand=hand)
    assert "by hand" in message(
        calls.call,
        lambda a: torch.autograd.grad(a.requires_grad_().sum(), a)[0], X, tried="grad", by_hand=hand,
    )  # fmt: skip
