"""Numbers that a student fills into a dictionary: all there, and each what a measurement gives."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from checks.compare import fail, kind
from checks.relations import related
from checks.values import as_number


def filled_in(came: Any, names: Collection[str], called: str) -> None:
    """All of these are real numbers; called: the dictionary's name."""
    if not isinstance(came, dict):
        fail(called, "the dict given above, filled in", kind(came))
    for name in names:
        one = came.get(name)
        value = as_number(one)
        if value is None or isinstance(value, complex) or value != value:
            likely = "still to be answered" if one is None or one is ... else ""
            likely = "a plain number, without quotes" if isinstance(one, str) else likely
            fail(f"{called}[{name!r}]", "a number", repr(one)[:60], likely)


def measured(came: dict, wants: dict, mistakes: dict, near: Callable, called: str) -> None:
    """Each is near what is wanted; mistakes: for each name, what usual ones give."""
    for name, want in wants.items():
        one = as_number(came[name])
        if not near(one, want):
            fits = [text for text, wrong in mistakes.get(name, {}).items() if near(one, wrong)]
            likely = fits[0] if len(fits) == 1 else "" if fits else related(one, want)
            if not fits and abs(one - want) <= 0.05 * abs(want):
                likely = (
                    "near, but not it: from a sample, rounded, or a small part too many or too few"
                )
            fail(f"{called}[{name!r}]", "what a measurement gives", one, likely)
