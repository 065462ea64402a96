"""Models with a cache for items 11 and 12: the course's own GPT, right or with one fault.

They are read through a function that hands the cache on. A fault lies in what a token sees, or in
which place it is given.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from helpers.models.attention import Cache, causal_mask
from helpers.models.gpt import GPT

MOST = 1000  # calls of one model
SCALES = {"scaled": 1.05, "zero": 0.0, "large": 100.0}  # of all logits over a cache


UNKNOWN = "of the cache nothing is known: it is handed on as it came"


def visible(T: int, S: int, context: int, fault: str) -> Tensor:
    """(T, S), True: this new token looks at this place, of those in the cache and the new ones."""
    mask, start = causal_mask(T, S), S - T
    if start and fault == ("corner one" if T == 1 else "corner"):
        mask = torch.ones(T, S, dtype=torch.bool).tril()
    elif start and fault == "open":
        mask[:] = True
    elif start and fault == "itself":
        mask = mask.tril(start - 1)
    elif start and S > {"half": context // 2, "full": context - 1}.get(fault, S):
        mask[:, 0] = False
    return mask


def places(B: int, T: int, sizes: list[int], fault: str) -> Tensor:
    """(B, T), of T new tokens after pieces of those sizes."""
    start, later = sum(sizes), len(sizes) > 1
    if fault == "start":
        start = 0
    elif start and {"behind": sizes[0] > 1, "single": sizes[0] == 1}.get(fault):
        start -= 1
    elif fault == "twice" and later:
        start += sizes[0]
    elif fault == "pieces" and later and T > 1:
        start = sizes[0]
    at = (start + torch.arange(T)).repeat(B, 1)
    if fault == "second row" and T > 1:
        at[1:] -= start
    return at


class Reader:
    """(tokens, cache) to (logits, cache): a small GPT with opinions, and with this fault.

    A cache is a list of tensors: the sizes of the pieces read, and keys and values of each layer.
    calls: what it was asked, (tokens, sizes of the pieces in the cache); odd: what it may not be.
    """

    def __init__(self, V: int, context: int, fault: str) -> None:
        self.calls: list[tuple[Tensor, list[int]]] = []
        self.odd, self.V = "", V
        torch.manual_seed(V + context)
        where = "rotary" if fault == "rotary" else "learnt"
        net = GPT(V, context=context, d_model=16, heads=2, layers=2, positions=where, tied=False)
        for p in net.parameters():
            p.data *= 15 if p.ndim > 1 else 1
        self.net = net.double() if fault == "double" else net
        self.fault, self.before = fault, net.new_caches()
        for block in net.blocks:
            block.self_attn.look = lambda q, k, v, mask, causal: F.scaled_dot_product_attention(
                q, k, v, visible(q.shape[-2], k.shape[-2], context, fault)
            )

    @torch.no_grad()
    def __call__(
        self, tokens: Tensor, cache: list[Tensor] | None = None
    ) -> tuple[Tensor, list[Tensor]]:
        if cache is not None and not self.is_cache(cache):
            self.odd = self.odd or UNKNOWN
            raise ValueError(self.odd)
        sizes = [] if cache is None else cache[0].tolist()
        self.odd = self.odd or self.unlike(tokens, sizes, cache)
        self.calls.append((tokens, sizes))
        if len(self.calls) > MOST:
            raise RuntimeError(f"more than {MOST:,} calls")
        if not tokens.numel():
            raise ValueError(self.odd)
        self.net.check(tokens, sum(sizes))
        self.net.check_known(tokens)
        caches = self.filled(tokens, cache)
        logits = self.logits(tokens, sizes, caches)
        if cache is None:
            self.before = caches
        kept = [part for one in caches for part in (one.k, one.v)]
        return logits, [torch.tensor([*sizes, tokens.shape[1]]), *kept]

    def is_cache(self, cache: list[Tensor]) -> bool:
        whole = isinstance(cache, list) and len(cache) == 1 + 2 * len(self.net.blocks)
        return whole and all(isinstance(part, Tensor) for part in cache)

    def unlike(self, tokens: Tensor, sizes: list[int], cache: list[Tensor] | None) -> str:
        """What the contract does not allow; "" if nothing."""
        if not isinstance(tokens, Tensor) or tokens.ndim != 2 or tokens.dtype != torch.int64:
            return "tokens is int64 (B, T)"
        if not tokens.numel():
            return f"no piece is empty, T is at least 1: fit the pieces to a context of {self.net.context}"
        if not 0 <= int(tokens.min()) <= int(tokens.max()) < self.V:
            return "tokens are numbers from 0 to V - 1"
        before = self.calls[-1][0] if self.calls else tokens
        n = before.shape[1]
        if sizes and before.numel() > 1 and n < tokens.shape[1] and before.equal(tokens[:, :n]):
            return "over a cache only the new tokens are given, not the text from its start"
        if sum(sizes) + tokens.shape[1] > self.net.context:
            return "at most `context` tokens of a text can be read, those in the cache included"
        if cache is not None and len(cache[1]) != len(tokens):
            return "a cache goes on with as many texts as it holds"
        return ""

    def filled(self, tokens: Tensor, cache: list[Tensor] | None) -> list[Cache]:
        caches = self.net.new_caches()
        if cache is not None:
            first = slice(1) if self.fault == "rows" else slice(None)
            for one, k, v in zip(caches, cache[1::2], cache[2::2], strict=True):
                one.k, one.v = k[first].expand_as(k), v[first].expand_as(v)
        elif self.fault == "left" and len(self.before[0]):
            for one, old in zip(caches, self.before, strict=True):
                size = (len(tokens), -1, -1, -1)
                one.k, one.v = old.k[:1].expand(size), old.v[:1].expand(size)
        return caches

    def logits(self, tokens: Tensor, sizes: list[int], caches: list[Cache]) -> Tensor:
        net, fault = self.net, self.fault
        x = net.tokens(tokens)  # (B, T, C)
        if net.places is not None:
            at = places(*tokens.shape, sizes, fault)
            x = x + net.places.weight[at.clamp_max(net.context - 1)]
        for block, one in zip(net.blocks, caches, strict=True):
            x = block(x, one)
        logits = net.readout(net.norm(x))
        if fault == "together":
            logits = (logits + logits.roll(1, 0)) / 2
        if sizes and fault in SCALES:
            logits = SCALES[fault] * logits
        elif fault == "last" and sum(sizes) + tokens.shape[1] == net.context and sizes:
            logits = logits.clone()
            logits[:, -1, 0] += 0.05
        elif sizes and fault == "both signs":
            logits = logits + torch.tensor([5.0, -5.0] + [0.0] * (self.V - 2))
        elif sizes and fault == "ends":
            logits = logits[:, -1:].expand_as(logits).clone()
        elif sizes and fault == "rounding":
            logits = logits + 1e-5 * (100 * logits).sin()
        return logits


class Exact:
    """A right model without any rounding: every text is read as a full context, with zeros behind."""

    def __init__(self, V: int, context: int) -> None:
        self.reader = Reader(V, context, "learnt")

    def __call__(self, tokens: Tensor, cache: list[Tensor] | None = None) -> tuple:
        before = tokens[:, :0] if cache is None else cache[0]
        text = torch.cat([before, tokens], 1)
        whole = F.pad(text, (0, self.reader.net.context - text.shape[1]))
        logits = torch.cat([self.reader(row, None)[0] for row in whole.split(1)])
        return logits[:, before.shape[1] : text.shape[1]], [text]
