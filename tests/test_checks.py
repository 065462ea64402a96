"""checks/: what passes, what fails, what is put back, and what the message says."""

import os
import random
import warnings

import numpy as np
import pytest
import torch
from told import message
from torch import nn

from checks import calls, compare, settings
from checks.calls import Case

X = torch.arange(6.0, dtype=torch.float64).view(2, 3)


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

    before = settings.settings()
    text = message(calls.call, answer, tried="f()")
    assert "what is left behind" in text and name in text
    assert settings.settings() == before
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
        (lambda net: net[1].eval(), "the mode of argument 1, the net, part 1 as it was"),
        (lambda net: net[0].weight.requires_grad_(False), "requires_grad of argument 1, 0.weight"),
    ],
)
def test_modules_keep_their_mode_and_requires_grad(change, says):
    net = nn.Sequential(nn.Linear(2, 2), nn.Dropout())
    assert says in message(calls.call, lambda net: change(net), net, tried="f(net)")
    assert net[1].training and net[0].weight.requires_grad


def test_one_mode_for_all_parts_is_told_apart_from_a_mode_that_is_left():
    net = nn.Sequential(nn.Linear(2, 2), nn.Dropout().eval())
    own, left = "change all of them", "in which they are, or put it back"
    assert own in message(calls.call, lambda net: net.eval().train(True), net, tried="f(net)")
    assert left in message(calls.call, lambda net: net.eval(), net, tried="f(net)")
    assert left in message(calls.call, lambda net: net[0].eval(), net, tried="f(net)")
    hook = message(
        calls.call, lambda net: net[0].register_forward_hook(print) and 1, net, tried="f"
    )
    assert "handle.remove()" in hook, "a hook on a part is no mode"


def test_a_list_that_is_filled_anew_is_told_apart_from_its_tensors():
    def put(parts):
        parts[0] = 2 * parts[0]

    for change, says in ((put, "list(...)"), (lambda parts: parts[0].mul_(2), "in place")):
        for given in ([X], [X, [X]], {0: X}):
            assert says in message(calls.call, change, given, tried="f(list)")
    for other in (None, 1, X, ()):
        text = message(calls.call, lambda a, b=other: a.__setitem__(0, b), [[X], X], tried="f")
        assert "it was changed" in text and "list(...)" in text, "another kind in a list's place"


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


def test_a_long_line_of_a_message_breaks_between_words_under_its_text():
    lines = compare.Wrong("f()", 1, 2, "word " * 40)._render_traceback_()
    assert len(lines) == 6 and max(map(len, lines)) <= 84
    assert {line[:10].strip() for line in lines[4:]} == {""} and lines[4][10:].startswith(
        "word word"
    )


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


def test_a_change_in_place_is_told_before_what_it_brings_along():
    weight = nn.Parameter(torch.full((3,), 2.0, dtype=torch.float64))
    text = message(calls.call, lambda a: a.mul_(weight), torch.ones(3).double(), tried="product")
    assert "argument 1 left as it was" in text and "requires_grad" not in text


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


def test_an_argument_on_which_nothing_depends_may_be_unused():
    calls.gradient(lambda a, b: a * 1, lambda a, b: a + 0 * b, (X, X), "the first alone")
    text = message(calls.gradient, lambda a, b: a * 1, lambda a, b: a + b, (X, X), "both")
    assert "a gradient for argument 2" in text


def test_one_part_of_a_pair_tells_its_mistake_where_the_other_has_a_fault_of_its_own():
    usual = {"doubled": (2 * X, 2 * X), "squared": (X**2, X)}

    def both(came, want, tried, tolerance=0) -> None:
        for part, right in zip(came, want, strict=True):
            compare.tensor(part, right, tried)

    case = Case("pairs", (X,), (X, X), usual)
    assert "Likely:   squared" in message(calls.judge, lambda a: (a**2, a), case, (), both)
    assert "Likely:   doubled" in message(calls.judge, lambda a: (a**3, 2 * a), case, (), both)
    assert "doubled" not in message(calls.judge, lambda a: (a**3, 5 - a), case, (), both)


def test_a_gradient_of_what_gives_another_result_each_time_is_told_so():
    kept = []

    def gathered(a):
        kept.append(a * a)
        return torch.stack(kept)

    calls.judge(gathered, Case("square", (X,), (X * X)[None]))
    text = message(calls.gradient, gathered, lambda a: (a * a)[None], (X,), "square")
    assert "square, called again" in text and calls.SECOND in text
