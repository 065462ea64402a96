"""Items 5 and 6: what a GPT costs, by torch's own layers; a loss on the answers alone."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checks.calls import call, gradient, item
from checks.compare import begun, fail, failing, kind, pair, tensor, whole
from checks.values import OneOf, cut_short
from helpers.models import gpt

Sizes = tuple[int, int, int, int, int, int, bool]  # V, T, C, L, heads, kv_heads, tied


def built(V, T, C, L, heads, kv_heads, tied, **other) -> int:
    """The parameters of the layers that such a net is made of; other: parts gone wrong."""
    wide, k = C * kv_heads // heads, other.get("feed", 4)
    bias = other.get("bias", True)
    with torch.device("meta"):  # shapes without memory
        block = [nn.Linear(C, wide, bias) for _ in range(2)]
        block += [nn.Linear(C, C, bias) for _ in range(other.get("squares", 2))]
        block += [nn.Linear(C, k * C, bias), nn.Linear(k * C, C, bias)]
        block += [nn.LayerNorm(C, bias=bias) for _ in range(2)]
        ends = [nn.Embedding(V, C)] + [nn.Embedding(T, C)] * other.get("places", 1)
        ends += [nn.LayerNorm(C, bias=bias)] * other.get("norm", 1)
        ends += [nn.Linear(C, V, bias=other.get("readout", False))] * (not tied)
        found = [*ends, *block * L]
    return sum(p.numel() for layer in found for p in layer.parameters())


def names_of(alike: bool) -> tuple[str, str]:
    """Two norms of C numbers, and biases of keys and values: nothing tells one from the other."""
    parts = "a block has two norms", "the layers of keys and of values have biases too"
    return (", and ".join(parts),) * 2 if alike else parts


def shared_mistakes(sizes: Sizes) -> dict:
    """What becomes of keys and values that do not come out even."""
    *_, C, L, heads, kv_heads, tied = sizes
    return {
        "kv_heads need not divide heads: keys and values have kv_heads * d numbers": OneOf(
            [built(*sizes[:4], heads // kv_heads, 1, tied)]
            + [built(*sizes[:5], n, tied) for n in range(1, heads + 1) if heads % n == 0]
        )
        if heads % kv_heads
        else None,
        "kv_heads of the heads have keys and values, not heads // kv_heads of them": (
            built(*sizes[:5], heads // kv_heads, tied) if heads % kv_heads == 0 else None
        ),
        "a share such as 6 * (1 / 6) lies just below a whole number, and int() cuts it: use //": (
            built(*sizes) - 2 * L * (C + 1)
        ),
    }


def count_mistakes(sizes: Sizes) -> dict[str, int]:
    V, T, C, L, heads, kv_heads, tied = sizes
    want, full = built(*sizes), (*sizes[:5], heads, tied)
    turned, (norms, both) = built(*sizes[:6], not tied), names_of(heads == kv_heads)
    found = {
        "keys and values have kv_heads heads, queries have heads, all of C / heads numbers": built(
            *full
        ),
        norms: want - 2 * L * C,
        both: want - 2 * L * C * kv_heads // heads,
        "both layers of the feed-forward net have biases, of 4 C and of C numbers": OneOf(
            want - L * n * C for n in (1, 3, 4, 5)
        ),
        "the four layers of attention have biases too": want - 2 * L * (C + C * kv_heads // heads),
        "the queries have all heads, only keys and values have kv_heads": (
            want - L * (C * C + C) + L * (C * C // heads * kv_heads + C * kv_heads // heads)
        ),
        "a bias has as many numbers as come out: those of keys and values too": (
            want + 2 * L * (C - C * kv_heads // heads)
        ),
        "the layers of queries, keys and values have biases too (or here all biases have C "
        "numbers: they have as many as come out)": want - L * (C + 2 * C * kv_heads // heads),
        "the feed-forward net has two matrices, C to 4 C and back: no third": OneOf(
            (want + 4 * L * C * C, want + 4 * L * C * (C + 1))
        ),
        "the biases are missing": built(*sizes, bias=False),
        "the readout has no bias": want + V,
        "the places have an embedding too: T C": built(*sizes, places=0),
        "the norm after the last block is missing": built(*sizes, norm=0),
        "a norm has a weight and a bias": want - (2 * L + 1) * C,
        "attention ends with a matrix of its own, C to C": built(*sizes, squares=1),
        "the feed-forward net is 4 C wide": built(*sizes, feed=1),
        "there are L blocks": built(V, T, C, 1, *sizes[4:]),
        "embeddings are no biases: V C + T C": want - T * C + T,
        "`a + b if c else 0` is all or nothing: here only the blocks are left": want
        - (V * (2 - tied) + T + 2) * C,
    }
    found["a readout that is tied shares the embedding's weights: they count once" if tied else
          "a readout that is not tied has weights of its own: V C more"] = turned  # fmt: skip
    return found | shared_mistakes(sizes)


def cache_mistakes(sizes: Sizes) -> dict[str, int]:
    _, T, C, L, heads, kv_heads, _ = sizes
    d = C // heads
    return {
        "keys and values have kv_heads heads: d numbers each": 2 * L * T * C,
        "keys and values: two of them": L * T * kv_heads * d,
        "keys and values of every layer": 2 * T * kv_heads * d,
        "a key has C / heads numbers": 2 * L * T * kv_heads * C,
        "a key for each of the T places": 2 * L * kv_heads * d,
        "all T tokens have a key and a value there, the last one too": OneOf(
            2 * L * n * kv_heads * d for n in (T - 1, T + 1)
        ),
        "a key is C / heads numbers, of each of kv_heads heads": 2 * L * T * kv_heads,
        "numbers, not bytes": 8 * L * T * kv_heads * d,
        "numbers, not bytes of two each": 4 * L * T * kv_heads * d,
        "queries are not kept": 2 * L * T * kv_heads * d + L * T * C,
        "keys and values of kv_heads heads; weights of attention are not kept": (
            2 * L * T * kv_heads * d + L * heads * T * T
        ),
    }


@item("Item 5, count_gpt")
def check_count(count_gpt, V, T, C, L, heads, kv_heads, tied) -> None:
    """Parameters and numbers in a full cache."""
    sizes = (V, T, C, L, heads, kv_heads, tied)
    tried = f"count_gpt({V=}, {T=}, {C=}, {L=}, {heads=}, {kv_heads=}, {tied=})"
    without = (nn.Module.__init__, nn.Parameter.__new__)
    came = pair(call(count_gpt, *sizes, tried=tried, without=without), "(parameters, cache)", tried)
    whole(came[0], built(*sizes), tried + ", parameters", lambda: count_mistakes(sizes))
    want = 2 * L * T * (C // heads) * kv_heads
    whole(came[1], want, tried + ", cache", lambda: cache_mistakes(sizes))


class Batch:
    """Texts of several lengths, each with a prompt, and the logits of what comes next."""

    def __init__(
        self, prompt: list[int], length: list[int], T: int, V: int, dtype: torch.dtype, size=3.0
    ) -> None:
        g = torch.Generator().manual_seed(sum(length) + T + V)
        B = len(prompt)
        self.logits = (size * torch.randn(B, T, V, generator=g, dtype=torch.float64)).to(dtype)
        self.tokens = torch.randint(1, V, (B, T), generator=g).cumsum(1) % V  # neighbours differ
        for row, p, n in zip(self.tokens, prompt, length, strict=True):
            ends = torch.tensor([min(p, T - 1), n - 1, T - 1])  # not 0: else two mistakes are one
            good = [k for k in range(V) if ((row[ends] + k) % V).all()]
            row.add_(good[0] if good else 0).remainder_(V)
        self.prompt, self.length = torch.tensor(prompt), torch.tensor(length)

    def given(self) -> tuple[Tensor, ...]:
        return self.logits, self.tokens, self.prompt, self.length

    def rows(self, logits: Tensor, first=None, last=None, shift: int = 1) -> list[Tensor]:
        """-ln P of the tokens of each answer, or of those from first to before last."""
        first, last = first or self.prompt.tolist(), last or self.length.tolist()
        found = []
        for row, text, p, n in zip(logits, self.tokens, first, last, strict=True):
            at = torch.tensor([i for i in range(p, min(n, len(text))) if i >= shift]).long()
            found.append(F.cross_entropy(row[at - shift], text[at], reduction="none"))
        return found

    def loss(self, logits: Tensor) -> Tensor:
        found = torch.cat(self.rows(logits))
        return found.sum() / max(1, len(found))


def without_zero(batch: Batch) -> OneOf:
    """The mean over the tokens of answers that are not 0, and theirs over all tokens."""
    parts = zip(batch.tokens, batch.prompt.tolist(), batch.length.tolist(), strict=True)
    tokens = torch.cat([text[p:n] for text, p, n in parts])
    found = torch.cat(batch.rows(batch.logits))[tokens != 0]
    return OneOf((found.mean(), found.sum() / max(1, len(tokens))))


def small_mistakes(batch: Batch) -> dict[str, OneOf | None]:
    """What becomes of a P that is next to 0."""
    each = torch.cat(batch.rows(batch.logits))
    spoilt = [torch.tensor(n) for n in (math.nan, math.inf, -math.inf)]
    return {
        "however small P is, nothing is added to it, and it is not cut off": cut_short(each),
        "exp of a large logit is infinite, of a low one 0: log_softmax, which subtracts the largest "
        "of each row": OneOf(spoilt) if each.max() > 700 else None,
    }  # fmt: skip


def layout_mistakes(batch: Batch) -> dict[str, Tensor | OneOf]:
    """Logits reshaped, or masked, before the cross-entropy."""
    B, T, V = batch.logits.shape
    logits, total = batch.logits[:, :-1], torch.cat(batch.rows(batch.logits)).sum()
    count = max(1, int((batch.length - batch.prompt).sum()))
    mixed = logits.reshape(B, V, T - 1).mT
    others = (B * (T - 1) - count) * math.log(V)
    return {
        "cross_entropy takes (B, V, T), by a transpose: a reshape mixes places and tokens": (
            batch.loss(torch.cat([mixed, batch.logits[:, -1:]], 1))
        ),
        "mask the losses: a logit of 0 for all tokens is a guess too, of ln V": OneOf(
            (total + others) / n for n in (count, B * (T - 1))
        ),
    }


def span_mistakes(batch: Batch) -> dict[str, Tensor | OneOf | None]:
    """Other tokens than those of the answers count."""
    logits, T, B = batch.logits, batch.logits.shape[1], len(batch.tokens)
    p, n = batch.prompt.tolist(), batch.length.tolist()

    def between(first: list[int], last: list[int]) -> Tensor:
        return torch.cat(batch.rows(logits, first, last)).mean()

    return {
        "the first token of an answer is guessed too, after the prompt's last": between(
            [k + 1 for k in p], n
        ),
        "the prompt's last token is not part of the answer": between([k - 1 for k in p], n),
        "the last token of an answer counts too": (
            between(p, [k - 1 for k in n]) if min(n) < T else None
        ),
        "what stands behind the length is no answer": between(p, [k + 1 for k in n]),
        "prompt and length count tokens: the mask belongs to the token that is guessed": between(
            [k + 1 for k in p], [k + 1 for k in n]
        ),
        "length counts the prompt too: the answer ends there": between(
            p, [a + b for a, b in zip(p, n, strict=True)]
        ),
        "the prompt does not count": between([1] * B, n),
        "the padding does not count": between(p, [T] * B),
        "an answer may reach the last of the T places, which counts too": (
            between(p, [min(m, T - 1) for m in n])
        ),
        "only the answers count, neither prompt nor padding": between([1] * B, [T] * B),
        "token 0 is a token as all others: no ignore_index=0": without_zero(batch),
    }


def loss_mistakes(batch: Batch) -> dict[str, Tensor | OneOf | None]:
    logits, T = batch.logits, batch.logits.shape[1]
    rows = batch.rows(logits)
    own, answers = [r.mean() for r in rows if len(r)], [len(r) for r in rows]
    total, B = torch.cat(rows).sum(), len(rows)
    unshifted = torch.cat(batch.rows(logits, shift=0))
    twice, soft = torch.cat(batch.rows(logits, shift=2)), torch.cat(batch.rows(logits.softmax(-1)))
    return (
        span_mistakes(batch)
        | small_mistakes(batch)
        | layout_mistakes(batch)
        | {
            "the logits after token i guess token i + 1: shift by one": unshifted.mean(),
            "shifted twice: the logits after token i guess token i + 1, not i + 2": twice.mean(),
            "a text without an answer counts for nothing, and the others as before": OneOf(
                total * spoilt for spoilt in (0.0, math.nan) if 0 in answers
            ),
            "one mean over all tokens of all answers, not the mean of each text's mean": (
                torch.stack(own).mean() if own else total
            ),
            "divide by the tokens of answers, not by all places": total / (B * (T - 1)),
            "divide by the tokens of answers, not by all B T places": total / (B * T),
            "divide by the tokens of answers, not by the texts": total / B,
            "the sum is still to be divided by the tokens of answers": total,
            "divide by the tokens of all answers, not of one text's": total / max(1, max(answers)),
            "an answer without tokens counts for none, not for one": total
            / sum(max(1, n) for n in answers),
            "cross_entropy takes logits: no softmax before it": soft.mean(),
            "one number, the mean": torch.cat(rows),
        }
    )


@item("Item 6, answer_loss")
def check_loss(
    answer_loss, prompt: list[int], length: list[int], T: int, V: int, dtype="float64", size=3.0
) -> None:
    """Against the cross-entropy of each answer by itself; gradients too."""
    batch = Batch(prompt, length, T, V, getattr(torch, dtype), size)
    tried = f"answer_loss(logits {(len(prompt), T, V)} {dtype}{' of some thousand' * (size > 99)}, "
    tried += f"tokens, {prompt=}, {length=})"
    double, without = dtype == "float64", (gpt.losses,)
    with failing("no tokens to judge: the loss is 0" * (prompt == length)):
        came = call(answer_loss, *batch.given(), tried=tried, without=without)
    begun(came, tried)
    if not isinstance(came, Tensor):
        likely = "also where there is nothing to judge: logits.sum() * 0, say" * (prompt == length)
        fail(tried, "a tensor without dimensions", kind(came), likely)
    tolerance = 1e-6 if double else 1e-5
    empty = {"no tokens to judge: the loss is 0, not 0 / 0": torch.tensor(math.nan)}
    mistakes = empty if prompt == length else loss_mistakes(batch)
    tensor(came, batch.loss(batch.logits), tried, mistakes, tolerance)
    if double:
        gradient(
            lambda logits: answer_loss(logits, *batch.given()[1:]), batch.loss, (batch.logits,),
            tried, tolerance=1e-7,
        )  # fmt: skip
