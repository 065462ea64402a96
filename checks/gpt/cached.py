"""Item 7: attention that goes on after a cache, against torch's own attention over all at once."""

from __future__ import annotations

from copy import copy
from functools import partial
from itertools import accumulate

import torch
from torch import Tensor

from checks.calls import call, item
from checks.compare import Wrong, causes, fail, kind, pair, tensor
from checks.gpt.layer import Layer, large_mistakes, masks
from checks.values import OneOf, alike
from helpers.models import attention

OURS = (attention.attention, attention.masked_softmax, attention.causal_mask)
OURS += (attention.MultiHeadAttention.forward, attention.MultiHeadAttention.look)
OURS += (attention.Cache.extend,)


def place_mistakes(layer: Layer, pieces: list[int]) -> dict[str, Tensor]:
    """The new tokens given other places."""
    x, begins = layer.x, [0, *accumulate(pieces)][:-1]
    spans = list(zip(begins, pieces, strict=True))

    def moved(offset) -> list[int]:
        return [offset(b) + t for b, T in spans for t in range(T)]

    return {
        "the new tokens' places go on after the S of the cache, not from 0": layer.whole(
            x, moved(lambda b: 0)
        ),
        "the first new token has place S, not S + 1": layer.whole(
            x, moved(lambda b: b + (b > 0))
        ),
        "the first new token has place S, not S - 1": layer.whole(
            x, moved(lambda b: b - (b > 0))
        ),
        "the first piece is counted once: places S, S + 1, ...": layer.whole(
            x, moved(lambda b: b + pieces[0] * (b > pieces[0]))
        ),
        "S is how many tokens were read before, not another axis: mind which one it is": OneOf(
            layer.whole(x, moved(lambda b, n=n: n * (b > 0)))
            for n in (layer.heads, x.shape[2] // layer.heads, len(x))
        ),
        "S is how many tokens were read before, not how many pieces": layer.whole(
            x, moved(begins.index)
        ),
        "the places are counted twice": layer.whole(x, moved(lambda b: 2 * b)),
        "the last place of the cache is given to every new token": layer.whole(
            x, [b for b, T in spans for _ in range(T)]
        ),
        "the vectors of the places are not added": layer.whole(x, places=0),
        "q, k and v are all made of u, with its places": OneOf(
            layer.whole(x, bare=parts) for parts in ((0,), (1,), (2,), (0, 1), (1, 2))
        ),
    }  # fmt: skip


def attend_mistakes(layer: Layer, pieces: list[int]) -> dict[str, Tensor]:
    ends = list(accumulate(pieces))
    begins, x, (_, N, C) = [0, *ends[:-1]], layer.x, layer.x.shape

    def looks(kind: str) -> OneOf:
        each = (masks(N, begins, ends, kind + more) for more in ("", " of several"))
        return OneOf(layer.whole(x, mask=mask) for mask in each)

    return place_mistakes(layer, pieces) | large_mistakes(layer) | {
        "the T queries are the last of S + T: tril(S), not a mask from the top left corner": looks(
            "corner"
        ),
        "a new token may not look at later new ones: mask them over a cache too": looks("open"),
        "no token may look at a later one: the mask is missing": looks("all"),
        "what the cache holds is looked at too": looks("new"),
        "the cache holds all earlier keys, not those of the last piece": looks("last"),
        "a new token looks at itself too": looks("strict"),
        "the cache stands before the new keys, as the mask has it: torch.cat([cache, new])": looks(
            "behind"
        ),
        "divide by the root of d, the numbers of a head, not of C": layer.whole(
            x, scale=C**-0.5
        ),
        "divide the scores by the root of d": layer.whole(x, scale=1.0),
        "divide by the root of d, not by d": layer.whole(x, scale=layer.heads / C),
        "out @ W_out.T, as a linear layer": layer.whole(x, turned=True),
        "the heads' results go through W_out": layer.whole(x, no_out=True),
        "a head has d numbers that stand side by side: unflatten into (heads, d)": OneOf(
            layer.whole(x, strided=how) for how in ("there and back", "there")
        ),
        "the rows of W_qkv are those of q, k and v, in this order": layer.whole(
            x, order=(1, 0, 2)
        ),
        "the first C rows of W_qkv give q, for all heads, the next ones k, the last ones v": (
            layer.whole(x, inner=True)
        ),
        "heads side by side again: transpose(1, 2) before the last axes are joined": layer.whole(
            x, heads=True
        ),
    } | other_layouts(layer, pieces)  # fmt: skip


def other_layouts(layer: Layer, pieces: list[int]) -> dict[str, Tensor | OneOf]:
    """A mask of numbers; (B, T, C) viewed as (B, heads, T, d), which is told of a first piece."""
    x = layer.x
    views = OneOf((layer.whole(x, viewed=True), layer.whole(x, viewed=True, heads=True)))
    text = "a view into (B, heads, T, d) mixes tokens: (B, T, heads, d), then transpose(1, 2)"
    return {
        "a mask of numbers is added to the scores: of bools True is what is looked at": (
            layer.whole(x, soft=lambda s, m: (s + m.to(s)).softmax(-1))
        ),
    } | ({text: views} if len(pieces) == 1 else {})


def go_on(attend, layer: Layer, x: Tensor, cache, tried: str) -> tuple:
    came = call(attend, x, cache, *layer.given(), tried=tried, without=OURS)
    if isinstance(came, Tensor):
        fail(
            tried, "the pair (y, cache)", kind(came), "two things are to be returned, in this order"
        )
    return pair(came, "(y, cache)", tried)


def first_wrong(attend, layer: Layer, pieces: list[int]) -> tuple[Tensor, slice] | None:
    """The first result that is wrong, and which places it is of; None if all are right."""
    cache, begin, want = None, 0, layer.whole(layer.x)
    for T in pieces:
        here = slice(begin, begin + T)
        y, cache = go_on(attend, layer, layer.x[:, here], cache, "")
        if not alike(y, want[:, here], 1e-7):
            return y, here
        begin += T
    return None


def usual(layer: Layer, pieces: list[int], here: slice, tolerance: float) -> dict[str, OneOf]:
    """What comes of usual mistakes in these places, of those that are right in all before."""
    read = copy(layer)
    read.x = layer.x[:, : here.stop]  # what comes later has no say
    cut = [T for T, end in zip(pieces, accumulate(pieces), strict=True) if end <= here.stop]
    want, found = read.whole(read.x), {}
    for text, several in attend_mistakes(read, cut).items():
        values = several if isinstance(several, OneOf) else OneOf([several])
        values = [v for v in values if alike(v[:, : here.start], want[:, : here.start], tolerance)]
        found[text] = OneOf(v[:, here] for v in values)
    return found


def fitting(attend, y, here: slice, layer: Layer, pieces: list[int]) -> dict[str, OneOf]:
    """The mistakes that give this y, and what comes of other texts, right or wrong, where no two
    are alike."""
    tolerance = 1e-7 if layer.x.dtype == torch.float64 else 2e-4
    found = usual(layer, pieces, here, tolerance)
    want = layer.whole(layer.x)[:, here]
    fits = causes(y, want, found, tolerance)
    if not fits and here.start and alike(y, want, 0.02) and not alike(y, want, 1e-5):
        return {COARSE: OneOf([y])}
    for B, C, heads, cut in ((3, 8, 2, [6, 2, 1, 2]), (2, 6, 3, [7, 1, 2])):
        other = Layer(B, sum(cut), C, heads, torch.float64)
        try:
            wrong = first_wrong(attend, other, cut)
        except Wrong:
            continue
        came, there = wrong or (other.whole(other.x), slice(0, sum(cut)))
        gives = usual(other, cut, there, 1e-7)
        fits = [text for text in fits if text in gives and alike(came, gives[text], 1e-7)]
    return {text: found[text] for text in fits}


@item("Item 7, attend")
def check_attend(
    attend, pieces: list[int], B: int, C: int, heads: int, dtype="float64", size=1.0
) -> None:
    """Piece after piece, and all at once: the same; and from one cache twice."""
    N = sum(pieces)
    layer = Layer(B, N, C, heads, getattr(torch, dtype), size)
    want, tolerance = layer.whole(layer.x), 1e-7 if dtype == "float64" else 2e-4
    cache, begin, caches = None, 0, []
    for T in pieces:
        x, here = layer.x[:, begin : begin + T], slice(begin, begin + T)
        tried = f"attend(x {(B, T, C)}, {'None' if cache is None else f'a cache of {begin}'}, ..., "
        tried += f"{heads=}), pieces of {pieces} tokens"
        caches.append((begin, cache))
        y, cache = go_on(attend, layer, x, cache, tried)
        tensor(y, want[:, here], tried, partial(fitting, attend, y, here, layer, pieces), tolerance)
        begin += T
    if len(pieces) > 1:
        twice(attend, layer, pieces, caches, tolerance)


COARSE = "right but for rounding: keys and values are kept in the dtype of x, not in 16 bits"
CHANGED = "a cache that was returned is changed by a later call: make a new one (torch.cat)"
LATEST = "it goes on from the last call: the cache that is given is changed by a later call, or is "
LATEST += "not what is read: make a new one (torch.cat), and keep nothing elsewhere"


def twice(attend, layer: Layer, pieces: list[int], caches: list, tolerance: float) -> None:
    """Another text goes on from the first cache; then the first text from what it had, once more."""
    x, want, (begin, cache) = layer.x, layer.whole(layer.x), caches[1]
    N, T = x.shape[1], pieces[1]
    sizes = f"heads={layer.heads}), pieces of {pieces} tokens"
    tried = f"attend(x {(len(x), T, x.shape[2])}, the cache of {begin} a second time, ..., {sizes}"
    again = x.flip(2)[:, begin : begin + T]
    y, _ = go_on(attend, layer, again, cache, tried)
    both = layer.whole(torch.cat([x[:, :begin], again], 1))[:, begin:]
    last = layer.whole(torch.cat([x, again], 1), [*range(N + T)])[:, N:]
    counted = layer.whole(torch.cat([x[:, :begin], again], 1), [*range(begin), *range(N, N + T)])
    later = alike(y, OneOf((last, counted[:, begin:])), tolerance)
    found = {LATEST: y} if later else {CHANGED: y}
    tensor(y, both, tried, found if isinstance(y, Tensor) else None, tolerance)
    if len(pieces) > 2:
        begin, cache = caches[2]
        here = slice(begin, begin + pieces[2])
        tried = f"attend(x, the cache of {begin}, after another text went on from the one before, "
        y, _ = go_on(attend, layer, x[:, here], cache, tried + sizes)
        tensor(y, want[:, here], tried + sizes, {CHANGED: y}, tolerance)
