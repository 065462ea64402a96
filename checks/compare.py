"""Comparisons, and what they say when they fail: tried, expected, came, likely mistake.

Values are compared, not kinds: a list, a tuple or a tensor, a Python or a NumPy number, 3 or 3.0,
unless a check asks for one of them because the task does. `mistakes` maps the explanation of a
usual mistake to the value that it gives (or is a function that returns such a dict, called only
when it is needed); a mistake is named only if no other gives that value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

import numpy as np
import torch
from torch import Tensor

Mistakes = Mapping[str, Any] | Callable[[], Mapping[str, Any]] | None
BLANK = "this item is still to be written"


class OneOf(tuple):
    """Several values that one mistake may give, by a number that the answer chose."""


class Wrong(AssertionError):
    """A check that failed: JupyterLab shows its lines in place of a traceback."""

    def __init__(self, tried: str, expected: Any, came: Any, likely: str = "", at: str = ""):
        super().__init__(tried, expected, came, likely, at)
        self.tried, self.expected, self.came = tried, expected, came
        self.likely, self.at, self.item = likely, at, ""

    def __str__(self) -> str:
        parts = {"Item": self.item, "Tried": self.tried, "Expected": self.expected}
        parts |= {"Came": self.came, "At": self.at, "Likely": self.likely}
        lines = [f"{name + ':':<10}{text}" for name, text in parts.items() if text != ""]
        return "\n" + "\n".join(lines)

    def _render_traceback_(self) -> list[str]:
        return str(self).strip().split("\n")


def fail(tried: str, expected: Any, came: Any, likely: str = "") -> NoReturn:
    """Raise Wrong with the parts of a useful message; a `likely` that is "" is left out."""
    raise Wrong(tried, expected, came, likely)


def tensor(
    came: Any,
    want: Tensor,
    tried: str,
    mistakes: Mistakes = None,
    tolerance: float = 1e-8,
) -> None:
    """Fail unless `came` has the shape, dtype and values of `want`.

    Lists, tuples and NumPy arrays are taken as tensors; numbers without a dtype get want's.
    """
    begun(came, tried)
    value = as_tensor(came, want)
    if value is None:
        fail(tried, "a torch.Tensor", kind(came))
    if value.dtype == want.dtype and alike(value, want, tolerance):
        return
    likely = cause(value, want, mistakes, tolerance) or misshapen(value, want, tolerance)
    if value.shape != want.shape:
        fail(tried, f"shape {tuple(want.shape)}", f"shape {tuple(value.shape)}", likely)
    if value.dtype != want.dtype:
        fail(tried, f"dtype {want.dtype}", f"dtype {value.dtype}", likely)
    fail(tried, *_pair(want, value, tolerance), likely)


def number(
    came: Any,
    want: float,
    tried: str,
    mistakes: Mistakes = None,
    tolerance: float = 1e-8,
    plain: type | None = None,
) -> None:
    """Fail unless `came` is a number (not a bool) within the tolerance of `want`.

    plain: int or float, where the task asks for a Python number of that kind; an int is a float.
    """
    begun(came, tried)
    if plain is not None:
        _plain(came, plain, tried, cause(came, want, mistakes, tolerance))
    value = as_number(came)
    if value is None:
        fail(tried, f"a number, {_short(want)}", kind(came))
    if not abs(value - want) <= tolerance:  # so written, nan fails too
        fail(tried, _short(want), kind(came), cause(came, want, mistakes, tolerance))


def equal(
    came: Any,
    want: Any,
    tried: str,
    mistakes: Mistakes = None,
    tolerance: float = 0,
) -> None:
    """Fail unless `came` has the value of `want`: numbers, strings, sequences and dicts of them."""
    begun(came, tried)
    if not alike(came, want, tolerance):
        fail(tried, repr(want), kind(came), cause(came, want, mistakes, tolerance))


def whole(came: Any, want: int, tried: str, mistakes: Mistakes = None) -> None:
    """Fail unless `came` is the whole number `want`, an int (Python's or NumPy's)."""
    number(came, want, tried, mistakes, tolerance=0, plain=int)


def pair(came: Any, names: str, tried: str) -> tuple[Any, Any]:
    """The two parts of `came`, whatever holds them; fails unless there are two."""
    begun(came, tried)
    parts = listed(came)
    if parts is None or len(parts) != 2:
        fail(tried, f"the pair {names}", kind(came))
    return tuple(parts)


def begun(came: Any, tried: str) -> None:
    """Fail where nothing has been written yet, or nothing is returned."""
    if came is Ellipsis or came is NotImplemented:
        fail(tried, "an answer", repr(came), BLANK)
    if came is None:
        fail(tried, "a result", "None", "a missing `return`, or an answer still to be filled in")


def cause(came: Any, want: Any, mistakes: Mistakes, tolerance: float = 1e-8) -> str:
    """The explanation of the one mistake that gives what came; "" if there is none, or several.

    Where several do, of numbers to a few decimals say, the one that is nearest by far.
    """
    given = known(mistakes)
    fitting = causes(came, want, given, tolerance)
    if len(fitting) > 1:
        fitting = causes(came, want, {text: given[text] for text in fitting}, tolerance / 50)
    return fitting[0] if len(fitting) == 1 else ""


def known(mistakes: Mistakes) -> Mapping[str, Any]:
    """The mistakes themselves, worked out where they are given as a function."""
    return mistakes() if callable(mistakes) else mistakes or {}


def causes(came: Any, want: Any, mistakes: Mapping[str, Any], tolerance: float) -> list[str]:
    """The explanations of all mistakes that give what came and not what was wanted."""
    return [
        text
        for text, wrong in mistakes.items()
        if wrong is not None and alike(came, wrong, tolerance) and not alike(wrong, want, tolerance)
    ]


def misshapen(value: Tensor, want: Tensor, tolerance: float) -> str:
    """What is wrong with a tensor that holds the right numbers in another shape or dtype; or ""."""
    if value.shape == want.shape:
        same = value.dtype != want.dtype and alike(value, want, max(tolerance, 1e-5))
        likely = "the numbers are right, the dtype is not: a tensor made inside without dtype=..., "
        return same * (likely + "a number of NumPy's, or .float(), .double()")
    if value.numel() != want.numel() or not alike(value.flatten(), want.flatten(), tolerance):
        return ""
    ones = [[n for n in t.shape if n != 1] for t in (value, want)]
    if ones[0] != ones[1]:
        return "the numbers are right, and in order, but not their shape: reshape"
    lost = value.ndim < want.ndim
    return f"a dimension of size 1 {'is lost (squeeze, an index)' if lost else 'too many'}"


def alike(came: Any, want: Any, tolerance: float = 1e-8) -> bool:
    """Equal in value, all the way down, whatever holds it; shapes of tensors count, nan is nan's.

    tolerance: of numbers and tensors, relative to 1 + |want|.
    """
    if isinstance(want, OneOf):
        return any(alike(came, one, tolerance) for one in want)
    if isinstance(want, Tensor):
        value = as_tensor(came, want)
        return (
            value is not None
            and value.shape == want.shape
            and bool(near(value, want, tolerance).all())
        )
    if isinstance(want, str | bool | None):
        return type(came) in (type(want), np.bool_) and bool(came == want)
    if isinstance(want, Mapping):
        same = isinstance(came, Mapping) and came.keys() == want.keys()
        return same and all(alike(came[key], want[key], tolerance) for key in want)
    if isinstance(want, list | tuple):
        parts = listed(came)
        same = parts is not None and len(parts) == len(want)
        return same and all(alike(a, b, tolerance) for a, b in zip(parts, want, strict=True))
    value = as_number(came)
    if value is None:
        return False
    return value == want or abs(value - want) <= tolerance * (1 + abs(want)) < float("inf")


def near(a: Tensor, b: Tensor, tolerance: float) -> Tensor:
    """Place by place: is a within the tolerance of b, or the same nan or infinity?"""
    a, b = _wide(a), _wide(b)
    close = ((a - b).abs() <= tolerance * (1 + b.abs())) & b.isfinite()
    return close | (a == b) | (a.isnan() & b.isnan())


def as_tensor(value: Any, like: Tensor) -> Tensor | None:
    """A tensor's values, or those of an array, a list or a tuple; None for anything else."""
    if isinstance(value, Tensor):
        with torch._C.DisableTorchFunctionSubclass():  # an answer's subclass has no say
            return Tensor.as_subclass(Tensor.detach(value), Tensor)
    if isinstance(value, np.ndarray | np.generic):
        return torch.as_tensor(np.asarray(value))
    if as_number(value) is None and not isinstance(value, list | tuple):
        return None
    try:
        if isinstance(value, list | tuple) and any(isinstance(v, Tensor) for v in value):
            return torch.stack([as_tensor(v, like) for v in value])
        return torch.as_tensor(value, dtype=like.dtype)
    except (TypeError, ValueError, RuntimeError):
        return None


def as_number(value: Any) -> int | float | complex | None:
    """A plain Python number, also of a NumPy one or a tensor without dimensions; None if it is none."""
    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, np.generic | np.ndarray | Tensor):
        bools = value.dtype in (torch.bool, np.bool_)
        return value.item() if value.ndim == 0 and not bools and _numeric(value) else None
    for plain in (int, float, complex):
        if isinstance(value, plain):
            return plain.__add__(value, plain())  # of a subclass, without its own arithmetic
    return None


def listed(value: Any) -> list | None:
    """The parts of a list, tuple, array, tensor, range or iterator; None for anything else."""
    if isinstance(value, Tensor | np.ndarray):
        return value.tolist() if value.ndim else None
    if isinstance(value, list | tuple):
        return list(type(value).__mro__[-2].__iter__(value))  # list's or tuple's own
    if isinstance(value, range | Iterator):
        return list(value)
    return None


def kind(value: Any) -> str:
    """A value in short, with its type."""
    if isinstance(value, Tensor):
        return f"{short(value)} ({type(value).__name__})"
    text = repr(value)
    return f"{text[:60] + ' ...' if len(text) > 60 else text} ({type(value).__name__})"


def short(value: Tensor) -> str:
    """The first few numbers of a tensor, its dtype and shape."""
    flat = [_short(v) for v in value.detach().flatten()[:4].tolist()]
    more = ", ..." if value.numel() > 4 else ""
    dtype = str(value.dtype).removeprefix("torch.")
    return f"[{', '.join(flat)}{more}] {dtype} {tuple(value.shape)}"


def _plain(came: Any, plain: type, tried: str, likely: str) -> None:
    """Fail unless came is a Python (or NumPy) number of that kind."""
    allowed = (int, np.integer) if plain is int else (int, float, np.integer, np.floating)
    if isinstance(came, bool) or not isinstance(came, allowed):
        if isinstance(came, Tensor | np.ndarray):
            likely = likely or "take the number out with .item()"
        elif plain is int and type(came) is float:
            likely = likely or "a float, even where it is whole: whole-number division is //"
        fail(tried, f"a number ({plain.__name__})", kind(came), likely)


def _numeric(value: Any) -> bool:
    return isinstance(value, Tensor) or value.dtype.kind in "iufc"


def _wide(value: Tensor) -> Tensor:
    return value if value.is_complex() else value.double()


def _short(value: Any) -> str:
    return f"{value:.6g}" if type(value) is float else str(value)


def _pair(want: Tensor, came: Tensor, tolerance: float) -> list[str]:
    """Both in short; where their first numbers are alike, also the first place that differs."""
    texts = [short(want), short(came)]
    if want.shape == came.shape and alike(came.flatten()[:4], want.flatten()[:4], tolerance):
        place = tuple((~near(came, want, tolerance)).nonzero()[0].tolist())
        values = (want[place].item(), came[place].item())
        texts = [f"{t}, {_short(v)} at {place}" for t, v in zip(texts, values, strict=True)]
    return texts
