"""Items 10 and 11: tests that students write, tried on right and wrong attention."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import SystemRandom
from typing import Any

import torch
from torch import Tensor

from checks.attention.wrong import MASKS, RIGHT, VALUES, Attend, kernel, softened, spelled
from checks.calls import call, item
from checks.compare import Wrong, no_generator

STRICT = "right ones differ by rounding: compare with a tolerance, best in float64"
NOTHING = "no wrong one is caught at all: does the test assert anything (a tuple is always true), "
NOTHING += "and does its error come out?"
NANS = "one that gives nan alone is not caught: nan > 1e-9 is False, so assert that error <= 1e-9"
PAIR = "attend returns the output alone, not the pair of item 1"
RETURNS = "a test raises AssertionError (assert ...): it returns nothing"
# right in other styles than those of RIGHT, by which a test that is too strict shows itself
TWINS = (
    lambda q, k, v, mask=None: _plain(q @ k.mT / math.sqrt(q.shape[-1]), v, mask),
    lambda q, k, v, mask=None: _plain((q @ k.mT) * q.shape[-1] ** -0.5, v, mask),
    lambda q, k, v, mask=None: spelled(q.double(), k.double(), v.double(), mask),
)


def _plain(scores: Tensor, v: Tensor, mask: Tensor | None) -> Tensor:
    if mask is None:
        return scores.softmax(-1) @ v
    blind = ~mask.any(-1, keepdim=True)
    scores = scores.masked_fill(~mask, -math.inf).masked_fill(blind, 0.0)
    return scores.softmax(-1).masked_fill(blind, 0.0) @ v


def paired(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Output and weights, as item 1 asks for."""
    each = torch.eye(k.shape[1], dtype=v.dtype).expand(len(k), -1, -1)
    return kernel(q, k, v, mask), kernel(q, k, each, mask)


# wrong in ways that only a test which is wrong itself asks for
ASKED = {
    "a hidden key has the score -10,000": softened(-1e4),
    "no gradient reaches the keys": lambda q, k, v, *mask: kernel(q, k.detach(), v, *mask),
}


def unlike(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None) -> str:
    """What of this no contract speaks of; "" if all is as it should be."""
    if not all(part.isfinite().all() for part in (q, k, v)):
        return "attend was given inf or nan: the contract speaks of finite numbers"
    if not all(part.dtype in (torch.float32, torch.float64) for part in (q, k, v)):
        return "attend was given other numbers than float32 or float64"
    sizes = (q.shape[:1], *q.shape[2:]), (k.shape[:1], *k.shape[2:]), (*k.shape[:2],)
    if not q.ndim == k.ndim == v.ndim == 3 or sizes[0] != sizes[1] or sizes[2] != v.shape[:2]:
        return "attend was given other shapes than q (B, T, d), k (B, S, d), v (B, S, e)"
    if mask is not None and (mask.dtype, mask.shape) != (torch.bool, (*q.shape[:2], k.shape[1])):
        return "attend was given a mask that is not bool (B, T, S)"
    return ""


def lent(attend: Attend, odd: list[str], changed: list[str]) -> Attend:
    """A function of which nothing tells which one it is; odd: what it was given against the contract,
    changed: the names of what it has changed.

    It works on copies and changes what it is given afterwards, if at all: in another process a
    tensor that is filled anew, as by gradcheck, would else be one that backward() still needs.
    """

    def given(*arguments: Tensor, **named: Tensor) -> Tensor:
        whole = dict(zip("q k v mask".split(), arguments, strict=False)) | named
        if {"q", "k", "v"} <= whole.keys():
            odd.append(unlike(**whole))
        own = {name: part.clone() for name, part in whole.items()}
        out = attend(**own)
        with torch.no_grad():
            for name, part in own.items():
                if part._version:
                    whole[name].copy_(part)
                    changed.append(name)
        return out

    given.__name__ = given.__qualname__ = "attend"
    return given


@dataclass
class Outcome:
    """How a test ended: the AssertionError, another fault, what it returned; what it gave wrongly."""

    error: AssertionError | None = None
    fault: Wrong | None = None
    came: Any = None
    odd: str = ""


def outcome(test: Callable, attend: Attend, tried: str) -> Outcome:
    odd: list[str] = []
    changed: list[str] = []
    found = Outcome()
    try:
        found.came = call(test, lent(attend, odd, changed), tried=tried)
        no_generator(found.came, tried)
    except Wrong as wrong:
        found.odd = next(filter(None, odd), "")
        if isinstance(wrong.__cause__, AssertionError):
            found.error = wrong.__cause__
            return found
        if changed and "modified by an inplace operation" in str(wrong.__cause__):
            found.error = AssertionError(str(wrong.__cause__))  # it is what shows the change
            return found
        if wrong.__cause__ is not None:
            wrong.expected = "no error, or an AssertionError"
            own = "" if "refuses" in wrong.likely else wrong.likely
            wrong.likely = found.odd or own or "only an assert says that attend is wrong"
        found.fault = wrong
    return found


def judged(test: Callable, name: str, faults: Mapping, wanted: tuple[str, ...]) -> None:
    """Right ones must pass and wrong ones be caught, in an order that no test can foresee."""
    right = {f"{name}(a right attend: {style})": attend for style, attend in RIGHT.items()}
    wrong = {f"{name}(a wrong attend: {fault})": faults[fault] for fault in wanted}
    order = [*right.items(), *((tried, make()) for tried, (_, make) in wrong.items())]
    found = {tried: outcome(test, attend, tried)
             for tried, attend in SystemRandom().sample(order, len(order))}  # fmt: skip
    for tried in (*right, *wrong):
        if fault := found[tried].fault:
            fault.likely = PAIR if lives(test, paired) else fault.likely
            raise fault
    for tried in right:
        if error := found[tried].error:
            told = f"AssertionError: {str(error).strip():.200}"
            likely = found[tried].odd or _why(test, right, found, faults)
            raise Wrong(tried, "no error: it is right", told, likely)
    if len(wrong) > 1 and not any(found[tried].error for tried in wrong):
        wrong = {tried: (NOTHING, make) for tried, (_, make) in wrong.items()}
    for tried, (hint, _) in wrong.items():
        if found[tried].error is None:
            hint = hint if hint == NOTHING or not lives(test, nowhere) else NANS
            hint = hint if found[tried].came is None else RETURNS
            raise Wrong(tried, "an AssertionError", "none: it is not caught", hint)


def lives(test: Callable, attend: Attend) -> bool:
    one = outcome(test, attend, "attend")
    return one.error is None and one.fault is None


def nowhere(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None) -> Tensor:
    return kernel(q, k, v, mask) * math.nan


def expected(test: Callable, faults: Mapping) -> str:
    """Which wrong attend a test lets live that rejects all right ones."""
    if lives(test, paired):
        return PAIR
    known = ASKED | {fault: make() for fault, (_, make) in faults.items()}
    found = [fault for fault, attend in known.items() if lives(test, attend)]
    if len(found) > 3:
        return "it lets wrong ones live, and no right one: is the test turned round?"
    return f"it lets one live in which {found[0]}: is that what it expects?" if found else ""


def _why(test: Callable, right: Mapping, found: Mapping, faults: Mapping) -> str:
    """Why it may be that right ones are rejected."""
    alive = [tried for tried in right if found[tried].error is None]
    if not alive and all(outcome(test, twin, "a right attend").error for twin in TWINS):
        if asked := expected(test, faults):
            return asked
        return "no right one lives: is a tolerance too small, or does the test break the contract?"
    if any(outcome(test, right[tried], tried).error for tried in alive):
        return "what lived is rejected when it is tried again: chance, or something that is kept"
    return STRICT


@item("Item 10, test_values")
def check_values_test(test_values, *faults: str) -> None:
    """Does the test catch each of these, and let right ones live?"""
    judged(test_values, "test_values", VALUES, faults)


@item("Item 11, test_masks")
def check_masks_test(test_masks, *faults: str) -> None:
    """Does the test catch each of these, and let right ones live?"""
    judged(test_masks, "test_masks", MASKS, faults)
