"""Items 5 and 6: the way back through time, by autograd."""

from __future__ import annotations

import torch
from torch import Tensor

from checks.calls import Case, item, judge
from checks.compare import Wrong, pair, tensor
from checks.primitive import AWAY
from checks.rnn.cells import draw
from checks.values import OneOf
from checks.watch import AllBut

FAULTS = {
    "the way back past the tanh is missing: (1 - alpha) * delta": "none",
    "past the tanh delta is scaled by 1 - alpha": "all",
    "past the tanh the factor is 1 - alpha, not alpha": "alpha",
    "past the tanh the factor is 1 - alpha alone, not alpha * (1 - alpha)": "shrunk",
    "the tanh's share of h_t is alpha: dz has that factor too": "unscaled",
    "the derivative of tanh(z) is 1 - tanh(z)^2; h_t is not tanh(z_t) here": "h",
    "tanh(z_t) is (h_t - (1 - alpha) h_{t-1}) / alpha, not h_t / alpha": "share",
    "this is the lecture's rule, right at alpha = 1 alone: derive the leaky one": "lecture",
    "the derivative of the tanh is missing": "flat",
    "the way back through W_hh is missing": "cut",
    "back through W_hh is dz @ W_hh (rows), not dz @ W_hh.T": "transposed",
    "dW_hh needs the state before the step, h_{t-1}": "after",
    "the loss reads every state: add direct at each step": "last",
    "one step too few: h_0 stands before the first step": "first",
    "h_0 too has a way past the tanh: (1 - alpha) * delta": "start",
    "past the tanh goes the whole of delta, not direct alone": "shallow",
    "dz has the factor alpha once": "twice",
    "the way past the tanh has no derivative of the tanh in it": "through",
    "h_t keeps (1 - alpha) h_{t-1} on the way forwards too": "plain",
    "dW_hh is the sum over all steps, not one of them": ("one", "end"),
    "each step has the slope of its own tanh, not of another step's": ("earlier", "later"),
    "the derivative of tanh(z) is 1 - tanh(z)^2, not that of the sigmoid": ("sigmoid", "root"),
    "back through W_hh goes dz as it is, without 1 - alpha": "mixed",
    "direct too goes back past the tanh: (1 - alpha) * (delta + direct)": "bent",
    "the states kept are one and the same tensor, changed in place: keep a new one each": "same",
    "the first step counts too: back to t = 1, index 0": "stops",
    "the first step has a share in dW_hh too: that of h_0": "skips",
}


def same_value(value: Tensor, path: Tensor) -> Tensor:
    """`value`, whose gradient is that of `path`."""
    return value.detach() + path - path.detach()


def forwards(given, alpha: float) -> tuple[list[Tensor], list[Tensor]]:
    """All states, h_0 first, and the tanh of each step."""
    x, h0, _, W_ih, W_hh, b = given
    states, bends = [h0], []
    for x_t in x.unbind(1):
        bends.append(torch.tanh(x_t @ W_ih.T + b + states[-1] @ W_hh.T))
        states.append((1 - alpha) * states[-1] + alpha * bends[-1])
    return states, bends


def bent(z: Tensor, new: Tensor, t: int, bends: list[Tensor], fault: str, alpha: float) -> Tensor:
    """tanh(z) at step t, with the slope that a mistake gives it; new: the state after it."""
    y, T = torch.tanh(z), len(bends)
    slope = {
        "h": 1 - new**2, "lecture": 1 - new**2, "share": 1 - (new / alpha) ** 2, "flat": 1.0, "sigmoid": y * (1 - y), "root": 1 - y,
        "earlier": 1 - bends[t - 1] ** 2, "later": 1 - bends[min(t + 1, T - 1)] ** 2,
    }.get(fault)  # fmt: skip
    return y if slope is None else same_value(y, z * torch.as_tensor(slope).detach())


def turned(z: Tensor, h: Tensor, W: Tensor, t: int, fault: str, states: list[Tensor], alpha: float):
    """z at step t, with the ways back through W and h that a mistake gives it."""
    past, T = h @ W.detach().T, len(states) - 1
    if fault == "transposed":
        return same_value(z, h.detach() @ W.T + h @ W.detach())
    if fault == "same":
        return same_value(z, states[-1] @ W.T + past)
    if fault == "after":
        return same_value(z, states[t + 1] @ W.T + past)
    if fault == "mixed":
        return same_value(z, h.detach() @ W.T + (1 - alpha) * past)
    skips = {"stops": t == 0, "skips": t == 0, "one": t > 0, "end": t < T - 1}
    return same_value(z, past + 0 * W.sum()) if skips.get(fault) else z


def past_tanh(alpha: float, t: int, fault: str) -> float:
    """The factor of the way back past the tanh at step t."""
    shares = {
        "all": 1.0,
        "none": 0.0,
        "lecture": 0.0,
        "alpha": alpha,
        "shrunk": alpha * (1 - alpha),
    }
    return 0.0 if fault == "start" and t == 0 else shares.get(fault, 1 - alpha)


def by_autograd(
    given,
    alpha: float,
    fault: str = "",
    keep: int = 0,
    every: int = 0,
    at: int = 0,
    most: float = 0,
) -> tuple[Tensor, Tensor]:
    """Autograd's answer, or what it gives if one part of the graph is not as it should be.

    keep: nothing goes back beyond so many steps from the end; every: nor from one piece of so many
    steps to the one before, where the first piece has `at` of them, or as many; most: each delta is
    cut off there.
    """
    x, h0, direct, W_ih, W_hh, b = given
    W, start = W_hh.clone().requires_grad_(), h0.clone().requires_grad_()
    h, found, (states, bends) = start, [], forwards(given, alpha)
    for t, x_t in enumerate(x.unbind(1)):
        if keep and t == x.shape[1] - keep:
            W, h = W_hh.clone().requires_grad_(), h.detach().requires_grad_()
            start = h
        z = x_t @ W_ih.T + b + (h.detach() if fault == "cut" else h) @ W.T
        y = bent(turned(z, h, W, t, fault, states, alpha), states[t + 1], t, bends, fault, alpha)
        kept = same_value((1 - alpha) * h, past_tanh(alpha, t, fault) * h)
        if fault == "through":
            kept = same_value(kept, kept * (1 - bends[t] ** 2))
        scale = {"unscaled": 1.0, "lecture": 1.0, "twice": alpha**2}.get(fault, alpha)
        moved = same_value(alpha * y, scale * y)
        h = same_value(y, kept + moved) if fault == "plain" else kept + moved
        if most:
            h.register_hook(lambda delta: delta.clamp(-most, most))
        found.append(same_value(h, moved) if fault == "bent" else h)
        h = same_value(h, moved) if fault == "shallow" else h
        h = h.detach() if every and (t + 1 - at) % every == 0 else h
    loss = (torch.stack(found, 1) * direct)[:, -1 if fault == "last" else 0 :].sum()
    early = found[0] if fault in ("first", "stops") else start
    first, second = torch.autograd.grad(loss, [W, early])
    return first, second - direct[:, 0] if fault == "stops" else second


def several(faults: str | tuple[str, ...]) -> tuple[str, ...]:
    return (faults,) if isinstance(faults, str) else faults


def collected(direct: Tensor) -> Tensor:
    """All shares at the last step."""
    sums = torch.zeros_like(direct)
    sums[:, -1] = direct.sum(1)
    return sums


def shortened(given, alpha: float, want: tuple) -> dict[str, OneOf]:
    """What comes of gradients that end too early; for short sequences that may be the right ones."""
    T = given[0].shape[1]
    pieces = [k for k in (1, 2, 3, 4, 5, 8, 10, 16, 20, 32, 50) if k < T]
    ended = [by_autograd(given, alpha, keep=k) for k in range(1, T)]
    cut = [by_autograd(given, alpha, every=k, at=at) for k in pieces for at in {0, T % k}]
    return {
        "back to the first step, not a few steps only": OneOf([want, *ended]),
        "back through all steps: the carry is set to 0 on the way": OneOf([want, *cut]),
    }


def back_mistakes(given, alpha: float, want: tuple[Tensor, Tensor]) -> dict:
    (x, h0, direct, *weights), (dW, dh) = given, want
    B, sums = len(x), (dh.sum(0), dh.mean(0), dh.sum(0, keepdim=True).expand_as(dh))
    others = direct.roll(1, 1), direct.roll(-1, 1), direct.flip(1), collected(direct)
    found = {
        text: OneOf(by_autograd(given, alpha, one) for one in several(faults))
        for text, faults in FAULTS.items()
    }
    return found | shortened(given, alpha, want) | {
        "step t has its own share, direct[:, t]": OneOf(
            by_autograd((x, h0, other, *weights), alpha) for other in others
        ),
        "z_t holds b on the way forwards too": by_autograd((*given[:5], 0 * given[5]), alpha),
        "L is a sum over the batch, not its mean": (dW / B, dh / B),
        "dW_hh is a sum over the batch, not its mean": (dW / B, dh),
        "dW_hh is transposed: dz.T @ h has the rows of the new units": (dW.T, dh),
        "dL/dh_0 has a row for each sequence": OneOf((dW, part) for part in sums),
        "return dL/dW_hh first, then dL/dh_0": (dh, dW),
        "no direct share for h_0: the loss reads h_1 to h_T (index -1 is the last)": OneOf(
            (dW, dh + direct[:, k]) for k in (0, -1)
        ),
        "the gradient itself is asked for: nothing is clipped, on the way neither": OneOf(
            pair for most in (0.1, 0.5, 1, 2, 5, 10) for pair in (
                (dW.clamp(-most, most), dh), (dW.clamp(-most, most), dh.clamp(-most, most)),
                by_autograd(given, alpha, most=most),
            )
        ),
    }  # fmt: skip


def back_case(B, T, D, H, alpha, dtype=torch.float64) -> Case:
    shapes = ((B, T, D), (B, H), (B, T, H), (H, D), (H, H), (H,))
    given = draw(shapes, 100 * T + H, dtype)
    given[4] *= 1.2 / H**0.5
    want = by_autograd(given, alpha)

    tried = f"leaky_backward on B, T, D, H = {B}, {T}, {D}, {H}, {alpha=}"
    tried += "" if dtype == torch.float64 else f", {dtype}"
    return Case(tried, (*given, alpha), want, lambda: back_mistakes(given, alpha, want))


def compare_slopes(came, want, tried, tolerance) -> None:
    names = ("dL/dW_hh", "dL/dh_0")
    for part, right, name in zip(pair(came, f"({', '.join(names)})", tried), want, names):  # noqa: B905
        tensor(part, right, f"{tried}, {name}", tolerance=tolerance)


@item("Item 5, leaky_backward")
def check_bptt(
    leaky_backward, B: int, T: int, D: int, H: int, alpha: float, dtype: str = "float64"
) -> None:
    """Both gradients against autograd's; finite differences would compute too many numbers."""
    without = (torch.autograd.grad, torch.autograd.backward, torch.save)
    hand = AllBut("backward", "local_scalar", *AWAY)  # nor uncounted
    probes = [back_case(*sizes) for sizes in ((1, 2, 1, 2, 0.4), (2, 1, 2, 1, 0.7))]
    kind, most = getattr(torch, dtype), 20 * B * T * H * (H + D + 5) + 2000
    case, near = back_case(B, T, D, H, alpha, kind), 1e-9 if kind == torch.float64 else 1e-4
    watched = {"by_hand": hand, "without": without, "most": most}
    try:
        judge(leaky_backward, case, probes, compare_slopes, near, **watched)
    except Wrong as wrong:
        if not wrong.likely and wrong.expected not in ("a result", "an answer by hand"):
            wrong.likely = in_one_step(leaky_backward, **watched)
        raise


def in_one_step(leaky_backward, **watched) -> str:
    """What is wrong with an answer in a single step already, where fewer faults can show."""
    one = back_case(3, 1, 2, 3, 0.6)
    try:
        judge(leaky_backward, one, (), compare_slopes, 1e-9, **watched)
    except Wrong as wrong:
        return f"in a single step already: {wrong.likely}" if wrong.likely else ""
    return "right for a single step: look at what goes from step to step"
