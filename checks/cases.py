"""Cases on which an answer is tried, and what its faults in several of them have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from checks.compare import Mistakes, Wrong, causes, known
from checks.values import OneOf, alike, listed


@dataclass(frozen=True)
class Case:
    """One input: how it is told, what is given, what must come.

    mistakes: what usual ones give, or a function that says so, called only where another came.
    edge: what is special about it, told where an answer fails that is right in the probes.
    """

    tried: str
    arguments: tuple
    want: Any
    mistakes: Mistakes = None
    edge: str = ""


def compared(compare: Callable, came: Any, case: Case, named: dict) -> Wrong | None:
    """What `compare` finds wrong with what came of a case; None if nothing."""
    try:
        compare(came, case.want, case.tried, **named)
    except Wrong as wrong:
        return wrong
    return None


def size_of(case: Case) -> int:
    """How much a reader has to look at: all numbers of the tensors that are given."""
    numbers = [a.numel() for a in case.arguments if isinstance(a, Tensor)]
    return sum(numbers) + sum(a for a in case.arguments if type(a) is int and a > 0)


def of_all(runs: Sequence[tuple[Any, Case]], tolerance: float) -> list[str]:
    """The mistakes that give what came in the first of these, and in all others of which they tell."""
    (came, case), *others = runs
    fits = causes(came, case.want, known(case.mistakes), tolerance)
    for other, probe in others:
        gives = known(probe.mistakes) if fits else {}
        fits = [t for t in fits if gives.get(t) is None or alike(other, gives[t], tolerance)]
    return fits


def of_part(runs: Sequence[tuple[Any, Case]], tolerance: float) -> str:
    """The one mistake that gives one wrong part of a pair in all of these: what came, and its case.

    Where no mistake gives both parts: the other one may have a fault of its own.
    """
    came, case = runs[0]
    wants = [other.want for _, other in runs]
    pairs = [parts if isinstance(parts, list | tuple) else () for parts, _ in runs]
    if not all(
        isinstance(w, tuple) and len(p) == len(w) for p, w in zip(pairs, wants, strict=True)
    ):
        return ""
    given = [known(other.mistakes) for _, other in runs]
    for k in range(len(case.want)):
        here = {text: _part(value, k) for text, value in given[0].items()}
        fits = causes(came[k], case.want[k], here, tolerance)
        for pair, mistakes in zip(pairs[1:], given[1:], strict=True):
            there = {text: _part(mistakes.get(text), k) for text in fits}
            fits = [t for t, v in there.items() if v is None or alike(pair[k], v, tolerance)]
        if len(fits) == 1:
            return fits[0]
    return ""


def _part(value: Any, k: int) -> Any:
    """Part k of what a mistake gives, or of each of the values that it may give."""
    if isinstance(value, OneOf):
        parts = [_part(one, k) for one in value]
        return OneOf(part for part in parts if part is not None) or None
    parts = listed(value) if isinstance(value, list | tuple) else None
    return parts[k] if parts is not None and len(parts) > k else None
