"""Item 3: a GRU in both forms, against PyTorch's, whose gates are forced to see inside."""

from __future__ import annotations

import itertools

import torch
from torch import Tensor
from torch.nn.functional import hardsigmoid as hard

from checks.calls import Case, gradient, item, judge
from checks.compare import tensor
from checks.rnn.cells import BENDS, HAND, draw, named
from checks.rnn.gated import FAR
from checks.values import OneOf


def forced(b, H: int, **gate) -> Tensor:
    """A bias of three blocks r, z, n with gates forced to 1 or 0."""
    push = torch.zeros(3, H, dtype=b.dtype)
    for name, value in gate.items():
        push["rzn".index(name)] = value
    return b + push.flatten()


def gates(x, h, W_ih, W_hh, b_ih, b_hh) -> tuple[Tensor, Tensor]:
    """r and z, read off PyTorch's cell."""
    H = h.shape[1]
    keep = torch.ones(3, H, 1, dtype=h.dtype)
    keep[2] = 0
    keep = keep.view(3 * H, 1)  # no candidate but r * 1/2
    quiet = (W_ih * keep, W_hh * keep, b_ih * keep[:, 0])
    half = torch.cat([b_hh[: 2 * H], torch.full((H,), 0.5, dtype=h.dtype)])
    half_r = torch.gru_cell(x, h, *quiet, forced(half, H, z=-FAR)).atanh()
    rest = torch.gru_cell(x, h, W_ih, W_hh, forced(b_ih, H, n=FAR), b_hh)  # z h + 1 - z
    return 2 * half_r, (1 - rest) / (1 - h)


def gru(after: bool, *arguments) -> Tensor:
    """PyTorch's cell, or the paper's form put together from it."""
    if after:
        return torch.gru_cell(*arguments)
    x, h, W_ih, W_hh, b_ih, b_hh = arguments
    r, z = gates(*arguments)
    pushed = forced(b_ih, h.shape[1], r=FAR, z=-FAR)
    return z * h + (1 - z) * torch.gru_cell(x, r * h, W_ih, W_hh, pushed, b_hh)


def place_of_r(after: bool, n: Tensor, r: Tensor, x, h, W_ih, W_hh, b_ih, b_hh) -> dict:
    """n: the candidate, r: the reset gate, which acts before the matrix or after it."""
    H, given = h.shape[1], (x, h, W_ih, W_hh, b_ih, b_hh)
    z = gates(*given)[1]
    if after:
        n_bias = torch.cat([torch.zeros(2 * H, dtype=h.dtype), b_hh[2 * H :]])
        moved = gru(after, x, h, W_ih, W_hh, b_ih + n_bias, b_hh - n_bias)
        return {
            "reset_after=True: r multiplies W_hn h + b_hn, after the matrix": gru(False, *given),
            "r multiplies b_hn too: r * (W_hn h + b_hn)": moved,
        }
    biased = (n.atanh() - (1 - r) * b_hh[2 * H :]).tanh()
    from_x, W_hn, b_hn = (x @ W_ih.T + b_ih).chunk(3, 1), W_hh[2 * H :], b_hh[2 * H :]
    late = (from_x[1] + ((r * h) @ W_hh.T + b_hh).chunk(3, 1)[1]).sigmoid()
    turned = torch.tanh(from_x[2] + (r * h) @ W_hn + b_hn)
    scaled = torch.tanh(from_x[2] + r * (h @ W_hn.T) + b_hn)
    return {
        "reset_after=False: r multiplies h, before the matrix, not W_hn h": z * h
        + (1 - z) * scaled,
        "r acts in the candidate alone: z reads h itself": late * h + (1 - late) * n,
        "rows, not columns: (r * h) @ W_hn.T": z * h + (1 - z) * turned,
        "reset_after=False: r multiplies h, before the matrix": gru(True, *given),
        "before the matrix r multiplies h only, not the bias b_hn": z * h + (1 - z) * biased,
    }


def other_candidates(h: Tensor, z: Tensor, n: Tensor, r: Tensor, whole: Tensor) -> dict:
    """n: the candidate; whole: what goes into its tanh where r is 1."""
    return {
        "this is the candidate alone": n,
        "the old state is missing: z * h + (1 - z) * n": (1 - z) * n,
        "1 - z scales n, after the tanh": z * h + ((1 - z) * n.atanh()).tanh(),
        "the candidate is a tanh, not a sigmoid": z * h + (1 - z) * n.atanh().sigmoid(),
        "the candidate has no tanh": z * h + (1 - z) * n.atanh(),
        "tanh(a) is 2 sigmoid(2 a) - 1: the 2 inside is missing": z * h
        + (1 - z) * (n.atanh() / 2).tanh(),
        "the candidate has a tanh, not one of its relatives": OneOf(
            z * h + (1 - z) * bend(n.atanh()) for bend in BENDS
        ),
        "r acts on the whole candidate's pre-activation: on the recurrent part alone": (
            z * h + (1 - z) * (r * whole).tanh()
        ),
    }


def gru_mistakes(after: bool, x, h, W_ih, W_hh, b_ih, b_hh) -> dict:
    H, given = h.shape[1], (x, h, W_ih, W_hh, b_ih, b_hh)
    want, (r, z) = gru(after, *given), gates(*given)
    n = (want - z * h) / (1 - z)
    opened = torch.gru_cell(x, h, W_ih, W_hh, forced(b_ih, H, r=FAR, z=-FAR), b_hh)  # with r = 1
    n_bias = torch.cat([torch.zeros(2 * H, dtype=h.dtype), b_hh[2 * H :]])

    def other(*biases, x=x, h=h) -> Tensor:
        return gru(after, x, h, W_ih, W_hh, *biases)

    moved = [
        [torch.cat([w.chunk(3)[k] for k in order]) for w in given[2:]]
        for order in itertools.permutations(range(3)) if order != (0, 1, 2)
    ]  # fmt: skip
    found = {
        "z keeps the old state: z * h + (1 - z) * n": z * n + (1 - z) * h,
        "the blocks stand in the order r, z, n": OneOf(
            gru(after, x, h, *weights) for weights in moved
        ),
        "the old state counts z, the candidate 1 - z: they add up to 1": h + (1 - z) * n,
        "the reset gate is not used": other(forced(b_ih, H, r=FAR), b_hh),
        "no bias is added": other(0 * b_ih, 0 * b_hh),
        "b_hh is not added": other(b_ih, 0 * b_hh),
        "b_hn is not added: it stands in the candidate": other(b_ih, b_hh - n_bias),
        "b_ih is not added": other(0 * b_ih, b_hh),
        "b_hh is added in the gates r and z too": other(b_ih, n_bias),
        "b_hn is added once, with W_hn: not with W_in x too": other(b_ih + n_bias, b_hh),
    } | other_candidates(h, z, n, r, opened.atanh())  # fmt: skip
    found |= {
        "r, not z, acts in the candidate": explicit(after, *given, use="z"),
        "r acts in the candidate, not 1 - r": explicit(after, *given, use="1 - r"),
        "r and z have rows of their own: here one gate does for both": explicit(
            after, *given, use="r for z"
        ),
        "sigma is the sigmoid itself, not the hard one": explicit(after, *given, sigma=hard),
        "r acts once": explicit(after, *given, use="r twice"),
        "z * h keeps the old state as it was, without r": z * r * h + (1 - z) * n,
    }
    return found | place_of_r(after, n, r, *given)


def explicit(after, x, h, W_ih, W_hh, b_ih, b_hh, use="r", cut="", sigma=torch.sigmoid) -> Tensor:
    """The cell step by step; use: what acts in the candidate; cut: which parts are detached."""
    H, from_x = h.shape[1], (x @ W_ih.T + b_ih).chunk(3, 1)
    from_h = (h @ W_hh.T + b_hh).chunk(3, 1)
    r, z = (sigma(a + b) for a, b in zip(from_x[:2], from_h[:2], strict=True))
    r, z = r.detach() if "r" in cut else r, z.detach() if "z" in cut else z
    z = r if use == "r for z" else z
    r = {"z": z, "1 - r": 1 - r}.get(use, r)
    inner = r * from_h[2] if after else (r * h) @ W_hh[2 * H :].T + b_hh[2 * H :]
    n = torch.tanh(from_x[2] + (r * inner if use == "r twice" else inner))
    return z * (h.detach() if "h" in cut else h) + (1 - z) * (n.detach() if "n" in cut else n)


def gru_case(B, D, H, after, dtype) -> Case:
    shapes = ((B, D), (B, H), (3 * H, D), (3 * H, H), (3 * H,), (3 * H,))
    given = draw(shapes, 10 * D + H, dtype)
    tried = f"gru_step on x {(B, D)}, {H=}, reset_after={after}" + named(dtype)
    return Case(tried, (*given, after), gru(after, *given), lambda: gru_mistakes(after, *given))


@item("Item 3, gru_step")
def check_gru(gru_step, B: int, D: int, H: int, reset_after: bool, dtype: str = "float64") -> None:
    """The new state and its gradients against PyTorch's own cell, or what is built from it."""
    kind = getattr(torch, dtype)
    case, sizes = gru_case(B, D, H, reset_after, kind), ((1, 1, 1), (2, 1, 2), (1, 2, 3))
    probes = [gru_case(*size, reset_after, kind) for size in sizes]
    judge(gru_step, case, probes, tensor, 1e-7 if kind == torch.float64 else 1e-5, **HAND)
    if kind != torch.float64:
        return
    gates = {
        "r": "the reset gate passes", "z": "the update gate passes", "rz": "the gates pass",
        "n": "the candidate passes", "h": "the old state passes",
    }  # fmt: skip
    gradient(
        lambda *a: gru_step(*a, reset_after), lambda *a: gru(reset_after, *a), case.arguments[:6],
        case.tried, **HAND, mistakes={
            f"{text} a gradient on: nothing is detached": lambda *a, cut=cut: explicit(
                reset_after, *a, cut=cut
            )
            for cut, text in gates.items()
        },
    )  # fmt: skip
