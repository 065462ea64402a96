"""Item 4: nine numbers predicted."""

from __future__ import annotations

from checks.calls import item
from checks.figures import filled_in, measured

PREDICTED = ("minimax slope", "non-saturating slope", "slope ratio", "equal at", "guessing loss")
PREDICTED += ("best V", "simultaneous factor", "extra-gradient factor", "steps to tenfold")


@item("Item 4, predicted")
def check_predicted_form(predicted) -> None:
    """All nine are numbers."""
    filled_in(predicted, PREDICTED, "predicted")


@item("Item 4, predicted")
def check_predicted(predicted, wants: dict, mistakes: dict) -> None:
    """Within 0.4 per cent of `wants`; mistakes: for each name, what usual ones give."""
    measured(predicted, wants, mistakes, _close, "predicted")


def _close(came: float, want: float) -> bool:
    return abs(came - want) <= (0.004 * abs(want) or 0.004)
