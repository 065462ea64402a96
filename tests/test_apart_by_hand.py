"""Ways to have the library do what is to be done by hand, each of which once earned its marks.

Each makes `f`, which is to compute softmax(x) over the rows; `work` is the library's.
"""

import pytest
import torch

from checks import calls
from checks.gpt import check_writing
from checks.training import check_sgd
from grading.needless import needless

X = torch.linspace(-1, 1, 6, dtype=torch.float64).view(2, 3)
HEAD = """
import contextlib, queue, sys
import numpy as np, torch
from scipy.special import softmax
from torch import nn
def work(x): return torch.softmax(x, 1)
"""
TABLE = """
tasks = queue.Queue()
class Doer:
    level = 0
    def handle(self, task):
        given, back = task
        back.put(work(given))
def loop():
    while True:
        Doer().handle(tasks.get())
def f(x):
    back = queue.Queue()
    tasks.put((x, back))
    return back.get()
"""
FORGED = {
    "a number that computes when it is read": """
        class Number:
            def __float__(self):
                self.came = work(self.x)
                return 0.0
        def f(x):
            one = Number()
            one.x = x
            torch.tensor([one], dtype=x.dtype)
            return one.came
    """,
    "a call-back of an operation's": """
        def f(x):
            came = []
            x[:1, 0].clone().apply_(lambda number: came.append(x + 0) or number)
            return came[0]
    """,
    "an object that has no code of its own": """
        import functools
        def f(x):
            came = torch.empty_like(x)
            late = functools.partial(torch.softmax, x, 1, out=came)
            one = type("N", (), {"__float__": late})()
            try: torch.tensor([one], dtype=x.dtype)
            except TypeError: pass
            return came
    """,
    "a library's function, by its class and a variable": """
        name = "enter_" + "context"
        setattr([contextlib.ExitStack][0], name, contextlib.ExitStack.enter_context)
        def f(x): return x
    """,
    "a kind of tensor, made without its name in sight": """
        came = []
        def dispatch(cls, function, types, args=(), named=None):
            came.append(work(came.pop()))
            return torch.zeros(())
        T = type("T", (torch.Tensor,), {"__torch_" + "dispatch__": classmethod(dispatch)})
        def f(x):
            came.append(x)
            torch.zeros(1).as_subclass(T) + 0
            return came.pop()
    """,
    "a thread of the standard library's": TABLE + """
import logging.handlers
logging.handlers.QueueListener(tasks, Doer()).start()
    """,
    "a thread, by way of another module": TABLE + """
from torch.utils.data import dataloader
dataloader.threading.Thread(target=loop, daemon=True).start()
    """,
    "a process begun before": """
        from torch.utils.data import DataLoader
        kept = iter(DataLoader([1, 2, 3], num_workers=1, persistent_workers=True))
        next(kept)
        def f(x): return x
    """,
    "what the watch is entered by": """
        kind = [contextlib.ExitStack][0]
        kind.enter_context = lambda self, given: None
        f = work
    """,
    "a name in a variable": """
        name = "setprofile"
        off = getattr(sys, name)
        def f(x): return x
    """,
    "a text in a variable": """
        text = "torch._C"
        inside = eval(text)
        def f(x): return x
    """,
    "a library's name": """
        __name__ = "torch.mine"
        def f(x): return torch.from_numpy(softmax(x.numpy(), 1))
    """,
    "another library's function, called by NumPy": """
        def f(x): return torch.from_numpy(np.apply_along_axis(softmax, 1, x.numpy()))
    """,
    "another library's function as a module": """
        def f(x):
            net = nn.Module()
            net.forward = lambda x: softmax(x, 1)
            return torch.from_numpy(net(x.numpy()))
    """,
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED)
def test_the_librarys_work_is_seen(watched, name):
    watched.execute(HEAD)
    f = watched(FORGED[name])
    with pytest.raises(calls.Wrong, match="by hand, without"):
        calls.call(f, X, tried="f(x)", by_hand=())


def test_the_work_is_let_through(watched):
    """Also beside what only looks like those: names in variables, a bar's thread, generated code."""
    f = watched("""
        import copy, dataclasses, torch
        from collections import namedtuple
        from tqdm import tqdm
        for _ in tqdm(range(3)): pass
        text = "torch.nn.ReLU()"
        layer = eval(text)
        @dataclasses.dataclass
        class Row: x: torch.Tensor
        Pair = namedtuple("Pair", "a b")
        class Own:
            def __init__(self): self._sum = 1
            def get(self, name): return getattr(self, "_" + name)
        Own().get("sum")
        def f(x):
            name, x = "e" + "xp", copy.deepcopy(copy.copy(x))
            row, pair = Row(getattr(x, name)()), Pair(x.sum(), layer(x))
            return torch.stack([one / one.sum() for one in row.x])
    """)  # fmt: skip
    came = calls.call(f, X, tried="f(x)", by_hand=())
    assert torch.allclose(came, X.softmax(1))


def test_another_optimiser_is_not_done_by_hand_either(watched):
    f = watched("""
        import torch
        from torch.optim import rmsprop
        def f(theta, g, v, lr, beta=0.9, decay=0.0):
            zero, step = torch.zeros_like(theta), torch.zeros(())
            theta, v = theta.clone(), v.clone()
            rmsprop.rmsprop([theta], [g], [zero], [], [v], [step], foreach=False, maximize=False,
                differentiable=False, capturable=False, has_complex=False, lr=lr, alpha=1.0,
                eps=1.0, weight_decay=decay, momentum=beta, centered=False)
            return theta, v
    """)  # fmt: skip
    with pytest.raises(calls.Wrong, match="by hand, without"):
        check_sgd(f, (3, 2), rates=[0.2, 0.05], beta=0.9, decay=0.1)


def test_models_come_in_an_order_that_no_test_can_foresee(watched):
    f = watched("""
        calls = []
        def f(model, V, context):
            calls.append(V)
            assert len(calls) % 12 in (4, 7, 8, 9)  # by their names
    """)
    with pytest.raises(calls.Wrong, match="test_writing"):
        for _ in range(3):
            check_writing(f, None, V=5, context=8)


@pytest.mark.parametrize("line", [
    "from sys import modules", "np.testing.unittest.mock.patch(x)", "torch.__dict__[name]",
    "eval(text, space)", "f.__name__ = name", "__name__ = name", "net.__class__ = Other",
    "from numpy.core import multiarray", "logging.config.BaseConfigurator({})",
    "tree_map(getattr, torch, name)", "found = eval", "data.dataloader.threading.Thread(target=f)",
])  # fmt: skip
def test_lines_that_once_got_round_it(line):
    assert needless(f"def f(x):\n    {line}", {"torch", "np", "data"})
