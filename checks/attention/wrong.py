"""Attention in several right ways and in wrong ones, for the items whose answer is a test.

Every one takes q (B, T, d), k (B, S, d), v (B, S, e), and with a mask a bool (B, T, S) of which
True means: may look. What a wrong one breaks stands before it, and how that can be seen.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

Attend = Callable[..., Tensor]


def scores_of(q: Tensor, k: Tensor) -> Tensor:
    return q @ k.mT / math.sqrt(q.shape[-1])  # (B, T, S)


def hidden(scores: Tensor, mask: Tensor | None) -> Tensor:
    return scores if mask is None else scores.masked_fill(~mask, -math.inf)


def kernel(q, k, v, mask=None) -> Tensor:
    if mask is None:
        return F.scaled_dot_product_attention(q, k, v)
    seeing = mask.any(-1, keepdim=True)
    return F.scaled_dot_product_attention(q, k, v, mask | ~seeing) * seeing


def spelled(q, k, v, mask=None) -> Tensor:
    scores = torch.einsum("btd,bsd->bts", q, k) * q.shape[-1] ** -0.5
    if mask is None:
        return torch.einsum("bts,bse->bte", scores.softmax(-1), v)
    low = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
    return torch.einsum("bts,bse->bte", low.softmax(-1).masked_fill(~mask, 0.0), v)


def by_sums(q, k, v, mask=None) -> Tensor:
    scores = scores_of(q, k)
    kept = torch.ones_like(scores) if mask is None else mask.to(scores.dtype)
    most = scores.masked_fill(kept == 0, torch.finfo(scores.dtype).min).amax(-1, keepdim=True)
    each = (scores - most.detach()).masked_fill(kept == 0, 0.0).exp() * kept
    return each @ v / each.sum(-1, keepdim=True).clamp_min(1e-30)


def one_by_one(q, k, v, mask=None) -> Tensor:
    rows = []
    for b in range(len(q)):
        for t in range(q.shape[1]):
            look = slice(None) if mask is None else mask[b, t].clone()
            score = k[b, look] @ q[b, t] / math.sqrt(q.shape[-1])
            rows.append(score.softmax(0) @ v[b, look])
    return torch.stack(rows).view(*q.shape[:2], v.shape[-1])


def exact(q, k, v, mask=None) -> Tensor:
    return spelled(q.double(), k.double(), v.double(), mask).to(v.dtype)


RIGHT = {
    "PyTorch's kernel": kernel,
    "einsum": spelled,
    "sums of exponentials": by_sums,
    "query by query": one_by_one,
    "in float64, then cast": exact,
}


def over(q, k, v, dim: int) -> Tensor:
    return scores_of(q, k).softmax(dim) @ v


def hardest(q, k, v) -> Tensor:
    best = scores_of(q, k).argmax(-1, keepdim=True)
    weights = torch.zeros(*q.shape[:2], k.shape[1], dtype=v.dtype).scatter(2, best, 1.0)
    return weights @ v + 0 * over(q, k, v, -1)


def unguarded(q, k, v) -> Tensor:
    each = scores_of(q, k).exp()
    return each / each.sum(-1, keepdim=True) @ v


def coarse(q, k, v) -> Tensor:
    return kernel(q.bfloat16(), k.bfloat16(), v.bfloat16()).to(v.dtype)


def single(q, k, v) -> Tensor:
    return kernel(q.float(), k.float(), v.float()).to(v.dtype)


def in_place(q, k, v) -> Tensor:
    out = kernel(q.clone(), k, v)  # so that backward() does not need what is changed
    with torch.no_grad():
        q.div_(math.sqrt(q.shape[-1]))
    return out


def square(q, k, v) -> Tensor:
    scores = scores_of(q, k)
    return (scores.mT if q.shape[1] == k.shape[1] else scores).softmax(-1) @ v


def keeping() -> Attend:
    """The weights of the first call of a shape, again and again."""
    kept: dict = {}

    def attend(q, k, v) -> Tensor:
        key = (q.shape, k.shape)
        weights = scores_of(q, k).softmax(-1)
        old = kept.setdefault(key, weights.detach()).to(v.dtype)
        return (weights + (old - weights).detach()) @ v  # with a gradient as it should be

    return attend


# name: (how it can be seen, a function that makes it)
VALUES: dict[str, tuple[str, Callable[[], Attend]]] = {
    "the scores are not divided by the root of d": (
        "work one output out by hand, with d = 4 or 16",
        lambda: lambda q, k, v: F.scaled_dot_product_attention(q, k, v, scale=1.0),
    ),
    "the scores are divided by d": (
        "work one output out by hand, with d = 4 or 16",
        lambda: lambda q, k, v: F.scaled_dot_product_attention(q, k, v, scale=1 / q.shape[-1]),
    ),
    "the softmax runs along the queries": (
        "where all values are 1, every output is 1",
        lambda: lambda q, k, v: over(q, k, v, -2),
    ),
    "the softmax runs along the batch": (
        "a sequence alone gives what it gives in a batch",
        lambda: lambda q, k, v: over(q, k, v, 0),
    ),
    "large scores give nan": (
        "try scores of a thousand: exp overflows",
        lambda: unguarded,
    ),
    "all weights are even": (
        "a key much like the query takes nearly all of the weight",
        lambda: lambda q, k, v: over(0 * q, k, v, -1),
    ),
    "all weight lies on one key": (
        "of two equal keys each gets half of the weight",
        lambda: hardest,
    ),
    "each sequence gets the values of another one": (
        "use several sequences, and compare each with itself alone",
        lambda: lambda q, k, v: kernel(q, k, v.roll(1, 0)),
    ),
    "the last key is left out": (
        "let the last key be the one that matters",
        lambda: lambda q, k, v: kernel(q, k[:, :-1], v[:, :-1]) if k.shape[1] > 1 else kernel(q, k, v),
    ),
    "queries and keys are exchanged where there are equally many": (
        "try T = S as well as T other than S",
        lambda: square,
    ),
    "the result is that of 16 bits": (
        "compare with a tolerance that suits the dtype, not with 1e-2",
        lambda: coarse,
    ),
    "float64 is worked out in float32": (
        "in float64 right ones differ by less than 1e-9: compare as closely, in float64 too",
        lambda: single,
    ),
    "q is changed": ("compare q, k and v with copies made before the call", lambda: in_place),
    "weights are kept from an earlier call": (
        "call it twice with other numbers of the same shape, and compare both results",
        keeping,
    ),
    "no gradient reaches q and k": (
        "backward() through the output, then look at q.grad and k.grad",
        lambda: lambda q, k, v: scores_of(q, k).softmax(-1).detach() @ v + 0 * over(q, k, v, -1),
    ),
}  # fmt: skip


# ---------------------------------------------------------------- with a mask


def softened(low: float) -> Attend:
    def attend(q, k, v, mask) -> Tensor:
        weights = scores_of(q, k).masked_fill(~mask, low).softmax(-1)
        return weights.masked_fill(~mask.any(-1, keepdim=True), 0.0) @ v

    return attend


def never(q, k, v, mask) -> Tensor:
    return hidden(scores_of(q, k), mask).softmax(-1) @ v


def blind_mean(q, k, v, mask) -> Tensor:
    low = torch.finfo(q.dtype).min
    return scores_of(q, k).masked_fill(~mask, low).softmax(-1) @ v


def broken_gradient(q, k, v, mask) -> Tensor:
    hide = torch.zeros_like(mask, dtype=v.dtype).masked_fill(~mask, -math.inf)
    return (scores_of(q, k) + hide).softmax(-1).nan_to_num(0.0) @ v


def mask_in_place(q, k, v, mask) -> Tensor:
    out = kernel(q, k, v, mask)
    mask.logical_not_()
    return out


def one_mask() -> Attend:
    kept: dict = {}

    def attend(q, k, v, mask) -> Tensor:
        return kernel(q, k, v, kept.setdefault(mask.shape, mask.clone()))

    return attend


def changed(change: Callable[[Tensor], Tensor]) -> Callable[[], Attend]:
    return lambda: lambda q, k, v, mask: kernel(q, k, v, change(mask))


MASKS: dict[str, tuple[str, Callable[[], Attend]]] = {
    "the mask is turned round": (
        "change the value of a key that is hidden: nothing may move",
        changed(torch.logical_not),
    ),
    "the mask is not used": (
        "change the value of a key that is hidden: nothing may move",
        changed(torch.ones_like),
    ),
    "the weights are hidden after the softmax, and no longer sum to 1": (
        "where all values are 1, the output of every query that sees a key is 1",
        lambda: lambda q, k, v, mask: scores_of(q, k).softmax(-1) * mask @ v,
    ),
    "a query that may look at nothing gets nan": (
        "let one row of the mask be False throughout",
        lambda: never,
    ),
    "a query that may look at nothing gets the mean of all values": (
        "let one row of the mask be False throughout",
        lambda: blind_mean,
    ),
    "a query that may look at nothing gets 0, and the gradients are nan": (
        "backward() with a row that is False throughout: every gradient is finite",
        lambda: broken_gradient,
    ),
    "a hidden key has the score 0": (
        "change a hidden key: nothing may move, however large it is",
        lambda: softened(0.0),
    ),
    "a hidden key has the score -10": (
        "make the value of a hidden key a million: nothing may move",
        lambda: softened(-10.0),
    ),
    "a hidden key has the score -1,000, and others may be lower": (
        "let every visible score be as low as the text allows",
        lambda: softened(-1000.0),
    ),
    "every sequence is given the first one's mask": (
        "give two sequences different masks",
        changed(lambda mask: mask[:1].expand_as(mask)),
    ),
    "every query is given the first one's mask": (
        "give two queries different masks",
        changed(lambda mask: mask[:, :1].expand_as(mask)),
    ),
    "the mask is transposed where there are as many queries as keys": (
        "try T = S, with a mask that is not symmetric",
        changed(lambda mask: mask.mT if mask.shape[1] == mask.shape[2] else mask),
    ),
    "the mask is one key off": (
        "let a query see one key alone: its output is the value of that key",
        changed(lambda mask: mask.roll(1, -1)),
    ),
    "later keys are hidden as well": (
        "let the first query see the last key",
        changed(lambda mask: mask & torch.ones_like(mask).tril(mask.shape[2] - mask.shape[1])),
    ),
    "the mask is changed": ("compare the mask with a copy made before the call", lambda: mask_in_place),
    "a mask is kept from an earlier call": (
        "call it twice with masks of the same shape that differ, and compare both results",
        one_mask,
    ),
}  # fmt: skip
