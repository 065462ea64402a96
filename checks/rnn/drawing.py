"""Item 11: probabilities to draw from, by the course's own."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from checks.calls import call, item
from checks.compare import Wrong, fail, kind, pair, tensor
from checks.values import OneOf, alike
from helpers.models import rnn


def entropy(p: Tensor) -> Tensor:
    return torch.distributions.Categorical(probs=p).entropy() / math.log(2)


def softer(logits: Tensor, temperature: float, top_k: int | None) -> Tensor:
    return rnn.adjusted(logits, temperature or 1.0, top_k if temperature else 1)


def p_mistakes(logits: Tensor, temperature: float, top_k: int | None) -> dict[str, Tensor]:
    (B, V), T = logits.shape, temperature or 1.0
    k, finite = min(top_k or V, V), logits.clamp_min(-1e9)
    order = logits.argsort(1, descending=True)
    best = torch.zeros_like(logits, dtype=torch.bool).scatter(1, order[:, :k], True)
    least = torch.zeros_like(best).scatter(1, order[:, V - k :], True)

    def kept(stay: Tensor, dim: int = 1) -> Tensor:
        return torch.softmax(finite.masked_fill(~stay, -1e12) / T, dim)

    first, last, every = (n.expand_as(best) for n in (best[:1], best[-1:], best.any(0)[None]))
    limits = [finite >= finite.flatten().topk(n).values[-1] for n in (k, k * B)]
    text = "a number filled in is not below every logit: those thrown away get -inf"
    return warm_mistakes(logits, temperature, top_k, best) | {
        text: OneOf(
            torch.softmax(torch.where(best, logits, fill) / (temperature or 1e-9), 1)
            for fill in (0.0, -1.0, -10.0, -20.0, -30.0, -50.0, -99.0, -100.0, -1e3, -1e4, -1e9)
        ),
        "keep the k likeliest, not the least likely": kept(least),
        "each row has forbidden characters of its own": OneOf(
            softer(logits.masked_fill(~columns, -math.inf), temperature, top_k)
            for columns in (logits[0].isfinite(), logits[-1].isfinite(), logits.isfinite().all(0))
        ),
        "subtract the largest logit of each row, not the largest of all": lowered(logits, best, T),
        "each row has its own k likeliest": OneOf(map(kept, (*limits, first, last, every))),
        "each row has its own k likeliest, not one limit for all": kept(
            finite >= finite.topk(k, 1).values[:, -1].min()
        ),
        "the k likeliest of a row: topk along dim 1": kept(
            finite >= finite.topk(min(k, B), 0).values[-1]
        ),
        "a forbidden character stays at -inf: no 0 stands in for it": softer(
            logits.nan_to_num(neginf=0.0), temperature, top_k
        ),
        "one character too few stays: the k-th too": softer(logits, temperature, max(1, k - 1)),
        "top_k is for each row: another may allow fewer characters": softer(
            logits, temperature, min(k, int(logits.isfinite().sum(1).min()))
        ),
        "one character too many stays: top_k of them": softer(logits, temperature, k + 1),
    }


def lowered(logits: Tensor, best: Tensor, T: float) -> Tensor:
    """The softmax of those that stay, with the largest logit of the whole batch subtracted."""
    e = ((logits - logits.max()) / T).exp() * best
    return e / e.sum(1, keepdim=True)


def warm_mistakes(logits: Tensor, temperature: float, top_k: int | None, best: Tensor) -> dict:
    T, want = temperature or 1.0, softer(logits, temperature, top_k)
    plain, warm, z = rnn.adjusted(logits), rnn.adjusted(logits, T), logits / T
    found = {
        "the temperature is not used": rnn.adjusted(logits, 1.0, top_k),
        "the logits are divided by the temperature, not multiplied": rnn.adjusted(
            logits, 1 / T, top_k
        ),
        "divide the logits by the temperature, not the probabilities": torch.softmax(plain / T, 1),
        "top_k is not used": warm,
        "the softmax runs along the characters, dim 1": torch.softmax(
            logits.clamp_min(-1e9).masked_fill(~best, -1e12) / T, 0
        ),
        "those that stay must sum to one: cut before the softmax": warm * best,
        "every probability stays in its own column, not sorted": want.sort(1, descending=True)[0],
        "the likeliest gets the most (at temperature 0 all), not every one alike": torch.full_like(
            want, 1 / want.shape[1]
        ),
        "at temperature 0 the likeliest gets it all: this is temperature 1": plain,
        "these are logits still: softmax them": torch.where(best, logits / T, -math.inf),
        "these are logarithms of p": want.log(),
        "a temperature above 0 is used as it is, however low": OneOf(
            rnn.adjusted(logits, max(temperature, least), top_k) for least in (0.01, 0.05, 0.1)
        ) if temperature else None,
        "nan: exp overflows, or is 0 everywhere; subtract the largest of the row first": (
            z.exp() * best / (z.exp() * best).sum(1, keepdim=True)
        ),
    }  # fmt: skip
    if not temperature:
        found["nan: at temperature 0 nothing can be divided by it"] = torch.softmax(logits / 0.0, 1)
        likeliest = logits.nan_to_num(neginf=0.0).argmax(1)
        text = "a forbidden character is below every other, also below negative logits: not 0"
        found[text] = torch.eye(want.shape[1]).to(logits)[likeliest]
        text = "one_hot is as wide as the largest winner unless num_classes says otherwise"
        found[text] = torch.nn.functional.one_hot(logits.argmax(1)).to(logits)
        text = "at temperature 0 all lies on the likeliest: a low temperature is none of 0"
        low = (10.0**-k * n for k in range(1, 13) for n in (1, 5))
        found[text] = OneOf(rnn.adjusted(logits, least, top_k) for least in low)
    return found


def entropy_mistakes(logits: Tensor, want: Tensor, temperature: float) -> dict[str, Tensor]:
    p, V = want, want.shape[1]
    right, plain = entropy(want), rnn.adjusted(logits)
    found = {
        "the entropy is in nats: log2, or divide by ln 2": right * math.log(2),
        "the sign: p log p is negative": -right,
        "the entropy of the probabilities returned, not of the plain softmax": entropy(plain),
        "the entropy of the probabilities returned, top_k included": entropy(
            rnn.adjusted(logits, temperature or 1.0)
        ),
        "one entropy for each row": right.mean(),
        "the sum over the characters, not the mean": right / V,
        "in bits, not as a share of log2 V": right / math.log2(V),
        "0 * log 0 is nan: torch.special.xlogy gives 0 there, in each place": OneOf(
            (nan, nan.nan_to_num(0.0)) if (nan := -(p * p.log2()).sum(1)).isnan().any() else ()
        ),
    }  # fmt: skip
    found["the entropy of all characters, not the bits of the likeliest"] = OneOf(
        (-p.amax(1).log2(), -p.amax(1).log(), 1 - p.amax(1))
    )
    found["the entropy: minus the sum of p log2 p, not of squares"] = OneOf(
        (1 - p.square().sum(1), -p.square().sum(1).log2())
    )
    for small in (0.1, 0.01, 1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3):
        text = f"{small:g} added to p, or in its place, changes the entropy: leave the zeros out"
        found[text] = OneOf(-(p * q.log2()).sum(1) for q in (p + small, p.clamp_min(small)))
    return found


def drawn_logits(B, V, scale, forbidden, shift, dtype) -> tuple[Tensor, str]:
    """Logits, and how they are told, with a gap for the other arguments."""
    g = torch.Generator().manual_seed(10 * B + V)
    logits = shift + scale * torch.randn(B, V, generator=g, dtype=torch.float64)
    for b in range(B if forbidden else 0):  # in each row others, and not as many
        logits[b, torch.randperm(V, generator=g)[: max(1, forbidden - b % 3)]] = -math.inf
    logits = logits.to(getattr(torch, dtype))
    tried = f"next_probabilities(logits {(B, V)}, {{}})"
    if shift or scale != 3.0:
        tried += f", logits of {shift:g} and about {scale:g} more or less"
    if forbidden:
        tried += f", up to {forbidden} logits of a row -inf"
    tried += "" if dtype == "float64" else f", {dtype}"
    return logits, tried


def chance(next_probabilities, given: tuple, p: Tensor, near: float) -> str:
    """What is said of probabilities that are others when they are asked for again."""
    torch.manual_seed(1)
    again = pair(call(next_probabilities, *given, tried="again"), "(p, entropy)", "again")[0]
    return "each call gives something else: nothing is drawn here" * (
        alike(p, p) and not alike(again, p, near)
    )


@item("Item 11, next_probabilities")
def check_drawing(
    next_probabilities, B, V, temperature, top_k,
    scale=3.0, forbidden=0, shift=0.0, dtype="float64",
) -> None:  # fmt: skip
    """p against the course's own `adjusted`, the entropy against torch's distribution."""
    logits, tried = drawn_logits(B, V, scale, forbidden, shift, dtype)
    tried = tried.format(f"{temperature=}, {top_k=}")
    given, without = (logits, temperature, top_k), (rnn.adjusted,)
    try:
        came = call(next_probabilities, *given, tried=tried, without=without)
    except Wrong as wrong:
        if top_k is not None and top_k > V:  # does it fail for that alone?
            call(next_probabilities, logits, temperature, V, tried=tried, without=without)
            wrong.likely = "top_k may be above V: all characters stay then"
        raise
    if isinstance(came, Tensor):
        likely = "two things are to be returned: (p, entropy)"
        fail(tried, "the pair (p, entropy)", kind(came), likely)
    p, bits = pair(came, "(p, entropy)", tried)
    want = softer(*given)
    near = 1e-7 if dtype == "float64" else 1e-5
    try:
        tensor(p, want, tried + ", p", lambda: p_mistakes(*given), near)
    except Wrong as wrong:
        wrong.likely = chance(next_probabilities, given, p, near) or wrong.likely
        raise
    mistakes = entropy_mistakes(logits, want, temperature)
    tensor(bits, entropy(want), tried + ", entropy", mistakes, near)
