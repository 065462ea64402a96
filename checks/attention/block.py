"""Item 6: a block of a Transformer, against PyTorch's own."""

from __future__ import annotations

from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checks.attention.scores import draw
from checks.calls import call, gradient, item
from checks.compare import tensor
from checks.values import OneOf, alike, as_tensor
from helpers.models import transformer


class Looking(nn.Module):
    """Self-attention with one argument, which nothing may look into."""

    def __init__(self, inside: nn.MultiheadAttention) -> None:
        super().__init__()
        self.inside = inside

    def forward(self, x: Tensor) -> Tensor:
        if x.ndim != 3:
            raise ValueError(f"attend takes x of shape (B, T, C), not {tuple(x.shape)}")
        return self.inside(x, x, x, need_weights=False)[0]


class Thinking(nn.Module):
    """The two linear layers of PyTorch's block."""

    def __init__(self, layer: nn.TransformerEncoderLayer) -> None:
        super().__init__()
        self.first, self.second = layer.linear1, layer.linear2

    def forward(self, x: Tensor) -> Tensor:
        return self.second(self.first(x).relu())


def layer_of(C: int, heads: int, norm_first: bool, seed: int) -> nn.TransformerEncoderLayer:
    torch.manual_seed(seed)
    layer = nn.TransformerEncoderLayer(C, heads, 2 * C, 0.0, batch_first=True, norm_first=norm_first)  # fmt: skip
    for p in layer.parameters():  # no norm is as another, no bias 0
        p.data += 0.3 * torch.randn_like(p)
    return layer.double().requires_grad_(False).train(norm_first)  # in either mode


def whole(x, a, f, n1, n2, norm_first: bool) -> Tensor:
    y = x + a(n1(x)) if norm_first else n1(x + a(x))
    return y + f(n2(y)) if norm_first else n2(y + f(y))


def bare(x: Tensor) -> Tensor:
    """A norm without weights."""
    return F.layer_norm(x, x.shape[-1:])


def other_norms(x, a, f, n1, n2, norm_first: bool) -> dict[str, Tensor]:
    norms = {
        "a norm has weights of its own: call norm1 and norm2, no F.layer_norm without them": (
            bare, bare,
        ),
        "the second half has the norm norm2": (n1, n1),
        "the first half has the norm norm1 (a lambda made in a loop takes what stands there last)": (
            n2, n2,
        ),
        "norm1 belongs to the attention, norm2 to feed_forward": (n2, n1),
    }  # fmt: skip
    return {text: whole(x, a, f, *two, norm_first) for text, two in norms.items()}


def block_mistakes(x, a, f, n1, n2, norm_first: bool) -> dict[str, Tensor]:
    pre, post = x + a(n1(x)), n1(x + a(x))
    both = {first: whole(x, a, f, n1, n2, first) for first in (True, False)}
    alone, inner = a(n1(x)) if norm_first else n1(a(x)), n1(x) + a(n1(x))
    split, stream = x + n1(a(x)), n1(x)
    stream = n2(stream + a(stream))
    y, fed = x + a(x), x + f(n2(x))
    return other_norms(x, a, f, n1, n2, norm_first) | {
        "norm_first is turned round, or not used": both[not norm_first],
        "the sum after the attention is missing": (
            alone + f(n2(alone)) if norm_first else n2(alone + f(alone))
        ),
        "the sum after feed_forward is missing": f(n2(pre)) if norm_first else n2(f(post)),
        "the stream itself is added, not its norm": OneOf(
            [inner + f(n2(inner)), stream + f(stream), n2(pre) + f(n2(pre))]
            if norm_first else [n2(n1(y) + f(y))]
        ),
        "post-norm: the norm is that of the sum": split + n2(f(split)),
        "no norm is used": y + f(y),
        "feed_forward reads what the attention has made, not x": (
            x + a(n1(x)) + f(n2(x)) if norm_first else n2(post + f(x))
        ),
        "first the attention, then feed_forward": fed + a(n1(fed)) if norm_first else (
            n1(n2(x + f(x)) + a(n2(x + f(x))))
        ),
        "pre-norm: nothing is normalised at the end": OneOf(
            [n2(both[True]), bare(both[True])]
        ),
        "post-norm: norm1 follows the first sum": both[True] if norm_first else n2(y + f(y)),
        "what the last sum adds to is y, not x": x + f(n2(pre)) if norm_first else n2(x + f(post)),
    }  # fmt: skip


def detached(x: Tensor, parts: tuple, norm_first: bool, both: bool = False) -> Tensor:
    """The block, where the stream is cut in the first sum, or in both."""
    a, f, n1, n2 = parts
    y = x.detach() + a(n1(x)) if norm_first else n1(x.detach() + a(x))
    z = y.detach() if both else y
    return z + f(n2(y)) if norm_first else n2(z + f(y))


@item("Item 6, block")
def check_block(block, B: int, T: int, C: int, heads: int, norm_first: bool) -> None:
    """The output against nn.TransformerEncoderLayer."""
    layer = layer_of(C, heads, norm_first, B + T + C)
    (x,) = draw([(B, T, C)], T)
    parts = (Looking(layer.self_attn), Thinking(layer), layer.norm1, layer.norm2)
    tried = f"block on x {(B, T, C)}, {norm_first=}"
    without = (transformer.EncoderBlock.forward, transformer.Block.add)
    came = call(block, x, *parts, norm_first, tried=tried, without=without)

    def usual() -> dict:
        torch.manual_seed(1)
        again = call(block, x, *parts, norm_first, tried=tried, without=without)
        chance = "a second call gives another result: no dropout, and no other chance, is asked for"
        other = {} if alike(again, as_tensor(came, x)) else {chance: came}
        return other or block_mistakes(x, *parts, norm_first)

    tensor(came, layer(x), tried, usual)
    gradient(
        lambda x: block(x, *parts, norm_first), layer, (x,), tried, without=without,
        mistakes={
            f"{what} has a gradient too: it is not detached": partial(
                detached, parts=parts, norm_first=norm_first, both=both
            )
            for what, both in (("x itself, in the first sum,", False), ("what each sum adds to", True))
        },
    )  # fmt: skip
