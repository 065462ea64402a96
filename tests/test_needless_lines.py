"""Lines of answers for which a test refuses work by hand."""

import json

import bank
import graders
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from grading.bubble import why_not
from grading.needless import imported, lines, needless, plain_imports

ODD = """
import threading
from concurrent.futures import ThreadPoolExecutor
import checks.watch
from checks import watch
from torch.utils._mode_utils import no_dispatch
from scipy.signal import _sigtools
import torch._decomp
from torch.autograd import forward_ad
import cProfile
torch.library.custom_op("mine::add", mutates_args=())
torch.jit.trace(f, x)
loss.grad_fn.next_functions
net._ask("get", net, "calls")
getattr(net, "_ask")
f.__wrapped__ = g
BasicBlock.forward = forward
setattr(torch, "relu", other)
torch.nn.functional.relu = other
exec(text)
eval("1 + 1")
shell = get_ipython()
class Late(np.float64): pass
class T(torch.Tensor): pass
class Late(torch.autograd.Function): pass
def __torch_function__(self): pass
def tobytes(self): pass
def __class__(self): pass
next(g).gi_frame.f_back.f_locals
self.torch._C
vars(vars(torch)["utils"])
operator.attrgetter("utils.x")(torch)
operator.methodcaller(name)(torch)
methodcaller("as_strided", x, (2,), (8,))(np.lib.stride_tricks)
methodcaller("__reduce__")(net)
from operator import methodcaller as made
getattr(np.lib.stride_tricks, "as_strided")(x, (2,), (8,))
import six
torch.hub.load("hub", "entry", source="local")
yaml.load(text, Loader=yaml.UnsafeLoader)
torch.frombuffer(mine, dtype=torch.uint8)
Late.tobytes = other
net._children_of(x)
string.Formatter().get_field("0.a", (torch,), {})
typing.get_type_hints(f)
inspect.getargvalues(one.frame)
getattr(torch.utils, "_python" + "_dispatch")
getattr(torch.utils, f"_{name}")
sys.modules["torch.overrides"]
sys.addaudithook(heard)
__builtins__.any = other
np.load(file, allow_pickle=True)
open("/proc/self/mem", "r+b")
Path("aid.py").write_text(text)
os.fork()
import timeit
import torch.multiprocessing
import written_by_the_cell_before
from IPython.core.interactiveshell import InteractiveShell
import IPython
from scipy.linalg.lapack import dgesdd
inspect.getmodule(LogisticRegression)
dict(inspect.getmembers_static(module))
import sys as s
np.sys.modules["torch"]
np.lib.stride_tricks.as_strided(x, (2,), (8,))
from numpy.lib.stride_tricks import as_strided
""".strip().split("\n")
PLAIN = """
import torch, math, copy, random, sys, inspect
from torch.utils.data import DataLoader
from operator import itemgetter, methodcaller
total = methodcaller("sum"), operator.methodcaller("sum", 1)
getattr(torch, "as_strided")
self._states = []; net.eval(); eval(name)
torch.backends.cudnn.deterministic = True
x.requires_grad = True; module.padding = 1
class Net(nn.Module): pass
class Bad(ValueError): pass
def __init__(self): super().__init__()
def __len__(self): return 1
def __rshift__(self, f): return f(self.x)
def __ror__(self, other): return self
def __missing__(self, key): return 0
class Pair: __slots__ = ("a", "b")
def f(self): self.__z = self.__z + 1
_, n = x.shape, type(x).__name__
handle = layer.register_forward_hook(note)
getattr(net, stage)
if __name__ == "__main__": pass
%matplotlib inline
%time x = x + 1
!pip install torch
from IPython.display import HTML
image = Image.open(file)
getattr(net, stage + "_way"), getattr(F, name)(x)
np.frombuffer(data, dtype=np.uint8).tolist(), np.array(found, np.uint8).tobytes()
for name, child in net._modules.items(): pass
from __future__ import annotations
torch.as_strided(x, (2, 2), (1, 1)), x.as_strided((2,), (1,))
np.lib.stride_tricks.sliding_window_view(x, 3)
""".strip().split("\n")
KNOWN = {"torch", "np", "BasicBlock"}


@pytest.mark.parametrize("line", ODD)
def test_what_no_answer_needs(line):
    assert needless(line if line.startswith(("class", "def")) else f"def f(x):\n    {line}", KNOWN)


@pytest.mark.parametrize("line", PLAIN)
def test_what_an_answer_may_need(line):
    assert needless(line, KNOWN) == []


WHOLE = {
    "behind a magic": "%time import gc",
    "a magic in the middle": "import gc\nseconds = %time 1",
    "a line that is taken for a magic": "import gc\nrest = (7\n% 4)",
    "a magic within a text that ends there": "%time 1\nx = '''\n% ''' + str(vars(torch)) + '''\n'''",
    "a magic that runs a file": "%run aid.py",
    "another program": "!python aid.py &",
    "too deep for a reader": "import gc\nx = " + "-" * 4000 + "1",
    "a pattern": "match torch:\n    case object(_C=inside): pass",
    "a name that is bound elsewhere": "def unused(torch): pass\ntorch.relu = other",
    "another name of it": "t = torch\nt.relu = other",
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_cell_in_which_they_hide(name):
    cell = WHOLE[name]
    assert needless(cell, imported(["import torch", cell]))


@pytest.mark.parametrize("cell", [
    "%%time\nx = 1", "seconds = %timeit -n 1 -o f(x)", "files = !ls", "!pip install 'torch'", "(" * 500,
    "%matplotlib inline\nx = 7 % 4", "def f(torch):\n    torch.relu = 1", "torch.zeros?", "x = 1 +",
])  # fmt: skip
def test_a_cell_that_only_looks_odd(cell):
    assert needless(cell, {"torch"}) == []


def test_a_module_beside_the_notebook_is_read(tmp_path):
    nb = new_notebook(cells=[new_code_cell("import aid, both\nimport json")])
    (tmp_path / "aid.py").write_text("import further\n")
    (tmp_path / "both").mkdir()
    (tmp_path / "both" / "__init__.py").write_text("x = 1\n")
    assert lines(nb, tmp_path)[0] == {"line 1 of aid.py: import further": {0}}
    (tmp_path / "further.py").write_text("\nimport gc\n")
    assert lines(nb, tmp_path)[0] == {"line 2 of further.py: import gc": {0}}
    (tmp_path / "further.py").write_text("#" * 400_000)
    assert lines(nb, tmp_path)[0] == {"line 1 of further.py: exec": {0}}


@pytest.mark.parametrize("text", [
    b"\xef\xbb\xbfimport gc\n", b"# coding: utf-7\nx = 1\n", b"#!/x\n# vim: fileencoding=unicode_escape\n",
])  # fmt: skip
def test_a_module_is_read_as_python_reads_it(text, tmp_path):
    (tmp_path / "tabulate.py").write_bytes(text)  # another one of that name may be installed
    assert lines(new_notebook(cells=[new_code_cell("import tabulate")]), tmp_path)[0]
    (tmp_path / "tabulate.py").write_bytes(
        b"\xef\xbb\xbf# coding: utf-8\nfrom .core import x\n__all__ = ['x']\n"
    )
    assert not lines(new_notebook(cells=[new_code_cell("import tabulate")]), tmp_path)[0]


def test_a_module_beside_it_hides_none_of_a_library(tmp_path):
    for name, line in {"torch.py": "import torch._C", "ctypes.py": "import ctypes"}.items():
        (tmp_path / name).write_text("x = 1")
        uses, data = f"{line}\nx = {name[:-3]}", {"nbgrader": {"solution": True, "grade": False}}
        cell = new_code_cell(uses, metadata=data)
        assert lines(new_notebook(cells=[cell]), tmp_path)[0]


def test_names_that_a_star_brings():
    cells = ["from sys import *", "def begin(): settrace(tr)", "from math import *\nsqrt(2)"]
    known = imported(cells)
    assert [needless(cell, known) for cell in cells] == [[], [1], []]


def test_private_names_of_ones_own_classes(tmp_path):
    own = "class V:\n    def __init__(self): self._x, self._C = 1, 2\n    def _back(self): pass"
    nb = new_notebook(cells=[new_code_cell(own), new_code_cell("v = V()\nv._x = v._back()"),
                             new_code_cell("v._C"), new_code_cell("v._other")])  # fmt: skip
    assert list(lines(nb, tmp_path)[0].values()) == [{2}, {3}]


def test_the_imports_of_a_cell_that_is_left_out_stay(tmp_path):
    cell = "import numpy as np, gc\nimport torch\n%load_ext autoreload\nopen('a', 'w')\nfrom math import pi"
    assert plain_imports(cell, tmp_path) == "import torch\nfrom math import pi"
    (tmp_path / "math.py").write_text("x = 1")
    assert plain_imports(cell, tmp_path) == "import torch"  # one of that name lies there


def test_all_cells_that_import_own_modules_are_left_out_if_one_of_these_is_odd(tmp_path):
    (tmp_path / "plain.py").write_text("import aid")
    (tmp_path / "aid.py").write_text("import gc")
    cells = ["import plain", "import math", "def f():\n    from aid import x", "import aid as a"]
    found = lines(new_notebook(cells=[*map(new_code_cell, cells)]), tmp_path)[0]
    assert found == {"line 1 of aid.py: import gc": {0, 2, 3}}


def test_many_cells_that_only_ipython_can_read(tmp_path):
    nb = new_notebook(cells=[new_code_cell(f"x = %time {n}") for n in range(30)])
    assert len(lines(nb, tmp_path)[0]) == 10


def test_lines_are_named_of_the_students_cells_only(tmp_path):
    locked = {"grade_id": "a", "locked": True, "solution": False, "grade": True}
    answer = {"grade_id": "clip-answer", "locked": False, "solution": True, "grade": False}
    nb = new_notebook(cells=[
        new_code_cell("import checks.cnn", metadata={"nbgrader": locked}),
        new_code_cell("x = 1\nimport gc\ngc", metadata={"nbgrader": answer}),
        new_code_cell("import torch\ntorch.relu = 1"),
        new_code_cell("(" * 5000),
        new_code_cell("%time x\n!ls"),
    ])  # fmt: skip
    assert lines(nb, tmp_path)[0] == {
        "line 2 of cell 'clip-answer': import gc": {1}, "line 2 of cell 'number 3': torch.relu = 1": {2},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("source", "left", "uses"),
    [
        ("import asyncio, numpy as np\nfrom gc import collect", "import numpy as np\npass", False),
        ("x = 1\nimport pdb\ny = 2", "x = 1\npass\ny = 2", False),
        ("%matplotlib inline\nfrom timeit import (\n    timeit\n)\nx = 1", "%matplotlib inline\n\n\npass\nx = 1", False),
        ("import subprocess", "pass", False),
        ("import gc; gc.collect()", "pass; pass", True),
        ("import os, subprocess\nprint(os.name)", "import os\nprint(os.name)", False),
        ("from torch import (nn as n,\n    multiprocessing); x = 1", "\nfrom torch import nn as n; x = 1", False),
        ("é = 1; import gc; import time", "é = 1; pass; import time", False),
        ("import timeit\nt = timeit.default_timer()\ndef help(): pass\nprint(t)", "pass\npass\ndef help(): pass\npass", True),
        ("import functools, ctypes\n@functools.cache\ndef f():\n    return ctypes.c_int\nx = 1", "import functools\n\n\npass\nx = 1", True),
        ("import gc, time\ngc = 5\nprint(gc)\ndef f(gc): return gc", "import time\ngc = 5\nprint(gc)\ndef f(gc): return gc", False),
        ("import os; os._exit(0)", None, True),
        ("import torch\nimport gc\ntorch.relu = 1", None, True),  # not the import alone
        ("def f():\n    import gc", None, True),
    ],
)  # fmt: skip
def test_an_import_left_behind_is_not_run_and_costs_nothing(source, left, uses, tmp_path):
    found, calmed = lines(new_notebook(cells=[new_code_cell("1"), new_code_cell(source)]), tmp_path)
    assert calmed == ({} if left is None else {1: left}) and bool(found) == (left is None)
    answer = {"grade_id": "a", "locked": False, "solution": True, "grade": False}
    cell = new_code_cell(source, metadata={"nbgrader": answer})
    assert bool(lines(new_notebook(cells=[cell]), tmp_path)[0]) == uses  # in an answer it counts


@pytest.mark.parametrize("assignment", sorted(p.name for p in bank.BANK.iterdir() if p.is_dir()))
def test_no_right_answer_has_such_a_line(assignment):
    source = bank.ROOT / "source" / assignment / f"{assignment}.ipynb"
    own = ["".join(c["source"]) for c in json.loads(source.read_text())["cells"]]
    for path in sorted((bank.BANK / assignment).glob("*.py")):
        for answer in bank.cells(path.read_text(), path.stem, str(path)):
            known = imported([*own, answer.source])
            assert answer.kind == "wrong" or not needless(answer.source, known), answer


def test_an_import_that_an_answer_needs_is_one_of_its_lines(tmp_path):
    answer = {"grade_id": "a", "locked": False, "solution": True, "grade": False}

    def tried(*own: str, uses: str) -> tuple[dict[str, set[int]], dict[int, str]]:
        cells = [*map(new_code_cell, own), new_code_cell(uses, metadata={"nbgrader": answer})]
        return lines(new_notebook(cells=cells), tmp_path)

    helper = "import ctypes, os\ndef help(): return ctypes.sizeof(ctypes.c_int)"
    assert tried(helper, uses="help()")[0] == {"line 1 of cell 'number 1': import ctypes, os": {0}}
    assert tried("import gc", uses="gc.collect()")[0]
    assert tried("import os, gc", uses="os.name") == ({}, {0: "import os"})
    two = "import ctypes", "n = ctypes.sizeof(int)\ndef help(): return 1"
    assert tried(*two, uses="help()") == ({}, {0: "pass", 1: "pass\ndef help(): return 1"})


@pytest.mark.skipif(why_not() is not None, reason=str(why_not()))
def test_such_a_line_costs_the_answers_that_need_it_and_no_others():
    cells = {cell.id: cell.source for cell in graders.notebook("source", "a1_training").cells}
    odd = cells["sgd-answer"] + "\n\nimport gc\n\nkept = gc.get_objects"
    uses = "mine = clip_gradients\ndef clip_gradients(*given):\n    kept\n    return mine(*given)"
    clip = cells["clip-answer"] + "\n\n" + uses
    answers = [bank.Answer("sgd", "wrong", "odd", odd), bank.Answer("clip", "wrong", "uses", clip)]
    found, more = graders.graded("a1_training", graders.items("a1_training"), answers)
    assert more == []  # no other item lost marks
    for answer in answers:
        assert found[answer].score == 0
        assert "could get round the watch" in found[answer].message
        assert "cell 'sgd-answer': import gc" in found[answer].message
