"""Item 1: scaled dot products against PyTorch's kernel, also where scores are far from 0."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from checks.calls import Case, gradient, item, judge
from checks.compare import fail, kind, pair, tensor
from checks.relations import SINGLE
from checks.values import OneOf, alike, as_tensor
from checks.watch import AllBut
from helpers.models import attention

OWN = (attention.attention, attention.masked_softmax, attention.AdditiveAttention.forward)
HAND = {"by_hand": AllBut("attention", "attn", "transformer"), "without": OWN}
BOUNDS = (5.0, 10.0, 20.0, 30.0, 50.0, 60.0, 80.0, 88.0, 100.0, 500.0, 700.0, 1e3, 1e4)
LOW = (-1.0, -10.0, -50.0, -100.0, -1e3, -1e4)


def draw(shapes, seed: int, dtype: torch.dtype = torch.float64) -> list[Tensor]:
    g = torch.Generator().manual_seed(seed)
    return [torch.randn(s, generator=g, dtype=torch.float64).to(dtype) for s in shapes]


def looked(q, k, v, mask=None, scale: float | None = None) -> tuple[Tensor, Tensor]:
    """The output and the weights, which are the output for values that tell the keys apart."""
    places = torch.eye(k.shape[-2], dtype=v.dtype).expand(*k.shape[:-2], -1, -1)
    return tuple(F.scaled_dot_product_attention(q, k, u, mask, scale=scale) for u in (v, places))


def weighted(weights: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    return weights @ v, weights


def scale_mistakes(q, k, v, mask) -> dict:
    d, e, S, T = q.shape[-1], v.shape[-1], k.shape[-2], q.shape[-2]
    found = {
        "the scores are not divided by the root of d": looked(q, k, v, mask, 1.0),
        "the scores are divided by the root of d, not by d": looked(q, k, v, mask, 1 / d),
        "the scores are divided by the root of d, not multiplied": looked(q, k, v, mask, d**0.5),
        "the root of d divides the scores, before the softmax": weighted(
            looked(q, k, v, mask, 1.0)[1] / d**0.5, v
        ),
    }
    for n, name in ((e, "length of a value"), (S, "number of keys"), (T, "number of queries")):
        text = f"d is the length of a query and a key, not the {name}"
        found[text] = looked(q, k, v, mask, n**-0.5) if n != d else None
    return found


def soft_mistakes(q, k, v, mask) -> dict:
    scores = q @ k.mT / q.shape[-1] ** 0.5
    return {
        "softmax runs along the keys, the last axis, not along the queries": OneOf(
            weighted(w, v) for w in (soft(scores, mask, -2), _low(scores, mask, -2))
        ),
        "softmax runs along the keys, the last axis, not along the batch": OneOf(
            weighted(w, v) for w in (soft(scores, mask, 0), _low(scores, mask, 0))
        ),
        "the softmax is missing": weighted(scores if mask is None else scores * mask, v),
        "exp of numbers far from 0 is 0 or infinite: the largest is to be subtracted first": OneOf(
            weighted(w, v) for w in _bare(scores, mask)
        ),
        "a score counts whatever its size: it is not cut off at a bound": OneOf(
            weighted(_low(scores.clamp(-most, most), mask, -1), v) for most in BOUNDS
        ),
        "the largest score of each query is subtracted from its own, not one of all": OneOf(
            _below(scores, True, v, most, least)
            for most in (scores.max(), scores.amax((1, 2), True))
            for least in (0.0, None)
        )
        if mask is None
        else None,
    }


def mask_mistakes(q, k, v, mask) -> dict:
    if mask is None:
        return {}
    scores, d = q @ k.mT / q.shape[-1] ** 0.5, -1
    most = scores.max(), scores.amax((1, 2), True)
    usual = blind_mistakes(q, k, v, mask) | outshone(scores, mask, v, *most)
    return usual | {
        "the mask is turned round: True means may look": looked(q, k, v, ~mask),
        "the mask is not used": looked(q, k, v),
        "the score of a hidden key is minus infinity, not 0": OneOf(
            weighted((scores * mask).softmax(d) * seen, v)
            for seen in (1, mask.any(d, keepdim=True))
        ),
        "hide before the softmax: afterwards the weights no longer sum to 1": weighted(
            scores.softmax(d) * mask, v
        ),
        "each sequence has a mask of its own": looked(q, k, v, mask[:1].expand_as(mask)),
        "the number filled in is not below every score: minus infinity is": OneOf(
            weighted(scores.masked_fill(~mask, low).softmax(d).masked_fill(none, 0), v)
            for low in LOW
            for none in (~mask.any(d, keepdim=True), ~mask)
        ),
    }


def outshone(scores: Tensor, mask: Tensor, v: Tensor, *most: Tensor, least=(None,)) -> dict:
    """What is left where what is subtracted, a row's largest score or most, is a hidden one's."""
    text = "a hidden score that is far larger leaves no weight to the others: hide it before the "
    text += "softmax, and subtract the largest score that is seen"
    return {
        text: OneOf(_below(scores, mask, v, one, small) for one in (None, *most) for small in least)
    }


def blind_mistakes(q, k, v, mask) -> dict:
    """What a query that may look at nothing is given."""
    even = torch.where(mask.any(-1, keepdim=True), looked(q, k, v, mask)[1], 1 / k.shape[-2])
    scores, d = q @ k.mT / q.shape[-1] ** 0.5, -1
    blind, places = ~mask.any(-1, keepdim=True), torch.arange(k.shape[-2])
    return {
        "a query that may look at nothing gets zeros: no key is opened for it": OneOf(
            weighted(soft(scores, mask | blind & (places == n), d), v) for n in (0, places[-1])
        ),
        "a query that may look at nothing: softmax over minus infinity alone is nan": weighted(
            soft(scores, mask, d), v
        ),
        "a query that may look at nothing gets zeros, not the mean of all values": weighted(
            even, v
        ),
        "a query that may look at nothing blinds no other one": _blinded(q, k, v, mask),
        "weights and output are zeros: the weights too, where nothing is seen": (
            (looked(q, k, v, mask)[0], even)
        ),
        "weights and output are zeros: the output too, where nothing is seen": (
            (even @ v, even.masked_fill(~mask, 0))
        ),
    }


def soft(scores: Tensor, mask: Tensor | None, dim: int) -> Tensor:
    return (scores if mask is None else scores.masked_fill(~mask, -math.inf)).softmax(dim)


def _blinded(q, k, v, mask: Tensor) -> tuple[Tensor, Tensor]:
    """One query that sees nothing, and its whole sequence gets zeros."""
    sees = mask.any(-1).all(-1)[:, None, None]
    return tuple(part.masked_fill(~sees, 0.0) for part in looked(q, k, v, mask))


def _below(
    scores: Tensor, mask: Tensor | bool, v: Tensor, most=None, least: float | None = None
) -> tuple[Tensor, Tensor]:
    """Output and weights where the largest of all scores, hidden ones too, is subtracted."""
    most = scores.amax(-1, keepdim=True) if most is None else most
    least = torch.finfo(scores.dtype).tiny if least is None else least
    each = (scores - most).exp() * mask
    return weighted(each / each.sum(-1, keepdim=True).clamp_min(least), v)


def _bare(scores: Tensor, mask: Tensor | None) -> list[Tensor]:
    """Exponentials of the scores as they are, over their sum."""
    each = scores.exp() if mask is None else torch.where(mask, scores.exp(), 0.0)
    total = each.sum(-1, keepdim=True)
    safe = each / total.clamp_min(torch.finfo(total.dtype).tiny)
    blind = mask is not None and not mask.any(-1).all()
    return [safe, (each / total).nan_to_num(0.0), *([] if blind else [each / total])]


def _low(scores: Tensor, mask: Tensor | None, dim: int) -> Tensor:
    """The same with the lowest number, and 0 afterwards where nothing may be seen."""
    if mask is None:
        return scores.softmax(dim)
    low = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
    return low.softmax(dim).masked_fill(~mask, 0)


def hidden_from(B: int, T: int, S: int, blind: int, seed: int) -> Tensor:
    """A mask (B, T, S) in which `blind` queries of each sequence may look at nothing."""
    g = torch.Generator().manual_seed(seed)
    mask = torch.rand(B, T, S, generator=g) < 0.6
    first = torch.randint(S, (B, T, 1), generator=g)
    mask = mask.scatter(2, first, True)
    mask[:, T - blind :] = False
    return mask


def attend_case(
    sizes, masked: bool, blind=0, shift=0.0, above=0.0, either=False, dtype="float64"
) -> Case:
    """above: the first key is hidden from all queries, with scores so far above the others; either:
    the scores of every second query have the other sign.
    """
    B, T, S, d, e = sizes
    q, k, v = draw([(B, T, d), (B, S, d), (B, S, e)], sum(sizes), getattr(torch, dtype))
    if shift:
        q[..., 0], k[..., 0] = 1.0, k[..., 0] + shift * d**0.5
        q[:, 1::2, 0] *= -1.0 if either else 1.0
    mask = hidden_from(B, T, S, blind, sum(sizes)) if masked else None
    if above:
        q[..., 0], k[:, 0, 0] = 1.0, above * d**0.5
        mask[..., 0], mask[:, : T - blind, 1] = False, True
    more = f", scores near {shift:g}{' or minus that' * either}" if shift else ""
    more += f", hidden ones near {above:g}" if above else ""
    more += f", the last {blind} queries may look at nothing" if blind else ""
    tried = f"attend on q {(B, T, d)}, k {(B, S, d)}, v {(B, S, e)} {dtype}"
    tried += (", a mask" if masked else ", no mask") + more
    given = (q, k, v, mask)
    makers = (scale_mistakes, soft_mistakes, mask_mistakes)
    usual = lambda: {t: w for made in makers for t, w in made(*given).items()}  # noqa: E731
    edge = "a single query, or key, keeps its axis: no squeeze()" * (T == 1 or S == 1)
    return Case(tried, given, looked(*given), usual, edge)


def compare_looked(came, want, tried, tolerance) -> None:
    if isinstance(came, Tensor) and came.ndim < 4:
        fail(tried, "the pair (out, weights)", kind(came), "two things are to be returned")
    parts = pair(came, "(out, weights)", tried)
    near = all(map(_nearly, parts, want))
    for part, right, name in zip(parts, want, ("out", "weights"), strict=True):
        mistakes = {SINGLE: part} if near else None
        tensor(part, right, f"{tried}: {name}", mistakes, tolerance)


def _nearly(part, right: Tensor) -> bool:
    """Off in float64 by as little as float32 may be off, and not by a small number in a divisor?"""
    if right.dtype != torch.float64 or not alike(part, right, 1e-5):
        return False
    return alike(as_tensor(part, right).sum(-1), right.sum(-1), 5e-7) or bool((right < 0).any())


@item("Item 1, attend")
def check_attend(
    attend, B: int, T: int, S: int, d: int, e: int, masked: bool = True, **more
) -> None:
    """Output and weights against PyTorch's kernel, and the gradients of the output."""
    case = attend_case((B, T, S, d, e), masked, **more)
    probes = [attend_case((2, 2, 3, 4, 2), m, blind) for m, blind in ((False, 0), (True, 0), (True, 1))]  # fmt: skip
    single = more.get("dtype") == "float32"
    judge(attend, case, probes, compare_looked, 1e-4 if single else 1e-8, **HAND)
    if single:
        return
    q, k, v, mask = case.arguments
    places = torch.eye(S, dtype=v.dtype).expand(B, S, S)  # the weights are the output for these
    text = (
        "0 in place of nan or infinity comes too late for the gradient: hide the score before exp, "
    )
    text += "and add no infinity"
    blind_ = mask is not None and not mask.any(-1).all()
    for part, name, leaves in ((0, "out", (q, k, v)), (1, "weights", (q, k))):
        usual = lambda q, k, u=places: _late(q, k, u, mask)  # noqa: E731
        gradient(
            lambda q, k, u=v, part=part: attend(q, k, u, mask)[part],
            lambda q, k, u=places: _whole(q, k, u, mask),
            leaves,
            f"{case.tried}: {name}",
            mistakes={text: usual} if blind_ else None,
            **HAND,
        )


def _whole(q, k, v, mask) -> Tensor:
    """PyTorch's output; what a query that may look at nothing is given does not count."""
    if mask is None:
        return F.scaled_dot_product_attention(q, k, v)
    seeing = mask.any(-1, keepdim=True)
    return F.scaled_dot_product_attention(q, k, v, mask | ~seeing) * seeing


def _late(q, k, v, mask) -> Tensor:
    hide = torch.zeros_like(mask, dtype=v.dtype).masked_fill(~mask, -math.inf)
    return (q @ k.mT / q.shape[-1] ** 0.5 + hide).softmax(-1).nan_to_num(0.0) @ v
