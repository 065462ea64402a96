"""Comparisons, and what they say when they fail: tried, expected, came, likely mistake.

Values are compared, not kinds, unless a check asks for one of them because the task does.
`mistakes` maps the explanation of a usual mistake to the value that it gives (or is a function that
returns such a dict, called only when it is needed); a mistake is named only if no other gives that
value. Where none does, it is told what the value has to do with the right one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from textwrap import wrap
from typing import Any, NoReturn

import numpy as np
from torch import Tensor

from checks.relations import related
from checks.values import OneOf, alike, as_number, as_tensor, listed, near, other_dtype

Mistakes = Mapping[str, Any] | Callable[[], Mapping[str, Any]] | None
HANGING = {"subsequent_indent": " " * 10, "break_long_words": False, "replace_whitespace": False}
BLANK = "this item is still to be written"
FLOAT = "a float, even where it is whole: of /, 2.0 ** k, np.zeros, not of //, 2 ** k, dtype=int"
KEPT = "it is right for other arguments: is something kept from an earlier call, or left out?"


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
        lines = str(self).strip().split("\n")
        return [row for line in lines for row in wrap(line, 84, **HANGING) or [line]]


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
        likely = "several things came, or a list that makes no tensor" * (listed(came) is not None)
        fail(tried, "a torch.Tensor", kind(came), likely)
    if value.dtype == want.dtype and alike(value, want, tolerance):
        return
    likely = several(came, want, tolerance) or explained(value, want, mistakes, tolerance)
    if value.shape != want.shape:
        fail(tried, f"shape {tuple(want.shape)}", f"shape {tuple(value.shape)}", likely)
    if value.dtype != want.dtype:
        fail(
            tried, f"dtype {want.dtype}", f"dtype {value.dtype}", likely or other_dtype(value, want)
        )
    fail(tried, *_pair(want, value, tolerance), likely)


def several(came: Any, want: Tensor, tolerance: float) -> str:
    """What is said of several results of which one is right."""
    parts = came if isinstance(came, list | tuple) and len(came) < 5 else ()
    right = [
        k
        for k, part in enumerate(parts)
        if isinstance(part, Tensor) and alike(part, want, tolerance)
    ]
    return f"one result is asked for: of these {len(parts)} number {right[0] + 1}" if right else ""


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

        def explain() -> str:  # of a right value the kind alone is wrong
            right = alike(came, want, tolerance)
            return "" if right else explained(came, want, mistakes, tolerance)

        _plain(came, plain, tried, explain)
    value = as_number(came)
    if value is None:
        fail(tried, f"a number, {_short(want)}", kind(came), related(came, want, tolerance))
    if not abs(value - want) <= tolerance:  # so written, nan fails too
        fail(tried, _short(want), kind(came), explained(came, want, mistakes, tolerance))


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
        likely = "a list or a tuple, without names" if isinstance(came, Mapping) else ""
        fail(tried, repr(want), kind(came), likely or explained(came, want, mistakes, tolerance))


def whole(came: Any, want: int, tried: str, mistakes: Mistakes = None) -> None:
    """Fail unless `came` is the whole number `want`: an int, Python's, NumPy's or of a tensor."""
    value = as_number(came)
    number(value if type(value) is int else came, want, tried, mistakes, tolerance=0, plain=int)


def pair(came: Any, names: str, tried: str) -> tuple[Any, Any]:
    """The two parts of `came`, whatever holds them; fails unless there are two."""
    begun(came, tried)
    stacked = isinstance(came, Tensor) and came.ndim > 1
    parts = list(came.unbind()) if stacked else listed(came)
    if parts is None or len(parts) != 2:
        found = kind(came) if parts is None or isinstance(came, Tensor) else f"{len(parts)} parts"
        fail(tried, f"the pair {names}", found, "two things are to be returned, in this order")
    return tuple(parts)


def begun(came: Any, tried: str) -> None:
    """Fail where nothing has been written yet, or nothing is returned."""
    if came is Ellipsis or came is NotImplemented:
        fail(tried, "an answer", repr(came), BLANK)
    if came is None:
        fail(tried, "a result", "None", "a missing `return`, or an answer still to be filled in")


def no_generator(came: Any, tried: str) -> None:
    """Fail where a student's test gave values: with `yield` it would not even have begun to run."""
    if isinstance(came, list):
        likely = "with `yield` in it a function that is called does not run: it gives a generator"
        fail(tried, "a test that returns nothing", "a generator, or a list", likely)


@contextmanager
def failing(likely: str, by: str = "") -> Iterator[None]:
    """Where an answer raises an error in it, by these words: what that is likely of, unless ""."""
    try:
        yield
    except Wrong as wrong:
        if likely and wrong.expected == "a result" and re.search(by, str(wrong.came)):
            wrong.likely = likely
        raise


@contextmanager
def one_hot(y: Tensor, C: int) -> Iterator[None]:
    """Where an answer fails in it: one-hot labels with fewer columns than classes are called that."""
    try:
        yield
    except Wrong as wrong:
        seen = int(y.max()) + 1
        sizes = re.search(r"a \((\d+)\) must match the size of tensor b \((\d+)\)", str(wrong.came))
        if seen < C and sizes and {int(n) for n in sizes.groups()} == {seen, C}:
            wrong.likely = "F.one_hot(y) ends with the largest label that occurs: F.one_hot(y, C)"
        raise


def explained(came: Any, want: Any, mistakes: Mistakes, tolerance: float = 1e-8) -> str:
    """The one mistake that gives what came, or what that has to do with what was wanted."""
    return cause(came, want, mistakes, tolerance) or related(came, want, tolerance)


def cause(came: Any, want: Any, mistakes: Mistakes, tolerance: float = 1e-8) -> str:
    """The explanation of the one mistake that gives what came; "" if there is none, or several.

    Where several do, of numbers to a few decimals say, the one that is nearest by far.
    """
    given = known(mistakes)
    fitting = causes(came, want, given, tolerance)
    while len(fitting) > 1 and tolerance > 1e-13:
        tolerance /= 50
        nearer = causes(came, want, {text: given[text] for text in fitting}, tolerance)
        fitting, tolerance = (nearer, tolerance) if nearer else (fitting, 0)
    return fitting[0] if len(fitting) == 1 else ""


def known(mistakes: Mistakes) -> Mapping[str, Any]:
    """The mistakes themselves, worked out where they are given as a function."""
    return mistakes() if callable(mistakes) else mistakes or {}


def causes(came: Any, want: Any, mistakes: Mapping[str, Any], tolerance: float) -> list[str]:
    """The explanations of all mistakes that give what came and not what was wanted."""

    def gives(wrong: Any) -> bool:
        return alike(came, wrong, tolerance) and not alike(wrong, want, tolerance)

    given = {t: w if isinstance(w, OneOf) else [w] for t, w in mistakes.items() if w is not None}
    return [text for text, several in given.items() if any(map(gives, several))]


def kind(value: Any) -> str:
    """A value in short, with its type."""
    if isinstance(value, Tensor):
        return f"{short(value)} ({type(value).__name__})"
    text = repr(value)
    return f"{text[:60] + ' ...' if len(text) > 60 else text} ({type(value).__name__})"


def short(value: Tensor) -> str:
    """The first few numbers of a tensor, or all of six, its dtype and shape."""
    many = value.numel() > 6
    flat = [_short(v) for v in value.detach().flatten()[: 4 if many else 6].tolist()]
    more = ", ..." * many
    dtype = str(value.dtype).removeprefix("torch.")
    return f"[{', '.join(flat)}{more}] {dtype} {tuple(value.shape)}"


def _plain(came: Any, plain: type, tried: str, explain: Callable[[], str]) -> None:
    """Fail unless came is a Python (or NumPy) number of that kind."""
    allowed = (int, np.integer) if plain is int else (int, float, np.integer, np.floating)
    if isinstance(came, bool) or not isinstance(came, allowed):
        likely = explain()
        if plain is int and isinstance(as_number(came), float):
            likely = likely or FLOAT
        elif isinstance(came, Tensor | np.ndarray):
            likely = likely or "take the number out with .item()"
        fail(tried, f"a number ({plain.__name__})", kind(came), likely)


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
