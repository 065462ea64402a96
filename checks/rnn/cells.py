"""Item 1: an RNN along a sequence, against PyTorch's own."""

from __future__ import annotations

import re
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor

from checks.calls import Case, gradient, item, judge
from checks.compare import Wrong, tensor
from checks.values import OneOf
from checks.watch import AllBut
from helpers.models import rnn

HAND = {
    "by_hand": AllBut("rnn", "lstm", "gru", "unsafe_split"),  # the last: of the cells' inside
    "without": (rnn.rnn_step, rnn.lstm_step, rnn.gru_step),
}

BENDS = (F.softsign, F.hardtanh, torch.relu, torch.sin, torch.atan, F.gelu, F.silu)  # for a tanh


def draw(shapes, seed: int, dtype: torch.dtype = torch.float64) -> list[Tensor]:
    g = torch.Generator().manual_seed(seed)
    return [torch.randn(s, generator=g, dtype=torch.float64).to(dtype) for s in shapes]


def named(dtype: torch.dtype) -> str:
    return f", {dtype}" * (dtype != torch.float64)


def states(x, h0, *weights, mode="tanh") -> Tensor:
    """PyTorch's own RNN along a sequence: (B, T, H)."""
    run = torch.rnn_tanh if mode == "tanh" else torch.rnn_relu
    return run(x, h0[None], list(weights), True, 1, 0.0, False, False, True)[0]


def unbent(x, h0, W_ih, W_hh, b_ih, b_hh) -> Tensor:
    """Without a tanh: a ReLU so far above 0 that it is never at work."""
    up = 1e5
    lifted = b_hh + up - up * W_hh.sum(1)
    return states(x, h0 + up, W_ih, W_hh, b_ih, lifted, mode="relu") - up


def rnn_mistakes(x, h0, *weights) -> dict[str, Tensor]:
    W_ih, W_hh, b_ih, b_hh = weights
    zero = torch.zeros_like(b_ih)
    sigmoid = states(  # sigmoid(a) = (1 + tanh(a / 2)) / 2
        x, 2 * h0 - 1, W_ih / 2, W_hh / 4, b_ih / 2, b_hh / 2 + W_hh.sum(1) / 4
    )
    return {
        "h0 is not used: the first state before the sequence is h0, not zeros": states(
            x, 0 * h0, *weights
        ),
        "b_hh is not added": states(x, h0, W_ih, W_hh, b_ih, zero),
        "b_ih is not added": states(x, h0, W_ih, W_hh, zero, b_hh),
        "no bias is added": states(x, h0, W_ih, W_hh, zero, zero),
        "b_hh is added at the first step too": late_bias(x, h0, *weights),
        "b_ih is added twice, b_hh not at all": states(x, h0, W_ih, W_hh, b_ih, b_ih),
        "the recurrent product is h @ W_hh.T: rows of W_hh belong to the new units": states(
            x, h0, W_ih, W_hh.T.contiguous(), b_ih, b_hh
        ),
        "each step starts from h0: hand the new state on": torch.cat(
            [states(x_t, h0, *weights) for x_t in x.split(1, 1)], 1
        ),
        "no recurrence: h_{t-1} has to enter": states(x, h0, W_ih, 0 * W_hh, b_ih, b_hh),
        "b_hh stands inside the tanh": outside(x, h0, W_ih, W_hh, b_ih, zero, b_hh),
        "b_ih stands inside the tanh": outside(x, h0, W_ih, W_hh, zero, b_hh, b_ih),
        "one tanh of the whole sum: no part of it has a tanh of its own": OneOf(
            apart(x, h0, *weights, parts) for parts in ("x", "h", "both")
        ),
        "tanh, not the sigmoid": (1 + sigmoid) / 2,
        "tanh(a) is 2 sigmoid(2 a) - 1: the 2 inside is missing": states(
            x, h0, *(w / 2 for w in weights)
        ),
        "a tanh, not one of its relatives": OneOf(
            bent(bend, x, h0, *weights) for bend in BENDS if bend is not torch.relu
        ),
        "the tanh is missing": unbent(x, h0, *weights),
        "the tanh is missing: this is a ReLU": states(x, h0, *weights, mode="relu"),
        "h_{t-1} is the state after its tanh: hand on that one": unbent(x, h0, *weights).tanh(),
    }  # fmt: skip


def bent(bend, x, h0, W_ih, W_hh, b_ih, b_hh, kept: float = 0.0, share: float = 1.0) -> Tensor:
    """The states with another function in place of the tanh, or with a part of the old state kept."""
    found, h = [], h0
    for x_t in x.unbind(1):
        h = kept * h + share * bend(x_t @ W_ih.T + b_ih + h @ W_hh.T + b_hh)
        found.append(h)
    return torch.stack(found, 1)


def apart(x, h0, W_ih, W_hh, b_ih, b_hh, parts: str) -> Tensor:
    """The states where the share of x, or of h, or each of both has a tanh of its own."""
    found, h = [], h0
    for x_t in x.unbind(1):
        new, old = x_t @ W_ih.T + b_ih, h @ W_hh.T + b_hh
        h = (new if parts == "h" else new.tanh()) + (old if parts == "x" else old.tanh())
        h = h if parts == "both" else h.tanh()
        found.append(h)
    return torch.stack(found, 1)


def outside(x, h0, *weights) -> Tensor:
    """The states where the last of the weights is added after the tanh."""
    found, h = [], h0
    for x_t in x.split(1, 1):
        h = states(x_t.contiguous(), h.contiguous(), *weights[:4])[:, 0] + weights[4]
        found.append(h)
    return torch.stack(found, 1)


def otherwise_fed(x, h0, *weights) -> dict[str, OneOf | Tensor | None]:
    """The states where other inputs, states or matrices are used, or where some of the old is kept."""
    T, (W_ih, W_hh, b_ih, b_hh) = x.shape[1], weights
    steps = torch.arange(T)
    places = (steps - 1).clamp_min(0), steps * 0, (steps + 1).clamp_max(T - 1), steps * 0 + T - 1
    late = torch.cat([0 * x[:, :1], x[:, :-1]], 1)
    mixes = [(1.0, 1.0), *((a, 1 - a) for a in (0.1, 0.2, 0.5, 0.8, 0.9))]
    one = h0[:1], h0[-1:], h0.mean(0, keepdim=True)
    return {
        "step t reads x[:, t], from the first to the last": OneOf(
            states(fed, h0, *weights) for fed in (*(x[:, at] for at in places), x.roll(1, 1), late)
        ),
        "h_t is the tanh alone: nothing of h_{t-1} is added to it": OneOf(
            bent(torch.tanh, x, h0, *weights, kept, share) for kept, share in mixes
        ),
        "each sequence begins with its own row of h0": OneOf(
            states(x, h.expand_as(h0).contiguous(), *weights) for h in one
        ),
        "W_ih multiplies x, W_hh multiplies h": states(x, h0, W_hh, W_ih, b_ih, b_hh)
        if W_ih.shape == W_hh.shape else None,
    }  # fmt: skip


def late_bias(x, h0, W_ih, W_hh, b_ih, b_hh) -> Tensor | None:
    """b_hh from the second step on."""
    first = states(x[:, :1], h0, W_ih, W_hh, b_ih, 0 * b_hh)
    if x.shape[1] == 1:
        return first
    rest = states(x[:, 1:].contiguous(), first[:, 0].contiguous(), W_ih, W_hh, b_ih, b_hh)
    return torch.cat([first, rest], 1)


def misplaced(x, h0, *weights) -> dict[str, Tensor | None]:
    """The right states in other places."""
    want = states(x, h0, *weights)
    B, T, H = want.shape
    return {
        "the sequence is read from its end": states(x.flip(1), h0, *weights).flip(1),
        "the states stand in reversed order": want.flip(1),
        "return every state, not the last one alone": want[:, -1],
        "return every state, not the last one alone, (B, 1, H)": want[:, -1:],
        "the steps stand first: stack them along dim 1": want.transpose(0, 1),
        "h0 itself is not among the results": torch.cat([h0[:, None], want], 1),
        "the states that were fed in, not those that came out": torch.cat(
            [h0[:, None], want[:, :-1]], 1
        ),
        "the states are stacked, then viewed: stack(..., 1) needs no view": want.transpose(
            0, 1
        ).reshape(B, T, H),
        "the steps run along dim 1, the sequences along dim 0": (
            states(x.transpose(0, 1), h0, *weights) if B == T else None
        ),
        "the steps run along dim 1, the sequences along dim 0: both are mixed": (
            states(x.transpose(0, 1), h0, *weights).transpose(0, 1) if B == T else None
        ),
        "the units stand behind one another: stack the states along dim 1, not 2": (
            want.transpose(1, 2)
        ),
    }  # fmt: skip


def rnn_case(B, T, D, H, dtype) -> Case:
    x, h0, W_ih, W_hh, b_ih, b_hh = draw(
        ((B, T, D), (B, H), (H, D), (H, H), (H,), (H,)), 10 * T + H, dtype
    )
    h0, weights = h0.tanh(), (W_ih, W_hh, b_ih, b_hh)
    given = (x, h0, *weights)
    tried = f"rnn_states on {dtype}, x {(B, T, D)}, h0 {(B, H)}, {H=}"

    def mistakes() -> dict:
        return rnn_mistakes(*given) | misplaced(*given) | otherwise_fed(*given)

    return Case(tried, given, states(*given), mistakes)


@item("Item 1, rnn_states")
def check_rnn(rnn_states, B: int, T: int, D: int, H: int, dtype: str = "float64") -> None:
    """All states and their gradients against PyTorch's own RNN."""
    kind = getattr(torch, dtype)
    case = rnn_case(B, T, D, H, kind)
    probes = [rnn_case(*sizes, kind) for sizes in ((1, 2, 1, 2), (2, 3, 2, 4), (3, 1, 2, 2))]
    try:
        judge(rnn_states, case, probes, tensor, 1e-9 if dtype == "float64" else 1e-4, **HAND)
    except Wrong as wrong:
        sizes = re.search(r"a \((\d+)\) must match the size of tensor b \((\d+)\)", str(wrong.came))
        if sizes and B != T and {int(n) for n in sizes.groups()} == {B, T}:
            wrong.likely = "the steps run along dim 1: `for x_t in x` goes over the sequences"
        raise
    if dtype == "float64":
        text = "each state is cut off from the one before it: no .detach() between the steps"
        mistakes = {text: cut_states, f"{text}, nor of h0": partial(cut_states, first=True)}
        gradient(rnn_states, states, case.arguments, case.tried, mistakes=mistakes, **HAND)


def cut_states(x, h0, *weights, first: bool = False) -> Tensor:
    """The same states, no gradient from one to the next; first: nor from h0."""
    found, h = [], h0.detach() if first else h0
    for x_t in x.split(1, 1):
        found.append(states(x_t, h, *weights))
        h = found[-1][:, 0].detach()
    return torch.cat(found, 1)
