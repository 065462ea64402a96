"""Items 11 and 12: tests that students write, tried on models with a cache, right ones and wrong.

The models are the course's own GPT, read through a function that hands the cache on. Each wrong
one has one fault, in what a token sees or in which place it is given.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from checks.calls import call, item
from checks.compare import Wrong, fail
from helpers.models.attention import Cache, causal_mask
from helpers.models.gpt import GPT

Faults = dict[str, tuple[str, str]]  # what is wrong, and what shows it

WRITING: Faults = {
    "start": ("places begin at 0 in every call", "compare with the logits of one reading"),
    "behind": (
        "the first token after a cache has the place of the last one in it",
        "compare with the logits of one reading",
    ),
    "twice": (
        "from the third call on the prompt's tokens are counted twice",
        "go on for several tokens",
    ),
    "single": ("a prompt of one token is not counted", "try a prompt of a single token too"),
    "corner one": (
        "a token over a cache sees the cache's first token only",
        "compare with the logits of one reading",
    ),
    "itself": (
        "a token over a cache does not see itself",
        "compare with the logits of one reading",
    ),
    "half": (
        "beyond half of the context the first token is forgotten",
        "write until the context is full",
    ),
    "scaled": (
        "over a cache all logits are 5 % too large",
        "compare all logits, not the likeliest token",
    ),
}
READING: Faults = {
    "corner": (
        "the mask of several tokens over a cache lies in the top left corner",
        "read several tokens over a cache",
    ),
    "open": (
        "several tokens over a cache see each other's future",
        "compare the logits of all tokens, not the last one's alone",
    ),
    "ends": (
        "of several tokens over a cache all but the last have the logits of the last",
        "compare the logits of all tokens, not the last one's alone",
    ),
    "pieces": (
        "a third piece has the places of the second",
        "read a text in more than two pieces",
    ),
    "rows": (
        "over a cache all rows look at that of the first row",
        "read several different texts at once",
    ),
    "second row": (
        "several tokens over a cache: in all rows but the first places begin at 0",
        "compare all rows",
    ),
    "left": (
        "what was read in the last call without a cache is still seen in the next one",
        "read another text between, or a text twice",
    ),
}
RIGHT = {
    "learnt": "learnt places",
    "rotary": "rotary places",
    "rounding": "its logits differ by 0.00001, which is rounding",
    "double": "its logits are float64",
}


def visible(T: int, S: int, context: int, fault: str) -> Tensor:
    """(T, S), True: this new token looks at this place, of those in the cache and the new ones."""
    mask, start = causal_mask(T, S), S - T
    if start and fault == ("corner one" if T == 1 else "corner"):
        mask = torch.ones(T, S, dtype=torch.bool).tril()
    elif start and fault == "open":
        mask[:] = True
    elif start and fault == "itself":
        mask = mask.tril(start - 1)
    elif start and fault == "half" and S > context // 2:
        mask[:, 0] = False
    return mask


def places(B: int, T: int, sizes: list[int], fault: str) -> Tensor:
    """(B, T), of T new tokens after pieces of those sizes."""
    start, later = sum(sizes), len(sizes) > 1
    if fault == "start":
        start = 0
    elif fault == "behind" or fault == "single" and sizes[:1] == [1]:
        start = max(0, start - 1)
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
    """

    def __init__(self, V: int, context: int, fault: str) -> None:
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
        sizes = [] if cache is None else cache[0].tolist()
        self.net.check(tokens, sum(sizes))
        self.net.check_known(tokens)
        caches = self.filled(tokens, cache)
        logits = self.logits(tokens, sizes, caches)
        if cache is None:
            self.before = caches
        kept = [part for one in caches for part in (one.k, one.v)]
        return logits, [torch.tensor([*sizes, tokens.shape[1]]), *kept]

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
        if sizes and fault == "scaled":
            logits = 1.05 * logits
        elif sizes and fault == "ends":
            logits = logits[:, -1:].expand_as(logits).clone()
        elif sizes and fault == "rounding":
            logits = logits + 1e-5 * (100 * logits).sin()
        return logits


def try_on(test, name: str, faults: Faults, V: int, context: int) -> None:
    """Fail unless the test lets the right models live, and none of those with a fault."""
    for fault in sorted([*RIGHT, *faults]):
        told = f"{name}(a {'wrong' if fault in faults else 'right'} model: "
        told += f"{faults[fault][0] if fault in faults else RIGHT[fault]}, {V=}, {context=})"
        reader, raised = Reader(V, context, fault), None
        torch.manual_seed(0)
        try:
            came = call(test, lambda *a, r=reader, **named: r(*a, **named), V, context, tried=told)
        except Wrong as wrong:
            if not isinstance(wrong.__cause__, AssertionError):
                raise
            raised = wrong
        if fault in RIGHT and raised:
            likely = "right means: all logits within 1e-4; and V and the context are arguments"
            raise Wrong(told, "no error", raised.came, likely, raised.at)
        if fault in faults and not raised:
            likely = faults[fault][1]
            if came is not None:
                likely = "a test raises AssertionError (assert ...): it returns nothing"
            fail(told, "AssertionError", "no error", likely)


@item("Item 11, test_writing")
def check_writing(test_writing, faults: list[str] | None, V: int, context: int) -> None:
    """Tokens read one at a time over a cache; faults: some of WRITING, None: all."""
    wrong = {name: WRITING[name] for name in faults or WRITING}
    try_on(test_writing, "test_writing", wrong, V, context)


@item("Item 12, test_reading")
def check_reading(test_reading, faults: list[str] | None, V: int, context: int) -> None:
    """Several tokens and several texts at once; faults: some of READING, None: all."""
    wrong = {name: READING[name] for name in faults or READING}
    try_on(test_reading, "test_reading", wrong, V, context)
