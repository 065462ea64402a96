"""Item 3: how low a loss can get, against the loss at extreme logits."""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
import torch.nn.functional as F

from checks.calls import item
from checks.compare import begun, fail, kind
from checks.values import as_number

HEADS = {  # name: (loss of logits and label, the sign of the wrong logits, C, its explanation)
    "cross_entropy(softmax(z)), C = 10": (lambda z, y: F.cross_entropy(z.softmax(1), y), 10),
    "cross_entropy(softmax(z)), C = 100": (lambda z, y: F.cross_entropy(z.softmax(1), y), 100),
    "cross_entropy(sigmoid(z)), C = 10": (lambda z, y: F.cross_entropy(z.sigmoid(), y), 10),
    "cross_entropy(tanh(z)), C = 10": (lambda z, y: F.cross_entropy(z.tanh(), y), 10),
    "cross_entropy(log_softmax(z)), C = 10": (
        lambda z, y: F.cross_entropy(z.log_softmax(1), y), 10,
    ),
    "nll_loss(softmax(z)), C = 10": (lambda z, y: F.nll_loss(z.softmax(1), y), 10),
    "cross_entropy(relu(z)), C = 10, where every z is negative": (
        lambda z, y: F.cross_entropy((-z.abs()).relu(), y), 10,
    ),
}  # fmt: skip


GIVEN = (
    "this would be the floor if the loss got the logits themselves",
    "nll_loss gives minus the number at the label, which may go down to -1",
)

OTHERS = {  # what is told of the floor of softmax(z), C = 10, under another key
    "tanh": "tanh goes down to -1, not to 0, for the wrong classes",
    "100": "99 wrong classes, each with e to the power 0",
    "log_softmax": "log_softmax(z) goes as far down as z, and a second one changes nothing",
    "nll": "nll_loss takes no logarithm and no softmax: it is minus the number itself",
    "relu": "the right logit is below 0 as well: relu makes all of them 0",
}


@item("Item 3, floors")
def check_floors_form(floors) -> None:
    """A number under each key."""
    begun(floors, "floors")
    if not isinstance(floors, Mapping) or set(floors) != set(HEADS):
        fail("floors", "the dict given above, with its seven keys", kind(floors))
    for name, came in floors.items():
        if came is None or came is Ellipsis:
            fail(f"floors[{name!r}]", "a number", repr(came), "still to be answered")
        value = as_number(came)
        if value is None or value != value:
            fail(f"floors[{name!r}]", "a number", kind(came), "a float, by .item() or by hand")


@item("Item 3, floors")
def check_floors(floors) -> None:
    """Against the loss at extreme logits; an error of 0.001 is allowed."""
    check_floors_form(floors)
    y = torch.tensor([0])

    def limit(name: str, others: float = -1e4, more: int = 0) -> float:
        loss, C = HEADS[name]
        z = torch.full((1, C + more), others, dtype=torch.float64)
        z[0, 0] = 1e4
        return loss(z, y).item()

    limits = {name: limit(name) for name in HEADS}
    ten = limits["cross_entropy(softmax(z)), C = 10"]
    for name, want in limits.items():
        chance = F.cross_entropy(torch.zeros(1, HEADS[name][1]), y).item()
        given = GIVEN["nll" in name]
        mistakes = {text: ten for part, text in OTHERS.items() if part in name}
        if "nll" in name:
            mistakes["the sign: nll_loss gives minus the number at the label"] = -want
            mistakes["this is the loss of guessing, not the lowest"] = -1 / HEADS[name][1]
        mistakes |= {
            "this is the loss of guessing": chance,
            given: 0.0,
            "the wrong logits may lie as far below 0 as you like, not at 0": (
                want if "tanh" in name else limit(name, 0.0)
            ),
            "C - 1 classes are wrong, not C": limit(name, more=1),
            "of 100 classes 99 are wrong, not 10 times the 9 of ten": (
                limit(name, more=-9) if "100" in name else want
            ),
            "in nats, not in bits": want / math.log(2),
            "the right class has a share too: C of them, not C - 1": math.log(HEADS[name][1] - 1),
        }
        if not abs(as_number(floors[name]) - want) <= 1e-3:
            expected, likely = "the loss at its limit, to 0.001", _why(floors[name], mistakes, want)
            fail(f"floors[{name!r}]", expected, kind(floors[name]), likely)


def _why(came, mistakes: dict[str, float], want: float) -> str:
    value = as_number(came)
    if abs(value - want) < 6e-3 and abs(round(value, 2) - value) < 1e-9:
        return "right as far as it goes: four digits after the point"
    found = [t for t, v in mistakes.items() if abs(value - v) < 1e-3 and v != want]
    return found[0] if len(found) == 1 else ""
