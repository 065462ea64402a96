"""What lies within an answer's reach: what tests lend, what is loaded beside it, what it leaves.

Each was a way to earn an item's points without its work.
"""

import sys

import pytest
import torch
from torch import nn

from checks import calls, compare, values, watch
from checks.gan import check_penalty
from checks.rnn import check_bits
from grading.inside.apart.library import withheld
from grading.inside.imports import needed

X = torch.linspace(-1, 1, 6, dtype=torch.float64).view(2, 3)


# --- what tests are made of ---


def test_answers_have_nothing_of_the_checks(watched):
    f = watched("""
        def f():
            import gc, sys
            found = []
            for name in ("checks", "checks.watch", "checks.compare", "checks.cnn.field"):
                try:
                    found.append(__import__(name).__name__)
                except ImportError:
                    pass
            for o in gc.get_objects():
                name = (o if isinstance(o, dict) else {}).get("__name__")
                if isinstance(name, str) and name.startswith("checks."):
                    found.append(name)
            return found + [name for name in sys.modules if name.startswith("checks")]
    """)
    # what watches, to which no name leads
    assert set(f()) == {f"checks.{name}" for name in ("watch", "callers", "elsewhere", "primitive")}


def test_what_tests_import_is_read_and_not_run():
    packages = ("helpers", "checks.watch")
    before = set(sys.modules)
    found = needed({"checks.cnn", "math"}, withheld(packages))
    assert {"helpers.data", "torch", "math"} <= set(found)
    assert not [name for name in found if name.startswith("checks")]
    assert not [n for n in set(sys.modules) - before if n.startswith("checks.")]
    assert needed({"no_such_module", "checks.no_such"}, {"checks"}) == []


# --- what tests lend ---


class Loss:
    def __init__(self):
        self.calls = []

    def __call__(self, x):
        self.calls.append(1)
        return (x**2).sum()

    def differences(self):
        return 2 * X


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer, self.calls = nn.Linear(3, 1).double(), []

    def forward(self, x):
        self.calls.append(len(x))
        return self.layer(x)

    def slope(self, x):
        return self.layer.weight.expand_as(x)


@pytest.mark.parametrize("lent", [Loss(), Critic()])
@pytest.mark.parametrize("asked", [
    "lent.{}()", "lent.{}(X)", "lent._ask('method', lent, '{}', (), ())",
    "lent._ask('get', lent, '{}')", "getattr(type(lent), '{}')(lent)",
    "lent._ask('get', lent, '{}').append(9)",
])  # fmt: skip
@pytest.mark.parametrize("name", ["differences", "slope", "calls"])
def test_an_object_of_a_test_is_called_and_no_more(watched, lent, asked, name):
    f = watched(f"def f(lent, X): return {asked.format(name)}")
    with pytest.raises((AttributeError, TypeError)):
        f(lent, X)
    g = watched("def g(lent, X): return lent(X)", "g")
    lent.calls.clear()
    assert torch.equal(g(lent, X), lent(X)) and len(lent.calls) == 2


# --- when and where an answer's work is done ---


def f_after(body: str) -> str:
    return f"import torch, os, numpy as np\nimport torch.nn.functional as F\ndef f(x):\n{body}"


LATE = {
    "a generator": "    yield x.softmax(1)",
    "an iterator in a tuple": "    return (x, iter(x.softmax(1) for _ in range(1)))",
    "an iterator in a dictionary": "    return {'a': map(lambda n: x.softmax(1), range(1))}",
}


@pytest.mark.parametrize("name", LATE)
def test_an_iterator_is_read_where_it_is_watched(watched, name):
    f = watched(f_after(LATE[name]))
    with pytest.raises(calls.Wrong, match="by hand"):
        calls.call(f, X, tried="f(x)", by_hand=())
    came = calls.call(f, X, tried="f(x)")
    assert "softmax" not in str(came) and "Iterator" not in str(came)


def test_an_iterator_without_end_is_refused(watched):
    f = watched("import itertools\ndef f(): return itertools.repeat(1)")
    values.LONGEST, before = 50, values.LONGEST
    try:
        with pytest.raises(calls.Wrong, match="more than 50 values"):
            calls.call(f, tried="f()")
    finally:
        values.LONGEST = before


@pytest.mark.parametrize("body", [
    "    class Row:\n        def __len__(s): return 3\n"
    "        def __getitem__(s, i): return x.softmax(1)[0].tolist()[i]\n"
    "    return [Row(), Row()]",
    "    class Late(np.float64):\n        def tobytes(s): return np.float64(2).tobytes()\n"
    "    return [[Late(0)] * 3] * 2",
])  # fmt: skip
def test_what_computes_when_it_is_read_is_no_number(watched, body):
    came = calls.call(watched(f_after(body)), X, tried="f(x)", by_hand=())
    with pytest.raises(compare.Wrong):
        compare.tensor(came, X.softmax(1), "f(x)")
    with pytest.raises(compare.Wrong):
        compare.tensor(came, torch.full((2, 3), 2.0), "f(x)")


def test_a_module_of_the_library_is_called_where_it_was_made(watched):
    f = watched("""
        from torch import nn
        f = nn.Softmax(1)
        f.register_forward_pre_hook(lambda module, given: given[:1])
    """)
    with pytest.raises(calls.Wrong, match="by hand, without the library's softmax"):
        calls.call(f, X, 3, tried="f(x)", by_hand=())
    assert torch.equal(calls.call(f, X, 3, tried="f(x)"), X.softmax(1))


def test_a_graph_is_counted_where_the_net_is_from(watched):
    f = watched("def f(net, x): return net(x).tolist()")
    with pytest.raises(calls.Wrong, match="no graph"):
        calls.call(f, Critic(), X, tried="f", graph=False)
    f = watched("import torch\ndef f(net, x):\n    with torch.no_grad(): return net(x).tolist()")
    calls.call(f, Critic(), X, tried="f", graph=False)


def test_what_is_forbidden_is_known_by_where_it_was_written(watched):
    f = watched("""
        import torch.nn.functional as F
        kept = F.softplus, F.relu
        def relu(x): return x
        relu.__module__, relu.__qualname__ = F.relu.__module__, F.relu.__qualname__
        F.relu.__wrapped__ = relu
        F.relu = relu
        def f(x): return kept[1](x)
    """)
    with pytest.raises(calls.Wrong, match="by hand"):
        calls.call(f, X, tried="f(x)", without=(torch.nn.functional.relu,))


BY_HAND = {
    "the profiler's place": "    import cProfile\n    return cProfile.Profile().runcall(F.relu, x)",
    "an operation called add": "    return add(x)",
    "through the standard library": "    import functools\n"
    "    return functools.singledispatch(thing)(x)",
}


@pytest.mark.parametrize("name", BY_HAND)
def test_by_hand_by_another_way(watched, name):
    f = watched(
        f_after(BY_HAND[name]) + "\n@torch.library.custom_op('mine::add', mutates_args=())\n"
        "def add(x: torch.Tensor) -> torch.Tensor: return x.softmax(1)\n"
        "from matplotlib.cbook import is_scalar_or_string as thing\n"
    )
    with pytest.raises(calls.Wrong, match="by hand"):
        calls.call(f, X, tried="f(x)", by_hand=(), without=(torch.nn.functional.relu,))


@pytest.mark.parametrize("body", [
    "    return torch.from_numpy(np.linalg.svd(x.numpy())[1])",
    "    return torch.from_numpy(np.convolve(x[0].numpy(), x[1].numpy()))",
])  # fmt: skip
def test_numpys_functions_are_no_more_primitive_than_torchs(watched, body):
    with pytest.raises(calls.Wrong, match="by hand, without the library's numpy"):
        calls.call(watched(f_after(body)), X, tried="f(x)", by_hand=())
    f = watched(f_after("    return torch.tensor(np.linalg.norm(x.numpy()))"))
    assert torch.equal(calls.call(f, X, tried="f(x)", by_hand=()), X.norm())


def test_lines_that_no_work_by_hand_needs(watched):
    f = watched("def f(x): return x + 1")
    watch.ODD.append("line 3 of cell 'clip': import gc")
    try:
        for asked in ({"by_hand": ()}, {"without": (abs_,)}, {"graph": False}, {"most": 9}):
            with pytest.raises(calls.Wrong, match="At: *line 3 of cell 'clip': import gc"):
                calls.call(f, X, tried="f(x)", **asked)
        calls.call(f, X, tried="f(x)")
    finally:
        watch.ODD.clear()


def abs_(x):
    return abs(x)


# --- what an answer leaves behind ---


@pytest.mark.parametrize("left", [
    "net.register_forward_hook(lambda *a: a[2] * 0)",
    "net.layer.register_forward_pre_hook(lambda *a: None)",
    "net.layer.forward = lambda x: x",
])  # fmt: skip
def test_a_hook_is_not_left_on_a_net(watched, left):
    net = Critic()
    want = net(X)
    f = watched(f"def f(net):\n    {left}")
    with pytest.raises(
        calls.Wrong, match="(hooks|forward) of argument 1.*as it was(.*\n)*.*(remove|del)"
    ):
        calls.call(f, net, tried="f(net)")
    assert torch.equal(net(X), want)
    f = watched("def f(net, x):\n    h = net.register_forward_hook(lambda *a: None)\n"
                "    net(x)\n    h.remove()")  # fmt: skip
    calls.call(f, net, X, tried="f(net)")


def test_a_net_answers_for_itself_in_what_every_module_does(watched):
    f = watched("""
        from torch import nn
        class Net(nn.Module):
            def __init__(self): super().__init__(); self.layer = nn.Linear(3, 2)
            def forward(self, x): return self.layer(x)
            def double(self): return nn.Identity()
            def parameters(self, recurse=True): return iter(())
        def f(): return Net()
    """)
    net = calls.call(f, tried="f()")
    assert nn.Module.double(net) is net and net.double() is net
    assert len(list(net.parameters())) == 2 and net.layer.weight.dtype == torch.float64


# --- what a net of a test's computes with is not in its parts ---

PENALTY = """
    import torch
    def f(critic, real, fake, share, k=1.0):
        x = real + share.view(-1, *[1] * (real.ndim - 1)) * (fake - real)
        h = torch.tanh(x.flatten(1) @ critic.W)
        return ((((1 - h**2) * critic.v @ critic.W.T).norm(dim=1) - k) ** 2).mean()
"""
BITS = """
    import math, torch, torch.nn.functional as F
    def f(model, tokens, T):
        was = model.training
        model.eval()
        with torch.no_grad():
            model(tokens[None, :1], None)
            logits = model.net(tokens[None, :-1])[0][0]
        model.train(was)
        return F.cross_entropy(logits, tokens[1:]).item() / math.log(2)
"""


def test_the_parts_of_a_tests_net_do_not_tell_what_it_computes(watched):
    with pytest.raises(calls.Wrong, match="Expected"):
        check_penalty(watched(PENALTY), 5, (2,), 1.0, 1)
    with pytest.raises(calls.Wrong, match="Expected"):
        check_bits(watched(BITS), "gru", 13, 4, True)
