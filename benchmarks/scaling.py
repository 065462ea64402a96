"""A law of size, fitted on five small GPTs, foretells a sixth before it is trained.

python benchmarks/scaling.py            # --toy, --seeds

All have two blocks, rotary places and a context of 64 tokens, and read the same number of tokens
at the same rate; only the width differs. Over parameters N the law is L = E + A / N^alpha, in bits
per byte of the first 60,000 held-out characters. Writes scaling.json.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import torch
from common import table, write

from helpers import data, training
from helpers.data.bpe import BPE
from helpers.models import gpt
from helpers.models.gpt import GPT

V, WIDTHS, FORETOLD, STEPS = 512, (8, 12, 20, 32, 48), 72, 300


def fitted(sizes: list[int], losses: list[float]) -> tuple[float, float, float]:
    """E, A and alpha of E + A / N^alpha, by least squares; E is not below 0."""
    N, L, found = np.array(sizes, float), np.array(losses), []
    for alpha in np.linspace(0.02, 2, 991):
        x = (N / N[0]) ** -alpha
        A = np.cov(x, L, bias=True)[0, 1] / x.var()
        E = L.mean() - A * x.mean()
        if E < 0:
            A, E = (x @ L) / (x @ x), 0.0
        found.append((((E + A * x - L) ** 2).sum(), E, A * N[0] ** alpha, alpha))
    return tuple(map(float, min(found)[1:]))


def law(N: int, E: float, A: float, alpha: float) -> float:
    return E + A / N**alpha


def texts(toy: bool) -> tuple[torch.Tensor, torch.Tensor, int]:
    """Tokens to train on, tokens to judge by, and the bytes of the latter but the first token."""
    corpus = data.load("stdlib")
    # more than all runs together read
    text, held_out = corpus.decode(corpus.train)[:3_000_000], corpus.decode(corpus.test)[:60_000]
    if toy:
        text, held_out = text[:50_000], held_out[:4_000]
    bpe = BPE.train(text[:1_000_000], V)
    tokens = bpe.encode(held_out)
    return bpe.encode(text), tokens, sum(len(bpe.pieces[i]) for i in tokens[1:].tolist())


def trained(width: int, seen: torch.Tensor, judged: torch.Tensor, count: int, options) -> dict:
    """A row of the table: parameters, and for every seed bits per byte and CPU seconds."""
    row = {"width": width, "bits_per_byte": [], "cpu_seconds": []}
    for seed in range(options.seeds):
        torch.manual_seed(seed)
        net = GPT(V, d_model=width, heads=2, positions="rotary")
        begun = time.process_time()
        steps = {"steps": 3 if options.toy else STEPS, "watch_every": 0, "seed": seed}
        training.fit_gpt(net, seen, lr=5e-3, fused=True, progress=False, **steps)
        row["cpu_seconds"].append(round(time.process_time() - begun, 1))
        nats = gpt.losses(net, judged).sum().item()
        row["bits_per_byte"].append(round(nats / math.log(2) / count, 4))
        row["parameters"] = training.parameter_count(net)
    print(row, flush=True)
    return row


def foretell(rows: list[dict], N: int) -> dict:
    """The law over the means of the seeds, and what it says of N parameters; and seed by seed."""
    sizes, losses = [r["parameters"] for r in rows], [r["bits_per_byte"] for r in rows]
    fit = fitted(sizes, [statistics.mean(seeds) for seeds in losses])
    each = [law(N, *fitted(sizes, list(one))) for one in zip(*losses, strict=True)]
    return {
        "fit": {name: round(x, 4) for name, x in zip(("E", "A", "alpha"), fit, strict=True)},
        "foretold": round(law(N, *fit), 4),
        "foretold_by_seed": [round(x, 4) for x in each],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--toy", action="store_true", help="a few steps, to see that it runs")
    parser.add_argument("--seeds", type=int, default=2)
    options = parser.parse_args()
    given = (*texts(options.toy), options)
    rows = [trained(width, *given) for width in WIDTHS]
    with torch.device("meta"):
        large = GPT(V, d_model=FORETOLD, heads=2, positions="rotary")
    told = foretell(rows, training.parameter_count(large))
    print(f"foretold of width {FORETOLD}: {told}", flush=True)
    found = trained(FORETOLD, *given)
    shown = [[r["width"], f"{r['parameters']:,}", r["bits_per_byte"]] for r in (*rows, found)]
    print(table(shown, ["width", "parameters", "bits per byte"]))
    record = {"command": "python benchmarks/scaling.py", "steps": STEPS, "sizes": rows}
    write("scaling", record | told | {"found": found}, options.toy)


if __name__ == "__main__":
    main()
