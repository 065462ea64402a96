"""Item 9: eight numbers, predicted and then measured."""

from __future__ import annotations

from checks.calls import item
from checks.compare import fail, kind
from checks.values import as_number

NAMES = ("weight", "variance", "rows", "rows causal", "products", "equal length", "factor")
NAMES += ("bytes",)


@item("Item 9, measured")
def check_numbers_form(measured) -> None:
    """All eight are numbers."""
    if not isinstance(measured, dict):
        fail("measured", "the dict given above, filled in", kind(measured))
    for name in NAMES:
        came = measured.get(name)
        value = as_number(came)
        if value is None or isinstance(value, complex) or value != value:
            likely = "still to be answered" if came is None or came is ... else ""
            likely = "a plain number, without quotes" if isinstance(came, str) else likely
            fail(f"measured[{name!r}]", "a number", repr(came)[:60], likely)


@item("Item 9, measured")
def check_numbers(measured, wants: dict, mistakes: dict) -> None:
    """Whole numbers exactly, others within half a thousandth; mistakes: what usual ones give."""
    for name, want in wants.items():
        came = as_number(measured[name])
        if not _close(came, want):
            fits = [t for t, wrong in mistakes.get(name, {}).items() if _close(came, wrong)]
            likely = fits[0] if len(fits) == 1 else ""
            fail(f"measured[{name!r}]", "what a measurement gives", came, likely)


def _close(came: float, want: float) -> bool:
    return came == want or (isinstance(want, float) and abs(came - want) <= 5e-4 * max(1, want))
