"""Item 9: the largest singular value, against the singular value decomposition."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from checks.calls import call, item
from checks.compare import fail, pair, tensor
from checks.values import OneOf, alike
from helpers.models import gan


class Powers:
    """What power iteration gives after so many half steps, by the singular value decomposition."""

    def __init__(self, w: Tensor, start: Tensor) -> None:
        self.W, self.start = w.reshape(w.shape[0], -1), start
        self.left, self.S, self.right = torch.linalg.svd(self.W, full_matrices=False)
        self.part = self.left.T @ start  # each half step multiplies these by the singular values

    def after(self, halves: int) -> Tensor:
        """u after an even number of half steps, v after an odd one, not yet of length 1."""
        basis = self.right.T if halves % 2 else self.left
        return basis @ (self.S**halves * self.part)

    def unit(self, halves: int) -> Tensor:
        return self.after(halves) / self.after(halves).norm()

    def estimate(self, steps: float) -> Tensor:
        return self.after(int(2 * steps)).norm() / self.after(int(2 * steps - 1)).norm()


def of_another(w: Tensor, start: Tensor, steps: int) -> dict:
    """s of another matrix than W, or from another start."""
    others = {
        "w counts as `out` rows: reshape(out, -1), not reshape(-1, out).T": (
            w.reshape(-1, len(w)).T, start,
        ),
        "the iteration starts from the u that is given, not from ones": (w, torch.ones_like(start)),
    }  # fmt: skip
    if w.ndim == 4:
        text = "each place of a kernel is a column of W: nothing is summed"
        others[text] = w.sum((2, 3)), start
        text, rows = (
            "w counts as `out` rows: flatten(1), not the last axis alone as columns",
            w.flatten(0, -2),
        )
        others[text] = rows, start.repeat_interleave(len(rows) // len(w))
    return {text: Powers(*other).estimate(steps) for text, other in others.items()}


def unnormed(powers: Powers, steps: int) -> dict:
    """s where u or v is not divided by its length, or each number by its own."""
    before = powers.after(2 * steps - 2).norm() if steps > 1 else powers.start.norm()
    u, v = powers.start, None
    for _ in range(steps):
        v = (powers.W.T @ u).sign()
        u = (powers.W @ v).sign()
    text = "of a column F.normalize(..., dim=1), its default, leaves 1 and -1 alone: dim=0"
    return {
        text: u @ powers.W @ v,
        "v <- W^T u is divided by its length, as u is": powers.after(2 * steps).norm() / before,
    }


def not_s(powers: Powers, w: Tensor, steps: int, short: bool) -> dict:
    s, S = powers.estimate(steps), powers.S
    before = powers.start if steps == 1 else powers.unit(2 * steps - 2)
    found = {
        "this is the exact one: the estimate after so many steps from u is asked": S[0],
        "this is the square: s itself is asked": s**2,
        "this is the square, of the length of W^T u: s = u^T W v": powers.estimate(steps + 0.5) ** 2,
        "this is the length of W^T u, half a step more: s = u^T W v": powers.estimate(steps + 0.5),
        "this is the root of it": s.sqrt(),
        "this is the norm of all numbers of W": powers.W.norm(),
        "one step too many": powers.estimate(steps + 1),
        "u is renewed `steps` times: here it is still the u that was given" if short else
        "s = u^T W v with the last u, not with the one before it": before
        @ powers.W @ powers.unit(2 * steps - 1),
        "this is the smallest one": S[-1],
        "s itself is asked, not w / s": w / s,
    }  # fmt: skip
    found |= of_another(w.double(), powers.start, steps) | unnormed(powers, steps)
    if steps > 1:
        found["only one step is made"] = powers.estimate(1)
        found["one step is missing"] = powers.estimate(steps - 1) if steps > 2 else None
        text = "`steps` steps: here the iteration has ended early, where u or s hardly moves"
        found[text] = OneOf(powers.estimate(k) for k in range(2, steps - 1))
    found["`steps` steps are asked: here are more"] = OneOf(
        powers.estimate(k)
        for k in (*range(steps + 2, steps + 11), 2 * steps, 3 * steps, 10, 20, 50, 100)
        if k > steps + 1
    )
    return found


OWN = (gan.SpectralNorm.forward, gan.SpectralNorm._iterate)
HAND = {"by_hand": ("normalize", "linalg_matrix_power"), "without": OWN}


@item("Item 9, largest_singular_value")
def check_spectral(largest_singular_value, shape, steps, seed, dtype="float64") -> None:
    """s, u and the gradient against the singular value decomposition."""
    generator, near = torch.Generator().manual_seed(seed), 1e-9 if dtype == "float64" else 1e-5
    w = torch.randn(*shape, generator=generator, dtype=torch.float64).to(getattr(torch, dtype))
    start = F.normalize(torch.randn(shape[0], generator=generator, dtype=torch.float64), dim=0)
    powers, start = Powers(w.double(), start), start.to(w)
    want = powers.estimate(steps), *map(powers.unit, (2 * steps, 2 * steps - 1))
    s, u, v = (t.to(w) for t in want)
    tried = f"largest_singular_value of w {tuple(shape)}, {steps=}"
    tried += f", {dtype}" * (dtype != "float64")
    came = call(largest_singular_value, w, start, steps, tried=tried, **HAND)
    came = pair(came, "(s, u)", tried)
    torch.manual_seed(seed)
    again = call(largest_singular_value, w, start, steps, tried=tried, **HAND)
    if not alike(again, came, near):
        likely = "the iteration starts from the u that is given: nothing is drawn or kept"
        fail(f"{tried}, twice", "the same result", "another", likely)
    short = steps == 1 and alike(came[1], start, near)  # and not only s without the last u
    raw = powers.W @ v.double()
    long = {"u <- W v is divided by its length": came[0]} if alike(came[1], raw, near) else {}
    tensor(came[0], s, f"{tried}, s", lambda: long or not_s(powers, w, steps, short), near)
    wrong = {
        "this is W v: divide by its length": raw,
        "this is the u that was given: return the last one": start,
        "this is v: return u": v,
        "this is u with the other sign": -u,
    }
    tensor(came[1], u, f"{tried}, u", wrong, near)
    leaf = w.clone().requires_grad_()
    s_came, u_came = largest_singular_value(leaf, start.clone(), steps)
    if isinstance(u_came, Tensor) and u_came.requires_grad:
        likely = "iterate under torch.no_grad(), or .detach() the u that is returned"
        fail(f"{tried}, the returned u", "no graph", "requires_grad=True", likely)
    if not isinstance(s_came, Tensor) or not s_came.requires_grad:
        likely = "only the iteration is without graph: s = u^T W v is to lead to w"
        fail(f"{tried}, s", "a graph that leads to w", "requires_grad=False", likely)
    (slope,) = torch.autograd.grad(s_came, leaf, allow_unused=True)
    want = torch.outer(u, v).view(shape)
    tensor(slope, want, f"{tried}, the gradient of s", lambda: through(w, start, steps), near)


def through(w: Tensor, start: Tensor, steps: int) -> dict:
    """The gradient of the same number, differentiated through the iteration as well."""
    leaf = w.clone().requires_grad_()
    M = leaf.reshape(w.shape[0], -1)
    v = torch.linalg.matrix_power(M.T @ M, steps - 1) @ (M.T @ start)
    (whole,) = torch.autograd.grad((M @ v).norm() / v.norm(), leaf)
    return {"u and v count as constants: iterate under torch.no_grad()": whole}
