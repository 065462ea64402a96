"""Item 9: eight numbers, predicted and then measured."""

from __future__ import annotations

from checks import figures
from checks.calls import item

NAMES = ("weight", "variance", "rows", "rows causal", "products", "equal length", "factor")
NAMES += ("bytes",)


@item("Item 9, measured")
def check_numbers_form(measured) -> None:
    """All eight are numbers."""
    figures.filled_in(measured, NAMES, "measured")


@item("Item 9, measured")
def check_numbers(measured, wants: dict, mistakes: dict) -> None:
    """Whole numbers exactly, others within half a thousandth; mistakes: what usual ones give."""
    figures.measured(measured, wants, mistakes, _close, "measured")


def _close(came: float, want: float) -> bool:
    return came == want or (isinstance(want, float) and abs(came - want) <= 5e-4 * max(1, want))
