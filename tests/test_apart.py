"""Answers and tests in two processes: the same result as in one, and nothing but data comes."""

import collections  # noqa: F401  (in VALUES)
import copy
import functools
import inspect
import json
import math
import os
import random
import signal
import socket
import struct
import threading

import numpy as np
import pytest
import torch
from apart_answers import Warm
from torch import nn

from checks import calls, watch
from grading.inside.apart import peer
from grading.inside.apart.frames import ChannelError, Frames
from grading.inside.apart.library import Library
from grading.inside.apart.peer import Peer


@pytest.fixture(scope="module")
def warm(tmp_path_factory):
    made = Warm(tmp_path_factory.mktemp("apart"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def answers(warm):
    made = warm()
    yield made
    made.close()


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
                self.fc = nn.LazyLinear(3)
            def forward(self, x): return self.fc(x)
    """, "Net")  # fmt: skip
    net = Net().double()
    out = net(torch.ones(2, 5, dtype=torch.float64))
    assert out.dtype is torch.float64 and net.fc.weight.shape == (3, 5)
    out.sum().backward()
    assert torch.equal(net.fc.weight.grad, torch.full((3, 5), 2.0, dtype=torch.float64))


def test_backward_inside_the_answer_fills_grad(answers):
    f = answers("def f(w, x):\n    (w * x).sum().backward()\n    return w.grad")
    w, x = torch.ones(2, requires_grad=True), torch.tensor([2.0, 3.0])
    f(w, x)
    assert torch.equal(f(w, x), w.grad) and w.grad.tolist() == [4, 6]


NET = """
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self, width, classes=3):
        super().__init__()
        self.width = width
        self.body = nn.Sequential(nn.Linear(4, width), nn.BatchNorm1d(width), nn.ReLU())
        self.head = nn.Linear(width, classes)
        self.steps = 0
    def forward(self, x):
        self.steps += 1
        return self.head(self.body(x))
    def double_width(self): return 2 * self.width
"""


def test_a_module_of_an_answer_is_a_module(answers):
    Net, space = answers(NET, "Net"), {"__name__": "here"}
    exec(NET, space)
    torch.manual_seed(0)
    net = Net(5)
    torch.manual_seed(0)
    want = space["Net"](5)
    assert issubclass(Net, nn.Module) and isinstance(net, Net) and type(net) is Net
    assert Net.__name__ == "Net" and str(net) == str(want)
    assert list(inspect.signature(Net).parameters) == ["width", "classes"]
    assert isinstance(net.body[1], nn.BatchNorm1d) and net.width == 5 and net.double_width() == 10
    assert [n for n, _ in net.named_modules()] == [n for n, _ in want.named_modules()]
    for a, b in zip(net.state_dict().items(), want.state_dict().items(), strict=True):
        assert a[0] == b[0] and torch.equal(a[1], b[1])
    x = torch.randn(6, 4)
    seen = []
    net.body[0].register_forward_hook(lambda m, i, o: seen.append(tuple(o.shape)))
    optimiser = torch.optim.Adam(net.parameters(), 0.1)
    reference = torch.optim.Adam(want.parameters(), 0.1)
    for _ in range(3):
        for model, opt in ((net, optimiser), (want, reference)):
            opt.zero_grad()
            model(x).square().sum().backward()
            opt.step()
    assert seen == [(6, 5)] * 3 and net.steps == 3
    for a, b in zip(net.state_dict().values(), want.state_dict().values(), strict=True):
        torch.testing.assert_close(a, b)
    other = copy.deepcopy(net)
    with torch.no_grad():
        other.head.weight.zero_()
    assert net.head.weight.any() and type(other) is Net and other is not net
    net.double().eval()
    want.double().eval()
    torch.testing.assert_close(net(x.double()), want(x.double()))
    torch.testing.assert_close(other.eval()(x), other.head.bias.expand(6, 3))


TRAIN = """
import torch, torch.nn.functional as F
def train(net, optimiser, batches):
    net.train()
    total = 0.0
    for x, y in batches:
        optimiser.zero_grad()
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        optimiser.step()
        total += loss.item()
    return total
"""


class Watched(nn.Linear):
    """A layer of the test's, which notes how it is used."""

    def forward(self, x):
        self.seen = (*getattr(self, "seen", ()), (len(x), self.training))
        return super().forward(x)


@pytest.mark.parametrize("make", [torch.optim.SGD, torch.optim.Adam])
def test_a_module_and_an_optimiser_as_arguments(answers, make):
    far, space = answers(TRAIN, "train"), {}
    exec(TRAIN, space)
    found = []
    for train in (far, space["train"]):
        torch.manual_seed(0)
        net = nn.Sequential(Watched(4, 6), nn.BatchNorm1d(6), nn.Dropout(0.3), nn.Linear(6, 3))
        optimiser = make(net.eval().parameters(), lr=0.1)
        x, y = torch.randn(12, 4), torch.randint(3, (12,))
        batches = zip(x.split(4), y.split(4), strict=True)  # an iterator
        loss = [train(net, optimiser, batches), train(net, optimiser, [(x, y)])]
        last = torch.rand(1)
        optimiser.step()
        found.append((loss, net, last))
    (loss, net, last), (loss_here, want, last_here) = found
    assert loss == pytest.approx(loss_here) and torch.equal(last, last_here)
    assert net[0].seen == want[0].seen == ((4, True),) * 3 + ((12, True),)
    for a, b in zip(net.state_dict().values(), want.state_dict().values(), strict=True):
        torch.testing.assert_close(a, b)


def test_iterators_are_read_only_as_far_as_needed(answers):
    f = answers("def f(n):\n    for i in range(n):\n        yield i * i")
    assert list(f(4)) == [0, 1, 4, 9]
    first = answers("def f(pairs): return next(iter(pairs))")
    given = iter(range(5))
    assert first(given) == 0 and next(given) == 1
    with pytest.raises(StopIteration):
        first(iter(()))


def test_signatures_and_defaults(answers):
    f = answers("def f(x, *, eps=1e-5, name='n', **more): return eps")
    parameters = inspect.signature(f).parameters
    assert parameters["eps"].default == 1e-5 and parameters["name"].default == "n"
    assert parameters["more"].kind is inspect.Parameter.VAR_KEYWORD
    assert f.__name__ == "f" and f(1) == 1e-5 and f(1, eps=2) == 2


def test_exceptions_keep_their_class_words_and_traceback(answers):
    f = answers("""
        import sys
        class Mine(ValueError):
            pass
        def f(which):
            if which == 4:
                return sys.exit("no")
            raise [ValueError("a", 2), KeyError("k"), Mine("own"), NotImplementedError()][which]
    """)
    with pytest.raises(ValueError) as caught:
        f(0)
    assert caught.value.args == ("a", 2) and "raise [ValueError" in caught.value.__notes__[0]
    with pytest.raises(KeyError) as caught:
        f(1)
    assert str(caught.value) == "'k'"
    with pytest.raises(ValueError, match="own") as caught:
        f(2)
    assert type(caught.value).__name__ == "Mine"
    with pytest.raises(NotImplementedError):
        f(3)
    with pytest.raises(RuntimeError, match="no"):
        f(4)


def test_printed_text_comes_along(answers, capsys):
    answers("import sys\ndef f():\n    print('seen')\n    print('bad', file=sys.stderr)")()
    assert capsys.readouterr() == ("seen\n", "bad\n")


def test_functions_of_a_test_are_called_back_and_show_nothing(answers):
    secret = [41.5]

    def slope(z, factor=secret):
        return z * secret[0]

    f = answers("""
        import gc, inspect
        def f(slope):
            import types
            found = [slope(2.0), slope.__closure__, slope.__defaults__]
            text = [repr(c.cell_contents) for c in slope.__closure__ or ()]
            text += [repr(o) for o in gc.get_objects() if type(o) in (list, dict) and 41.5 in o]
            text += [repr(p.default) for p in inspect.signature(slope).parameters.values()]
            return found[0], slope.__name__, [t for t in text if "41.5" in t]
    """)
    assert f(slope) == (83.0, "slope", [])


class Kept:
    """An object of a test's."""

    def __init__(self):
        self.want = 5

    def ask(self):
        return self.want + 1

    def __call__(self, x):
        return x + 1

    def __len__(self):
        return 3


def test_objects_of_a_test_lend_their_calls_only(answers):
    f = answers("""
        def f(o):
            found = [o(5), len(o)]
            for name in ("want", "ask", "__dict__", "_x", "__class__"):
                try:
                    found.append(o.ask() if name == "ask" else repr(getattr(o, name)))
                except (AttributeError, TypeError):
                    pass
            try:
                o.want = 7
            except AttributeError:
                found.append("refused")
            return found
    """)
    kept = Kept()
    came = f(kept)
    assert came[:2] == [6, 3] and came[-1] == "refused" and "5" not in str(came[2:])
    assert kept.want == 5


def test_nothing_else_can_be_had_by_asking_for_it(answers):
    f = answers("""
        def f(*lent):
            ask = next(c.cell_contents for c in lent[0].__closure__ if callable(c.cell_contents))
            found = []
            for one in lent:
                for what, *rest in [
                    ("get", "gi_frame"), ("get", "args"), ("get", "__globals__"), ("get", "want"),
                    ("get", "__closure__"), ("name", "secret"), ("set", "want", 1), ("serve",),
                    ("method", "__getattribute__", ("want",), ()), ("method", "_inner", (), ()),
                ]:
                    try:
                        found.append((what, rest, ask(what, one, *rest)))
                    except AttributeError:
                        pass
            return found
    """)

    class Own(Kept):
        def _inner(self):
            return self.want

    secret = 41.5
    lent = [lambda: secret, (secret for _ in range(2)), functools.partial(pow, secret), Own()]
    assert f(*lent) == []


def test_library_functions_go_by_name(answers):
    f = answers("def f(g, x): return g.__module__, g(x)")
    module, came = f(torch.tanh, torch.ones(2))
    assert torch.equal(came, torch.ones(2).tanh()) and module != "__main__"


@pytest.fixture
def elsewhere(answers):
    watch.THERE.append(answers.peer)
    yield answers
    watch.THERE.clear()


def test_by_hand_is_decided_where_the_answer_runs(elsewhere):
    source = """
        import torch, threading
        from torch import softmax as harmless
        def f(x): return {}
    """
    x = torch.ones(2, 3)
    for inside in ("x.softmax(1)", "harmless(x, 1)", "getattr(x, 'soft' + 'max')(1)",
                   "threading.Thread(target=print).start()"):  # fmt: skip
        f = elsewhere(source.format(inside))
        with pytest.raises(calls.Wrong, match="by hand.*\\n(.*\\n)*.*line 4 of the cell: def f"):
            calls.call(f, x, tried="f(x)", by_hand=())
        calls.call(f, x, tried="f(x)")
    f = elsewhere("import torch\nfrom torch.nn.functional import softplus as s, relu\n"
                  "def f(x): return relu(x)")  # fmt: skip
    with pytest.raises(calls.Wrong, match="by hand"):
        calls.call(f, x, tried="f(x)", without=(torch.nn.functional.relu,))
    assert torch.equal(calls.call(f, x, tried="f(x)"), x)


def test_a_graph_is_counted_where_the_answer_runs(elsewhere):
    net = nn.Linear(3, 2)
    f = elsewhere("def f(net, x): return net(x).tolist()")
    with pytest.raises(calls.Wrong, match="no graph"):
        calls.call(f, net, torch.ones(2, 3), tried="f", graph=False)
    f = elsewhere("import torch\ndef f(net, x):\n"
                  "    with torch.no_grad(): return net(x).tolist()")  # fmt: skip
    calls.call(f, net, torch.ones(2, 3), tried="f", graph=False)


def test_numbers_are_counted_where_the_answer_runs(elsewhere):
    f = elsewhere("def f(x): return sum(x * k for k in range(50))")
    assert calls.call(f, torch.ones(2, 3), tried="f", most=2000) is not None
    with pytest.raises(calls.Wrong, match="at most 100 numbers computed"):
        calls.call(f, torch.ones(2, 3), tried="f", most=100)


LEFT = {
    "torch.set_grad_enabled(False)": "gradients on or off",
    "torch.set_default_dtype(torch.float64)": "default dtype",
    "warnings.simplefilter('ignore')": "warning filters",
    "net.eval()": "mode of argument 1",
    "net.requires_grad_(False)": "requires_grad of argument 1",
}


@pytest.mark.parametrize("line", LEFT)
def test_what_an_answer_leaves_behind_is_told(elsewhere, line):
    f = elsewhere(f"import torch, warnings\ndef f(net):\n    {line}\n    return 1")
    with pytest.raises(calls.Wrong, match=LEFT[line]):
        calls.call(f, nn.Linear(1, 1), tried="f")
    assert torch.is_grad_enabled() and torch.get_default_dtype() is torch.float32
    f = elsewhere("import torch\ndef f(): return torch.ones(1, requires_grad=True).exp()")
    assert f().dtype is torch.float32 and f().requires_grad


def test_nothing_is_left_when_nobody_holds_it(answers):
    f = answers("def f(x, g): return [x * 2, lambda: g(x)]")
    before = None
    for number in range(6):
        x = torch.ones(3)
        doubled, again = f(x, lambda x: x.sum().item())
        assert again() == 3
        del doubled, again, x
        answers.peer.fetch("f")
        if number == 2:
            before = len(answers.peer.table.known)
    assert len(answers.peer.table.known) <= before


@pytest.fixture
def interruptible():
    """A job in the background ignores interrupts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_an_interrupt_ends_the_call_and_nothing_else(warm, interruptible):
    answers = warm()
    f = answers("""
        import os, time
        def f(n, g=None):
            while n:
                print("x" * 1000)
                time.sleep(0.001)
                g and g()
            return os.getpid()
    """)
    child = f(0)

    def interrupt():
        os.kill(child, signal.SIGINT)
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    for given in [(1,), (1, lambda: None)] * 3:
        threading.Timer(0.3, interrupt).start()
        with pytest.raises(KeyboardInterrupt):
            f(*given)
        assert f(0) == child
    answers.close()


# --- faults of the channel ---------------------------------------------------------------------


def faulty(data: bytes | list[bytes], most: int = 1 << 20) -> Peer:
    """A peer whose other end sends these bytes, whatever it is asked, and then ends."""
    here, there = socket.socketpair()

    def send():
        Frames(there).receive()
        try:
            for piece in data if isinstance(data, list) else [data]:
                there.sendall(piece)
        except OSError:
            pass
        there.close()

    threading.Thread(target=send, daemon=True).start()
    return Peer("t", Frames(here, most), Library())


def frame(message, *blobs: bytes) -> bytes:
    text = json.dumps({**message, "sizes": list(map(len, blobs))}).encode()
    return struct.pack("!QQ", len(text), sum(map(len, blobs))) + text + b"".join(blobs)


MODES = [True, "float32", 1, os.getcwd(), []]


def reply(content, changes=(), *blobs: bytes, **more) -> bytes:
    message = {"number": 1, "unused": [], "held": 0, "random": [], "content": content}
    message |= {"modes": MODES, "yielded": []}
    return frame({**message, "changes": list(changes), **more}, *blobs)


def tensor(shape, stride, dtype="float32", size=4):
    state = [[dtype, shape, stride, 0], False, None]
    return reply(["ref", "a1"], [["a1", "Tensor", ["Tensor", None], state, 1]], b"\0" * size)


BAD = {
    "ended": b"",
    "cut off": reply(3)[:-2],
    "garbage": os.urandom(4096),
    "2 GB announced": struct.pack("!QQ", 2 << 30, 0) + b"x",
    "2 GB of bytes announced": struct.pack("!QQ", 10, 2 << 30) + b"x" * 10,
    "not JSON": struct.pack("!QQ", 4, 0) + b"{[[[",
    "a list": struct.pack("!QQ", 2, 0) + b"[]",
    "too deep": struct.pack("!QQ", 200_000, 0) + b"[" * 200_000,
    "wrong sizes": struct.pack("!QQ", 13, 5) + b'{"sizes":[1]}' + b"xxxxx",
    "negative sizes": struct.pack("!QQ", 14, 0) + b'{"sizes":[-1]}',
    "an unknown name": reply(["ref", "a7"]),
    "an unknown tag": reply(["pickle", "x"]),
    "a function of the system": reply(["lib", "os:system"]),
    "a module of the system": reply(["package", "os"]),
    "a dtype that is none": reply(["dtype", "load"]),
    "an array of objects": reply(["number", "|O8", 0], (), b"x" * 8),
    "a name of the tests": reply(0, [["t9", "List", None, [], 0]]),
    "an unknown kind": reply(0, [["a1", "Pickle", None, [], 0]]),
    "an object of a library's class": reply(
        0, [["a1", "Object", ["lib", "builtins:int"], None, 0]]
    ),
    "a class of a type": reply(0, [["a1", "Class", ["int", "builtins:int", [], None], None, 0]]),
    "a module of a type": reply(0, [["a1", "Module", ["lib", "builtins:int"], None, 0]]),
    "a shape past all memory": tensor([1 << 50], [1]),
    "a shape past its numbers": tensor([3], [1]),
    "a negative shape": tensor([-1], [1]),
    "too many shapes": tensor([1] * 3, [1]),
    "a state of torch": reply(0, (), b"x", random=[2]),
    "a request to set": reply(0, ask="set", modes=MODES, around=["tuple", []])[:-1],
}


@pytest.mark.parametrize("name", BAD)
def test_faults_cost_one_call(name):
    asker = faulty(BAD[name])
    with pytest.raises(ChannelError):
        asker.ask("name", "x")
    assert asker.frames.broken  # the kernel is to be replaced, not asked again


def test_a_child_of_an_answer_has_no_channel(answers):
    f = answers("import os\ndef f(n):\n    os.fork()\n    return n")
    assert [f(n) for n in range(5)] == list(range(5))


def test_an_exception_of_any_size_costs_its_call_only(answers):
    f = answers("def f(n):\n    if n: raise ValueError('x' * n)\n    return 7")
    with pytest.raises(ValueError, match="^xxx") as found:
        f(50_000_000)
    assert len(str(found.value)) <= 100_000 and f(0) == 7
    assert calls._at(found.value).startswith("line 2 of the cell: if n: raise")
    with pytest.raises(ValueError, match="Exceeds the limit") as found:
        answers("def f(): return 10**10_000")()
    assert calls._at(found.value) == ""  # no line of ours is taken for one of the answer's


def test_a_tensor_with_gaps_as_large_as_memory_comes_without_them():
    came = faulty(tensor([2, 1], [1 << 40, 1], size=8)).ask("name", "x")
    assert came.tolist() == [[0], [0]] and came.untyped_storage().nbytes() < 100


def test_a_flood_of_small_messages_ends(monkeypatch):
    monkeypatch.setattr(peer, "MOST_ASKED", 500)
    late = reply(0).replace(b'"number": 1', b'"number": 9')
    with pytest.raises(ChannelError, match="too many"):
        faulty(late * 1000).ask("name", "x")


def test_questions_that_no_test_answers():
    for ask, content in [
        ("name", ["tuple", ["x"]]),
        ("set", ["tuple", [1, "x", 2]]),
        ("serve", ["tuple", []]),
        ("get", ["tuple", [1, "real"]]),
        ("call", ["tuple", [["lib", "builtins:int"], ["tuple", ["1"]], ["tuple", []]]]),
        ("method", ["tuple", ["text", "upper", ["tuple", []], ["tuple", []]]]),
    ]:
        more = {"ask": ask, "number": 5, "modes": MODES, "around": ["tuple", []]}
        asked = reply(content, **more)
        here, there = socket.socketpair()
        asker = Peer("t", Frames(here), Library())
        there.sendall(asked + reply(7))
        assert asker.ask("name", "x") == 7
        far = Frames(there)
        far.receive()
        answer, _ = far.receive()
        assert answer["number"] == 5 and "not hand that over" in answer["error"]["text"]


def test_an_answer_too_large_and_one_that_ends_its_process(warm):
    answers = warm(most=1 << 20)
    try:
        f = answers("import os, torch\ndef f(n): return torch.zeros(n) if n else os._exit(3)")
        with pytest.raises(ValueError, match="too large"):
            f(1 << 20)
        assert f(2).tolist() == [0, 0]
        with pytest.raises(ChannelError, match="ended"):
            f(0)
    finally:
        answers.close()
