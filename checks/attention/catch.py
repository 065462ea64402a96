"""Items 10 and 11: tests that students write, tried on right and wrong attention."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import SystemRandom

import torch
from torch import Tensor

from checks.attention.wrong import MASKS, RIGHT, VALUES, Attend
from checks.calls import call, item
from checks.compare import Wrong


def lent(attend: Attend) -> Attend:
    """A function of which nothing tells which one it is.

    It works on copies and changes what it is given afterwards, if at all: in another process a
    tensor that is filled anew, as by gradcheck, would else be one that backward() still needs.
    """

    def given(*arguments: Tensor, **named: Tensor) -> Tensor:
        whole = dict(zip("q k v mask".split(), arguments, strict=False)) | named
        own = {name: part.clone() for name, part in whole.items()}
        out = attend(**own)
        with torch.no_grad():
            for name, part in own.items():
                if part._version:
                    whole[name].copy_(part)
        return out

    given.__name__ = given.__qualname__ = "attend"
    return given


def outcome(test: Callable, attend: Attend, tried: str) -> AssertionError | None:
    """The AssertionError that the test raises; Wrong if it is another, or leaves something."""
    try:
        call(test, lent(attend), tried=tried)
    except Wrong as wrong:
        if isinstance(wrong.__cause__, AssertionError):
            return wrong.__cause__
        if wrong.__cause__ is not None:
            wrong.expected = "no error, or an AssertionError"
            wrong.likely = wrong.likely or "only an assert says that attend is wrong"
        return wrong
    return None


def judged(test: Callable, name: str, faults: Mapping, wanted: tuple[str, ...]) -> None:
    """Right ones must pass and wrong ones be caught, in an order that no test can foresee."""
    right = {f"{name}(a right attend: {style})": attend for style, attend in RIGHT.items()}
    wrong = {f"{name}(a wrong attend: {fault})": faults[fault] for fault in wanted}
    order = [*right.items(), *((tried, make()) for tried, (_, make) in wrong.items())]
    found = {tried: outcome(test, attend, tried)
             for tried, attend in SystemRandom().sample(order, len(order))}  # fmt: skip
    for tried in (*right, *wrong):
        if isinstance(found[tried], Wrong):
            raise found[tried]
    for tried in right:
        if found[tried] is not None:
            told = f"AssertionError: {str(found[tried]).strip():.200}"
            raise Wrong(tried, "no error: it is right", told, _why(test, right, found))
    for tried, (hint, _) in wrong.items():
        if found[tried] is None:
            raise Wrong(tried, "an AssertionError", "none: it is not caught", hint)


def _why(test: Callable, right: Mapping, found: Mapping) -> str:
    """Why it may be that right ones are rejected."""
    alive = [tried for tried in right if found[tried] is None]
    if not alive:
        return "no right one lives: does the test itself keep to the contract?"
    if any(outcome(test, right[tried], tried) is not None for tried in alive):
        return "what lived is rejected when it is tried again: chance, or something that is kept"
    return "right ones differ by rounding: compare with a tolerance, best in float64"


@item("Item 10, test_values")
def check_values_test(test_values, *faults: str) -> None:
    """Does the test catch each of these, and let right ones live?"""
    judged(test_values, "test_values", VALUES, faults)


@item("Item 11, test_masks")
def check_masks_test(test_masks, *faults: str) -> None:
    """Does the test catch each of these, and let right ones live?"""
    judged(test_masks, "test_masks", MASKS, faults)
