"""Item 4: nine numbers predicted."""

from __future__ import annotations

from checks.calls import item
from checks.compare import fail, kind
from checks.values import as_number

PREDICTED = ("minimax slope", "non-saturating slope", "slope ratio", "equal at", "guessing loss")
PREDICTED += ("best V", "simultaneous factor", "extra-gradient factor", "steps to tenfold")


@item("Item 4, predicted")
def check_predicted_form(predicted) -> None:
    """All nine are numbers."""
    if not isinstance(predicted, dict):
        fail("predicted", "the dict given above, filled in", kind(predicted))
    for name in PREDICTED:
        came = predicted.get(name)
        value = as_number(came)
        if value is None or isinstance(value, complex) or value != value:
            likely = "still to be answered" if came is None or came is ... else ""
            likely = "a plain number, without quotes" if isinstance(came, str) else likely
            fail(f"predicted[{name!r}]", "a number", repr(came)[:60], likely)


@item("Item 4, predicted")
def check_predicted(predicted, wants: dict, mistakes: dict) -> None:
    """Within half a per cent of `wants`; mistakes: for each name, what usual ones give."""
    for name, want in wants.items():
        came = as_number(predicted[name])
        if not _close(came, want):
            fits = [t for t, wrong in mistakes.get(name, {}).items() if _close(came, wrong)]
            likely = fits[0] if len(fits) == 1 else ""
            fail(f"predicted[{name!r}]", "what a measurement gives", came, likely)


def _close(came: float, want: float) -> bool:
    return abs(came - want) <= (0.005 * abs(want) or 0.005)
