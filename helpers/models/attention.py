"""Attention: every query looks at all keys and takes a weighted mean of their values.

Sources: Bahdanau, Cho and Bengio, Neural Machine Translation by Jointly Learning to Align and
Translate, 2014 (additive attention); Vaswani and others, Attention Is All You Need, 2017.

A mask is bool, and True means: may look. A query that may look at nothing gets zeros.
B sequences, T queries, S keys, h heads of d numbers each, C = h d numbers a place.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from helpers.models.positions import rotate


def attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """softmax(q kᵀ / √d) v, and the weights. q `(..., T, d)`, k `(..., S, d)`, v `(..., S, e)`.

    mask: bool, `(..., T, S)` or what can be expanded to it; True: this query may look at this key.
    Returns `(..., T, e)` and `(..., T, S)`; each row of weights sums to 1, or is 0 throughout.
    """
    scores = q @ k.mT / math.sqrt(q.shape[-1])  # (..., T, S)
    weights = masked_softmax(scores, mask)
    return weights @ v, weights


def masked_softmax(scores: Tensor, mask: Tensor | None = None) -> Tensor:
    """Softmax of scores `(..., S)` over the places where the mask is True; 0 elsewhere."""
    if mask is None:
        return scores.softmax(-1)
    check_mask(mask, scores.shape)
    lowest = torch.finfo(scores.dtype).min  # with -inf a row masked whole would be 0 / 0
    return scores.masked_fill(~mask, lowest).softmax(-1).masked_fill(~mask, 0)


class AdditiveAttention(nn.Module):
    """Bahdanau's: the score of a query q and a key k is vᵀ tanh(W_q q + W_k k).

    q `(B, T, D_q)`, k `(B, S, D_k)`, which are the values too: `(B, T, D_k)`, weights `(B, T, S)`.
    """

    def __init__(self, query_size: int, key_size: int, hidden_size: int) -> None:
        super().__init__()
        self.W_q = nn.Linear(query_size, hidden_size, bias=False)
        self.W_k = nn.Linear(key_size, hidden_size)
        self.v = nn.Linear(hidden_size, 1, bias=False)

    def forward(self, q: Tensor, k: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        both = self.W_q(q)[:, :, None] + self.W_k(k)[:, None]  # (B, T, S, hidden)
        weights = masked_softmax(self.v(both.tanh())[..., 0], mask)  # (B, T, S)
        return weights @ k, weights


class Cache:
    """The keys and values of all that was read before, `(B, h, S, d)` each; one per layer."""

    def __init__(self) -> None:
        self.k = self.v = None

    def __len__(self) -> int:
        return 0 if self.k is None else self.k.shape[-2]

    def extend(self, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Add keys and values at the end; all of them."""
        if self.k is not None:
            k, v = torch.cat([self.k, k], -2), torch.cat([self.v, v], -2)
        self.k, self.v = k, v
        return k, v


class MultiHeadAttention(nn.Module):
    """Attention in several subspaces at once, then one matrix over all of them.

    Parameters are named, ordered and initialised as in `nn.MultiheadAttention`: each loads the
    other's state_dict. rotary: turn queries and keys by their place (self-attention only).
    watch: set it True, and `weights` keeps the `(B, h, T, S)` of the last call.
    """

    def __init__(self, d_model: int, heads: int, *, rotary: bool = False) -> None:
        super().__init__()
        if heads < 1 or d_model % heads:
            raise ValueError(f"d_model must be a multiple of heads: {d_model} is not, of {heads}")
        if rotary and d_model // heads % 2:
            raise ValueError(
                f"rotary positions turn pairs of numbers: {d_model // heads} a head are not even"
            )
        self.heads, self.rotary = heads, rotary
        self.in_proj_weight = nn.Parameter(torch.empty(3 * d_model, d_model))  # W_q, W_k, W_v
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * d_model))
        self.out_proj = nn.Linear(d_model, d_model)
        nn.init.xavier_uniform_(self.in_proj_weight)
        nn.init.zeros_(self.out_proj.bias)
        self.watch, self.weights = False, None

    def forward(
        self,
        x: Tensor,
        memory: Tensor | None = None,
        mask: Tensor | None = None,
        *,
        causal: bool = False,
        cache: Cache | None = None,
    ) -> Tensor:
        """x `(B, T, C)` looks at memory `(B, S, C)`, or at itself: `(B, T, C)`.

        mask: bool `(T, S)`, `(B, T, S)` or `(B, 1, S)`, True: may look. causal: no place looks at
        a later one. cache: x goes on after what it holds, is added to it, and may look at it.
        """
        q, k, v = (self.split(part) for part in self.project(x, memory))  # (B, h, T or S, d)
        if self.rotary:
            if memory is not None:
                raise ValueError("rotary positions need queries and keys from one sequence")
            start = len(cache) if cache is not None else 0
            q, k = rotate(q, start), rotate(k, start)
        if cache is not None:
            k, v = cache.extend(k, v)
        out = self.look(q, k, v, mask, causal)
        return self.out_proj(out.transpose(1, 2).flatten(2))  # heads side by side again

    def project(self, x: Tensor, memory: Tensor | None) -> tuple[Tensor, ...]:
        """W_q x, W_k m and W_v m, `(B, T or S, C)` each; m is the memory, or x itself."""
        C = self.out_proj.in_features
        for name, given in (("x", x), ("memory", memory)):
            if given is not None and (given.ndim != 3 or given.shape[-1] != C):
                raise ValueError(f"{name} must have shape (B, T, {C}), not {tuple(given.shape)}")
        W, b = self.in_proj_weight, self.in_proj_bias
        if memory is None:
            return F.linear(x, W, b).chunk(3, -1)
        return F.linear(x, W[:C], b[:C]), *F.linear(memory, W[C:], b[C:]).chunk(2, -1)

    def split(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)  # (B, T, C) to (B, h, T, d)

    def look(self, q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, causal: bool) -> Tensor:
        """`attention`, by PyTorch's fused kernel where nobody asks for the weights."""
        T, S = q.shape[-2], k.shape[-2]
        if mask is not None:
            check_mask(mask, (len(q), T, S))
            mask = mask[:, None] if mask.ndim == 3 else mask  # the same for every head
        fused = causal and mask is None and T == S and not self.watch
        if causal and not fused and T > 1:
            after = causal_mask(T, S, q.device)
            mask = after if mask is None else mask & after
        if self.watch:
            out, self.weights = attention(q, k, v, mask)
            return out
        return F.scaled_dot_product_attention(q, k, v, mask, is_causal=fused)


def causal_mask(T: int, S: int | None = None, device: torch.device | None = None) -> Tensor:
    """Bool `(T, S)`: the T queries are the last of S places, and none looks at a later one."""
    S = T if S is None else S
    return torch.ones(T, S, dtype=torch.bool, device=device).tril(S - T)


def padding_mask(lengths: Tensor, S: int) -> Tensor:
    """Bool `(B, 1, S)`: True for the first `lengths[b]` of S places, the rest is padding."""
    return (torch.arange(S, device=lengths.device) < lengths[:, None])[:, None]


def check_mask(mask: Tensor, shape: tuple[int, ...]) -> None:
    """Raise TypeError or ValueError unless mask is bool and can be expanded to the shape."""
    if mask.dtype != torch.bool:
        raise TypeError(
            f"a mask must be bool, True where a query may look, not {mask.dtype}; "
            "a float mask that is added to the scores becomes one by `mask == 0`"
        )
    sizes = zip(reversed(mask.shape), reversed(shape), strict=False)
    if mask.ndim > len(shape) or any(m not in (1, n) for m, n in sizes):
        raise ValueError(
            f"the mask has shape {tuple(mask.shape)}, which cannot be expanded to "
            f"{tuple(shape)}, (batch, queries, keys); for padding see `padding_mask`"
        )
