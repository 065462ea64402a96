"""What was right in earlier calls of an answer: where it comes again for other arguments, that is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor

from checks.relations import AS_FAR
from checks.values import alike

AGAIN = "right for the arguments of an earlier call: one is not used here, or something is kept"
MOST = 30
_RIGHT: list[tuple[Callable, Any]] = []


def right(function: Callable, came: Any, want: Any) -> Any:
    """What came, which was wanted: it is remembered that this answer gave it."""
    _RIGHT.append((function, want))
    del _RIGHT[:-MOST]
    return came


def told(function: Callable, came: Any, want: Any, text: str = "") -> str:
    """What to say where an earlier call was right to give this, which does not come by chance.

    text: what is said already, and stays unless it says only how far the beginning is right.
    """
    if text and not text.startswith(AS_FAR):
        return text
    values = [value for answer, value in _RIGHT if answer is function and _telling(value)]
    again = any(alike(came, value) and not alike(value, want) for value in values)
    return AGAIN if again else text


def _telling(value: Any) -> bool:
    if isinstance(value, Tensor):
        return value.unique().numel() > 2
    return len(repr(value)) > 8
