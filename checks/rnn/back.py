"""Items 5 and 6: the way back through time, by autograd."""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor

from checks.calls import Case, item, judge
from checks.compare import cause, fail, kind, pair, tensor
from checks.rnn.cells import draw
from checks.values import OneOf, alike, as_number
from checks.watch import AllBut

FAULTS = {
    "the way back past the tanh is missing: (1 - alpha) * delta": "none",
    "past the tanh delta is scaled by 1 - alpha": "all",
    "past the tanh the factor is 1 - alpha, not alpha": "alpha",
    "the tanh's share of h_t is alpha: dz has that factor too": "unscaled",
    "the derivative of tanh(z) is 1 - tanh(z)^2; h_t is not tanh(z_t) here": "h",
    "this is the lecture's rule, right at alpha = 1 alone: derive the leaky one": "lecture",
    "the derivative of the tanh is missing": "flat",
    "the way back through W_hh is missing": "cut",
    "back through W_hh is dz @ W_hh (rows), not dz @ W_hh.T": "transposed",
    "dW_hh needs the state before the step, h_{t-1}": "after",
    "the loss reads every state: add direct at each step": "last",
    "one step too few: h_0 stands before the first step": "first",
    "h_0 too has a way past the tanh: (1 - alpha) * delta": "start",
    "direct too goes back past the tanh: (1 - alpha) * (delta + direct)": "bent",
    "the states kept are one and the same tensor, changed in place: keep a new one each": "same",
    "the first step counts too: back to t = 1, index 0": "stops",
    "the first step has a share in dW_hh too: that of h_0": "skips",
}


def same_value(value: Tensor, path: Tensor) -> Tensor:
    """`value`, whose gradient is that of `path`."""
    return value.detach() + path - path.detach()


def by_autograd(given, alpha: float, fault: str = "", keep: int = 0) -> tuple[Tensor, Tensor]:
    """Autograd's answer, or what it gives if one part of the graph is not as it should be.

    keep: nothing goes back beyond so many steps from the end.
    """
    x, h0, direct, W_ih, W_hh, b = given
    W, start = W_hh.clone().requires_grad_(), h0.clone().requires_grad_()
    h, states, end = start, [], h0
    for x_t in x.unbind(1) if fault == "same" else ():
        end = (1 - alpha) * end + alpha * torch.tanh(x_t @ W_ih.T + b + end @ W_hh.T)
    for t, x_t in enumerate(x.unbind(1)):
        if keep and t == x.shape[1] - keep:
            W, h = W_hh.clone().requires_grad_(), h.detach().requires_grad_()
            start = h
        z = x_t @ W_ih.T + b + (h.detach() if fault == "cut" else h) @ W.T
        y = torch.tanh(z)
        new = ((1 - alpha) * h + alpha * y).detach()
        if fault == "transposed":
            z = same_value(z, h.detach() @ W.T + h @ W.detach())
        if fault == "same":
            z = same_value(z, end @ W.T + h @ W.detach().T)
        if fault in ("stops", "skips") and t == 0:
            z = same_value(z, h @ W.detach().T + 0 * W.sum())
        if fault == "after":
            z = same_value(z, new @ W.T + h @ W.detach().T)
        slope = {"h": 1 - new**2, "lecture": 1 - new**2, "flat": 1.0}.get(fault)
        y = torch.tanh(z) if slope is None else same_value(y, z * slope)
        share = {"all": 1.0, "none": 0.0, "lecture": 0.0, "alpha": alpha}.get(fault, 1 - alpha)
        share = 0.0 if fault == "start" and t == 0 else share
        kept = same_value((1 - alpha) * h, share * h)
        moved = same_value(alpha * y, y if fault in ("unscaled", "lecture") else alpha * y)
        h = kept + moved
        states.append(same_value(h, moved) if fault == "bent" else h)
    loss = (torch.stack(states, 1) * direct)[:, -1 if fault == "last" else 0 :].sum()
    early = states[0] if fault in ("first", "stops") else start
    first, second = torch.autograd.grad(loss, [W, early])
    return first, second - direct[:, 0] if fault == "stops" else second


def back_case(B, T, D, H, alpha, dtype=torch.float64) -> Case:
    shapes = ((B, T, D), (B, H), (B, T, H), (H, D), (H, H), (H,))
    given = draw(shapes, 100 * T + H, dtype)
    given[4] *= 1.2 / H**0.5
    want = by_autograd(given, alpha)

    def mistakes() -> dict:
        dW, dh = want
        found = {text: by_autograd(given, alpha, fault) for text, fault in FAULTS.items()}
        found["back to the first step, not a few steps only"] = OneOf(
            [want, *(by_autograd(given, alpha, keep=k) for k in range(1, T))]
        )
        return found | {
            "z_t holds b on the way forwards too": by_autograd((*given[:5], 0 * given[5]), alpha),
            "L is a sum over the batch, not its mean": (dW / B, dh / B),
            "dW_hh is a sum over the batch, not its mean": (dW / B, dh),
            "dW_hh is transposed: dz.T @ h has the rows of the new units": (dW.T, dh),
            "return dL/dW_hh first, then dL/dh_0": (dh, dW),
            "no direct share for h_0: the loss reads h_1 to h_T": (dW, dh + given[2][:, 0]),
            "the sign is turned": (-dW, -dh),
            "the gradient itself is asked for: nothing is clipped": OneOf(
                (dW.clamp(-most, most), part)
                for most in (0.1, 0.5, 1, 2, 5, 10)
                for part in (dh, dh.clamp(-most, most))
            ),
        }

    tried = f"leaky_backward on B, T, D, H = {B}, {T}, {D}, {H}, {alpha=}"
    tried += "" if dtype == torch.float64 else f", {dtype}"
    return Case(tried, (*given, alpha), want, mistakes)


def compare_slopes(came, want, tried, tolerance) -> None:
    names = ("dL/dW_hh", "dL/dh_0")
    for part, right, name in zip(pair(came, f"({', '.join(names)})", tried), want, names):  # noqa: B905
        tensor(part, right, f"{tried}, {name}", tolerance=tolerance)


@item("Item 5, leaky_backward")
def check_bptt(
    leaky_backward, B: int, T: int, D: int, H: int, alpha: float, dtype: str = "float64"
) -> None:
    """Both gradients against autograd's; finite differences would compute too many numbers."""
    without = (torch.autograd.grad, torch.autograd.backward)
    hand = AllBut("backward", "numpy", "__array__", "tolist", "local_scalar")  # nor uncounted
    probes = [back_case(*sizes) for sizes in ((1, 2, 1, 2, 0.4), (2, 1, 2, 1, 0.7))]
    kind, most = getattr(torch, dtype), 20 * B * T * H * (H + D + 5) + 2000
    case, near = back_case(B, T, D, H, alpha, kind), 1e-9 if kind == torch.float64 else 1e-4
    judge(
        leaky_backward, case, probes, compare_slopes, near, by_hand=hand, without=without, most=most
    )


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
            transposed: away, last: max(second), NORM: sizes[1],
            SQUARE + "a sum of sizes": max(reach(shear, p=1)),
            SQUARE + "the larger of two": max(reach(shear, p=math.inf)),
            "right to three decimal places at least": round(peak, 1)}),
        "shear peak lag": (back.index(peak), {
            transposed: forward.index(away), last: 0, first: back.index(peak) + 1,
            BEHIND: back.index(peak) - 1}),
        "turn gone": (gone(round_), {
            first: gone(round_) + 1, late: gone(round_, 0.1), above: gone(round_) - 1}),
        "shear gone": (gone(back), {
            transposed: gone(forward), last: gone(second), first: gone(back) + 1, late: gone(back, 0.1), above: gone(back) - 1,
            "below 0.01 of lag 0, not of the peak": gone(back, 0.01 * peak)}),
        "forget bias": (bias, not_bias(bias, keep)),
    }  # fmt: skip


def agreeing(lag: Mapping, mistakes: dict[str, float]) -> dict[str, float]:
    """Of mistakes that the last lag of `shear` shows as well those that give it."""
    came, known = as_number(lag["shear gone"]), lag_values()["shear gone"][1]
    return {t: v for t, v in mistakes.items() if known.get(t, came) == came}


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
                more = "not yet" if came < want else "below 0.01 before"
                likely = f"at that lag the relative norm is {more}: measure far enough"
            fail(f"lag[{name!r}]", "what a measurement gives", kind(lag[name]), likely)
