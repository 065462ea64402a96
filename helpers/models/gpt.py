"""GPT: a Transformer that only looks back and guesses the next token, and how it writes.

Source: Radford and others, Language Models are Unsupervised Multitask Learners, 2019 (GPT-2):
norms before each sub-layer and one after the last, GELU in its tanh form, learnt positions, a
readout that shares the embedding, and its initialisation. Its block is one of `transformer`'s.
"""

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from helpers.models.attention import Cache
from helpers.models.modes import eval_mode
from helpers.models.sampling import adjusted
from helpers.models.transformer import EncoderBlock

POSITIONS = ("learnt", "rotary", "none")


class GPTBlock(EncoderBlock):
    """Causal self-attention, then the feed-forward net: `(B, T, C)` to `(B, T, C)`."""

    def __init__(self, d_model: int, heads: int, **options) -> None:
        super().__init__(d_model, heads, 4 * d_model, norm_first=True, **options)

    def forward(self, x: Tensor, cache: Cache | None = None) -> Tensor:
        x = self.add(x, self.norm1, lambda x: self.self_attn(x, causal=True, cache=cache))
        return self.add(x, self.norm2, self.feed_forward)

    def feed_forward(self, x: Tensor) -> Tensor:
        return self.linear2(F.gelu(self.linear1(x), approximate="tanh"))


class GPT(nn.Module):
    """Logits of the next token after every token: `(B, T)` to `(B, T, V)`, T up to `context`.

    GPT-2 small is `GPT(50257, context=1024, d_model=768, heads=12, layers=12)`. positions:
    "learnt", "rotary" or "none". tied: the readout's weights are the embedding's.
    """

    def __init__(
        self,
        vocabulary: int,
        *,
        context: int = 64,
        d_model: int = 64,
        heads: int = 4,
        layers: int = 2,
        dropout: float = 0.0,
        positions: str = "learnt",
        tied: bool = True,
    ) -> None:
        super().__init__()
        if positions not in POSITIONS:
            raise ValueError(f"positions must be one of {', '.join(POSITIONS)}, not {positions!r}")
        if vocabulary < 1 or context < 2 or layers < 1:
            raise ValueError(
                "a GPT needs a vocabulary, a context of at least 2 tokens and a layer: "
                f"not {vocabulary}, {context} and {layers}"
            )
        self.context, self.tied = context, tied
        self.tokens = nn.Embedding(vocabulary, d_model)
        self.places = nn.Embedding(context, d_model) if positions == "learnt" else None
        self.dropout = nn.Dropout(dropout)
        made = {"dropout": dropout, "rotary": positions == "rotary"}
        self.blocks = nn.ModuleList([GPTBlock(d_model, heads, **made) for _ in range(layers)])
        self.norm = nn.LayerNorm(d_model)
        self.readout = nn.Linear(d_model, vocabulary, bias=False)
        if tied:
            self.readout.weight = self.tokens.weight
        self.initialise()

    @torch.no_grad()
    def initialise(self) -> None:
        """GPT-2's: deviation 0.02, smaller in what is added 2 · layers times; biases 0."""
        added = 0.02 / (2 * len(self.blocks)) ** 0.5
        for name, p in self.named_parameters():
            if p.ndim > 1:
                last = name.endswith(("out_proj.weight", "linear2.weight"))
                p.normal_(std=added if last else 0.02)
            elif name.endswith("bias"):
                p.zero_()

    def forward(self, tokens: Tensor, caches: list[Cache] | None = None) -> Tensor:
        """caches: one a layer, as from `new_caches`; tokens go on after what they hold."""
        start = len(caches[0]) if caches else 0
        self.check(tokens, start)
        try:
            x = self.tokens(tokens)  # (B, T, C)
        except IndexError:
            self.check_known(tokens)
            raise
        if self.places is not None:
            x = x + self.places.weight[start : start + tokens.shape[1]]
        x = self.dropout(x)
        for block, cache in zip(self.blocks, caches or [None] * len(self.blocks), strict=True):
            x = block(x, cache)
        return self.readout(self.norm(x))  # (B, T, V)

    def new_caches(self) -> list[Cache]:
        return [Cache() for _ in self.blocks]

    def check(self, tokens: Tensor, start: int = 0) -> None:
        if tokens.ndim != 2 or tokens.is_floating_point():
            raise ValueError(
                f"tokens must be integers (B, T), not {tokens.dtype} {tuple(tokens.shape)}"
            )
        if start + tokens.shape[1] > self.context:
            raise ValueError(
                f"{start + tokens.shape[1]} tokens are more than the context of {self.context}: "
                "cut the text, or make the model with a longer context"
            )

    def check_known(self, tokens: Tensor) -> None:
        low, high = (int(tokens.min()), int(tokens.max())) if tokens.numel() else (0, 0)
        last = self.tokens.num_embeddings - 1
        if low < 0 or high > last:
            raise ValueError(
                f"tokens from {low} to {high} are given, but known are only those from 0 to {last}"
            )


def load_gpt2(model: GPT, published: dict[str, Tensor]) -> None:
    """Take over GPT-2's weights as published by OpenAI and Hugging Face, under their names.

    What is stored beside weights (masks, a second copy of the readout) is left out.
    """
    new = {}
    for name, value in published.items():
        name = name.removeprefix("transformer.")
        if name.endswith((".attn.bias", ".attn.masked_bias")) or name == "lm_head.weight":
            continue
        for theirs, ours in _GPT2_NAMES.items():
            name = name.replace(theirs, ours)
        # their linear layers hold (in, out), as `x @ W`
        flipped = name.startswith("blocks.") and value.ndim == 2
        new[name] = value.T if flipped else value
    if model.tied:
        new["readout.weight"] = new["tokens.weight"]
    model.load_state_dict(new)


_GPT2_NAMES = {
    "wte.": "tokens.",
    "wpe.": "places.",
    "h.": "blocks.",
    "ln_f.": "norm.",
    ".ln_1.": ".norm1.",
    ".ln_2.": ".norm2.",
    ".attn.c_attn.": ".self_attn.in_proj_",
    ".attn.c_proj.": ".self_attn.out_proj.",
    ".mlp.c_fc.": ".linear1.",
    ".mlp.c_proj.": ".linear2.",
}


def reading(model: GPT, text: list[int], cache: bool = True) -> Iterator[Tensor]:
    """Logits `(V,)` of what comes after the text, again and again: append tokens to it between.

    When the context is full its older half is forgotten and the rest is read anew, since every
    token's place has changed. cache: keep keys and values; otherwise all is read at every step.
    """
    if len(text) == 0:
        raise ValueError("the prompt is empty: it needs at least one token")
    device = model.readout.weight.device
    start, read = max(0, len(text) - model.context), 0  # the cache holds text[start:read]
    while True:
        if len(text) - start > model.context:
            start, read = len(text) - max(1, model.context // 2), 0
        if read <= start or not cache:
            caches, read = model.new_caches(), start
        logits = model(torch.tensor([text[read:]], device=device), caches)
        read = len(text)
        yield logits[0, -1]


@torch.no_grad()
def generate(
    model: GPT,
    prompt: Tensor,
    count: int,
    *,
    cache: bool = True,
    generator: torch.Generator | None = None,
    **filters,
) -> Tensor:
    """`count` tokens drawn one by one after a prompt `(N,)`: int64 `(count,)`, on the CPU.

    filters: as for `sampling.adjusted`. The model is in eval mode meanwhile.
    """
    model.check_known(prompt)
    text = prompt.tolist()
    with eval_mode(model):
        logits = reading(model, text, cache)
        for _ in range(count):
            p = adjusted(next(logits).float().cpu(), **filters)
            text.append(int(torch.multinomial(p, 1, generator=generator)))
    return torch.tensor(text[len(prompt) :], dtype=torch.int64)


@torch.no_grad()
def losses(model: GPT, tokens: Tensor, batch_size: int = 64) -> Tensor:
    """-ln P of every token but the first of a text `(N,)`: float32 `(N - 1,)`, in eval mode.

    The text is read in windows that overlap by half; of all but the first only the later half
    counts, so each token is guessed after at least half a context.
    """
    count, half = len(tokens) - 1, model.context // 2
    if count < 1:
        raise ValueError(f"a text of {len(tokens)} tokens leaves nothing to guess")
    windows = max(1, -(-(count - half) // half))
    padded = F.pad(tokens.long(), (0, (windows + 1) * half + 1 - len(tokens)))
    parts, first = [], True
    with eval_mode(model):
        for some in padded.unfold(0, 2 * half + 1, half).split(batch_size):  # (b, 2 half + 1)
            some = some.to(model.readout.weight.device)
            loss = F.cross_entropy(model(some[:, :-1]).mT, some[:, 1:], reduction="none")
            parts += [loss[0, :half]] if first else []
            parts.append(loss[:, half:].flatten())
            first = False
    return torch.cat(parts)[:count].float().cpu()
