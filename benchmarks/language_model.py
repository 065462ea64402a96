"""Train the character language model of lecture 04 for longer than a lecture can wait.

python benchmarks/language_model.py --hidden 512 --characters 20000000

Prints, as training proceeds, bits per character on the whole held-out text of the `stdlib`
corpus beside the CPU seconds spent, and what the net then writes; at the end the n-gram models'
bits on the same text.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from common import machine

from helpers import data
from helpers.models.ngram import NGram
from helpers.models.rnn import LanguageModel, bits_per_character, sample, train_language_model

BATCH_SIZE, LENGTH = 32, 64


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hidden", type=int, default=512)
    parser.add_argument("--characters", type=int, default=20_000_000, help="to train on in all")
    parser.add_argument("--lr", type=float, default=3e-3)
    parser.add_argument("--bfloat16", action="store_true")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--output", type=Path, help="write the figures to this JSON file")
    options = parser.parse_args()

    torch.manual_seed(0)
    corpus = data.load("stdlib")
    model = LanguageModel(len(corpus.vocabulary), options.hidden).to(options.device)
    print(corpus, flush=True)
    curve, samples = trained(model, corpus, options)
    ngram = NGram(corpus.train, 8, len(corpus.vocabulary)).bits(corpus.test)
    print("n-gram models of order 1 to 8:", " ".join(f"{b:.3f}" for b in ngram))
    if options.output:
        here = machine()
        given = [f"--{k} {v}" if v is not True else f"--{k}" for k, v in vars(options).items() if v]
        record = {
            "command": "python benchmarks/language_model.py " + " ".join(given),
            "date": here["date"],
            "machine": f"{here['processor']}, {here['cores']} cores, {here['threads']} thread(s), "
            f"{options.device}",
            "torch": torch.__version__.split("+")[0],
            "corpus": corpus.source,
            "parameters": sum(p.numel() for p in model.parameters()),
            "characters_cpu_seconds_bits": curve,
            "ngram_bits": [round(b, 4) for b in ngram],
            "samples": samples,
        }
        options.output.write_text(json.dumps(record, indent=1) + "\n")


def written(model: LanguageModel, corpus, count: int = 500) -> str:
    """What the net writes after a blank line and `def `, at temperature 0.8: always with one seed."""
    rng = torch.Generator().manual_seed(1)
    drawn = sample(model, corpus.encode("\n\ndef "), count, temperature=0.8, generator=rng)
    return "def " + corpus.decode(drawn)


def trained(model: LanguageModel, corpus, options) -> tuple[list[list[float]], list[str]]:
    """Characters, CPU seconds, bits on the held-out text; and texts. At 1/8, 1/4, 1/2, the end."""
    steps = options.characters // (BATCH_SIZE * LENGTH) // 8 * 8
    eighth, curve, texts = max(steps // 8, 1), [], []

    def watch(step: int, seconds: float) -> None:
        if step // eighth not in (1, 2, 4, 8):
            return
        bits = bits_per_character(model, corpus.test)
        curve.append([step * BATCH_SIZE * LENGTH, round(seconds, 1), round(bits, 4)])
        texts.append(written(model, corpus))
        print(f"{curve[-1][0]:>12,} characters {seconds:>7.0f} s {bits:.3f} bits", flush=True)
        print(texts[-1], flush=True)

    train_language_model(
        model,
        corpus.train,
        steps=steps,
        lr=options.lr,
        batch_size=BATCH_SIZE,
        length=LENGTH,
        precision="bfloat16" if options.bfloat16 else "auto",
        watch=watch,
        watch_every=eighth,
    )
    return curve, texts


if __name__ == "__main__":
    main()
