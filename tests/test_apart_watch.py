"""What an answer calls, counts and leaves behind is seen where it runs; an interrupt ends a call."""

import collections  # noqa: F401  (in VALUES)
import os
import py_compile
import shutil
import signal
import threading
import zipfile
from contextlib import nullcontext
from pathlib import Path

import pytest
import torch
from torch import nn

from checks import calls, watch


def test_by_hand_is_decided_where_the_answer_runs(watched):
    source = """
        import torch, threading
        from torch import softmax as harmless
        def f(x): return {}
    """
    x = torch.ones(2, 3)
    for inside in ("x.softmax(1)", "harmless(x, 1)", "getattr(x, 'soft' + 'max')(1)",
                   "threading.Thread(target=print).start()"):  # fmt: skip
        f = watched(source.format(inside))
        with pytest.raises(calls.Wrong, match="by hand.*\\n(.*\\n)*.*line 4 of the cell: def f"):
            calls.call(f, x, tried="f(x)", by_hand=())
        calls.call(f, x, tried="f(x)")
    f = watched("import torch\nfrom torch.nn.functional import softplus as s, relu\n"
                "def f(x): return relu(x)")  # fmt: skip
    with pytest.raises(calls.Wrong, match="by hand"):
        calls.call(f, x, tried="f(x)", without=(torch.nn.functional.relu,))
    assert torch.equal(calls.call(f, x, tried="f(x)"), x)


def test_a_graph_is_counted_where_the_answer_runs(watched):
    net = nn.Linear(3, 2)
    f = watched("def f(net, x): return net(x).tolist()")
    with pytest.raises(calls.Wrong, match="no graph"):
        calls.call(f, net, torch.ones(2, 3), tried="f", graph=False)
    f = watched("import torch\ndef f(net, x):\n"
                "    with torch.no_grad(): return net(x).tolist()")  # fmt: skip
    calls.call(f, net, torch.ones(2, 3), tried="f", graph=False)


def test_numbers_are_counted_where_the_answer_runs(watched):
    f = watched("def f(x): return sum(x * k for k in range(50))")
    assert calls.call(f, torch.ones(2, 3), tried="f", most=2000) is not None
    with pytest.raises(calls.Wrong, match="at most 100 numbers computed"):
        calls.call(f, torch.ones(2, 3), tried="f", most=100)


LEFT = {
    "torch.set_grad_enabled(False)": "gradients on or off",
    "torch.set_default_dtype(torch.float64)": "default dtype",
    "torch.set_autocast_enabled('cpu', True)": "torch's autocast",
    "warnings.simplefilter('ignore')": "warning filters",
    "sys.setrecursionlimit(10**6)": "the recursion limit",
    "numpy.seterr(all='ignore')": "NumPy's warnings",
    "net.eval()": "mode of argument 1",
    "net.requires_grad_(False)": "requires_grad of argument 1",
}


@pytest.mark.parametrize("line", LEFT)
def test_what_an_answer_leaves_behind_is_told(watched, line):
    f = watched(f"import torch, numpy, sys, warnings\ndef f(net):\n    {line}\n    return 1")
    with pytest.raises(calls.Wrong, match=LEFT[line]):
        calls.call(f, nn.Linear(1, 1), tried="f")
    assert torch.is_grad_enabled() and torch.get_default_dtype() is torch.float32
    f = watched("import torch\ndef f(): return torch.ones(1, requires_grad=True).exp()")
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


BEFORE = {
    "a trace function": "import sys\nsys.settrace(lambda *given: None)",
    "a function by ctypes": "import ctypes\nctypes.CDLL(None).getpid",
    "a function by _ctypes": "import _ctypes\n_ctypes.dlsym(_ctypes.dlopen(None, 0), 'getpid')",
}


@pytest.mark.parametrize("line", BEFORE)
def test_what_could_hide_work_is_known_if_it_was_begun_before(watched, line):
    f = watched(f"import torch\n{BEFORE[line]}\ndef f(x): return x + 1")
    with pytest.raises(calls.Wrong, match="by hand"):
        calls.call(f, torch.ones(2), tried="f", by_hand=())


MODULE = "def f(x): return x + 1\n"
WRITTEN = {  # what is done before the import, and whether all that it brings was read
    "handed in": ("", True),
    "a text that was copied": ("shutil.copy('notes.txt', 'mine.py')", False),
    "beside it, in a folder named like a library's": (
        "os.mkdir('x-packages'); shutil.copy('notes.txt', 'x-packages/mine.py')\n"
        "sys.path.insert(0, 'x-packages')",
        False,
    ),
    "compiled": ("os.remove('mine.py'); shutil.copy('notes.bin', 'mine.pyc')", False),
    "compiled, beside its text": (
        "os.makedirs('__pycache__', exist_ok=True)\n"
        "shutil.copy('notes.bin', importlib.util.cache_from_source('mine.py'))",
        False,
    ),
    "in an archive": ("sys.path.insert(0, 'notes.zip')", False),
}


@pytest.fixture
def beside(warm, monkeypatch):
    """A process of answers, and what was handed in beside the notebook."""
    monkeypatch.chdir(warm.folder)
    for name in ("mine.py", "notes.txt"):
        Path(name).write_text(MODULE + f"# {name}")
    unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
    py_compile.compile("notes.txt", "notes.bin", invalidation_mode=unchecked)
    with zipfile.ZipFile("notes.zip", "w") as archive:
        archive.writestr("mine.py", MODULE)
    answers = warm()
    watch.THERE.append(answers.peer)
    yield answers
    watch.THERE.clear()
    answers.close()
    for path in ("__pycache__", "x-packages"):
        shutil.rmtree(path, ignore_errors=True)


@pytest.mark.parametrize("way", WRITTEN)
def test_what_is_imported_was_handed_in_as_a_text(beside, way):
    done, read = WRITTEN[way]
    f = beside(f"import importlib.util, os, shutil, sys, torch\n{done}\nfrom mine import f")
    with nullcontext() if read else pytest.raises(calls.Wrong, match="not handed in as a text"):
        calls.call(f, torch.ones(2), tried="f", by_hand=())
