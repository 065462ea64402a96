"""Answers and tests in two processes: the same values, changes and gradients as in one."""

import collections  # noqa: F401  (in VALUES)
import math
import random
from collections import namedtuple
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction

import numpy as np
import pytest
import torch
from torch import nn

from grading.inside.apart.frames import ChannelError

Row = namedtuple("Row", "a b")


class Size(IntEnum):
    small, large = 1, 3


def alike(a, b) -> bool:
    """Equal in value and type, nan equal to nan."""
    if type(a) is not type(b):
        return False
    if isinstance(a, torch.Tensor | np.ndarray):
        same = a.dtype == b.dtype and a.shape == b.shape
        return same and np.array_equal(np.asarray(a), np.asarray(b), equal_nan=False)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(alike, a, b))
    if isinstance(a, dict):
        return alike(list(a.items()), list(b.items()))
    return a == b or a != a and b != b


VALUES = """[None, True, 1, -(2**70), 1.5, float("nan"), float("-inf"), "\\u00fc\\ud800\\n", b"\\0\\xff",
 (1, (2.0, "x"), ()), [1, [2, []]], {"a": 1, 2: [3], (4, 5): None}, frozenset({1, 2}), 3 + 4j,
 range(2, 9, 3), slice(None, 4, 2), Ellipsis, torch.Size([2, 3]), torch.float16, torch.device("cpu"),
 np.float32(1.5), np.int64(7), np.arange(6.0).reshape(2, 3), np.zeros((0, 2), bool), {3, 1},
 collections.OrderedDict(b=1, a=2), collections.Counter("abca"), int, ValueError, nn.Linear]"""


def test_values_arrive_with_their_types(answers):
    source = "import collections, numpy as np, torch\nfrom torch import nn\nf = " + VALUES
    for came, want in zip(answers(source), eval(VALUES), strict=True):
        assert alike(came, want), (came, want)
    assert math.copysign(1, answers("f = -0.0")) == -1


TENSORS = [
    "torch.arange(6).reshape(2, 3)",
    "torch.arange(6.0).reshape(2, 3).T",
    "torch.arange(24.0).reshape(2, 3, 4)[:, ::2, 1:3]",
    "torch.ones(3, 1, dtype=torch.float64).expand(3, 4)",
    "torch.ones(1).expand(5)",
    "torch.tensor(2.5, dtype=torch.bfloat16)",
    "torch.tensor([1 + 2j]).conj()",
    "torch.empty(0, 3)",
    "torch.tensor([True, False])",
    "torch.arange(4.0).unfold(0, 2, 1)",
    "torch.nn.Parameter(torch.ones(2, 2))",
    "torch.ones(2, requires_grad=True)",
]


@pytest.mark.parametrize("made", TENSORS)
def test_tensors_arrive_as_they_are(answers, made):
    came, want = answers(f"import torch\nf = {made}"), eval(made)
    assert type(came) is type(want) and came.dtype == want.dtype and came.shape == want.shape
    assert torch.equal(came, want) and came.requires_grad == want.requires_grad
    if "unfold" not in made:
        assert came.stride() == want.stride()
    same = answers("def f(x): return x")
    assert same(want) is want


def test_what_a_call_changes_in_place_is_changed_here(answers):
    f = answers("""
        def f(x, rows, table, array, net):
            x += 1
            rows.append(x)
            rows[0].mul_(2)
            table["new"] = table.pop("old")
            array[0] = 7
            net[0].weight.data.fill_(3)
            net.eval()
            net[1] = None
    """)
    x, row, array = torch.zeros(2), torch.ones(2), np.zeros(2)
    rows, table, net = [row], {"old": [1]}, nn.Sequential(nn.Linear(2, 1), nn.Dropout())
    inner, weight = table["old"], net[0].weight
    f(x, rows, table, array, net)
    assert x.tolist() == [1, 1] and row.tolist() == [2, 2] and rows[1] is x and rows[0] is row
    assert table == {"new": [1]} and table["new"] is inner and array.tolist() == [7, 0]
    assert net[0].weight is weight and weight.tolist() == [[3, 3]] and not net[0].training
    assert net[1] is None


def test_what_the_answers_keep_stays_the_same_object(answers):
    keep, look = (
        answers("def f(x):\n    global kept\n    kept = x"),
        answers("def g(): return kept.sum().item()", "g"),
    )
    x = torch.ones(3)
    keep(x)
    x += 1
    assert look() == 6


def test_objects_that_lie_are_only_objects(answers):
    f = answers("""
        import torch
        class Liar(float):
            def __eq__(self, other): return True
            def __lt__(self, other): return True
            __le__ = __gt__ = __ge__ = __lt__
            def __hash__(self): return 0
            def __sub__(self, other): return 0.0
            __rsub__ = __sub__
            def __float__(self): return 1.0
            def __bool__(self): return True
            def __abs__(self): return 0.0
            def __repr__(self): return "a liar"
        class Shape(torch.Tensor):
            @property
            def shape(self): return torch.Size([9])
            @classmethod
            def __torch_function__(cls, *a, **k): return True
        class Name(str):
            def __eq__(self, other): return True
            __hash__ = str.__hash__
        f = [Liar(3), torch.ones(2).as_subclass(Shape), Name("x")]
    """)
    for one in f:
        assert not isinstance(one, (float, torch.Tensor, str))
        assert one != 3 and one != 1.0 and not one == "x"
        with pytest.raises(TypeError):
            one - 1
        with pytest.raises(TypeError):
            float(one)
    assert repr(f[0]) == "a liar" and type(f[0]).__name__ == "Liar"


def test_random_states_travel(answers):
    f = answers("import random, numpy, torch\ndef f():\n    return [random.random(), "
                "numpy.random.rand(), torch.rand(1).item(), random.gauss(0, 1)]")  # fmt: skip

    def here():
        numbers = np.random.rand()  # noqa: NPY002
        return [random.random(), numbers, torch.rand(1).item(), random.gauss(0, 1)]

    def seed():
        random.seed(1), np.random.seed(2), torch.manual_seed(3)  # noqa: NPY002

    seed()
    want = [here() for _ in range(4)]
    seed()
    assert [here(), f(), here(), f()] == want


def test_a_generator_of_random_numbers_moves_on(answers):
    f = answers("import torch\ndef f(g): return torch.rand(2, generator=g)")
    g, h = torch.Generator().manual_seed(1), torch.Generator().manual_seed(1)
    want = [torch.rand(2, generator=h) for _ in range(3)]
    came = [torch.rand(2, generator=g), f(g), torch.rand(2, generator=g)]
    assert all(map(torch.equal, came, want))


SMOOTH = """
import torch
def f(x, ws, scale=2.0):
    h = x
    for w in ws:
        h = torch.tanh(h @ w) * scale
    return h, {"norm": h.square().sum()}
"""


def test_gradients_cross_and_so_do_theirs(answers):
    far, space = answers(SMOOTH), {}
    exec(SMOOTH, space)
    g = torch.Generator().manual_seed(0)
    start = [torch.randn(3, 3, generator=g, dtype=torch.float64) for _ in range(3)]
    found = []
    for f in (far, space["f"]):
        x, *ws = (t.clone().requires_grad_() for t in start)
        h, more = f(x.exp(), ws)  # x.exp() stands in the middle of a graph
        loss = (h**3).sum() + more["norm"]
        first = torch.autograd.grad(loss, [x, *ws], create_graph=True)
        second = torch.autograd.grad(sum(t.square().sum() for t in first), [x, *ws])
        found.append([h, *first, *second])
    for came, want in zip(*found, strict=True):
        torch.testing.assert_close(came, want, rtol=1e-12, atol=1e-12)
    x = torch.ones(2, 2, dtype=torch.float64, requires_grad=True)
    with torch.no_grad():
        assert not far(x, [x])[0].requires_grad
    h, _ = far(x, [x])
    middle = far(h, [x])[0]  # what came back goes there again
    (by_h,) = torch.autograd.grad(middle.sum(), h)
    assert by_h.shape == h.shape


FUNC = """
import torch
from torch.func import grad, hessian, jacrev, vmap
def f(V, x, y):
    pair = torch.stack([x, y])
    both = lambda z: V(z[0], z[1])
    return [*grad(V, argnums=(0, 1))(x, y), grad(grad(V, 1), 1)(x, y), jacrev(both)(pair),
            jacrev(jacrev(both))(pair), vmap(V)(pair, pair), vmap(grad(V))(pair, pair)]
"""


def test_transforms_of_a_function_of_a_test(answers):
    far, space = answers(FUNC), {}
    exec(FUNC, space)
    x, y = torch.tensor([2.0, 3.0], dtype=torch.float64)

    def V(x, y):
        return x.sin() * y**3

    for came, want in zip(far(V, x, y), space["f"](V, x, y), strict=True):
        torch.testing.assert_close(came, want)


def test_a_layer_that_does_not_know_its_size_yet(answers):
    Net = answers("""
        import torch
        from torch import nn
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc, self.bn = nn.LazyLinear(3), nn.LazyBatchNorm1d()
            def forward(self, x): return self.fc(self.bn(x))
    """, "Net")  # fmt: skip
    out = (net := Net().double())(torch.ones(2, 5, dtype=torch.float64))
    assert out.dtype is net.bn.running_mean.dtype is torch.float64
    assert net.fc.weight.shape == (3, 5) and net.bn.running_mean.shape == (5,)
    out.sum().backward()
    assert torch.equal(net.fc.weight.grad, torch.zeros(3, 5, dtype=torch.float64))  # x - mean


def test_numbers_and_tuples_of_other_classes_arrive(answers):
    came = answers("""
        import numpy as np, torch
        from collections import namedtuple
        from decimal import Decimal
        from enum import IntEnum
        from fractions import Fraction
        from typing import NamedTuple
        Pair = namedtuple("Pair", "loss steps")
        class Cost(NamedTuple):
            name: str
            parts: list = ()
        class Level(IntEnum):
            low, high = 1, 2
        f = [Fraction(3, 4), Decimal("0.10"), Pair(torch.ones(2), 3), Cost("a", [1]), Level.high,
             torch.tensor([[1.0, 3.0, 2.0]]).max(1), np.linalg.eig(np.eye(2))]
    """)
    share, exact, pair, cost, level, most, eig = came
    assert share + Fraction(1, 4) == 1 and exact == Decimal("0.1") and str(exact) == "0.10"
    assert isinstance(pair, tuple) and pair._fields == ("loss", "steps") and pair.steps == 3
    assert torch.equal(pair.loss, torch.ones(2)) and type(pair).__name__ == "Pair"
    assert cost == ("a", [1]) and cost.name == "a"
    assert level == 2 and isinstance(level, IntEnum) and level.name == "high" and level > 1
    assert most.indices.item() == most[1].item() == 1 and len(most) == 2
    assert eig.eigenvalues.tolist() == [1, 1]
    f = answers(
        "def f(share, pair, level): return share * 2, pair.a, pair, level + 1, type(level).__name__"
    )
    twice, a, again, more, title = f(Fraction(1, 3), Row(7, 8), Size.large)
    assert (twice, a, again, more, title) == (Fraction(2, 3), 7, (7, 8), 4, "Size")


@pytest.mark.parametrize("tree", [
    ["fraction", 1, 0], ["fraction", 1.5, 2], ["decimal", "1e99999"], ["decimal", [1]],
    ["parts", "P", ["a", "a", 3], [1]], ["parts", "not a name", ["a"], [1]], ["parts", "P", [["a"]], [1]],
    ["member", "IntEnum", "E", [["a", 1]], 2], ["member", "IntFlag", "E", [["__eq__", 1]], 1],
    ["member", "IntFlag", "E", [["a", 1]], "a"], ["member", "StrEnum", "E", [["a", 1]], "a"],
    ["member", "Enum", "E", [["a", 1]], 1], ["member", "IntEnum", "E", [["a", "1"]], "1"],
    ["number", "O", 0], ["number", [["a", "O", []]], 0], ["date", 5], ["datetime", "noon"], ["timezone", 1, "x"],
])  # fmt: skip
def test_what_is_none_of_these_is_an_error_of_the_channel(answers, tree):
    with pytest.raises(ChannelError):
        answers.peer.table.read(tree, [b"12345678"])
