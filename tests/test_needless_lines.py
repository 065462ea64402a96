"""Lines of answers for which a test refuses work by hand."""

import json

import bank
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from grading.needless import imported, lines, needless

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
""".strip().split("\n")
PLAIN = """
import torch, math, copy, random, sys, inspect
from torch.utils.data import DataLoader
self._states = []
net.eval()
eval(name)
torch.backends.cudnn.deterministic = True
x.requires_grad = True
module.padding = 1
class Net(nn.Module): pass
class Bad(ValueError): pass
def __init__(self): super().__init__()
def __len__(self): return 1
type(x).__name__
_, n = x.shape
handle = layer.register_forward_hook(note)
getattr(net, stage)
if __name__ == "__main__": pass
""".strip().split("\n")
KNOWN = {"torch", "np", "BasicBlock"}


@pytest.mark.parametrize("line", ODD)
def test_what_no_answer_needs(line):
    body = line if line.startswith(("class", "def")) else f"def f(x):\n    {line}"
    assert needless(body, KNOWN)


@pytest.mark.parametrize("line", PLAIN)
def test_what_an_answer_may_need(line):
    assert needless(line, KNOWN) == []


def test_lines_are_named_of_the_students_cells_only():
    locked = {"grade_id": "a", "locked": True, "solution": False, "grade": True}
    answer = {"grade_id": "clip-answer", "locked": False, "solution": True, "grade": False}
    nb = new_notebook(cells=[
        new_code_cell("import checks.cnn", metadata={"nbgrader": locked}),
        new_code_cell("x = 1\nimport gc", metadata={"nbgrader": answer}),
        new_code_cell("import torch\ntorch.relu = 1"),
        new_code_cell("(" * 5000),
        new_code_cell("%time x\n!ls"),
    ])  # fmt: skip
    assert lines(nb) == [
        "line 2 of cell 'clip-answer': import gc", "line 2 of cell 'number 3': torch.relu = 1",
    ]  # fmt: skip


@pytest.mark.parametrize("assignment", sorted(p.name for p in bank.BANK.iterdir() if p.is_dir()))
def test_no_right_answer_has_such_a_line(assignment):
    source = bank.ROOT / "source" / assignment / f"{assignment}.ipynb"
    own = ["".join(c["source"]) for c in json.loads(source.read_text())["cells"]]
    for path in sorted((bank.BANK / assignment).glob("*.py")):
        for answer in bank.cells(path.read_text(), path.stem, str(path)):
            known = imported([*own, answer.source])
            assert answer.kind == "wrong" or not needless(answer.source, known), answer
