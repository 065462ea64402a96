"""Item 2: the best D, and the divergence that it leaves."""

from __future__ import annotations

import math
from functools import partial

import torch
from torch import Tensor

from checks.calls import call, gradient, item
from checks.compare import fail, pair, tensor
from checks.gan.game import SMALL
from checks.values import OneOf, alike


def entropy(share: list[float]) -> float:
    return -sum(s * math.log(s) for s in share if s > 0)


def kl(a: list[float], b: list[float]) -> float | None:
    if any(s > 0 and t == 0 for s, t in zip(a, b, strict=True)):
        return None  # infinite
    return sum(s * math.log(s / t) for s, t in zip(a, b, strict=True) if s > 0)


def root(slope) -> float:
    """Where a falling function of a number between 0 and 1 passes through zero, by halving."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) > 0 else (low, middle)
    return (low + high) / 2


@item("Item 2, best_discriminator")
def check_best_d(best_discriminator, p, q, dtype="float64") -> None:
    """p, q: lists of numbers of sum 1. D where the slope of p ln D + q ln(1 - D) is zero."""
    dtype = getattr(torch, dtype)
    P, Q = torch.tensor(p, dtype=dtype), torch.tensor(q, dtype=dtype)
    tried = f"best_discriminator(p={p}, q={q}), {dtype}"
    came = call(best_discriminator, P, Q, tried=tried)
    best, divergence = pair(came, "(best D, JSD)", tried)
    if isinstance(best, Tensor) and best.ndim == 0 and alike(best, jsd_of(p, q), 1e-5):
        fail(tried, "the pair (best D, JSD)", "(JSD, best D)", "the best D comes first, then JSD")
    want = [
        root(lambda d, s=s, t=t: s * (1 - d) - t * d) if s + t else 0.5
        for s, t in zip(p, q, strict=True)
    ]

    def of(numbers: list[float]) -> Tensor:
        return torch.tensor(numbers, dtype=dtype)

    tolerance = 1e-7 if dtype == torch.float64 else 1e-5  # torch.tensor(2.0).log() is float32
    tensor(best, of(want), f"{tried}, the best D", not_best(P, Q, of(want)), tolerance)
    jsd = jsd_of(p, q)
    told = f"{tried}, JSD"
    tensor(divergence, of(jsd), told, lambda: not_jsd(p, q, jsd, of), tolerance)
    if min(p + q) > 0 and dtype == torch.float64:
        gradient(
            lambda a, b: best_discriminator(a.softmax(0), b.softmax(0))[1], _jsd,
            (P.log(), Q.log()), told, mistakes=ADDED,
        )  # fmt: skip


def not_best(P: Tensor, Q: Tensor, want: Tensor) -> dict[str, Tensor | None]:
    """What usual mistakes make of the best D."""
    never, half = P + Q == 0, torch.full_like(P, 0.5)
    return {
        "D is the probability that x is real, not that it is generated": 1 - want,
        "this is the ratio of the densities": P / torch.where(Q > 0, Q, 1),
        "D is a probability, not a decision": (P > Q).to(P),
        "D is the best one for these p and q, not the one that can only guess": half,
        "where p and q are both 0, D is 1/2": want.masked_fill(never, 0),
        "where p and q are both 0, D is 1/2: p / (p + q) is nan there": (
            P / (P + Q) if never.any() else None
        ),
        "twice too large: this is p/m with m = (p + q)/2": 2 * want,
        "only where p and q are both 0 the best D is 1/2, not where one of them is": OneOf(
            torch.where(zero, half, want) for zero in ((P == 0) | (Q == 0), P == 0, Q == 0)
        ),
        "a D is asked for each of the K kinds, 1/2 for those that never occur": want[~never]
        if never.any()
        else None,
        "a kind of probability 1e-20 does occur: ask for 0 itself": torch.where(
            P + Q < 1e-15, half, want
        ),
        "a small number below the fraction bends D where p and q are small too": OneOf(
            torch.where(never, half, P / (P + Q + small)) for small in SMALL
        ),
        "a small number added to both bends D where p and q are small too": OneOf(
            (P + small) / (P + Q + 2 * small) for small in SMALL
        ),
    }


def jsd_of(p: list[float], q: list[float]) -> float:
    m = [(s + t) / 2 for s, t in zip(p, q, strict=True)]
    return entropy(m) - (entropy(p) + entropy(q)) / 2


def _jsd(a: Tensor, b: Tensor) -> Tensor:
    """By entropies, of shares given as logits."""
    entropies = [torch.special.entr(s).sum() for s in (a.softmax(0), b.softmax(0))]
    m = (a.softmax(0) + b.softmax(0)) / 2
    return torch.special.entr(m).sum() - sum(entropies) / 2


def _jsd_with(a: Tensor, b: Tensor, small: float) -> Tensor:
    """With a number added inside the logarithms, which the value hardly shows."""
    p, q = a.softmax(0), b.softmax(0)
    m = (p + q) / 2 + small
    return (p * ((p + small) / m).log() + q * ((q + small) / m).log()).sum() / 2


def _jsd_unweighted(a: Tensor, b: Tensor) -> Tensor:
    """With p and q in front of the logarithms cut off: what is left has no slope."""
    p, q = a.softmax(0), b.softmax(0)
    m = (p + q) / 2
    return (p.detach() * (p / m).log() + q.detach() * (q / m).log()).sum() / 2


def _jsd_half(a: Tensor, b: Tensor, of_p: bool) -> Tensor:
    """With m held in one of the two divergences: in KL(p || m) or in KL(q || m)."""
    p, q = a.softmax(0), b.softmax(0)
    m = (p + q) / 2
    of = (m.detach(), m) if of_p else (m, m.detach())
    return ((p * (p / of[0]).log()).sum() + (q * (q / of[1]).log()).sum()) / 2


ADDED = {
    f"{small:g} added inside the logarithms bends the slopes": partial(_jsd_with, small=small)
    for small in (1e-3, 1e-4, 1e-5, 1e-6)
}
ADDED["m hangs on p and q in both divergences: in KL(p || m) it is held"] = partial(
    _jsd_half, of_p=True
)
ADDED["m hangs on p and q in both divergences: in KL(q || m) it is held"] = partial(
    _jsd_half, of_p=False
)
ADDED["p and q in front of the logarithms have a slope too: they are cut off"] = _jsd_unweighted


def by_rounded_d(p: list[float], q: list[float]) -> float:
    """JSD from V of the best D, by ln(1 - D), where D may be 1 to every digit."""
    P, Q = torch.tensor([p, q], dtype=torch.float64)
    D = (P / (P + Q)).nan_to_num(0.5)
    return (torch.xlogy(P, D) + torch.xlogy(Q, 1 - D)).sum().item() / 2 + math.log(2)


def of_some(p: list[float], q: list[float], m: list[float], in_p: bool, in_q: bool) -> float:
    """JSD of the kinds that are in p, in q, or in both alone."""
    found = 0.0
    for s, t, n in zip(p, q, m, strict=True):
        if (s or not in_p) and (t or not in_q):
            found += sum(r * math.log(r / n) for r in (s, t) if r) / 2
    return found


def not_jsd(p: list[float], q: list[float], jsd: float, of) -> dict:
    m = [(s + t) / 2 for s, t in zip(p, q, strict=True)]
    both = [kl(p, q), kl(q, p)]
    both_ways = kl(m, p), kl(m, q)
    reverse = None if None in both_ways else sum(both_ways) / 2
    found = {
        "JSD is half of the sum of the two": 2 * jsd,
        "a sum over the kinds, not a mean (of F.kl_div: reduction='sum')": jsd / len(p),
        "KL(p || m), not KL(m || p)": reverse,
        "in nats: ln, not the logarithm of base 2": jsd / math.log(2),
        "this is KL(p || q): JSD compares both with their mean m": both[0],
        "this is KL(q || p): JSD compares both with their mean m": both[1],
        "this is the mean of KL(p || q) and KL(q || p): JSD compares with m": None
        if None in both else sum(both) / 2,
        "KL(q || m) is missing": kl(p, m) / 2,
        "KL(p || m) is missing": kl(q, m) / 2,
        "KL(p || m) alone: half of it and half of KL(q || m)": kl(p, m),
        "this is the root of JSD": math.sqrt(max(0, jsd)),
        "this is V of the best D: JSD = (V + ln 4) / 2": 2 * jsd - math.log(4),
        "m is the mean of p and q, half of their sum": jsd - math.log(2),
        "the sign: KL(p || m) has p/m inside the logarithm": -jsd,
        "1 - D rounds to 0 where q is far below p: take q / (p + q)": by_rounded_d(p, q),
        "kinds that only one of the two makes count too": OneOf(
            of_some(p, q, m, *seen) for seen in ((1, 1), (1, 0), (0, 1))
        ),
        "JSD, not the distance of the roots (Hellinger's)": OneOf(
            f * sum((s**0.5 - t**0.5) ** 2 for s, t in zip(p, q, strict=True)) for f in (0.5, 1)
        ),
        "JSD, not the sum of the differences": OneOf(
            f * sum(abs(s - t) for s, t in zip(p, q, strict=True)) for f in (0.5, 1)
        ),
        "this is the entropy of m: that of p and q has to be subtracted": entropy(m),
    }  # fmt: skip
    return {
        text: OneOf(map(of, wrong)) if isinstance(wrong, OneOf) else of(wrong)
        for text, wrong in found.items()
        if wrong is not None
    }
