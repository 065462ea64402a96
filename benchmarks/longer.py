"""The GPT of lecture 07 three times as large, and for five minutes or so instead of twenty seconds.

python benchmarks/longer.py             # --toy; --checkpoint FILE: a run that was stopped goes on

Prints, as training goes on, bits per byte of the held-out text beside CPU seconds, and writes them
to longer.json, with the counts' figures on the same text (its first 60,000 characters, as in the
lecture, and all of it), what a text said twice costs the second time, and a sample.
"""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import torch
import torch.nn.functional as F
from common import write

from helpers import data, training
from helpers.data.bpe import BPE
from helpers.models import gpt
from helpers.models.gpt import GPT
from helpers.models.ngram import NGram

V, CONTEXT, STEPS, BATCH = 512, 128, 4_400, 8
PROMPT = "class Reader:\n    def read(self,"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--toy", action="store_true", help="a minute, to see that it runs")
    parser.add_argument("--checkpoint", type=Path, help="keep the state there, and go on from it")
    options = parser.parse_args()
    corpus = data.load("stdlib")
    text, held_out = corpus.decode(corpus.train), corpus.decode(corpus.test)
    if options.toy:
        text, held_out = text[:50_000], held_out[:8_000]
    bpe = BPE.train(text[:1_000_000], V)
    seen, part, whole = map(bpe.encode, (text, held_out[:60_000], held_out))
    lengths = torch.tensor([len(piece) for piece in bpe.pieces])

    def per_byte(bits: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
        return bits.sum(-1) / lengths[tokens[1:]].sum()

    def judge(tokens: torch.Tensor) -> float:
        return round(per_byte(gpt.losses(net, tokens) / math.log(2), tokens).item(), 4)

    torch.manual_seed(0)
    net = GPT(V, context=CONTEXT, d_model=96, heads=4, layers=3, positions="rotary")
    curve = trained(net, seen, lambda: judge(part), options)
    table, counts = NGram(seen, 6, V), []
    for tokens in (part, whole):
        bits = -table.probabilities(tokens)[:, 1:].log2()  # (6, N)
        counts.append([round(b, 4) for b in per_byte(bits, tokens).tolist()])
    record = {
        "command": "python benchmarks/longer.py",
        "parameters": training.parameter_count(net),
        "tokens_cpu_seconds_bits_per_byte": curve,
        "bits_per_byte": [judge(part), judge(whole)],
        "counts_bits_per_byte": counts,
        "said_twice_bits_per_token": said_twice(net, whole),
        "sample": sample(net, bpe),
    }
    print(record, flush=True)
    write("longer", record, options.toy)


def trained(net: GPT, seen: torch.Tensor, judged, options) -> list[list[float]]:
    """Tokens read, CPU seconds and bits per byte at ten moments of the training."""
    steps = 10 if options.toy else STEPS

    def watch(step: int, seconds: float) -> dict:
        found = {"tokens": float(step * BATCH * CONTEXT), "cpu": seconds, "bits": judged()}
        print(f"{step:>6} steps {seconds:>6.0f} s {found['bits']:.3f} bits a byte", flush=True)
        return found

    settings = {"steps": steps, "batch_size": BATCH, "lr": 3e-3, "fused": True, "progress": False}
    watching = {"watch": watch, "watch_every": steps // 10, "checkpoint": options.checkpoint}
    series = training.fit_gpt(net, seen, **settings, **watching).series
    rows = zip(series["tokens"], series["cpu"], series["bits"], strict=True)
    return [[round(tokens), round(seconds, 1), bits] for tokens, seconds, bits in rows]


@torch.no_grad()
def said_twice(net: GPT, tokens: torch.Tensor) -> list[float]:
    """Bits a token of held-out stretches of 64, read for the first time and for the second.

    The first four tokens of a stretch are left out: at them nobody can know where it goes on.
    """
    half = CONTEXT // 2
    some = tokens[: len(tokens) // half * half].view(-1, half)[::10]
    twice = torch.cat([some, some], 1).long()  # (N, 128)
    logits = net.eval()(twice[:, :-1])
    bits = F.cross_entropy(logits.mT, twice[:, 1:], reduction="none") / math.log(2)  # (N, 127)
    return [round(bits[:, at + 3 : at + half - 1].mean().item(), 4) for at in (0, half)]


def sample(net: GPT, bpe: BPE) -> str:
    """What the net writes after the lecture's prompt."""
    prompt, generator = bpe.encode(PROMPT), torch.Generator().manual_seed(5)
    drawn = gpt.generate(net, prompt, 300, temperature=0.8, top_p=0.9, generator=generator)
    return bpe.decode(torch.cat([prompt, drawn]))


if __name__ == "__main__":
    main()
