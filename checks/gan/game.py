"""Item 1: the value of the game."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from checks.calls import Case, gradient, item, judge
from checks.compare import tensor
from checks.values import OneOf, alike
from helpers.models import gan

# 100 is where a library stops: of the logarithm
CAPS = (5, 10, 15, 16, 20, 25, 30, 35, 36, 40, 50, 60, 64, 70, 80, 85, 87, 88, 89, 90, 103)
CAPS += (128, 150, 200, 250, 256, 300, 400, 500, 512, 600, 700, 708, 709, 710, 745, 750, 800, 900)
SMALL = (1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-16, 1e-20)
OWN = {one for losses in gan.LOSSES.values() for one in losses}


def value_case(real: list[float], fake: list[float], dtype=torch.float64) -> Case:
    N, M = len(real), len(fake)
    order = torch.randperm(N + M, generator=torch.Generator().manual_seed(0))
    logit = torch.tensor(real + fake, dtype=dtype)[order]
    is_real = (torch.arange(N + M) < N)[order]
    ones = torch.ones_like(logit)
    # minus ln D, and minus ln(1 - D), of each example
    taken = F.binary_cross_entropy_with_logits(logit, ones, reduction="none")
    refused = F.binary_cross_entropy_with_logits(logit, 0 * ones, reduction="none")
    r, f = -taken[is_real].sum(), -refused[~is_real].sum()
    want = r / N + f / M

    def mistakes() -> dict:
        twice, d = 2 * (r + f) / (N + M), torch.sigmoid(logit)
        infinite = d[is_real].log().mean() + (1 - d[~is_real]).log().mean()
        found = {
            "two expectations: not one mean over all examples": (r + f) / (N + M),
            "two expectations: twice the mean over all is V only where both are equally many": twice
            if N != M else None,
            "an expectation is a mean, not a sum": r + f,
            "the sign: V itself is asked, not the loss of D, which is -V": -want,
            "the sign, and two expectations: this is minus the mean over all": -(r + f) / (N + M),
            "the generated examples are missing": r / N,
            "the real examples are missing": f / M,
            "real and generated examples are exchanged": -taken[~is_real].mean()
            - refused[is_real].mean(),
            "generated examples enter with ln(1 - D), not with ln D": r / N
            - taken[~is_real].mean(),
            "generated examples enter with ln(1 - D), not with -ln D": r / N
            + taken[~is_real].mean(),
            "D rounds to 0 or 1, and ln 0 is infinite: compute with the logits": infinite,
            "ln(1 - D), not 1 - ln D": r / N + 1 + taken[~is_real].mean(),
        }  # fmt: skip
        found |= chosen(logit, is_real) | bent(logit, is_real)
        return found | miscounted(taken[is_real], refused[~is_real])

    tried = f"value on {N} real logits {real} and {M} generated ones {fake}, {dtype}"
    return Case(tried, (logit, is_real), want, mistakes)


def of_first(logit: Tensor, is_real: Tensor) -> Tensor | None:
    """V where as many of the first are taken for real as there are real ones."""
    first = is_real.int().sort(descending=True)[0].bool()
    return None if torch.equal(first, is_real) else _v(logit, first)


def chosen(logit: Tensor, is_real: Tensor) -> dict:
    """V of other examples than is_real says."""

    def of(real: Tensor, fake: Tensor) -> Tensor:
        return F.logsigmoid(logit[real]).mean() + F.logsigmoid(-logit[fake]).mean()

    at = is_real.long()
    return {
        "is_real.long() holds places, 0 and 1, and picks them again and again: is_real and ~is_real": (
            of(at, 1 - at)
        ),
        "~ is for bools: of the whole numbers 0 and 1 it makes the places -1 and -2": of(
            is_real, ~at
        ),
        "which are real is_real says: they need not stand first": of_first(logit, is_real),
    }


def miscounted(taken: Tensor, refused: Tensor) -> dict:
    """taken: minus ln D of the real examples, refused: minus ln(1 - D) of the generated ones."""
    N, M = len(taken), len(refused)
    sure = (taken != 0).sum().clamp_min(1), (refused != 0).sum().clamp_min(1)
    weighted = -(taken.mean() + refused.mean()) * 2 * M / (N + M)
    parts = -taken.sum(), -refused.sum()
    return {
        "each sum is divided by the number of its own examples": parts[0] / M + parts[1] / N
        if N != M else None,
        "divide by how many there are, not by one less": parts[0] / max(1, N - 1)
        + parts[1] / max(1, M - 1),
        "means, not medians": -taken.median() - refused.median(),
        "means, not the largest or smallest term": OneOf(
            (-taken.amin() - refused.amin(), -taken.amax() - refused.amax())
        ),
        "V as it is: it may lie below any bound": OneOf(
            (parts[0] / N + parts[1] / M).clamp_min(-n) for n in (10, 20, 30, 50, 100, 1e3)
        ),
        "divide by how many there are, not by how many logarithms are not 0": (
            -taken.sum() / sure[0] - refused.sum() / sure[1]
        ),
        "with pos_weight the mean is still over all examples: V is two means": weighted
        if N != M else None,
    }  # fmt: skip


def bent(logit: Tensor, is_real: Tensor) -> dict:
    """What comes of repairing D where it rounds to 0 or 1, by the size of the repair."""
    d, found = torch.sigmoid(logit), {}
    for small in SMALL:
        added = (d[is_real] + small).log().mean() + (1 - d[~is_real] + small).log().mean()
        held = d.clamp(small, 1 - small)
        bound = held[is_real].log().mean() + (1 - held[~is_real]).log().mean()
        either = alike(added, bound, 1e-6)
        text = f"{small} added inside the logarithm bends V{', as a limit on D does' * either}"
        found[f"{text}: compute with the logits"] = added
        text = f"D kept away from 0 and 1 by {small} bends V: compute with the logits"
        found[text] = bound if torch.isfinite(bound) and not either else None
    by_exp = -(1 + (-logit[is_real]).exp()).log().mean() - (1 + logit[~is_real].exp()).log().mean()
    found["exp of such a logit is infinite or 0: F.softplus and F.logsigmoid avoid both"] = by_exp
    lowest = d[is_real].log().nan_to_num().mean() + (1 - d[~is_real]).log().nan_to_num().mean()
    found["-inf has become the lowest number there is: compute with the logits"] = lowest
    ln_d, ln_not = d.log().clamp_min(-100), (1 - d).log().clamp_min(-100)
    others = (0.0, 1.0, 10.0, 20.0, 30.0, 50.0, 100.0, 500.0, 1e3, 1e4, 1e5, 1e6, 1e8, 1e9, 1e10)
    found["-inf has become another number: compute with the logits"] = OneOf(
        d[is_real].log().nan_to_num(neginf=-n).mean()
        + (1 - d[~is_real]).log().nan_to_num(neginf=-n).mean()
        for n in others
    )
    capped = (logit.clamp(-c, c) for c in CAPS)
    found["logits that are cut off bend V: take them as they are"] = OneOf(
        _v(logits, is_real) for logits in capped
    )
    text = "what stops at ln D = -100 (F.binary_cross_entropy, a clamp) bends V: take the logits"
    found[text] = ln_d[is_real].mean() + ln_not[~is_real].mean()
    return found


@item("Item 1, value")
def check_value(value, real, fake, dtype="float64", slopes=True) -> None:
    """real, fake: logits as lists of numbers. slopes: compare gradients too."""
    dtype = getattr(torch, dtype)
    case = value_case(real, fake, dtype)
    probes = [value_case([0.5], [-1.0]), value_case([1.0, 0.2], [0.4])]
    probes += [value_case([2.0], [0.3, -0.6, 1.1]), value_case([-200.0], [200.0, 1.0])]
    # a mean by shares in float32, the default, is right too
    judge(value, case, probes, tensor, 1e-6 if dtype == torch.float64 else 1e-5, without=OWN)
    if slopes:
        logit, is_real = case.arguments
        gradient(
            lambda a: value(a, is_real), lambda a: _v(a, is_real), (logit,), case.tried,
            tolerance=1e-6, mistakes={
                f"{kind} logits have a gradient too: they are detached": (
                    lambda a, kept=kept: _v(a.where(kept, a.detach()), is_real)
                )
                for kind, kept in (("the generated", is_real), ("the real", ~is_real))
            },
        )  # fmt: skip


@item("Item 1, value")
def check_sure(value) -> None:
    """Gradients where D is 0 or 1 to every digit."""
    logit = torch.tensor([1000.0, -1000.0, 300.0, -1000.0, 1000.0], dtype=torch.float64)
    is_real = torch.tensor([True, True, False, False, False])
    tried = f"value on logits {logit.tolist()}, real: {is_real.tolist()}"
    gradient(lambda a: value(a, is_real), lambda a: _v(a, is_real), (logit,), tried, tolerance=1e-6)


def _v(a: Tensor, is_real: Tensor) -> Tensor:
    taken = F.binary_cross_entropy_with_logits(a[is_real], torch.ones_like(a[is_real]))
    return -taken - F.binary_cross_entropy_with_logits(a[~is_real], 0 * a[~is_real])
