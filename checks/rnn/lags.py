"""Item 6: how far a gradient reaches, measured by autograd."""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor

from checks.calls import item
from checks.compare import cause, fail, kind
from checks.values import OneOf, alike, as_number

WHOLE = ("shear peak lag", "turn gone", "shear gone")
NORM = "the largest absolute value of an eigenvalue, not the norm of the matrix"
SQUARE = "the norm is the root of a sum of squares, not "
HALF = "exactly half: a factor of 1 - ln 2 / 100 leaves only nearly that"
BEHIND = "a list that begins with lag 1 has it in its place 0"
LAG = ("turn radius", "shear radius", "shear peak", *WHOLE, "forget bias")


@item("Item 6, lag")
def check_lag_form(lag) -> None:
    """A number under each key, whole where lags are asked for."""
    if not isinstance(lag, Mapping):
        fail("lag", "the dict given above, filled in", kind(lag))
    for name in LAG:
        came = lag.get(name)
        number = as_number(came)
        if came is None or came is Ellipsis:
            fail(f"lag[{name!r}]", "a number", repr(came), "still to be answered")
        if number is None or number != number or isinstance(number, complex):
            fail(f"lag[{name!r}]", "a number", kind(came), "a plain number: .item(), .real")
        if name in WHOLE and (isinstance(came, float) or not isinstance(number, int)):
            fail(f"lag[{name!r}]", "a whole number (int)", kind(came), "a lag counts steps")


def reach(W: Tensor, lags: int = 150, p: float = 2, unit: int = 0) -> list[float]:
    """The gradient's norm at each lag, by autograd through that many steps."""
    norms = []
    for lag in range(lags):
        h = torch.zeros(2, dtype=torch.float64, requires_grad=True)
        last = torch.linalg.matrix_power(W, lag) @ h
        norms.append(torch.autograd.grad(last[unit], h)[0].norm(p).item())
    return norms


def gone(norms: list[float], share: float = 0.01) -> int:
    return next(k for k, norm in enumerate(norms) if norm < share)


def not_bias(bias: float, keep: float) -> dict[str, float]:
    """keep: the factor per step."""
    return {
        "half is left after 100 steps, not after one": 0.0,
        "this is the factor per step: the bias goes through the sigmoid": keep,
        "the inverse of the sigmoid is ln(p / (1 - p))": math.log(keep),
        "the sign is turned: an open gate has a positive bias": -bias,
        "a product of 100 factors is 1/2: each is its 100th root": math.log(0.995 / 0.005),
        "100 steps, not 99": math.log(0.5 ** (1 / 99) / (1 - 0.5 ** (1 / 99))),
        "half of it is left, not 1/e": OneOf((math.log(99), -math.log(math.expm1(0.01)))),
        HALF: OneOf((math.log(100 / math.log(2) - 1), math.log(100 / math.log(2)))),
        "right to three decimal places at least": round(bias, 1),
    }


def lag_values() -> dict[str, tuple[float, dict[str, float]]]:
    """For each key the value, and what usual mistakes give."""
    angle, keep = torch.tensor(1.0, dtype=torch.float64), 0.5**0.01
    turn = 0.9 * torch.stack([angle.cos(), -angle.sin(), angle.sin(), angle.cos()]).view(2, 2)
    shear = torch.tensor([[0.9, 3.0], [0.0, 0.8]], dtype=torch.float64)
    radius = {n: torch.linalg.eigvals(W).abs().max().item() for n, W in (("t", turn), ("s", shear))}
    back, forward, round_ = reach(shear), reach(shear.T), reach(turn)
    bias, peak, away = math.log(keep / (1 - keep)), max(back), max(forward)
    transposed = "a gradient goes back through W.T, not W; nor is it 0.9 to the power of the lag"
    first = "lag 0 is the last state itself: count from there"
    late, above = "below 0.01, not below 0.1", "the first lag below 0.01, not the last above"
    second, last = reach(shear, unit=1), "the loss reads the first unit, not the last"
    powers = (torch.linalg.matrix_power(shear, k) for k in range(20))
    sizes = [torch.linalg.matrix_norm(W, 2).item() for W in powers]
    return {
        "turn radius": (radius["t"], {
            "a complex eigenvalue counts with its absolute value": turn[0, 0].item()}),
        "shear radius": (radius["s"], {
            NORM: OneOf((sizes[1], shear.norm().item())), "the largest, not the last": 0.8}),
        "shear peak": (peak, {
            "the row that the loss reads, not the whole power of W": max(sizes),
            transposed: OneOf((away, forward[1])), last: max(second), NORM: sizes[1],
            SQUARE + "a sum of sizes": max(reach(shear, p=1)),
            SQUARE + "the larger of two": max(reach(shear, p=math.inf)),
            "right to three decimal places at least": round(peak, 1)}),
        "shear peak lag": (back.index(peak), {
            transposed: forward.index(away), last: 0, first: back.index(peak) + 1,
            BEHIND: back.index(peak) - 1}),
        "turn gone": (gone(round_), {
            first: gone(round_) + 1, late: gone(round_, 0.1), above: gone(round_) - 1}),
        "shear gone": (gone(back), {
            transposed: OneOf((gone(forward), gone(forward) - 1)), last: gone(second), first: gone(back) + 1, late: gone(back, 0.1), above: gone(back) - 1,
            "below 0.01 of lag 0, not of the peak": gone(back, 0.01 * peak),
            "lags count from the last state, not from the peak": gone(back) - back.index(peak)}),
        "forget bias": (bias, not_bias(bias, keep)),
    }  # fmt: skip


def agreeing(lag: Mapping, mistakes: dict[str, float]) -> dict[str, float]:
    """Of mistakes that the last lag of `shear` shows as well those that give it."""
    came, known = as_number(lag["shear gone"]), lag_values()["shear gone"][1]
    return {t: v for t, v in mistakes.items() if alike(came, known.get(t, came), 0)}


@item("Item 6, lag")
def check_lag(lag) -> None:
    """All seven, as measured, to a thousandth."""
    check_lag_form(lag)
    for name, (want, mistakes) in lag_values().items():
        came, close = as_number(lag[name]), 1e-3 / (1 + abs(want))
        if not alike(came, want, close):
            if name == "shear peak":
                mistakes = agreeing(lag, mistakes)
            likely = cause(came, want, mistakes, close)
            if not likely and name.endswith("gone"):
                more = "not yet below 0.01" if came < want else "below it before"
                likely = f"at that lag the relative norm is {more}: measure far enough"
            fail(f"lag[{name!r}]", "what a measurement gives", kind(lag[name]), likely)
