"""What the tests of the assignments say when they fail: tried, expected, came, likely mistake.

A test calls the reader's function through `call`, which gives it copies, and compares plain data
(tensors, numbers, strings) with a reference of its own. `mistakes` maps the explanation of a
usual mistake to the value which that mistake gives.
"""

from __future__ import annotations

import _thread
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from inspect import unwrap
from threading import Thread
from typing import Any, NoReturn
from unittest import mock

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

# where work could be done that a mode of torch, which sees one thread, does not see
ELSEWHERE = [(Thread, "start"), (_thread, "start_new_thread"), (subprocess.Popen, "__init__")]
ELSEWHERE += [(os, name) for name in ("fork", "system", "posix_spawn") if hasattr(os, name)]


class _Forbid(TorchDispatchMode):
    """Raise where a library operation runs whose name holds one of the given words."""

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__()
        self.words = words

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        _refuse(operation.overloadpacket.__name__, self.words)
        return operation(*args, **(kwargs or {}))


class _ForbidFunction(TorchFunctionMode):
    """The same for what reaches _Forbid only in pieces: rnn_tanh, gru_cell, autograd's grad."""

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__()
        self.words = words

    def __torch_function__(self, function, types, args=(), kwargs=None):
        _refuse(getattr(function, "__name__", ""), self.words)
        return function(*args, **(kwargs or {}))


def _refuse(name: str, words: tuple[str, ...]) -> None:
    if any(word in name for word in words):
        raise RuntimeError(f"this item is to be done by hand, without the library's {name}")


def _done_already(*_arguments, **_named):
    raise RuntimeError("this item is to be done by hand, without the function for it")


@contextmanager
def _forbidden(by_hand: tuple[str | Callable, ...]):
    """Nothing of by_hand, and no new thread or process.

    A function (of the course, say) is refused by its code, so under every name it was imported as.
    """

    def elsewhere(*_arguments, **_named):
        raise RuntimeError("this item is to be done by hand, without threads or other processes")

    words = tuple(one for one in by_hand if isinstance(one, str))
    owns = [unwrap(one) for one in by_hand if not isinstance(one, str)]
    codes = [(own, own.__code__) for own in owns]
    for own, _ in codes:
        own.__code__ = _done_already.__code__
    try:
        with ExitStack() as stack:
            for owner, name in ELSEWHERE:
                stack.enter_context(mock.patch.object(owner, name, elsewhere))
            stack.enter_context(_Forbid(words))
            stack.enter_context(_ForbidFunction(words))
            yield
    finally:
        for own, code in codes:
            own.__code__ = code


def fail(tried: str, expected: Any, came: Any, likely: str = "") -> NoReturn:
    """Raise AssertionError with the four parts of a useful message."""
    lines = [f"Tried:    {tried}", f"Expected: {expected}", f"Came:     {came}"]
    if likely:
        lines.append(f"Likely:   {likely}")
    raise AssertionError("\n" + "\n".join(lines))


def call(
    function: Callable, *arguments: Any, tried: str, by_hand: tuple[str | Callable, ...] = ()
) -> Any:
    """What `function` returns for the arguments; fails if it raises or changes one in place.

    Tensors are given as copies, also those in lists and tuples.
    by_hand: what it may not use: words in the names of library operations and functions, and
    Python functions themselves.
    """
    given = [_copy(a) for a in arguments]
    before = [_copy(a) for a in given]
    error = None
    try:
        result = _run(function, given, by_hand)
    except Exception as raised:
        error = raised
    if isinstance(error, NotImplementedError):
        fail(tried, "an answer", "NotImplementedError", "this item is still to be written")
    if error is not None:
        came = f"{type(error).__name__}: {error}"
        raise AssertionError(
            f"\nTried:    {tried}\nExpected: a result\nCame:     {came}"
        ) from error
    for number, (a, b) in enumerate(zip(given, before, strict=True), 1):
        if not _unchanged(a, b):
            likely = "an operation in place (+=, a[...] = ..., a name ending in _): clone() first"
            fail(tried, f"argument {number} left as it was", "it was changed", likely)
    return result


def _copy(value: Any) -> Any:
    """A copy of a tensor, or of a list or tuple with all tensors in it; anything else as it is."""
    if isinstance(value, Tensor):
        return value.detach().clone()
    return type(value)(map(_copy, value)) if type(value) in (list, tuple) else value


def _unchanged(value: Any, before: Any) -> bool:
    if isinstance(before, Tensor):
        if not isinstance(value, Tensor) or value.shape != before.shape:
            return False
        return bool(((value == before) | (value.isnan() & before.isnan())).all())
    if type(before) in (list, tuple):
        return len(value) == len(before) and all(map(_unchanged, value, before))
    return value is before


def _run(function: Callable, arguments: Sequence[Any], by_hand: tuple[str | Callable, ...]) -> Any:
    if not by_hand:
        return function(*arguments)
    with _forbidden(by_hand):
        return function(*arguments)


def gradient(
    function: Callable,
    reference: Callable,
    arguments: tuple[Tensor, ...],
    tried: str,
    by_hand: tuple[str | Callable, ...] = (),
    tolerance: float = 1e-8,
) -> None:
    """Fail unless the gradients of both functions' outputs, weighted alike, are the same.

    by_hand: as in `call`; tolerance: as in `tensor`.
    """
    want = _gradients(reference, arguments)
    try:
        came = _gradients(lambda *leaves: _run(function, leaves, by_hand), arguments)
    except Exception as error:
        likely = "the graph is cut: .detach(), .item(), .numpy(), torch.tensor(...) or no_grad"
        fail(tried, "gradients", f"{type(error).__name__}: {error}", likely)
    for number, (a, b) in enumerate(zip(came, want, strict=True), 1):
        if a is None:
            likely = "the graph is cut: .detach(), .item(), .numpy() or torch.tensor(...)"
            fail(tried, f"a gradient for argument {number}", "none", likely)
        tensor(a, b, f"{tried}, gradient of argument {number}", tolerance=tolerance)


def _gradients(function: Callable, arguments: tuple[Tensor, ...]) -> tuple[Tensor | None, ...]:
    leaves = [a.detach().clone().requires_grad_() for a in arguments]
    output = function(*leaves)
    weights = torch.linspace(-1, 1, output.numel(), dtype=output.dtype).view(output.shape)
    return torch.autograd.grad((output * weights).sum(), leaves, allow_unused=True)


def tensor(
    came: Any,
    want: Tensor,
    tried: str,
    mistakes: Mapping[str, Tensor] | None = None,
    tolerance: float = 1e-8,
) -> None:
    """Fail unless `came` is a tensor of the shape, dtype and values of `want`."""
    if type(came) is not Tensor:
        fail(tried, "a torch.Tensor", _kind(came), _likely(None) if came is None else "")
    came = Tensor.detach(came)  # not came.detach(), which the answer could have replaced
    for explanation, wrong in (mistakes or {}).items():
        if _close(came, wrong, tolerance) and not _close(came, want, tolerance):
            fail(tried, *_pair(want, came, tolerance), explanation)
    if came.shape != want.shape:
        fail(tried, f"shape {tuple(want.shape)}", f"shape {tuple(came.shape)}")
    if came.dtype != want.dtype:
        likely = "a tensor made inside without dtype=..., or a conversion such as .float()"
        fail(tried, f"dtype {want.dtype}", f"dtype {came.dtype}", likely)
    if not _close(came, want, tolerance):
        fail(tried, *_pair(want, came, tolerance))


def number(
    came: Any,
    want: float,
    tried: str,
    mistakes: Mapping[str, float] | None = None,
    tolerance: float = 1e-8,
) -> None:
    """Fail unless `came` is a Python number (not a bool) within the tolerance of `want`."""
    if type(came) not in (int, float):
        fail(tried, f"a number ({type(want).__name__})", _kind(came), _likely(came))
    if not abs(came - want) <= tolerance:  # so written, nan fails too
        found = [e for e, wrong in (mistakes or {}).items() if abs(came - wrong) <= tolerance]
        fail(tried, want, came, found[0] if found else "")


def equal(came: Any, want: Any, tried: str, mistakes: Mapping[str, Any] | None = None) -> None:
    """Fail unless `came` is the same plain value: whole number, bool, string, tuple of such."""
    if not _same(came, want):
        found = [e for e, wrong in (mistakes or {}).items() if _same(came, wrong)]
        fail(tried, repr(want), _kind(came), found[0] if found else _likely(came))


def _same(came: Any, want: Any) -> bool:
    """Equal in value and type all the way down: True is not 1, and 1.0 is not 1."""
    if type(came) is not type(want):
        return False
    if type(want) in (tuple, list):
        return len(came) == len(want) and all(map(_same, came, want))
    return came == want


def _close(a: Tensor, b: Tensor, tolerance: float) -> bool:
    return a.shape == b.shape and bool(_near(a, b, tolerance).all())


def _near(a: Tensor, b: Tensor, tolerance: float) -> Tensor:
    """Place by place: is a within the tolerance of b? (So written, nan never is.)"""
    return (a.double() - b.double()).abs() <= tolerance * (1 + b.double().abs())


def _is_array(value: Any) -> bool:
    return isinstance(value, Tensor) or type(value).__module__ == "numpy"


def _kind(value: Any) -> str:
    text = repr(value)
    return f"{text[:60] + ' ...' if len(text) > 60 else text} ({type(value).__name__})"


def _likely(value: Any) -> str:
    """The usual cause of a value of the wrong kind; "" if there is none."""
    if value is None:
        return "a missing `return`, or an answer still to be filled in"
    parts = value if isinstance(value, (tuple, list)) else [value]
    return "take the number out of the tensor with .item()" if any(map(_is_array, parts)) else ""


def _short(value: Tensor) -> str:
    """The first few numbers of a tensor, its shape and dtype."""
    flat = [f"{v:.6g}" for v in value.detach().flatten()[:4].tolist()]
    more = ", ..." if value.numel() > 4 else ""
    dtype = str(value.dtype).removeprefix("torch.")
    return f"[{', '.join(flat)}{more}] {dtype} {tuple(value.shape)}"


def _pair(want: Tensor, came: Tensor, tolerance: float) -> list[str]:
    """Both in short; where their first numbers are alike, also the first place that differs."""
    texts = [_short(want), _short(came)]
    if want.shape == came.shape and _close(came.flatten()[:4], want.flatten()[:4], tolerance):
        place = tuple((~_near(came, want, tolerance)).nonzero()[0].tolist())
        values = (want[place].item(), came[place].item())
        texts = [f"{t}, {v:.6g} at {place}" for t, v in zip(texts, values, strict=True)]
    return texts
