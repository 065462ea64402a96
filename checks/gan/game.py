"""Items 1 and 2: the value of the game, the best D."""

from __future__ import annotations

import math
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor

from checks.calls import Case, call, gradient, item, judge
from checks.compare import pair, tensor
from checks.values import OneOf, alike
from helpers.models import gan

# 100 is where a library stops: of the logarithm
CAPS = (10, 15, 20, 30, 35, 40, 50, 60, 80, 88, 200, 250, 300, 500, 700)
SMALL = (1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-16, 1e-20)
OWN = (gan.discriminator_loss, gan.minimax_loss, gan.non_saturating_loss)


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
            "the natural logarithm, not that of base 2": want / math.log(2),
            "the natural logarithm, not that of base 10": want / math.log(10),
            "which are real is_real says: they need not stand first": of_first(logit, is_real),
        }  # fmt: skip
        return found | bent(logit, is_real) | miscounted(taken[is_real], refused[~is_real])

    tried = f"value on {N} real logits {real} and {M} generated ones {fake}, {dtype}"
    return Case(tried, (logit, is_real), want, mistakes)


def of_first(logit: Tensor, is_real: Tensor) -> Tensor | None:
    """V where as many of the first are taken for real as there are real ones."""
    first = is_real.int().sort(descending=True)[0].bool()
    return None if torch.equal(first, is_real) else _v(logit, first)


def miscounted(taken: Tensor, refused: Tensor) -> dict:
    """taken: minus ln D of the real examples, refused: minus ln(1 - D) of the generated ones."""
    N, M = len(taken), len(refused)
    sure = (taken != 0).sum().clamp_min(1), (refused != 0).sum().clamp_min(1)
    weighted = -(taken.mean() + refused.mean()) * 2 * M / (N + M)
    return {
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
            tolerance=1e-6,
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


ADDED = {
    f"{small:g} added inside the logarithms bends the slopes": partial(_jsd_with, small=small)
    for small in (1e-3, 1e-4, 1e-5, 1e-6)
}
ADDED["p and q in front of the logarithms have a slope too: they are cut off"] = _jsd_unweighted


def by_rounded_d(p: list[float], q: list[float]) -> float:
    """JSD from V of the best D, by ln(1 - D), where D may be 1 to every digit."""
    P, Q = torch.tensor([p, q], dtype=torch.float64)
    D = (P / (P + Q)).nan_to_num(0.5)
    return (torch.xlogy(P, D) + torch.xlogy(Q, 1 - D)).sum().item() / 2 + math.log(2)


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
        "this is the entropy of m: that of p and q has to be subtracted": entropy(m),
    }  # fmt: skip
    return {text: of(wrong) for text, wrong in found.items() if wrong is not None}
