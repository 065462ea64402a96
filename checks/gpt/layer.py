"""A layer of attention over whole texts, right or with a part gone wrong, for item 7."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from checks.values import OneOf


class Layer:
    """Weights, the vectors of the places and of some texts (B, N, C), drawn from one seed."""

    def __init__(self, B: int, N: int, C: int, heads: int, dtype: torch.dtype, size=1.0) -> None:
        g = torch.Generator().manual_seed(97 * B + 13 * N + C + heads)
        sizes = (B, N, C), (N + 4, C), (3 * C, C), (C, C)
        made = [torch.randn(s, generator=g, dtype=torch.float64).to(dtype) for s in sizes]
        self.x, self.places, self.W_qkv, self.W_out = made
        self.x *= size
        self.heads = heads

    def given(self) -> tuple:
        return self.places, self.W_qkv, self.W_out, self.heads

    def split(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)  # (B, N, C) to (B, h, N, d)

    def whole(
        self, x: Tensor, at: list[int] | None = None, mask: Tensor | None = None, **other
    ) -> Tensor:
        """All N places at once, (B, N, C); at: which vector each place gets; other: faults."""
        N = x.shape[1]
        there = torch.arange(N) if at is None else torch.tensor(at).clamp(0, len(self.places) - 1)
        bare = (x @ self.W_qkv.T).chunk(3, -1)
        x = x + self.places[there] * other.get("places", 1)
        parts = list((x @ self.W_qkv.T).chunk(3, -1))
        for i in other.get("bare", ()):
            parts[i] = bare[i]
        if "strided" in other:  # head a has the numbers a, a + heads, ...
            parts = [p.unflatten(-1, (-1, self.heads)).mT.flatten(-2) for p in parts]
        q, k, v = map(self.split, parts) if "order" not in other else (
            self.split(parts[i]) for i in other["order"]
        )  # fmt: skip
        if "inner" in other:  # the rows as (heads, 3, d)
            q, k, v = (p.transpose(1, 2) for p in
                       (x @ self.W_qkv.T).unflatten(-1, (self.heads, 3, -1)).unbind(3))  # fmt: skip
        if "viewed" in other:  # (B, h, N, d) by a view of (B, N, C)
            q, k, v = (p.reshape(len(x), self.heads, N, -1) for p in parts)
        mask = torch.ones(N, N, dtype=torch.bool).tril() if mask is None else mask
        if "soft" in other:
            out = other["soft"](q @ k.mT / q.shape[-1] ** 0.5, mask) @ v
        else:
            out = F.scaled_dot_product_attention(q, k, v, mask, scale=other.get("scale"))
        out = out.transpose(1, 2).flatten(2) if "heads" not in other else out.reshape(x.shape)
        if other.get("strided") == "there and back":
            out = out.unflatten(-1, (self.heads, -1)).mT.flatten(-2)
        return (
            out if "no_out" in other else out @ (self.W_out if "turned" in other else self.W_out.T)
        )


def masks(N: int, begins: list[int], ends: list[int], kind: str) -> Tensor:
    """What each of N places looks at where the mask of a piece is laid out wrongly."""
    mask, order = torch.ones(N, N, dtype=torch.bool).tril(), []
    kind, several = kind.removesuffix(" of several"), kind.endswith(" of several")
    for begin, end in zip(begins, ends, strict=True):
        rows, order = mask[begin:end, :end], [*range(begin, end), *order]
        if several and end == begin + 1:
            continue
        if kind == "behind":  # the cache stands behind what is new, and the mask does not know
            rows[:] = torch.ones_like(rows).tril(begin)[:, torch.tensor(order).argsort()]
        elif kind == "corner" and begin:
            rows[:] = torch.ones_like(rows).tril()
        elif kind == "open" and begin:
            rows[:] = True
        elif kind == "all":
            rows[:] = True
        elif kind == "new":
            rows[:, :begin] = False
        elif kind == "last" and begin:
            previous = max(b for b in begins if b < begin)
            rows[:, :previous] = False
        elif kind == "strict" and begin:
            rows &= ~torch.eye(end, dtype=torch.bool)[begin:]
    return mask


def over_sum(each: Tensor) -> Tensor:
    return each / each.sum(-1, keepdim=True)


def large_mistakes(layer: Layer) -> dict[str, OneOf]:
    """What shows only where scores are far from 0."""

    def by(*ways) -> OneOf:
        return OneOf(layer.whole(layer.x, soft=soft) for soft in ways)

    lows = (-10.0, -100.0, -1e3, -1e4, -1e5)
    return {
        "exp of a score far from 0 is infinite or 0: each query's own largest is subtracted": by(
            lambda s, m: over_sum(s.exp() * m),
            lambda s, m: over_sum(s.exp().tril()),
            lambda s, m: over_sum((s - s.max()).exp() * m),
            lambda s, m: over_sum((s - s.amax((2, 3), True)).exp() * m),
        ),
        "the number filled in is not below every score: minus infinity is": by(
            *(lambda s, m, low=low: s.masked_fill(~m, low).softmax(-1) for low in lows),
            *(lambda s, m, low=low: (s + low * ~m).softmax(-1) for low in lows),
        ),
    }
