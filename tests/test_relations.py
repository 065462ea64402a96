"""checks/relations, checks/raised: what is told of a wrong value or an error beyond the checks' own."""

import math
from fractions import Fraction

import numpy as np
import pytest
import torch

from checks.calls import Case, call, judge
from checks.compare import Wrong, equal
from checks.raised import MEANINGS, meaning
from checks.relations import related

X = torch.randn(3, 4, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
SQUARE = X[:, :3, 0].clone()
WHOLE = torch.arange(12).view(3, 4) % 3
SHIFTED = torch.cat([X[:1], X[:-1]])

TENSORS = {
    "times minus 1: the sign": (-X, X),
    "times 1/6": (X / 6, X),
    "times 3": (3 * X, X),
    "times ln 2": (X * math.log(2), X),
    "plus 0.5": (X + 0.5, X),
    "every number is 0": (0 * X, X),
    "the square of": (X**2, X),
    "1 minus": (1 - X, X),
    "below 0 have become 0": (X.relu(), X),
    "the axes are exchanged": (SQUARE.T, SQUARE),
    "in reverse order along axis 1": (X.flip(1), X),
    "1 further on along axis 1": (X.roll(1, 1), X),
    "one place further on along axis 0": (SHIFTED, X),
    "in another order": (X.flatten()[torch.randperm(36)].view_as(X), X),
    "the mean over axis 2 stands everywhere": (X.mean(2, keepdim=True).expand_as(X), X),
    "as after permute(1, 0, 2)": (X.transpose(0, 1), X),
    "this is the sum over axis 1": (X.sum(1), X),
    "the mean over axis 0 is asked for": (X, X.mean(0)),
    "the sum over axis 0 is asked for": (X[:, 0, 0], X[:, 0, 0].sum()),
    "the last one along axis 1 is missing": (X[:, :3], X),
    "along several axes are missing": (X[:2, :3], X),
    "the first 2 along axis 2 are too many": (X, X[:, :, 2:]),
    "the last 4 along axis 1 are too many": (torch.cat([WHOLE, WHOLE], 1), WHOLE),
    "precision of float32": (X.float().double(), X),
    "right to six digits": (X.float().double() / 3, X / 3),
    "rounded to 3 decimals": (X.round(decimals=3), X),
    "2 to the power of": (X.exp2(), X),
    "nan comes of": (X.log(), X),
    "infinity comes of": (X / 0, X),
    "the dtype is not": (X.float(), X),
    "whole numbers divided": (X.float(), X),
    "NumPy's is float64": (X, X.float()),
    "gives floats": (torch.ones(3), torch.ones(3, dtype=torch.int64)),
    "right as far as number 2": (X[0, :, 0] * X.new_tensor([1, 1, 2, 3]), X[0, :, 0]),
    "squeeze": (X[:1].squeeze(0), X[:1]),
}
OTHERS = {
    "the value is right, its kind is not": (Fraction(22, 27), 22 / 27),
    "its kind is not": ("1,257", 1257),
    "base 10, not 2": (0.7731923 * math.log10(2), 0.7731923),
    "times 2": (2 * 0.7731923, 0.7731923),
    "ln 2: nats": (0.7731923 * math.log(2), 0.7731923),
    "rounded to 1 decimals": (73.7, 73.6827),
    "rounded to 6 decimals": (0.773192, 0.7731923),
    "precision of float32": (float(np.float32(0.7731923)), 0.7731923),
    "times 1/2": (648, 1296),
    "another order": ((30, 2), (2, 30)),
    "the last is missing": ([1, 2], (1, 2, 3)),
    "one too many": ((2, 5, 9), (1, 4, 8)),
    "right as far as number 1": ([0.5, 0.7, 0.3], [0.5, 0.1, 0.2]),
    "above 2 ** 24": (float(np.float32(77634375)), 77634375),
    "every whole number above": ((5.0, 77634376.0), (5, 77634375)),
}


@pytest.mark.parametrize("says", TENSORS)
def test_a_relation_between_tensors_is_told(says):
    assert says in related(*TENSORS[says])


@pytest.mark.parametrize("says", OTHERS)
def test_a_relation_between_other_values_is_told(says):
    assert says in related(*OTHERS[says])


@pytest.mark.parametrize(
    ("came", "want"),
    [
        (X + 0.1 * X.sin(), X),  # nearly right
        (2 * X[0, 0, :2], X[0, 0, :2]),  # too few numbers to tell
        (torch.ones(3, 3) * 2, torch.ones(3, 3)),
        (torch.tensor([2, 0, 4]), torch.tensor([1, 0, 2])),
        (WHOLE[:, :2], WHOLE), (WHOLE + 1, WHOLE),  # too few, and too few kinds
        (0.5, 0.25),  # half, root, square: no one knows
        (torch.tensor([0.0, 1.0, 0.0, 1.0]), torch.tensor([0.01, 0.99, 0.04, 0.96])),  # no rounding
        (0.6, 0.598214),  # two decimals would be a 0 at the end
        (4, 2), (0.0, -0.7731923), (1.0, 0.7731923), (3, 5), (True, 2.5), ("3", (1, 2)),
        ([0.5, 0.7, 0.2], [0.5, 0.1, 0.2]), ([0.5, 0.7], [0.5, 0.1]), (77634374, 77634375.5),
        ((1, 5), (2, 3)), ((3, 4), (4, 3)), ([4, 5, 7], [1, 2, 3]),
    ],
)  # fmt: skip
def test_nothing_is_told_of_what_may_be_chance(came, want):
    assert related(came, want) == ""


def test_random_numbers_have_nothing_to_do_with_each_other():
    g = torch.Generator().manual_seed(1)
    for shape in ((3,), (2, 2), (4, 3), (2, 3, 2), ()):
        for other in (shape, (2, *shape), (*shape, 3), shape[1:]):
            for _ in range(20):
                a, b = torch.randn(shape, generator=g), torch.randn(other, generator=g)
                assert related(b.double(), a.double(), 1e-4) == "", (shape, other)


ODD = [0, 0.0, -1, 1e-12, 1e308, 10**400, True, None, "", "12", 1j, float("nan"), float("inf"), (), [],
       (0, 0), [1, "a", None], {}, object(), np.zeros(0), np.array("x"), Fraction(1, 3)]  # fmt: skip
ODD += [torch.zeros(n) for n in ((), 0, 1, 3, (2, 0), (0, 2), (1, 1))] + [
    torch.full((3,), torch.nan)
]
ODD += [
    torch.arange(8).view(2, 4),
    torch.tensor([True, False]),
    torch.ones(3) * 1j,
    X.half(),
    X * 0,
]
ODD += [X.float() * 1e38, X[:0], X.bool(), -X.abs(), torch.tensor(7.3).double()]


def test_no_pair_of_values_is_too_odd():
    for came in [*ODD, X.to_sparse()]:
        for want in ODD:
            assert isinstance(related(came, want), str)


def message(function, *arguments) -> str:
    with pytest.raises(Wrong) as caught:
        function(*arguments)
    return str(caught.value)


def test_an_argument_given_back_and_chance_are_told():
    case = Case("doubled", (X,), 2 * X + 1)
    assert "argument 1 as it was given" in message(judge, lambda x: x + 0, case)
    assert "a second call gives another" in message(judge, torch.rand_like, case)
    kept = []
    assert "kept from call to call" in message(
        judge, lambda x: kept.append(x) or sum(kept) * 3, case
    )


def test_what_was_right_before_is_told_where_it_comes_again():
    other = (3 * X).cos()
    first, second = Case("doubled", (X,), 2 * X), Case("doubled", (other,), 2 * other)
    kept = []

    def keeping(x):
        kept.append(2 * x)
        return kept[0]

    judge(keeping, first)
    assert "of an earlier call" in message(judge, keeping, second)
    assert "of an earlier call" not in message(judge, lambda x: 2 * X, second)
    small = Case("the same", (X,), [1, 2])
    judge(small_one := lambda x: [1, 2], small, compare=equal)
    with pytest.raises(Wrong) as caught:
        judge(small_one, Case("another", (X,), [3, 4, 5]), compare=equal)
    assert "of an earlier call" not in str(caught.value)


ERRORS = {
    "float32 and float64": lambda: X @ torch.zeros(3, 2),
    "inner sizes": lambda: X[0] @ X[0],
    "from their last axis": lambda: X + X[0, :, 0],
    "no length": lambda: len(x for x in "ab"),
    "empty the second time": lambda: torch.stack([]),
    "a None was used": lambda: None + X,
    ".grad is None before backward": lambda: (2 * X).grad[0],
    "filled place by place": lambda: X.clone().requires_grad_()[0].zero_(),
    ".float() / 255 first": lambda: torch.conv2d(
        torch.zeros(1, 1, 2, 2, dtype=torch.uint8), X[:1, None, :2, :2]
    ),
    "a pair for nn.LSTM": lambda: (X, X).detach(),
    "min(k, the length)": lambda: X.topk(9, 1),
    "past the end": lambda: [][0],
    "runs from 0": lambda: X[7],
    "fewer dimensions": lambda: X.sum(3),
    "as many places": lambda: X.view(5, 5),
    "another number of channels": lambda: torch.conv2d(X[None], torch.zeros(2, 4, 1, 1).double()),
    "the window is larger": lambda: torch.nn.functional.avg_pool2d(X, 7),
    "do not stack": lambda: torch.stack([X[0], X[:, 0]]),
    "bound neither": lambda: nowhere,  # noqa: F821
    "cut before backward": lambda: X.sum().backward(),
    "one truth value": lambda: bool(X > 0),
    "reshape, or contiguous()": lambda: X.transpose(0, 1).view(-1),
    "sum or mean": lambda: X.clone().requires_grad_().exp().backward(),
    "under torch.no_grad()": lambda: X.clone().requires_grad_().add_(1),
    "a divisor may be 0": lambda: 1 // 0,
    "their number, order or names": lambda: (lambda a: a)(),
    "not as many parts": lambda: (lambda pair: [a for a, b in pair])([(1, 2, 3)]),
}


@pytest.mark.parametrize("says", ERRORS)
def test_an_error_is_explained(says):
    text = message(lambda: call(ERRORS[says], tried="f()"))
    assert says in text, text


def test_an_error_of_the_answer_s_own_speaks_for_itself():
    assert meaning("ValueError: changes the shape") == "" and len(MEANINGS) > 20
