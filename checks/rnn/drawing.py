"""Items 11 and 12: probabilities to draw from, by the course's own; summaries, of what is no padding."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from checks.calls import call, gradient, item
from checks.compare import Wrong, fail, pair, tensor
from checks.values import OneOf
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

    text = "a number filled in is not below every logit: those thrown away get -inf"
    return warm_mistakes(logits, temperature, top_k, best) | {
        text: OneOf(
            torch.softmax(torch.where(best, logits, fill) / (temperature or 1e-9), 1)
            for fill in (0.0, -1.0, -10.0, -20.0, -30.0, -50.0, -99.0, -100.0, -1e3, -1e4, -1e9)
        ),
        "keep the k likeliest, not the least likely": kept(least),
        "each row has its own k likeliest": OneOf(
            kept(stay)
            for stay in (
                *(finite >= finite.flatten().topk(n).values[-1] for n in (k, k * B)),
                *(row.expand_as(best) for row in (best[:1], best[-1:])),
            )
        ),
        "a forbidden character stays at -inf: no 0 stands in for it": softer(
            logits.nan_to_num(neginf=0.0), temperature, top_k
        ),
        "one character too few stays: the k-th too": softer(logits, temperature, max(1, k - 1)),
        "each row has its own k likeliest, not one limit for all": kept(
            finite >= finite.topk(k, 1).values[:, -1].min()
        ),
        "the k likeliest of a row: topk along dim 1": kept(
            finite >= finite.topk(min(k, B), 0).values[-1]
        ),
        "top_k is for each row: another may allow fewer characters": softer(
            logits, temperature, min(k, int(logits.isfinite().sum(1).min()))
        ),
        "the softmax runs along the characters, dim 1": kept(best, 0),
        "one character too many stays: top_k of them": softer(logits, temperature, k + 1),
    }


def warm_mistakes(
    logits: Tensor, temperature: float, top_k: int | None, best: Tensor
) -> dict[str, Tensor]:
    T, want = temperature or 1.0, softer(logits, temperature, top_k)
    plain, warm, z = rnn.adjusted(logits), rnn.adjusted(logits, T), logits / T
    found = {
        "the temperature is not used": rnn.adjusted(logits, 1.0, top_k),
        "the logits are divided by the temperature, not multiplied": rnn.adjusted(
            logits, 1 / T, top_k
        ),
        "divide the logits by the temperature, not the probabilities": torch.softmax(plain / T, 1),
        "top_k is not used": warm,
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
        "one number a row, (B,)": right[:, None],
        "nan: 0 * log 0; torch.special.xlogy gives 0, or leave the zeros out": -(
            p * p.log2()
        ).sum(1),
    }  # fmt: skip
    for small in (1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3):
        text = f"{small:g} added to p changes the entropy: leave the zeros out"
        found[text] = -(p * (p + small).log2()).sum(1)
    return found


@item("Item 11, next_probabilities")
def check_drawing(
    next_probabilities, B, V, temperature, top_k,
    scale=3.0, forbidden=0, shift=0.0, dtype="float64",
) -> None:  # fmt: skip
    """p against the course's own `adjusted`, the entropy against torch's distribution."""
    g = torch.Generator().manual_seed(10 * B + V)
    logits = shift + scale * torch.randn(B, V, generator=g, dtype=torch.float64)
    for b in range(B if forbidden else 0):  # in each row others, and not as many
        logits[b, torch.randperm(V, generator=g)[: max(1, forbidden - b % 3)]] = -math.inf
    logits = logits.to(getattr(torch, dtype))
    tried = f"next_probabilities(logits {(B, V)}, {temperature=}, {top_k=})"
    if shift or scale != 3.0:
        tried += f", logits of {shift:g} and about {scale:g} more or less"
    if forbidden:
        tried += f", up to {forbidden} logits of a row -inf"
    tried += "" if dtype == "float64" else f", {dtype}"
    given, without = (logits, temperature, top_k), (rnn.adjusted,)
    try:
        came = call(next_probabilities, *given, tried=tried, without=without)
    except Wrong as wrong:
        if top_k is not None and top_k > V:  # does it fail for that alone?
            call(next_probabilities, logits, temperature, V, tried=tried, without=without)
            wrong.likely = "top_k may be above V: all characters stay then"
        raise
    p, bits = pair(came, "(p, entropy)", tried)
    want = softer(*given)
    near = 1e-7 if dtype == "float64" else 1e-5
    tensor(p, want, tried + ", p", lambda: p_mistakes(*given), near)
    mistakes = entropy_mistakes(logits, want, temperature)
    tensor(bits, entropy(want), tried + ", entropy", mistakes, near)


class Padded:
    """Sequences of those lengths, and what stands behind them."""

    def __init__(self, lengths: list[int], T: int, H: int, padding: str, dtype: torch.dtype):
        g = torch.Generator().manual_seed(sum(lengths) + T)
        sizes = [(n, H) for n in lengths] + [(len(lengths), T, H)]
        *self.own, waste = (torch.randn(s, generator=g, dtype=torch.float64) for s in sizes)
        self.own = [part.to(dtype) for part in self.own]
        fill = {"nan": torch.nan, "zeros": 0.0, "infinity": torch.inf}.get(padding, 50.0)
        self.waste = (waste * fill).to(dtype)  # infinity of both signs

    def whole(self, *own: Tensor) -> Tensor:
        rows = zip(own or self.own, self.waste, strict=True)
        return torch.stack([torch.cat([part, rest[len(part) :]]) for part, rest in rows])

    def summaries(self, *own: Tensor) -> tuple[Tensor, Tensor]:
        parts = own or self.own
        return torch.stack([p[-1] for p in parts]), torch.stack([p.mean(0) for p in parts])


def last_mistakes(h: Tensor, n: Tensor, mean: Tensor) -> dict[str, Tensor]:
    rows, T = torch.arange(len(h)), h.shape[1]
    return {
        "the state after a sequence's own last step, not after the padding": h[:, -1],
        "the last state has index lengths - 1": h[rows, n.clamp_max(T - 1)],
        "the last state has index lengths - 1, not lengths - 2": h[rows, n - 2],
        "one index for each row: h[torch.arange(B), lengths - 1]": h[:, n - 1],
        "each sequence has its own length": h[:, int(n.max()) - 1],
        "each sequence has its own length, not that of the first": h[:, int(n[0]) - 1],
        "return (last, mean), in this order": mean,
        "this is the first state": h[:, 0],
        "one state a row, (B, H)": h[rows, n - 1][:, None],
    }


def mean_mistakes(h: Tensor, n: Tensor, own: list[Tensor]) -> dict[str, Tensor]:
    T, longest = h.shape[1], int(n.max())
    sums, mean = torch.stack([p.sum(0) for p in own]), torch.stack([p.mean(0) for p in own])

    def up_to(more: int, divided: int = 0) -> Tensor:
        rows = zip(h, n.tolist(), strict=True)
        return torch.stack([row[: k + more].sum(0) / (k + divided) for row, k in rows])

    return {
        "the mean over all T reads the padding": h.mean(1),
        "the sum reads the padding, which may be any number": h.sum(1) / n[:, None],
        "the mean up to the longest sequence reads the padding of the others": h[
            :, :longest
        ].mean(1),
        "divide by each sequence's own length, not by T": sums / T,
        "divide by each sequence's own length, not by the longest": sums / longest,
        "divide by each sequence's own length, not by all of them": sums / n.sum(),
        "the sum still has to be divided": sums,
        "the step with index lengths is padding: < lengths, not <=": up_to(1),
        "one step too many, the first of the padding": up_to(1, 1),
        "the last step of each sequence is missing": up_to(-1),
        "the last step of each sequence is missing, and not counted": up_to(-1, -1),
        "the divisor is the length, not one more": up_to(0, 1),
        "a mean for each sequence, (B, H)": mean.mean(0),
        "the mean runs over the steps, not over the units": torch.stack(
            [part.mean(1).sum().expand(h.shape[2]) for part in own]
        ),
        "the mean runs over the steps, not over the steps and units": sums.mean(1) / n,
    }  # fmt: skip


@item("Item 12, summaries")
def check_padding(
    summaries, lengths: list[int], T: int, H: int, padding: str, dtype: str = "float64"
) -> None:
    """Against each sequence by itself; gradients too."""
    batch, n = Padded(lengths, T, H, padding, getattr(torch, dtype)), torch.tensor(lengths)
    h, (last, mean) = batch.whole(), batch.summaries()
    tried = f"summaries(h {tuple(h.shape)} {dtype}, {lengths=}), {padding} in the padding"
    came = pair(call(summaries, h, n, tried=tried), "(last, mean)", tried)
    for part in came if padding in ("nan", "infinity") else ():
        if isinstance(part, Tensor) and not bool(part.isfinite().all()):
            likely = (
                f"the padding is read; 0 * {padding} is nan too: use masked_fill, where, indices"
            )
            fail(tried, "numbers", "nan or infinity among them", likely)
    tolerance = 1e-6 if dtype == "float64" else 1e-5  # by shares in float32, too
    tensor(came[0], last, tried + ", last", lambda: last_mistakes(h, n, mean), tolerance)
    tensor(came[1], mean, tried + ", mean", lambda: mean_mistakes(h, n, batch.own), tolerance)
    if dtype == "float64":
        cut = {
            f"a gradient goes through {name} too: nothing is detached": lambda *own, k=k: torch.cat(
                [part if i == k else part.detach() for i, part in enumerate(batch.summaries(*own))],
                1,
            )
            for k, name in enumerate(("the mean", "the last state"))
        }
        gradient(
            lambda *own: torch.cat(pair(summaries(batch.whole(*own), n), "(last, mean)", tried), 1),
            lambda *own: torch.cat(batch.summaries(*own), 1), tuple(batch.own), tried, mistakes=cut,
            tolerance=tolerance,
        )  # fmt: skip
