"""The Transformer: blocks of attention and a small network for each place.

Source: Vaswani and others, Attention Is All You Need, 2017; normalisation before each sub-layer
(norm_first): Xiong and others, On Layer Normalization in the Transformer Architecture, 2020.

Blocks bear the names of `nn.TransformerEncoderLayer` and `nn.TransformerDecoderLayer`, and load
their weights. Unlike those, and as in the paper, dropout acts on what a sub-layer adds, and
nowhere inside it. B sequences, S places of the source, T of the target, C = d_model.
"""

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from helpers.models.attention import MultiHeadAttention
from helpers.models.positions import sinusoid

POSITIONS = ("sinusoid", "learnt", "rotary", "none")


class Block(nn.Module):
    """What all blocks share: self-attention, feed-forward net, a sum around each, and its norm.

    norm_first: x + f(norm(x)), "pre-norm"; otherwise norm(x + f(x)), "post-norm", as in the paper.
    rotary: as for `MultiHeadAttention`.
    """

    def __init__(
        self,
        d_model: int,
        heads: int,
        d_ff: int,
        *,
        dropout: float = 0.1,
        norm_first: bool = False,
        rotary: bool = False,
    ) -> None:
        super().__init__()
        self.norm_first = norm_first
        self.linear1 = nn.Linear(d_model, d_ff)
        self.linear2 = nn.Linear(d_ff, d_model)
        self.dropout = nn.Dropout(dropout)
        self.self_attn = MultiHeadAttention(d_model, heads, rotary=rotary)

    def add(self, x: Tensor, norm: nn.Module, sub_layer: Callable[[Tensor], Tensor]) -> Tensor:
        if self.norm_first:
            return x + self.dropout(sub_layer(norm(x)))
        return norm(x + self.dropout(sub_layer(x)))

    def feed_forward(self, x: Tensor) -> Tensor:
        return self.linear2(F.relu(self.linear1(x)))  # (B, T, C), each place for itself


class EncoderBlock(Block):
    """Self-attention, then the feed-forward net: `(B, S, C)`; options are those of `Block`."""

    def __init__(self, d_model: int, heads: int, d_ff: int, **options) -> None:
        super().__init__(d_model, heads, d_ff, **options)
        self.norm1, self.norm2 = nn.LayerNorm(d_model), nn.LayerNorm(d_model)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        x = self.add(x, self.norm1, lambda x: self.self_attn(x, mask=mask))
        return self.add(x, self.norm2, self.feed_forward)


class DecoderBlock(Block):
    """Causal self-attention, attention to the encoder's memory `(B, S, C)`, feed-forward net.

    x `(B, T, C)` to `(B, T, C)`. mask: which places of the memory may be looked at.
    """

    def __init__(self, d_model: int, heads: int, d_ff: int, **options) -> None:
        super().__init__(d_model, heads, d_ff, **options)
        self.multihead_attn = MultiHeadAttention(d_model, heads)
        self.norm1, self.norm2 = nn.LayerNorm(d_model), nn.LayerNorm(d_model)
        self.norm3 = nn.LayerNorm(d_model)

    def forward(self, x: Tensor, memory: Tensor, mask: Tensor | None = None) -> Tensor:
        x = self.add(x, self.norm1, lambda x: self.self_attn(x, causal=True))
        x = self.add(x, self.norm2, lambda x: self.multihead_attn(x, memory, mask))
        return self.add(x, self.norm3, self.feed_forward)


class Stack(nn.Module):
    """Blocks one after another, and with pre-norm one norm after the last."""

    def __init__(self, blocks: list[Block], d_model: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model) if blocks[0].norm_first else nn.Identity()

    def forward(self, x: Tensor, *more: Tensor | None) -> Tensor:
        for block in self.layers:
            x = block(x, *more)
        return self.norm(x)


class Transformer(nn.Module):
    """Tokens `(B, S)` and a target's beginning `(B, T)` to logits of what comes next `(B, T, V)`.

    The number 0 is padding, at the right end; the source's is never looked at. The paper's sizes
    are d_model 512, 8 heads, 6 layers. longest: how many places "learnt" positions have.
    """

    def __init__(
        self,
        source_symbols: int,
        target_symbols: int,
        *,
        d_model: int = 64,
        heads: int = 4,
        layers: int = 2,
        dropout: float = 0.1,
        norm_first: bool = True,
        positions: str = "sinusoid",
        longest: int = 64,
    ) -> None:
        super().__init__()
        if positions not in POSITIONS:
            raise ValueError(f"positions must be one of {', '.join(POSITIONS)}, not {positions!r}")
        made = {"dropout": dropout, "norm_first": norm_first, "rotary": positions == "rotary"}
        sizes = (d_model, heads, 4 * d_model)
        self.encoder = Stack([EncoderBlock(*sizes, **made) for _ in range(layers)], d_model)
        self.decoder = Stack([DecoderBlock(*sizes, **made) for _ in range(layers)], d_model)
        self.source = Embedding(source_symbols, d_model, positions, longest)
        self.target = Embedding(target_symbols, d_model, positions, longest)
        self.dropout = nn.Dropout(dropout)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        return self.decode(target, self.encode(source))

    def encode(self, source: Tensor) -> tuple[Tensor, Tensor]:
        """The memory `(B, S, C)` and which of it may be looked at `(B, 1, S)`."""
        mask = (source != 0)[:, None]
        return self.encoder(self.dropout(self.source(source)), mask), mask

    def decode(self, target: Tensor, memory: tuple[Tensor, Tensor]) -> Tensor:
        """Logits `(B, T, V)` of the token after each of the target's."""
        x = self.decoder(self.dropout(self.target(target)), *memory)
        return F.linear(x, self.target.weight)  # the readout shares the target's embedding


class Embedding(nn.Embedding):
    """Vectors for tokens `(B, T)`, times √C, plus those for their places: `(B, T, C)`."""

    def __init__(self, symbols: int, d_model: int, positions: str, longest: int) -> None:
        super().__init__(symbols, d_model)
        nn.init.normal_(self.weight, std=d_model**-0.5)
        self.kind = positions
        if positions == "learnt":
            self.places = nn.Parameter(0.02 * torch.randn(longest, d_model))

    def forward(self, tokens: Tensor) -> Tensor:
        T, C = tokens.shape[1], self.embedding_dim
        x = super().forward(tokens) * math.sqrt(C)
        if self.kind == "sinusoid":
            return x + sinusoid(T, C).to(x)
        if self.kind == "learnt":
            if len(self.places) < T:
                raise ValueError(
                    f"{T} tokens are more than the {len(self.places)} places that were learnt: "
                    "give a larger `longest`, or positions that go on, such as rotary ones"
                )
            return x + self.places[:T]
        return x
