"""Ways to earn a mark without the work, tried against tests that run in a process of their own.

Each forgery is what a student might hand in for `f`, which is to compute softmax(x) over the rows.
It runs with the whole of the channel at hand, and without a sandbox: what the sandbox prevents
(signals, other processes' memory, files) is tried in `test_grading_hostile`.
"""

import os
import textwrap

import pytest
import torch

from checks import calls, compare
from checks.training import check_step
from grading.inside.apart.frames import ChannelError

HELP = """
import ctypes, gc, inspect, os, random, socket, struct, sys, threading, time, json
import numpy as np, torch
from torch import nn
from grading.inside.apart.peer import Peer
from grading.inside.apart.frames import Frames
def peer(): return next(o for o in gc.get_objects() if isinstance(o, Peer))
def right(t): return torch.is_tensor(t) and t.shape == (3, 4) and torch.allclose(
    t.double().sum(1), torch.ones(3).double())
def number(): return next(i for f in inspect.stack()
                          if (i := f.frame.f_locals.get("message", {}).get("number")) is not None)
"""

FORGED = {
    "frames": "for s in inspect.stack():\n  for v in s.frame.f_locals.values():\n    "
    "if right(v): return v",
    "collector": "for o in gc.get_objects():\n  if right(o): return o",
    "referrers": "for o in gc.get_referrers(x):\n  for v in (o.values() if isinstance(o, dict) "
    "else o if isinstance(o, list) else ()):\n    if right(v): return v",
    "traceback": "try: 1 / 0\nexcept Exception as e:\n  t = e.__traceback__.tb_frame\n  "
    "while t:\n    for v in t.f_locals.values():\n      if right(v): return v\n    t = t.f_back",
    "table": "for o in peer().table.known.values():\n  if right(o): return o",
    "memory": "import re\nfor line in open('/proc/self/maps'):\n  pass\nreturn x",
    "asks for a name": "for n in ('want', 'check', 'came'):\n  try: return peer().ask('name', n)\n"
    "  except AttributeError: pass\nreturn x",
    "asks for globals": "return peer().ask('get', slope, '__globals__')['want']",
    "asks for a closure": "return peer().ask('get', slope, '__closure__')[0].cell_contents",
    "asks for code": "return peer().ask('get', slope, '__code__').co_consts",
    "asks for defaults": "return peer().ask('get', slope, '__defaults__')[0]",
    "asks a method for its frame": "return peer().ask('method', slope, '__getattribute__', "
    "('__globals__',), ())",
    "asks to set": "return peer().ask('set', slope, '__code__', slope)",
    "asks to serve": "return peer().ask('serve')",
    "asks for a library function": "return peer().ask('call', torch.softmax, (x, 1), ())",
    "equals everything": "class E:\n  def __eq__(s, o): return True\n  def __ne__(s, o): "
    "return False\n  shape = x.shape; dtype = x.dtype\n  def __sub__(s, o): return torch.zeros(3, 4)"
    "\n  __rsub__ = __sub__\nreturn E()",
    "torch function": "class T(torch.Tensor):\n  @classmethod\n  def __torch_function__(c, f, t, "
    "a=(), k=None): return torch.tensor(True)\nreturn torch.zeros(3, 4).as_subclass(T)",
    "torch dispatch": "class D(torch.Tensor):\n  @staticmethod\n  def __new__(c): return "
    "torch.Tensor._make_wrapper_subclass(c, (3, 4), dtype=torch.float64)\n  @classmethod\n"
    "  def __torch_dispatch__(c, f, t, a=(), k=None): return torch.tensor(True)\nreturn D()",
    "shape that lies": "class S(torch.Tensor):\n  shape = property(lambda s: torch.Size([3, 4]))\n"
    "return torch.zeros(0).as_subclass(S)",
    "float that lies": "class F(float):\n  __eq__ = __le__ = __ge__ = lambda s, o: True\n  "
    "__hash__ = None\n  __sub__ = __rsub__ = __abs__ = lambda s, *o: F(0)\nreturn F(1)",
    "array that lies": "class A(np.ndarray):\n  def __array_ufunc__(s, *a, **k): return True\n"
    "return np.zeros((3, 4)).view(A)",
    "array protocol": "class A:\n  def __array__(s, *a, **k): return np.ones((3, 4)) / 4\n"
    "return A()",
    "class that lies": "class M(type):\n  def __instancecheck__(c, o): return True\n"
    "class L(metaclass=M):\n  __class__ = torch.Tensor\nreturn L()",
    "nan": "return torch.full((3, 4), float('nan'), dtype=torch.float64)",
    "infinite": "return torch.full((3, 4), float('inf'), dtype=torch.float64)",
    "sparse": "return torch.zeros(3, 4, dtype=torch.float64).to_sparse()",
    "meta": "return torch.empty(3, 4, dtype=torch.float64, device='meta')",
    "nested": "return torch.nested.nested_tensor([torch.ones(4).double()] * 3)",
    "quantised": "return torch.quantize_per_tensor(torch.zeros(3, 4), 0.1, 0, torch.quint8)",
    "empty of the right name": "return torch.empty(3, 0, dtype=torch.float64)",
    "reduces to a program": "class R:\n  def __reduce__(s): return os.system, "
    "('touch ' + MARK,)\nreturn R()",
    "sends a pickle": "import pickle\nclass R:\n  def __reduce__(s): return os.system, "
    "('touch ' + MARK,)\npeer().frames.sock.sendall(pickle.dumps(R()) * 9)\nreturn x",
    "exits well": "sys.exit(0)",
    "raises KeyboardInterrupt": "raise KeyboardInterrupt",
    "raises GeneratorExit": "raise GeneratorExit",
    "raises StopIteration": "raise StopIteration",
    "raises what is no exception": "class Done(BaseException): pass\nraise Done",
    "raises a class that lies": "class E(Exception):\n  __str__ = lambda s: 'passed'\n"
    "  __class__ = type(None)\nraise E",
    "ends": "os._exit(0)",
    "closes the channel": "peer().frames.sock.close(); return x",
    "garbage": "peer().frames.sock.sendall(os.urandom(999)); return x",
    "two gigabytes": "peer().frames.sock.sendall(struct.pack('!QQ', 2 << 30, 2 << 30)); return x",
    "a flood of late answers": "for i in range(200):\n  peer().frames.send({'number': -1, "
    "'unused': [], 'held': 0, 'random': [], 'changes': [], 'content': True, 'modes': "
    "[True, 'float32', 1, '/', [], 1000, {}], 'yielded': []}, [])\nreturn x",
    "a second answer": "p = peer()\np._send('reply', {'number': number(), 'printed': [], "
    "'modes': [True, 'float32', 1, '/', [], 1000, {}], 'yielded': []}, True)\nreturn x",
    "answers before it is asked": "p = peer()\nfor i in range(9):\n  p._send('reply', "
    "{'number': number() + 1 + i, 'printed': [], 'modes': [True, 'float32', 1, '/', [], 1000, {}], "
    "'yielded': []}, torch.ones(3, 4).double() / 4)\nreturn x",
    "replaces the writer": "peer().table.write = lambda v, depth=0: True\nreturn x",
    "another class's name": "peer().table.library.name = lambda v, o: 'os:system'\nreturn type",
    "the comparison replaced": "torch.allclose = torch.equal = lambda *a, **k: True\n"
    "torch.Tensor.__eq__ = torch.Tensor.__le__ = lambda s, o: torch.tensor(True)\nreturn x",
    "the builtins replaced": "import builtins\nbuiltins.abs = lambda v: 0\nbuiltins.all = "
    "lambda v: True\nreturn x",
    "the check replaced": "import checks.compare as c\nc.tensor = c.fail = lambda *a, **k: None\n"
    "return x",
    "random numbers replaced": "torch.manual_seed(0); random.seed(0)\n"
    "return torch.ones(3, 4).double() / 4",
    "a default dtype": "torch.set_default_dtype(torch.float16); return x",
    "no gradients": "torch.set_grad_enabled(False); return x",
    "the argument changed": "x.zero_(); return torch.ones(3, 4).double() / 4",
    "the argument renamed": "x.data = torch.zeros(3, 4).double(); return x",
    "the argument kept": "global kept\nkept = x\nthreading.Thread(target=lambda: "
    "[kept.zero_() for _ in range(99)]).start()\nreturn torch.ones(3, 4).double() / 4",
    "called back without end": "g = lambda z: slope(g(z))\nreturn g(x)",
    "called back with itself": "return slope(f)",
    "called back with what lies": "class E(float):\n  __mul__ = __rmul__ = lambda s, o: s\n"
    "return slope(E(1))",
    "calls back a thousand times": "for _ in range(1000): slope(x)\nreturn slope(x)",
    "returns the test's function": "return slope",
    "a module with a forward": "n = nn.Identity()\nn.forward = lambda z: z\nreturn n",
    "a module with a hook": "n = nn.Identity()\nn.register_forward_hook(lambda *a: True)\nreturn n",
    "a list in itself": "a = []\na.append(a)\nreturn a",
    "a thousand tuples deep": "a = ()\nfor _ in range(1000): a = (a,)\nreturn a",
    "a number without end": "return 1 << (1 << 20)",
    "a text without end": "return 'x' * (1 << 26)",
    "an iterator without end": "import itertools\nreturn itertools.repeat(True)",
    "prints without end": "for _ in range(200): print('passed' * 100000)\nreturn x",
    "a lock across processes": "import mmap\nm = mmap.mmap(-1, 4096)\nm.write(b'1' * 4096)\n"
    "return m",
    "memory of the parent": "return open(f'/proc/{os.getppid()}/mem', 'rb').read(9)",
    "methods that say yes": "class Y:\n  shape = x.shape; dtype = x.dtype; ndim = 2\n"
    "  def numel(s): return 12\n  def dim(s): return 2\n  def tolist(s): return [[0.25] * 4] * 3\n"
    "  def allclose(s, o, *a, **k): return True\n  equal = eq = isclose = allclose\n"
    "  def detach(s): return s\n  double = clone = float = detach\n  def item(s): return True\nreturn Y()",
    "a sequence that lies": "class L(list):\n  def __eq__(s, o): return True\n"
    "  def __len__(s): return 3\n  def __iter__(s): return iter([True] * 3)\nreturn L()",
    "an iterator of what equals": "class E:\n  def __eq__(s, o): return True\n"
    "return iter([E()] * 3)",
    "a dictionary that lies": "class D(dict):\n  def __missing__(s, k): return True\nreturn D()",
    "a module that says it is a tensor": "class T(nn.Module):\n  __class__ = torch.Tensor\n"
    "  shape = x.shape; dtype = x.dtype\n  def allclose(s, o): return True\nreturn T()",
    "a lazy parameter": "return nn.UninitializedParameter(dtype=torch.float64)",
    "a gradient in place of a value": "r = torch.zeros(3, 4).double().requires_grad_()\n"
    "r.grad = torch.ones(3, 4).double() / 4\nreturn r",
    "a view of the argument": "return x.as_strided((3, 4), (0, 0))",
    "a result that changes later": "r = torch.zeros(3, 4).double()\n"
    "t = threading.Timer(0.01, lambda: r.fill_(0.25))\nt.start()\nreturn r",
    "a backward that lies": "class B(torch.autograd.Function):\n  @staticmethod\n"
    "  def forward(c, z): return z\n  @staticmethod\n  def backward(c, g): return slope(g)\n"
    "return B.apply(x.clone().requires_grad_())",
    "an exception that holds what is wanted": "raise AssertionError(torch.ones(3, 4) / 4)",
    "an exception of the checks": "from checks.compare import Wrong\nraise Wrong('', '', '')",
    "a refusal of the watch": "from checks.watch import Refused\nraise Refused('')",
    "warnings as errors": "import warnings\nwarnings.simplefilter('error')\nreturn x",
    "random states that do not exist": "import numpy\nk = np.random.get_state()\n"
    "np.random.set_state((k[0], k[1], 10 ** 6, 0, 0.0))\nreturn x",
    "a mode that stays": "from torch.overrides import TorchFunctionMode\n"
    "class M(TorchFunctionMode):\n  def __torch_function__(s, f, t, a=(), k=None): return True\n"
    "M().__enter__()\nreturn x",
    "a hook on all modules": "nn.modules.module.register_module_forward_hook(lambda *a: True)\n"
    "return x",
    "a request while it is asked": "p = peer()\nthreading.Thread(target=lambda: [p.ask('call', "
    "slope, (x,), ()) for _ in range(9)]).start()\ntime.sleep(0.1)\nreturn x",
    "two processes on one channel": "if os.fork() == 0:\n  return torch.ones(3, 4).double() / 4\n"
    "return x",
    "sockets that were left open": "for n in os.listdir('/proc/self/fd'):\n  try: "
    "os.write(int(n), b'\\0' * 64)\n  except OSError: pass\nreturn x",
    "the tests' file": "return open(__import__('checks').compare.__file__).read()",
}


@pytest.mark.parametrize("name", FORGED)
def test_no_forgery_passes(warm, tmp_path, name):
    answers, mark = warm(), tmp_path / "mark"
    body = textwrap.indent(FORGED[name].replace("MARK", repr(str(mark))), "    ")
    want = []

    def slope(z, hidden=want):
        assert len(hidden) < 9
        return z * 2 if isinstance(z, torch.Tensor) else z

    def check(f):
        g = torch.Generator().manual_seed(len(name))
        x = torch.randn(3, 4, generator=g, dtype=torch.float64)
        want.append(x.softmax(1))
        came = calls.call(f, x, slope, tried="f(x)")
        compare.tensor(came, want[0], "f(x)")

    try:
        f = answers(f"{HELP}\ndef f(x, slope):\n{body}")
        with pytest.raises((AssertionError, ChannelError)):
            check(f)
    finally:
        answers.close()
        assert not os.path.exists(mark)
        torch.set_grad_enabled(True)
        torch.set_default_dtype(torch.float32)


def test_the_work_passes(warm):
    """The check that no forgery passes is one that the work does pass."""
    answers = warm()
    f = answers("def f(x, slope): return x.exp() / x.exp().sum(1, keepdim=True)")
    x = torch.randn(3, 4, dtype=torch.float64)
    compare.tensor(calls.call(f, x, abs, tried="f(x)"), x.softmax(1), "f(x)")
    answers.close()


# --- a test's own net is called for what it notes, and the work is done without it ---


STEP = """
    import copy, torch, torch.nn.functional as F
    from torch import nn
    def f(net, optimiser, x, y, size):
        with torch.no_grad():
            for part in x.split(size): net(part)
        optimiser.zero_grad()
        WHOLE
        loss = F.cross_entropy(a, y)
        slopes = torch.autograd.grad(loss, list(other.parameters()))
        for p, slope in zip(net.parameters(), slopes): p.grad = slope
        optimiser.step()
        return loss.item()
"""


@pytest.mark.parametrize("whole", [
    "other = copy.deepcopy(net); a = other(x)",
    "other, a = net, x\n        for p in net[1:]: a = F.linear(a, p.weight, p.bias) "
    "if isinstance(p, nn.Linear) else p(a)",
])  # fmt: skip
def test_what_a_net_notes_is_not_fed(watched, whole):
    with pytest.raises(compare.Wrong):
        check_step(watched(STEP.replace("WHOLE", whole)), B=10, size=4, C=5)
