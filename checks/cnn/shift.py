"""Item 10: what a shift does, measured."""

from __future__ import annotations

import torch
from torch import nn

from checks.calls import item
from checks.compare import fail, kind

MAPS = {
    "nn.ReLU()": nn.ReLU,
    "nn.Conv2d(3, 4, 3, padding=1, padding_mode='circular')": lambda: nn.Conv2d(
        3, 4, 3, padding=1, padding_mode="circular"
    ),
    "nn.Conv2d(3, 4, 3, padding=1)": lambda: nn.Conv2d(3, 4, 3, padding=1),
    "nn.Conv2d(3, 4, 3, stride=2, padding=1, padding_mode='circular')": lambda: nn.Conv2d(
        3, 4, 3, stride=2, padding=1, padding_mode="circular"
    ),
    "nn.Conv2d(3, 4, 1)": lambda: nn.Conv2d(3, 4, 1),
    "nn.MaxPool2d(2)": lambda: nn.MaxPool2d(2),
    "nn.AdaptiveAvgPool2d(1)": lambda: nn.AdaptiveAvgPool2d(1),
    "nn.BatchNorm2d(3)": lambda: nn.BatchNorm2d(3),
}
WORDS = ("equivariant", "invariant", "neither")


@item("Item 10, shift")
def check_shift_form(shift) -> None:
    """All eight maps have one of the three words."""
    if not isinstance(shift, dict):
        fail("shift", "the dict given above, filled in", kind(shift))
    for name in MAPS:
        came = shift.get(name)
        if not isinstance(came, str) or came not in WORDS:
            likely = "still to be answered" if came is None or came is ... else ""
            if isinstance(came, str) and any(word in came.lower() for word in WORDS):
                likely = "the word alone, in small letters"
            if isinstance(came, str) and came.lower() == "both":
                likely = "there is no fourth word: invariant, where both hold"
            fail(f"shift[{name!r}]", " or ".join(WORDS), repr(came), likely)
    if extra := [name for name in shift if name not in MAPS]:
        fail("the keys of shift", "the eight maps given above", f"{extra[0]!r} too")


def _why(name: str, word: str, came: str) -> str:
    """What the map does, in words that go with its word."""
    if came == "neither":
        return "one of its two numbers is below 1e-5"
    if word == "invariant":
        return "both hold: there is a word for that too"
    if word == "equivariant":
        return "what comes out has moved, as every image but one of a single colour shows"
    if "stride" in name or "Pool" in name:
        return "a shift by one pixel is half a step of its output"
    return "zeros at the edge stay where they are when the image is shifted"


@item("Item 10, shift")
def check_shift(shift) -> None:
    """Each map is measured."""
    torch.manual_seed(1)
    x, wrong = torch.randn(2, 3, 8, 8), []
    for name, make in MAPS.items():
        f = make()
        y, shifted = f(x), f(x.roll(1, dims=3))
        stays = torch.allclose(shifted, y, atol=1e-5)
        follows = torch.allclose(shifted, y.roll(1, dims=3), atol=1e-5)
        want = "invariant" if stays else "equivariant" if follows else "neither"
        if shift[name] != want:
            wrong.append((name, _why(name, want, shift[name])))
    for name, likely in wrong[:1]:
        tried = f"shift[{name!r}]: apply shift_errors to this map"
        came = repr(shift[name]) + f"; {len(wrong)} of the eight are wrong" * (len(wrong) > 1)
        fail(tried, "the word that its two numbers say", came, likely)
