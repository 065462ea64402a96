"""A GPT trained by `fit_gpt` against a plain loop, and written with its cache against without.

python benchmarks/gpt.py            # --toy, --rounds, --steps, --tokens

The plain loop is that of a first tutorial in the manner of nanoGPT: attention by a matrix of
scores, masked, a batch stacked from windows cut one by one, and the loss read at every step. Both
start from the same weights and read the same windows, so their losses can be compared.
"""

from __future__ import annotations

import math
import statistics

import numpy as np
import torch
import torch.nn.functional as F
from common import alternately, arguments, ratio, table, timed, write
from torch import nn

from helpers import data
from helpers.models.gpt import GPT, generate
from helpers.training import fit_gpt
from helpers.training.hardware import Hardware

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
BATCH, RATE = 16, 1e-3


# ---------------------------------------------------------------- the plain loop


class PlainAttention(nn.Module):
    """Scores, mask, softmax and mean, each a tensor of its own."""

    def __init__(self, C: int, heads: int, context: int) -> None:
        super().__init__()
        self.c_attn, self.c_proj, self.heads = nn.Linear(C, 3 * C), nn.Linear(C, C), heads
        self.register_buffer("mask", torch.tril(torch.ones(context, context)))

    def forward(self, x):
        B, T, C = x.shape
        q, k, v = (
            t.view(B, T, self.heads, C // self.heads).transpose(1, 2)
            for t in self.c_attn(x).split(C, dim=2)
        )
        scores = q @ k.transpose(-2, -1) / math.sqrt(C // self.heads)
        scores = scores.masked_fill(self.mask[:T, :T] == 0, float("-inf"))
        y = F.softmax(scores, dim=-1) @ v
        return self.c_proj(y.transpose(1, 2).contiguous().view(B, T, C))


class PlainBlock(nn.Module):
    def __init__(self, C: int, heads: int, context: int) -> None:
        super().__init__()
        self.ln_1, self.ln_2 = nn.LayerNorm(C), nn.LayerNorm(C)
        self.attn = PlainAttention(C, heads, context)
        self.c_fc, self.c_proj = nn.Linear(C, 4 * C), nn.Linear(4 * C, C)

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.c_proj(F.gelu(self.c_fc(self.ln_2(x)), approximate="tanh"))


class PlainGPT(nn.Module):
    """The same net; its parameters come in the order of `GPT`'s."""

    def __init__(self, V: int, context: int, C: int, heads: int, layers: int) -> None:
        super().__init__()
        self.wte, self.wpe = nn.Embedding(V, C), nn.Embedding(context, C)
        self.h = nn.ModuleList([PlainBlock(C, heads, context) for _ in range(layers)])
        self.ln_f = nn.LayerNorm(C)

    def forward(self, tokens):
        x = self.wte(tokens) + self.wpe(torch.arange(tokens.shape[1], device=tokens.device))
        for block in self.h:
            x = block(x)
        return self.ln_f(x) @ self.wte.weight.T

    def take_over(self, model: GPT) -> PlainGPT:
        """The weights of ours: its blocks hold feed-forward, attention and norms in that order."""
        self.wte.load_state_dict(model.tokens.state_dict())
        self.wpe.load_state_dict(model.places.state_dict())
        self.ln_f.load_state_dict(model.norm.state_dict())
        for mine, block in zip(self.h, model.blocks, strict=True):
            attention = block.self_attn
            both = {"weight": attention.in_proj_weight, "bias": attention.in_proj_bias}
            mine.attn.c_attn.load_state_dict(both)
            mine.attn.c_proj.load_state_dict(attention.out_proj.state_dict())
            mine.c_fc.load_state_dict(block.linear1.state_dict())
            mine.c_proj.load_state_dict(block.linear2.state_dict())
            mine.ln_1.load_state_dict(block.norm1.state_dict())
            mine.ln_2.load_state_dict(block.norm2.state_dict())
        return self


def plain_loop(model: PlainGPT, tokens: np.ndarray, steps: int, context: int) -> list[float]:
    """The loss of every step, nats per token."""
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.0)
    order, losses = torch.Generator().manual_seed(0), []
    for step in range(steps):
        optimiser.param_groups[0]["lr"] = RATE * 0.5 * (1 + math.cos(math.pi * step / steps))
        starts = torch.randint(len(tokens) - context, (BATCH,), generator=order)
        cut = [torch.from_numpy(tokens[s : s + context + 1].astype(np.int64)) for s in starts]
        batch = torch.stack(cut).to(DEVICE)
        logits = model(batch[:, :-1])
        loss = F.cross_entropy(logits.view(-1, logits.size(-1)), batch[:, 1:].reshape(-1))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        losses.append(loss.item())
    return losses


# ---------------------------------------------------------------- what is measured


def training(sizes: dict, tokens: torch.Tensor, steps: int, rounds: int) -> dict:
    """Plain against ours, in float32 and in the fastest precision of this machine."""
    torch.manual_seed(0)
    start = GPT(**sizes).to(DEVICE)
    context, V = sizes["context"], sizes["vocabulary"]
    stored = tokens.numpy()

    def plain() -> list[float]:
        made = PlainGPT(V, context, sizes["d_model"], sizes["heads"], sizes["layers"])
        return plain_loop(made.take_over(start).to(DEVICE), stored, steps, context)

    def ours(precision: str) -> list[float]:
        model = GPT(**sizes).to(DEVICE)
        model.load_state_dict(start.state_dict())
        settings = {"lr": RATE, "warm_up": 0.0, "precision": precision, "fused": True}
        run = fit_gpt(
            model, tokens, steps=steps, batch_size=BATCH, watch_every=0, progress=False, **settings
        )
        return run.loss

    works = {"plain": plain, "float32": lambda: ours("float32"), "fast": lambda: ours("fast")}
    seen = alternately(rounds, **works)
    read = steps * BATCH * context
    found = {}
    for name, made in seen.items():
        last = [statistics.mean(losses[-steps // 10 :]) for losses in made["result"]]
        found[name] = {
            "faster": ratio(seen["plain"], made),
            "tokens_a_second": read / statistics.median(made["wall"]),
            "loss": statistics.mean(last),
        }
    return found


def peak(side: int) -> float:
    """Operations a second of one large matrix product, in the fastest precision: a yardstick."""
    dtype = Hardware(precision="fast").dtype(torch.device(DEVICE)) or torch.float32
    a, b = (torch.randn(side, side, device=DEVICE, dtype=dtype) for _ in range(2))
    wait = torch.cuda.synchronize if DEVICE == "cuda" else (lambda: None)

    def ten() -> None:
        for _ in range(10):
            a @ b
        wait()

    ten()
    return 20 * side**3 / min(timed(ten)[0] for _ in range(3))


def writing(sizes: dict, count: int, rounds: int) -> dict:
    """Tokens written one by one, with the cache and without; they must be the same."""
    torch.manual_seed(0)
    model = GPT(**sizes).to(DEVICE)
    prompt = torch.tensor([1])
    seen = alternately(
        rounds,
        without=lambda: generate(model, prompt, count, top_k=1, cache=False).tolist(),
        cache=lambda: generate(model, prompt, count, top_k=1).tolist(),
    )
    assert seen["without"]["result"] == seen["cache"]["result"]
    seconds = {name: statistics.median(made["wall"]) for name, made in seen.items()}
    return {
        "faster": ratio(seen["without"], seen["cache"]),
        "tokens_a_second": {name: count / s for name, s in seconds.items()},
    }


def said(faster: dict) -> list[str]:
    return [f"{v['median']:.2f} ({v['least']:.2f} to {v['most']:.2f})" for v in faster.values()]


def show_training(trained: dict) -> None:
    head = ["a step", "times faster, wall", "CPU", "tokens a second", "share of peak", "loss"]
    rows = [
        [
            name,
            *said(made["faster"]),
            f"{made['tokens_a_second']:,.0f}",
            f"{made['share_of_peak']:.0%}",
            f"{made['loss']:.3f}",
        ]
        for name, made in trained.items()
    ]
    print(table(rows, head), "\n")


def show_writing(written: dict, count: int) -> None:
    rates = [f"{rate:,.0f}" for rate in written["tokens_a_second"].values()]
    head = [f"{count} tokens", "times faster, wall", "CPU", "tokens a second, without", "with"]
    print(table([["with the cache", *said(written["faster"]), *rates]], head))


def main() -> None:
    options = arguments(__doc__.splitlines()[0], rounds=5, steps=40, tokens=256)
    toy, count = options.toy, 24 if options.toy else options.tokens
    steps, rounds = (4, 1) if toy else (options.steps, options.rounds)
    corpus = data.load("stdlib")
    small = {"d_model": 32 if toy else 128, "heads": 4, "layers": 2 if toy else 4}
    sizes = {"vocabulary": len(corpus.vocabulary), "context": 32 if toy else 256, **small}
    trained = training(sizes, corpus.train, steps, rounds)
    with torch.device("meta"):
        parameters = sum(p.numel() for p in GPT(**sizes).parameters())
    top = peak(256 if toy else 4096 if DEVICE == "cuda" else 1536)
    for made in trained.values():
        made["share_of_peak"] = 6 * parameters * made["tokens_a_second"] / top
    show_training(trained)
    longer = sizes | {"context": max(sizes["context"], count + 1)}
    written = writing(longer, count, rounds)
    show_writing(written, count)
    found = {"device": DEVICE, "sizes": sizes, "parameters": parameters}
    found |= {"operations_a_second": top, "training": trained, "writing": written}
    write("gpt", found, toy)


if __name__ == "__main__":
    main()
