"""Modules, functions, iterators and exceptions go between the two processes as they do in one."""

import collections  # noqa: F401  (in VALUES)
import contextlib
import copy
import functools
import inspect
import io
import warnings

import pytest
import torch
from torch import nn


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


def test_a_test_collects_what_an_answer_prints_and_warns_of(answers, capsys, monkeypatch):
    f = answers("""
        import warnings
        class Mine(UserWarning): pass
        def f():
            print("seen")
            warnings.warn("slow", RuntimeWarning)
            warnings.warn("own", Mine)
    """)
    text = io.StringIO()
    with contextlib.redirect_stdout(text), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        f()
    assert text.getvalue() == "seen\n" and capsys.readouterr() == ("", "")
    assert [(str(w.message), w.category) for w in caught] == [
        ("slow", RuntimeWarning), ("own", UserWarning)
    ]  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(RuntimeWarning, match="slow"):
            f()
    assert capsys.readouterr().out == "seen\n"
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        monkeypatch.setattr(warnings, "_showwarnmsg_impl", None)  # not pytest's, which collects too
        f()
        monkeypatch.undo()
    said = capsys.readouterr().err
    assert "RuntimeWarning: slow" in said and "Mine: own" in said


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
