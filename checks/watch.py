"""What a call may use, and what it must leave as it was.

By hand means: of primitive operations only (arithmetic, sums, shapes, indices, products of
matrices), here, in Python, NumPy and torch. It is decided by what is called, not by its name.
"""

from __future__ import annotations

import builtins
import math
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, nullcontext
from functools import cache, wraps
from inspect import unwrap
from sys import getprofile, gettrace, setprofile
from types import CodeType, FrameType
from typing import Any

import torch
from torch import Tensor
from torch._library import simple_registry
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from checks.callers import has_own_caller, holds_own_kind, is_known, is_own, place
from checks.elsewhere import PROCESSES, STARTS, others
from checks.primitive import is_primitive

HIDDEN = "what hides it from the watch"
MODES = {__file__, simple_registry.__file__}  # between an operation and its mode
# of what Python tells, whatever name it was called by
AUDITED = PROCESSES | {"sys.setprofile": HIDDEN, "sys.settrace": HIDDEN}
TOOL = getattr(getattr(sys, "monitoring", None), "get_tool", {}.get)  # of six numbers
# as they are before an answer can change them
NUMEL, ADD, ONE, SET = Tensor.numel, torch.add, torch.ones(()), torch.ops.aten.set_
# how a tensor is taken apart and made again (copy.copy): with its memory, and a new one on it
APART = Tensor._typed_storage.__code__, Tensor._reduce_ex_internal.__code__
AGAIN = torch._utils._rebuild_tensor.__code__
FUNCTIONS, OPERATIONS = torch._C._len_torch_function_stack, torch._C._len_torch_dispatch_stack
NO_FUNCTIONS = torch._C._is_torch_function_all_disabled
EXCLUDES = torch._C._dispatch_tls_is_dispatch_key_excluded
PYTHON, THREAD = torch._C.DispatchKey.Python, threading.get_ident
TASK = torch._C._current_graph_task_id  # of the backward pass at work, whoever began it; or -1
# where answers run in another process: this process's end of the channel to it, a Peer
THERE: list[Any] = []
TOGETHER = "checks.watch"  # a module that the process of answers has not, see Library.withdraw
# the text of the test that runs there, with its hidden lines
TEST = [""]
# lines of answers with what no work by hand needs, and what could switch off the watch of it
ODD: list[str] = []


def where_answers_run(context: Callable) -> Callable:
    """A context manager that is entered in the process of the answers, if that is another."""

    @wraps(context)
    def entered(*arguments: Any):
        return THERE[-1].there(entered, *arguments) if THERE else context(*arguments)

    return entered


def where_it_is_from(function: Callable, *given: Any) -> Any:
    """Call it: what an answer gives in the process of the answers, also a module of a library."""
    return THERE[-1].call(function, *given) if THERE else function(*given)


# which pass no mode, and their modules; the last leads through a graph node by node
DERIVATIVES = "grad_impl", "grad_and_value_impl", "_vjp_with_argnums", "_jvp_with_argnums"
DERIVATIVES = dict.fromkeys(DERIVATIVES, "torch._functorch.eager_transforms")
DERIVATIVES["get_gradient_edge"] = "torch.autograd.graph"
CONVOLVES = ("convolve", "correlate")  # also where polynomials are multiplied
# no derivative is computed by these, which a word like "grad" would forbid
SWITCHES = ("set_grad_enabled", "is_grad_enabled", "requires_grad")


class AllBut:
    """The names of all operations but those that hold one of these words."""

    travels = True  # to where answers run

    def __init__(self, *words: str) -> None:
        self.words = words

    def __contains__(self, name: str) -> bool:
        return not any(word in name for word in self.words)


class Refused(RuntimeError):
    """What was called is not part of doing an item by hand."""

    def __init__(self, name: str) -> None:
        super().__init__(f"this item is to be done by hand, without {name}")


def not_by_hand(used: Any, allowed: Collection[str]) -> str:
    """The name of that operation or function of torch's; "" if it is primitive, or allowed."""
    name = getattr(used, "__name__", str(used)).partition(".")[0]
    if (whole := getattr(used, "_qualified_op_name", "aten::")).partition("::")[0] != "aten":
        return whole  # an operation that somebody has made, who may have called it add
    bare = name.strip("_").removeprefix("special_")
    if isinstance(allowed, AllBut):
        return "" if name in allowed or bare in SWITCHES else bare
    return "" if name in allowed or bare in allowed or is_primitive(bare) else bare


def codes(functions: Collection[Callable]) -> tuple[tuple[str, int, str, str], ...]:
    """How by_hand knows functions, in whatever process they are: where their code was written."""
    found = [(unwrap(f).__code__, f.__qualname__) for f in functions]
    return tuple((c.co_filename, c.co_firstlineno, c.co_name, name) for c, name in found)


class Watch:
    """What is called in the meantime, and of it what may not be.

    inside: how many of the library's operations are at work, in which no code of an answer's has
    a part: it would run where the modes do not look. ran counts them, twice where both modes see.
    working: the one at work.
    """

    working: Watch | None = None

    def __init__(self, allowed: Collection[str] | None, forbidden: dict) -> None:
        self.allowed, self.forbidden, self.found = allowed, forbidden, []
        self.ran, self.inside, self.profile, self.thread = 0, 0, self.called, THREAD()
        self.backward = not_by_hand("backward", allowed) if allowed is not None else ""

    def refused(self, name: str) -> Refused:
        self.found.append(Refused(name))
        return self.found[-1]

    def called(self, frame: FrameType, event: str, given: Any) -> None:
        if event == "c_call":
            if self.inside or (of := given.__self__) is builtins or of is math or type(of) is list:
                return  # torch's modes have nothing to do with it
            name = STARTS.get(given) or self.hidden(frame)
        elif event == "call" and (code := frame.f_code).co_filename not in MODES:
            name = self.hidden(frame.f_back) or self.refusable(frame, code)
        else:
            return
        if name:
            raise self.refused(name)

    def hidden(self, caller: FrameType | None) -> str:
        """In words, that an answer calls something while the modes are off; "" where it does not."""
        if self.allowed is None or self.inside or caller is None:
            return ""
        off = NO_FUNCTIONS() or EXCLUDES(PYTHON) or not (FUNCTIONS() and OPERATIONS())
        return HIDDEN * (off and place(caller.f_code.co_filename)[0] == "own")

    def refusable(self, frame: FrameType, code: CodeType) -> str:
        """In words, what is called that may not be; "" where it may."""
        allowed = self.allowed
        if name := self.forbidden.get((code.co_filename, code.co_firstlineno, code.co_name)):
            return f"{name}, the function for it"
        if allowed is None:
            return ""
        module, name = place(code.co_filename)[1], code.co_name.removesuffix("_dispatcher")
        odd = _of_numpy(name, module) or not is_known(module)
        if module and odd and (name in CONVOLVES or has_own_caller(frame)):
            return f"the library's {module}.{name.removeprefix('_')}"  # NumPy's first frame
        if DERIVATIVES.get(name) == module:
            name = not_by_hand("backward", allowed)
            return f"the library's {name}" * bool(name)
        return "code of its own within a library's operation" * (self.inside and is_own(frame))

    def run(self, function: Callable, used: Any, args: tuple, kwargs: dict | None) -> Any:
        self.ran += 1
        name = not_by_hand(used, self.allowed) or self.backward * (TASK() != -1)
        if used is SET and not self.inside:  # in it may end what an answer has tied to the memory
            name = "set_"
        if name and not _is_copying(sys._getframe(2)):
            raise self.refused(f"the library's {name}")
        if holds_own_kind(args) or kwargs and holds_own_kind(kwargs.values()):
            raise self.refused("objects of its own within a library's operation")
        self.inside += 1
        try:
            return function(*args, **(kwargs or {}))
        finally:
            self.inside -= 1

    def modes(watch) -> list:
        """Modes that look at what runs, under whatever name it was called."""

        class Operations(TorchDispatchMode):
            @classmethod
            def _should_skip_dynamo(cls):
                return False  # no wrapper of torch's before it: of from_numpy it would be seen

            def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
                return watch.run(operation, operation.overloadpacket, args, kwargs)

        class Functions(TorchFunctionMode):  # what comes there in pieces: rms_norm, rnn_tanh, grad
            def __torch_function__(self, function, types, args=(), kwargs=None):
                return watch.run(function, function, args, kwargs)

        return [Operations(), Functions()] if watch.allowed is not None else [nullcontext()] * 2

    def sees(self) -> None:
        """Is what watches still there? And has nothing been done to get round it?"""
        before = self.ran
        ADD(ONE, ONE)
        if getprofile() is not self.profile or (self.allowed is not None) * 2 != self.ran - before:
            self.refused(HIDDEN)
        if TOGETHER not in sys.modules:  # there a debugger may be at work
            hides = HIDDEN * (gettrace() is not None or any(map(TOOL, range(6))))
            if name := "".join(ODD[:1]) or hides or others():
                self.refused(name)


@cache
def _listen() -> None:
    """From now on, in this process, hear of what AUDITED names while a watch is at work."""

    def heard(event: str, _given: tuple) -> None:
        watch = Watch.working
        if event in AUDITED and watch and watch.thread == THREAD():
            if not watch.found:  # Python itself takes away a profile that has raised
                raise watch.refused(AUDITED[event])

    sys.addaudithook(heard)


def _is_copying(frame: FrameType) -> bool:
    """Does torch itself, to copy a tensor, ask for its memory or begin another there?"""
    code = frame.f_code
    return code is AGAIN or code is APART[0] and frame.f_back.f_code is APART[1]


def _of_numpy(name: str, module: str) -> bool:
    """Is it a function of NumPy's like those of torch's that are not primitive?"""
    special = module.startswith(("numpy.linalg", "numpy.fft")) or name in CONVOLVES
    return special and module.startswith("numpy.") and not_by_hand(name, ()) != ""


@where_answers_run
@contextmanager
def by_hand(allowed: Collection[str] | None, without: Collection[tuple]) -> Iterator[list[int]]:
    """Nothing but primitive operations and those allowed (None: all); none of the functions.

    A function is known by its code, see `codes`, so under every name it was imported as. Yields a
    list, which holds a 1 when all was watched to the end.
    """
    watch, whole = Watch(allowed, {tuple(code): name for *code, name in without}), []
    modes, before, outer = watch.modes(), getprofile(), Watch.working
    _listen()
    try:
        Watch.working = None
        setprofile(watch.profile)
        Watch.working = watch
        with modes[0], modes[1]:
            watch.sees()
            try:
                yield whole
            finally:  # a generator's end is an exception
                watch.sees()
    finally:
        Watch.working = None
        setprofile(before)
        Watch.working = outer
        whole += [1] * (not watch.found)
    if watch.found:  # an answer may have caught it
        raise watch.found[0]


@where_answers_run
@contextmanager
def graphs() -> Iterator[list[int]]:
    """Counts, in a list of one number, the tensors that autograd keeps for a backward pass."""
    kept = [0]

    def keep(tensor: Tensor) -> Tensor:
        kept[0] += 1
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        yield kept


# where answers run, and here, where the nets of tests do
GRAPHS = (graphs, lambda: (graphs.__wrapped__ if THERE else nullcontext)())


@where_answers_run
@contextmanager
def made() -> Iterator[list[int]]:
    """Counts, in a list of one number, the numbers that torch's operations make."""
    numbers = [0]

    class Counting(TorchDispatchMode):
        def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
            found = operation(*args, **(kwargs or {}))
            numbers[0] += NUMEL(found) if isinstance(found, Tensor) else 0
            return found

    with Counting():
        yield numbers
