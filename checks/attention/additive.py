"""Item 3: additive attention, against each sequence alone, without its padding."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from checks.attention.scores import HAND, _below, compare_looked, draw, outshone, soft, weighted
from checks.calls import Case, gradient, item, judge
from checks.compare import fail
from checks.values import OneOf, as_tensor
from helpers.models import attention


def added(q, k, W_q, W_k, v, lengths) -> tuple[Tensor, Tensor]:
    """The course's own, each sequence alone and without its padding."""
    net = attention.AdditiveAttention(W_q.shape[1], W_k.shape[1], len(v)).to(v.dtype)
    state = {"W_q.weight": W_q, "W_k.weight": W_k, "v.weight": v[None]}
    state["W_k.bias"] = torch.zeros_like(v)

    def one(b: int) -> tuple[Tensor, Tensor]:
        n = int(lengths[b])
        given = (q[b : b + 1], k[b : b + 1, :n])
        context, weights = torch.func.functional_call(net, state, given)
        return context, F.pad(weights, (0, k.shape[1] - n))

    parts = [one(b) for b in range(len(q))]
    return torch.cat([c for c, _ in parts]), torch.cat([w for _, w in parts])


def length_mistakes(q, k, W_q, W_k, v, lengths) -> dict:
    S, all_of = k.shape[1], torch.full_like(lengths, k.shape[1])
    return {
        "the padding is looked at: keys after lengths[b] get the weight 0": added(
            q, k, W_q, W_k, v, all_of
        ),
        "one key too many is looked at: < lengths, not <=": added(
            q, k, W_q, W_k, v, (lengths + 1).clamp_max(S)
        ),
        "the last key of each sequence is missing": added(
            q, k, W_q, W_k, v, (lengths - 1).clamp_min(1)
        ),
        "each sequence has a length of its own": added(
            q, k, W_q, W_k, v, lengths.max().expand_as(lengths)
        ),
    }


def large_mistakes(q, k, W_q, W_k, v, lengths) -> dict:
    """What becomes of scores far from 0, and of matrices that are laid out anew."""
    own = (torch.arange(k.shape[1]) < lengths[:, None])[:, None].expand(-1, q.shape[1], -1)
    scores = ((q @ W_q.T)[:, :, None] + (k @ W_k.T)[:, None]).tanh() @ v
    each = scores.exp() * own
    turned = [W.reshape(W.T.shape).T for W in (W_q, W_k)]
    return outshone(scores, own, k, least=(None, 0.0)) | {
        "W_q q is q @ W_q.T: a reshape puts its numbers elsewhere": OneOf(
            added(q, k, *both, v, lengths)
            for both in (turned, (turned[0], W_k), (W_q, turned[1]))
        ),
        "exp of numbers far from 0 is 0 or infinite: the largest is to be subtracted first": (
            weighted(each / each.sum(-1, keepdim=True), k) if each.isinf().any() else None
        ),
        "the largest score of each query is subtracted from its own, not one of all": OneOf(
            _below(scores, own, k, most, least)
            for most in (scores.max(), scores.amax((1, 2), True))
            for least in (0.0, None)
        ),
    }  # fmt: skip


def additive_mistakes(q, k, W_q, W_k, v, lengths) -> dict:
    own = (torch.arange(k.shape[1]) < lengths[:, None])[:, None]  # (B, 1, S)
    a, b = q @ W_q.T, k @ W_k.T
    both = a[:, :, None] + b[:, None]  # (B, T, S, H)
    scores, H = both.tanh() @ v, len(v)
    zeros = (a[:, :, None] + (b * own.mT)[:, None]).tanh() @ v  # of keys set to 0 in the padding

    def by(scores: Tensor, dim: int = -1) -> tuple[Tensor, Tensor]:
        return weighted(soft(scores, own, dim), k)

    def by_hidden(weights: Tensor) -> tuple[Tensor, Tensor]:
        return weighted(weights, k * own.mT)

    return {
        "the tanh is missing": by(both @ v),
        "the tanh is taken of the sum, not of its parts: else the query has no say": by(
            (a.tanh()[:, :, None] + b.tanh()[:, None]) @ v
        ),
        "this is a product, not a sum: W_q q + W_k k": by((a[:, :, None] * b[:, None]).tanh() @ v),
        "no root here: the scores are not divided": by(scores / H**0.5),
        "a sigmoid in place of the tanh": by(both.sigmoid() @ v),
        "a ReLU in place of the tanh": by(both.relu() @ v),
        "v is not used: the sum over the units is weighted": by(both.tanh().sum(-1)),
        "softmax runs along the keys, the last axis": OneOf(
            (by(scores, 1), by_hidden(scores.softmax(1) * own), by_hidden(zeros.softmax(1) * own))
        )
        if len(q[0]) > 1
        else None,
        "hide before the softmax: afterwards the weights no longer sum to 1": OneOf(
            (weighted(scores.softmax(-1) * own, k), by_hidden(zeros.softmax(-1) * own))
        ),
        "the score of padding is minus infinity, not 0": OneOf(
            (weighted((scores * own).softmax(-1), k), by_hidden((zeros * own).softmax(-1)))
        ),
        "a key of zeros has a score too, which is to be hidden": by_hidden(zeros.softmax(-1)),
        "the mean is that of the keys, not of W_k k": weighted(soft(scores, own, -1), b),
    }


def additive_case(
    T: int, lengths: list[int], S: int, sizes=(3, 4, 5), padding=1.0, dtype="float64", steep=1.0
) -> Case:
    (D_q, D_k, H), B = sizes, len(lengths)
    shapes = [(B, T, D_q), (B, S, D_k), (H, D_q), (H, D_k), (H,)]
    q, k, *weights = draw(shapes, T + S + H, getattr(torch, dtype))
    weights[-1] *= steep
    n = torch.tensor(lengths)
    k = torch.where((torch.arange(S) < n[:, None])[..., None], k, k * padding)
    given = (q, k, *weights, n)
    makers = (additive_mistakes, length_mistakes, large_mistakes)
    usual = lambda: {t: w for made in makers for t, w in made(*given).items()}  # noqa: E731
    tried = f"additive on q {(B, T, D_q)}, k {(B, S, D_k)}, {H=}, {lengths=}, {dtype}"
    return Case(tried, given, added(*given), usual)


def cut_off(lengths: Tensor, part: int) -> dict[str, Callable]:
    """The right values, where the keys are left out of the graph in one of their two parts."""

    def averaged(q, k, *weights) -> Tensor:
        return added(q, k, *weights, lengths)[1] @ k.detach()

    def scored(q, k, *weights) -> Tensor:
        return added(q, k.detach(), *weights, lengths)[1] @ k

    return {} if part else {
        "the keys that are averaged have a gradient too: no detach()": averaged,
        "the keys have a gradient through their scores too: no detach()": scored,
    }  # fmt: skip


@item("Item 3, additive")
def check_additive(
    additive,
    T: int,
    lengths: list[int],
    S: int,
    padding=1.0,
    sizes=(3, 4, 5),
    dtype="float64",
    **more,
) -> None:
    """Contexts and weights as if no sequence had padding; then other numbers in the padding."""
    case = additive_case(T, lengths, S, sizes, padding, dtype, **more)
    probes = [additive_case(2, [2, 3], 3), additive_case(1, [1, 2], 4), additive_case(3, [2], 2)]
    single = dtype == "float32"
    came = judge(additive, case, probes, compare_looked, 1e-5 if single else 1e-8, **HAND)
    weights = as_tensor(came[1], case.want[1])
    if any(bool(row[:, m:].any()) for row, m in zip(weights, lengths, strict=True)):
        fail(f"{case.tried}: weights", "exactly 0 on padding", "more", "minus infinity, not less")
    if single:
        return
    *leaves, n = case.arguments
    for part, name in enumerate(("context", "weights")):
        gradient(
            lambda *leaves, part=part: additive(*leaves, n)[part],
            lambda *leaves, part=part: added(*leaves, n)[part],
            tuple(leaves), f"{case.tried}: {name}", mistakes=cut_off(n, part), **HAND,
        )  # fmt: skip
