"""What a call may use, and what it must leave as it was.

By hand means: of primitive operations only (arithmetic, sums, shapes, indices, products of
matrices), here, in Python, NumPy and torch. It is decided by what is called, not by its name.
"""

from __future__ import annotations

import _thread
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, nullcontext
from functools import wraps
from inspect import unwrap
from sys import getprofile, setprofile
from threading import Thread
from types import FrameType
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from checks.callers import has_own_caller, holds_own_kind, is_known, is_own, place
from checks.primitive import is_primitive

# where work could be done that a mode of torch, which sees one thread, does not see
ELSEWHERE = [(Thread, "start"), (_thread, "start_new_thread"), (subprocess.Popen, "__init__")]
ELSEWHERE += [(os, name) for name in ("fork", "system", "posix_spawn") if hasattr(os, name)]
# as they are before an answer can change them
NUMEL, ADD, ONE = Tensor.numel, torch.add, torch.ones(())
FRAMES, WAITID = sys._current_frames, getattr(os, "waitid", None)
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


DERIVATIVES = ("grad_impl", "grad_and_value_impl", "_vjp_with_argnums", "_jvp_with_argnums")
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
    """

    def __init__(self, allowed: Collection[str] | None, forbidden: dict) -> None:
        self.allowed, self.forbidden, self.found = allowed, forbidden, []
        self.ran, self.inside, self.profile = 0, 0, self.called

    def refused(self, name: str) -> Refused:
        self.found.append(Refused(name))
        return self.found[-1]

    def elsewhere(self, *_arguments, **_named):
        raise self.refused("threads or other processes")

    def called(self, frame: FrameType, event: str, _argument: Any) -> None:
        if event != "call":
            return
        if name := self.refusable(frame):
            raise self.refused(name)
        if self.inside and is_own(frame):
            raise self.refused("code of its own within a library's operation")

    def refusable(self, frame: FrameType) -> str:
        """In words, what is called that may not be; "" where it may."""
        code, allowed = frame.f_code, self.allowed
        if name := self.forbidden.get((code.co_filename, code.co_firstlineno, code.co_name)):
            return f"{name}, the function for it"
        if allowed is None:
            return ""
        module, name = place(code.co_filename)[1], code.co_name.removesuffix("_dispatcher")
        if module and (_of_numpy(name, module) or not is_known(module)) and has_own_caller(frame):
            return f"the library's {module}.{name.removeprefix('_')}"  # NumPy's first frame
        if name in DERIVATIVES and module == "torch._functorch.eager_transforms":
            name = not_by_hand("backward", allowed)  # torch.func's derivatives pass no mode
            return f"the library's {name}" * bool(name)
        return ""

    def run(self, function: Callable, used: Any, args: tuple, kwargs: dict | None) -> Any:
        self.ran += 1
        if name := not_by_hand(used, self.allowed):
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
            self.refused("what hides it from the watch")
        if TOGETHER not in sys.modules and (name := "".join(ODD[:1]) or _others()):
            self.refused(name)


def _of_numpy(name: str, module: str) -> bool:
    """Is it a function of NumPy's like those of torch's that are not primitive?"""
    special = module.startswith(("numpy.linalg", "numpy.fft")) or name in ("convolve", "correlate")
    return special and module.startswith("numpy.") and not_by_hand(name, ()) != ""


def _others() -> str:
    """Where an answer's work could be done unseen: threads and processes that it has begun."""
    others = set(FRAMES()) - {threading.get_ident(), threading.main_thread().ident}
    for thread in map(threading._active.get, others):
        if type(thread).__module__ != "tqdm._monitor":
            return "threads"
        type(thread).exit(thread)  # a bar makes another when it needs one
    try:
        WAITID(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return "other processes"
    except ChildProcessError:
        return ""


@where_answers_run
@contextmanager
def by_hand(allowed: Collection[str] | None, without: Collection[tuple]) -> Iterator[list[int]]:
    """Nothing but primitive operations and those allowed (None: all); none of the functions.

    A function is known by its code, see `codes`, so under every name it was imported as. Yields a
    list, which holds a 1 when all was watched to the end.
    """
    watch, whole = Watch(allowed, {tuple(code): name for *code, name in without}), []
    modes, before = watch.modes(), getprofile()
    kept = [(owner, name, getattr(owner, name)) for owner, name in ELSEWHERE]
    try:
        for owner, name, _ in kept:
            setattr(owner, name, watch.elsewhere)
        setprofile(watch.profile)
        with modes[0], modes[1]:
            watch.sees()
            yield whole
            watch.sees()
    finally:
        setprofile(before)
        for one in kept:
            setattr(*one)
    if watch.found:  # an answer may have caught it
        raise watch.found[0]
    whole.append(1)


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
