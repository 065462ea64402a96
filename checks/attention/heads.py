"""Item 4: several heads, against PyTorch's own."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from checks.attention.scores import LOW, draw, hidden_from
from checks.calls import Case, gradient, item, judge
from checks.compare import tensor
from checks.values import OneOf
from checks.watch import AllBut
from helpers.models import attention

HAND = {
    "by_hand": AllBut("multi_head", "multihead", "transformer"),
    "without": (attention.MultiHeadAttention.forward,),
}


def several(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None) -> Tensor:
    """PyTorch's own, whose masks say what is hidden; (B, T, C)."""
    hidden = None if mask is None else (~mask).repeat_interleave(heads, 0)
    first = [part.transpose(0, 1) for part in (x, memory, memory)]
    out, _ = F.multi_head_attention_forward(
        *first, x.shape[-1], heads, W_in, b_in, None, None, False, 0.0, W_out, b_out,
        attn_mask=hidden, need_weights=False,
    )  # fmt: skip
    return out.transpose(0, 1)


def weight_mistakes(x, memory, W_in, b_in, W_out, b_out, heads: int, mask) -> dict:
    C = x.shape[-1]
    query = torch.ones(3 * C, dtype=x.dtype)

    def scaled(by: float) -> Tensor:
        rows = query.clone()
        rows[:C] = by
        return several(x, memory, W_in * rows[:, None], b_in * rows, W_out, b_out, heads, mask)

    def stacked(order) -> Tensor:
        W, b = (torch.cat([p.chunk(3)[i] for i in order]) for p in (W_in, b_in))
        return several(x, memory, W, b, W_out, b_out, heads, mask)

    def given(*parts) -> Tensor:
        return several(*parts, heads, mask)

    turned = torch.cat([W.T for W in W_in.chunk(3)])
    woven = [p.unflatten(0, (heads, 3, -1)).transpose(0, 1).flatten(0, 2) for p in (W_in, b_in)]
    d = C // heads
    return {
        "the root is that of a head's d, not of C": scaled(heads**-0.5),
        "the scores are not divided by the root of d": scaled(d**0.5),
        "the scores are divided by the root of d, not by d": scaled(d**-0.5),
        "the blocks of W_in are those of queries, keys, values": OneOf(
            map(stacked, ((0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)))
        ),
        "the first C rows of W_in make the queries of all heads, not q, k and v of one head": (
            given(x, memory, *woven, W_out, b_out) if heads > 1 else None
        ),
        "W x is x @ W.T: rows belong to the new numbers": given(
            x, memory, turned, b_in, W_out.T, b_out
        ),
        "W x is x @ W.T, for W_in": given(x, memory, turned, b_in, W_out, b_out),
        "W x is x @ W.T, for W_out": given(x, memory, W_in, b_in, W_out.T, b_out),
        "W_out is not used": given(x, memory, W_in, b_in, torch.eye(C).to(x), 0 * b_out),
    }


def bias_mistakes(x, memory, W_in, b_in, W_out, b_out, heads: int, mask) -> dict:
    def given(b: Tensor, c: Tensor = b_out) -> Tensor:
        return several(x, memory, W_in, b, W_out, c, heads, mask)

    zeros, (b_q, b_k, b_v) = torch.zeros_like(b_in), b_in.chunk(3)
    return {
        "b_in is not added": given(zeros),
        "the last C numbers of b_in are those of the values": OneOf(
            given(torch.cat([b_q, b_k, b])) for b in (0 * b_v, b_k, b_q)
        ),
        "the first C numbers of b_in are those of the queries": OneOf(
            given(torch.cat([b, b_k, b_v])) for b in (0 * b_q, b_k, b_v)
        ),
        "W_out y + b_out: the bias is added behind the matrix": given(b_in, W_out @ b_out),
        "b_out is not added": given(b_in, 0 * b_out),
        "b_out is added to the sum of all heads, not once for each": given(b_in, heads * b_out),
        "no bias is added": given(zeros, 0 * b_out),
    }


def input_mistakes(x, memory, W_in, b_in, W_out, b_out, heads: int, mask) -> dict:
    """The right weights, on other inputs, with other heads or another mask."""
    weights, d, alike = (W_in, b_in, W_out, b_out), x.shape[-1] // heads, x.shape == memory.shape
    (B, T, _), S = x.shape, memory.shape[1]
    early = torch.ones(B, T, S, dtype=torch.bool).tril()
    return {
        "keys and values come from the memory, not from x": several(
            x, x, *weights, heads, mask if alike else None
        ),
        "a memory may have the shape of x, and be another": (
            several(x, x, *weights, heads, mask) if alike else None
        ),
        "queries come from x, not from the memory": (
            several(memory, memory, *weights, heads, None) if alike and mask is None else None
        ),
        "this is one head of C numbers": several(x, memory, *weights, 1, mask),
        "as many heads as numbers are heads of one number each, not one head": (
            several(x, memory, *weights, 1, mask) if d == 1 else None
        ),
        "C / heads numbers to a head, heads of them": several(x, memory, *weights, d, mask),
        "the mask is not used": several(x, memory, *weights, heads, None),
        "without a mask every query looks at every key, also where memory is x": (
            several(x, memory, *weights, heads, early) if alike and mask is None else None
        ),
    }


def mask_mistakes(x, memory, W_in, b_in, W_out, b_out, heads: int, mask) -> dict:
    if mask is None:
        return {}
    seen, (B, T, S) = mask[:, None], mask.shape
    W, b = W_in.chunk(3), b_in.chunk(3)
    parts = (F.linear(p, W[i], b[i]) for i, p in enumerate((x, memory, memory)))
    q, k, v = (p.unflatten(-1, (heads, -1)).transpose(1, 2) for p in parts)  # (B, h, ., d)
    scores = q @ k.mT / q.shape[-1] ** 0.5
    tiled = mask.repeat(heads, 1, 1).view(B, heads, T, S)
    fully = scores.masked_fill(seen, -torch.inf).softmax(-1)
    lowest = scores.masked_fill(seen, torch.finfo(x.dtype).min).softmax(-1)

    def by(weights: Tensor) -> Tensor:
        return F.linear((weights @ v).transpose(1, 2).flatten(2), W_out, b_out)

    return {
        "the mask is turned round: True means may look": OneOf(
            map(by, (fully, fully.nan_to_num(0.0), lowest))
        ),
        "each sequence has a mask of its own, not that of the first": by(
            scores.masked_fill(~seen[:1], -torch.inf).softmax(-1)
        ),
        "hide before the softmax: afterwards the weights no longer sum to 1": by(
            scores.softmax(-1) * seen
        ),
        "a mask is no number to be added: what is hidden gets minus infinity": by(
            (scores + seen.to(scores)).softmax(-1)
        ),
        "the number filled in is not below every score: minus infinity is": OneOf(
            by(scores.masked_fill(~seen, low).softmax(-1)) for low in LOW
        ),
        "each sequence keeps its own mask: mask[:, None], or repeat_interleave": by(
            scores.masked_fill(~tiled, -torch.inf).softmax(-1)
        ),
    }


def axis_mistakes(x, memory, W_in, b_in, W_out, b_out, heads: int, mask) -> dict:
    """Heads cut and put together the wrong way."""
    (B, T, C), S = x.shape, memory.shape[1]
    W, b = W_in.chunk(3), b_in.chunk(3)
    q, k, v = (F.linear(p, W[i], b[i]) for i, p in enumerate((x, memory, memory)))
    seen = None if mask is None else mask[:, None]

    def end(out: Tensor) -> Tensor:
        return F.linear(out, W_out, b_out)

    def apart(p: Tensor) -> Tensor:
        return p.unflatten(-1, (heads, -1)).transpose(1, 2)  # (B, h, T, d)

    def mixed(p: Tensor) -> Tensor:
        return p.reshape(B, heads, -1, C // heads)

    look = F.scaled_dot_product_attention
    out, cut = look(*map(apart, (q, k, v)), seen), look(*map(mixed, (q, k, v)), seen)
    woven = look(*(p.unflatten(-1, (-1, heads)).movedim(-1, 1) for p in (q, k, v)), seen)
    weights = look(*map(apart, (q, k)), torch.eye(S).to(v).expand(B, heads, S, S), seen)
    return {
        "every head has weights of its own: they are not averaged": end(weights.mean(1) @ v),
        "the heads have to go back behind the places before they are joined": end(
            out.reshape(B, T, C)
        ),
        "values come from the memory, not from x, also where T = S": end(
            look(apart(q), apart(k), apart(F.linear(x, W[2], b[2])), seen).transpose(1, 2).flatten(2)
        ) if T == S else None,
        "cut the numbers of a place, (heads, d), then exchange the axes: no view (B, heads, T, d)":
            OneOf([end(cut.transpose(1, 2).flatten(2)), end(cut.reshape(B, T, C))]),
        "a head has d numbers that stand side by side": OneOf(
            [end(woven.movedim(1, -1).flatten(2)), end(woven.transpose(1, 2).flatten(2))]
        ),
        "joined as (d, heads): each head's numbers stand side by side": end(
            out.permute(0, 2, 3, 1).flatten(2)
        ),
        "heads that look at each other: the axis of the heads belongs before the places": end(
            look(*(p.unflatten(-1, (heads, -1)) for p in (q, k, v))).flatten(2)
        ) if T == S and mask is None else None,
    }  # fmt: skip


def heads_case(
    B: int, T: int, S: int, C: int, heads: int, masked: bool, own=False, size=1.0, dtype="float64"
) -> Case:
    shapes = [(B, T, C), (B, S, C), (3 * C, C), (3 * C,), (C, C), (C,)]
    x, memory, *weights = draw(shapes, B + T + S + C + heads, getattr(torch, dtype))
    x = size * x
    memory = x if own else size * memory
    mask = hidden_from(B, T, memory.shape[1], 0, C) if masked else None
    given = (x, memory, *weights, heads, mask)
    tried = f"multi_head on x {(B, T, C)}, memory {tuple(memory.shape)}, {heads=}, {dtype}"
    tried += (", a mask" if masked else "") + (", memory is x" if own else "")
    makers = (weight_mistakes, bias_mistakes, input_mistakes, axis_mistakes, mask_mistakes)
    usual = lambda: {t: w for made in makers for t, w in made(*given).items()}  # noqa: E731
    return Case(tried, given, several(*given), usual)


@item("Item 4, multi_head")
def check_heads(
    multi_head, B: int, T: int, S: int, C: int, heads: int, masked: bool = False, **more
) -> None:
    """Outputs and gradients against nn.MultiheadAttention's own function."""
    case = heads_case(B, T, S, C, heads, masked, **more)
    probes = [heads_case(2, 2, 3, 4, 2, m) for m in (False, True)]
    probes += [heads_case(1, 2, 4, 6, 3, False), heads_case(2, 3, 3, 6, 2, True)]
    single = more.get("dtype") == "float32"
    judge(multi_head, case, probes, tensor, 1e-4 if single else 1e-8, **HAND)
    if single:
        return
    leaves, last = case.arguments[:6], case.arguments[6:]
    gradient(lambda *a: multi_head(*a, *last), lambda *a: several(*a, *last), leaves, case.tried, **HAND)  # fmt: skip
