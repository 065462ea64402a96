"""Train the character language model of lecture 04 for longer than a lecture can wait.

python benchmarks/language_model.py --hidden 512 --characters 20000000

Prints, as training proceeds, bits per character on the whole held-out text of the `stdlib`
corpus beside the CPU seconds spent, and at the end the n-gram models' on the same text.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import torch

from helpers import data
from helpers.models.ngram import NGram
from helpers.models.rnn import LanguageModel, bits_per_character, train_language_model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hidden", type=int, default=512)
    parser.add_argument("--characters", type=int, default=20_000_000, help="to train on in all")
    parser.add_argument("--lr", type=float, default=3e-3)
    parser.add_argument("--bfloat16", action="store_true")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--output", type=Path, help="write the figures to this JSON file")
    arguments = parser.parse_args()

    torch.manual_seed(0)
    corpus = data.load("stdlib")
    batch_size, length = 32, 64
    steps = arguments.characters // (batch_size * length) // 8 * 8
    model = LanguageModel(len(corpus.vocabulary), arguments.hidden).to(arguments.device)
    curve = []

    eighth = max(steps // 8, 1)

    def watch(step: int, seconds: float) -> None:  # at an eighth, a quarter, half, and the end
        if step // eighth not in (1, 2, 4, 8):
            return
        bits = bits_per_character(model, corpus.test)
        curve.append([step * batch_size * length, round(seconds, 1), round(bits, 4)])
        print(f"{curve[-1][0]:>12,} characters {seconds:>7.0f} s {bits:.3f} bits", flush=True)

    print(corpus, flush=True)
    train_language_model(
        model,
        corpus.train,
        steps=steps,
        lr=arguments.lr,
        batch_size=batch_size,
        length=length,
        bfloat16=arguments.bfloat16,
        watch=watch,
        watch_every=eighth,
    )
    ngram = NGram(corpus.train, 8, len(corpus.vocabulary)).bits(corpus.test)
    print("n-gram models of order 1 to 8:", " ".join(f"{b:.3f}" for b in ngram))
    if arguments.output:
        given = [
            f"--{k} {v}" if v is not True else f"--{k}" for k, v in vars(arguments).items() if v
        ]
        record = {
            "command": "python benchmarks/language_model.py " + " ".join(given),
            "date": datetime.date.today().isoformat(),
            "machine": f"{_processor()}, {torch.get_num_threads()} thread(s), {arguments.device}",
            "torch": torch.__version__.split("+")[0],
            "corpus": corpus.source,
            "parameters": sum(p.numel() for p in model.parameters()),
            "characters_cpu_seconds_bits": curve,
            "ngram_bits": [round(b, 4) for b in ngram],
        }
        arguments.output.write_text(json.dumps(record, indent=1) + "\n")


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = [
        line.split(":", 1)[1].strip()
        for line in (info.read_text().splitlines() if info.exists() else [])
        if line.startswith("model name")
    ]
    return f"{names[0] if names else platform.processor()}, {os.cpu_count()} cores"


if __name__ == "__main__":
    main()
