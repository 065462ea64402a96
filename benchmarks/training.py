"""`helpers.training.fit` against the naive loop of a first tutorial, on this machine's processor.

    python benchmarks/training.py [--toy] [--rounds 3] [--seeds 3] [--images 60000] [--threads 2]

Fashion-MNIST where it is at hand (COURSE_DATA), else the glyphs. Everything compared is run
alternately, the naive loop and fit each in a process of its own: what fit asks of the memory
allocator would help the loop too. CPU seconds stand beside wall seconds, because other programs
lengthen the second and hardly the first.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import torch
from common import (
    alternately,
    arguments,
    fashion_mnist,
    part_of,
    plus_minus,
    ratio,
    spread,
    table,
    write,
)
from naive import naive, two_convolutions

from helpers import data, training
from helpers.data import Dataset

FAST = {"channels_last": True, "precision": "fast", "fused": True}
ADAM = {"optimiser": "adam", "batch_size": 64, "lr": 1e-3}
WIDE = {"batch_size": 128, "lr": 4e-3, "schedule": "one_cycle"}
# chosen with other seeds (10, 11, 12) than those measured (0, 1, 2, ...)
MUON = {"optimiser": "muon", "batch_size": 128, "schedule": "linear"}
TO_ONE = MUON | {"batch_size": 96, "lr": 9e-3, "epochs": 1}  # over a good quarter of the images
TO_FIVE = MUON | {"lr": 5e-3, "epochs": 2}


# ---------------------------------------------------------------- each in its own process

DATA: Dataset  # in such a process: what is trained on


def begin(dataset: Dataset, threads: int) -> None:
    global DATA
    DATA = dataset
    torch.set_num_threads(threads)


def warm_up_naive() -> None:
    """What the first run pays once (lazy imports, threads) is nobody's."""
    naive(part_of(DATA, 256, 64), 1, 0, two_convolutions(0))


def warm_up_fit() -> None:
    for settings in (ADAM, ADAM | FAST, MUON | FAST):
        fit_run(0, 256 / len(DATA.train_x), settings | {"epochs": 1})


def naive_run(seed: int, epochs: int) -> list[dict]:
    return naive(DATA, epochs, seed, two_convolutions(seed))


def fit_run(seed: int, share: float, settings: dict) -> dict:
    """Seconds of the whole run of fit, over this share of the images, and its last accuracy."""
    images = part_of(DATA, int(share * len(DATA.train_x)), len(DATA.test_x))
    model = two_convolutions(seed)
    wall, cpu = time.perf_counter(), time.process_time()
    history = training.fit(model, images, seed=seed, progress=False, device="cpu", **settings)
    return {
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "accuracy": history.test_accuracy[-1],
    }


class Runs:
    """The two processes: `naive(seed, epochs)` and `fit(seed, share, settings)`."""

    def __init__(self, dataset: Dataset):
        start = get_context("spawn"), begin, (dataset, torch.get_num_threads())
        self.loop, self.fits = ProcessPoolExecutor(1, *start), ProcessPoolExecutor(1, *start)
        self.loop.submit(warm_up_naive).result()
        self.fits.submit(warm_up_fit).result()

    def naive(self, *given) -> list[dict]:
        return self.loop.submit(naive_run, *given).result()

    def fit(self, *given) -> dict:
        return self.fits.submit(fit_run, *given).result()


# ---------------------------------------------------------------- what is measured


def per_epoch(runs: Runs, rounds: int) -> dict:
    """One epoch, training and test: the naive loop, then fit with one thing more at a time."""
    steps = {
        "whole set in memory": {},
        "+ channels_last": {"channels_last": True},
        "+ bfloat16 where it is fast": {"channels_last": True, "precision": "fast"},
        "+ fused optimiser": FAST,
        "+ batch 128, one-cycle": FAST | WIDE,
        "Muon in Adam's place": FAST | MUON | {"lr": 6e-3},
    }

    def work(settings: dict | None) -> Callable[[], dict]:
        seeds = iter(range(rounds))
        if settings is None:
            return lambda: runs.naive(next(seeds), 1)[0]
        return lambda: runs.fit(next(seeds), 1.0, ADAM | settings | {"epochs": 1})

    works = {"naive": work(None)} | {name: work(s) for name, s in steps.items()}
    seen = alternately(rounds, **works)
    for one in seen.values():  # as the process itself measured it
        one |= {key: [r[key] for r in one["result"]] for key in ("wall", "cpu")}
        one["result"] = [r["accuracy"] for r in one["result"]]
    rows, found = [], {}
    for name, one in seen.items():
        faster = ratio(seen["naive"], one)
        found[name] = {key: spread(one[key]) for key in ("wall", "cpu")}
        found[name] |= {"accuracy": spread(one["result"]), "times faster": faster}
        times = [
            f"{f['median']:.2f} ({f['least']:.2f} to {f['most']:.2f})" for f in faster.values()
        ]
        seconds = [f"{found[name][key]['median']:.1f}" for key in ("wall", "cpu")]
        rows.append([name, *seconds, *times, plus_minus(one["result"], 100)])
    head = ["one epoch", "wall s", "CPU s", "times faster, wall", "CPU", "test accuracy %"]
    print(table(rows, head), flush=True)
    return found


def to_accuracy(runs: Runs, seeds: int) -> dict:
    """Seconds until fit, the whole run, is as accurate as the naive loop after 1 and 5 epochs."""
    plans = {1: (0.26, TO_ONE), 5: (1.0, TO_FIVE)}
    loops, fits = [], {goal: [] for goal in plans}
    for seed in range(seeds):
        for goal, (share, settings) in plans.items():
            fits[goal].append(runs.fit(seed, share, FAST | settings))
        loops.append(runs.naive(seed, 5))
        print(f"seed {seed}: {loops[-1]} {[f[-1] for f in fits.values()]}", flush=True)
    rows, found = [], {}
    for goal, ours in fits.items():
        loop = [one[goal - 1] for one in loops]
        pairs = {
            key: [a[key] / b[key] for a, b in zip(loop, ours, strict=True)]
            for key in ("wall", "cpu")
        }
        found[f"as after {goal}"] = {
            "naive": loop,
            "fit": ours,
            "times faster": {key: spread(values) for key, values in pairs.items()},
        }
        rows.append(
            [
                f"as the naive loop after {goal}",
                plus_minus([one["accuracy"] for one in loop], 100),
                plus_minus([one["accuracy"] for one in ours], 100),
                plus_minus(pairs["wall"]),
                plus_minus(pairs["cpu"]),
            ]
        )
    head = ["accuracy", "naive %", "fit %", "times faster, wall", "CPU"]
    print(table(rows, head), flush=True)
    return found


def imports(rounds: int) -> dict:
    """CPU seconds of a fresh Python: importing torch alone, and the modules of helpers."""

    def importing(what: str) -> Callable[[], float]:
        def run() -> float:
            code = f"{what}\nimport time\nprint(time.process_time())"
            command = [sys.executable, "-c", code]
            return float(subprocess.run(command, check=True, capture_output=True).stdout)

        return run

    works = {
        "torch": "import torch",
        "helpers": "import helpers",
        "torch and helpers.training": "import torch, helpers.training",
    }
    seen = alternately(rounds, **{name: importing(code) for name, code in works.items()})
    found = {name: spread(one["result"]) for name, one in seen.items()}
    pairs = zip(seen["torch and helpers.training"]["result"], seen["torch"]["result"], strict=True)
    found["training / torch"] = spread([a / b for a, b in pairs])
    r = found["training / torch"]
    print(
        f"import torch {found['torch']['median']:.2f} s of CPU, helpers alone "
        f"{found['helpers']['median']:.2f} s; with helpers.training {r['median']:.3f} times "
        f"torch alone ({r['least']:.3f} to {r['most']:.3f})",
        flush=True,
    )
    return found


def main() -> None:
    options = arguments(__doc__.splitlines()[0], rounds=3, seeds=3, threads=0, images=0)
    if options.threads:
        torch.set_num_threads(options.threads)
    os.environ["TQDM_DISABLE"] = "1"
    dataset = None if options.toy else fashion_mnist()
    if dataset is None:
        dataset = data.glyphs(train_size=10_000, test_size=2_000)
        print("Fashion-MNIST is not at hand (see COURSE_DATA), or --toy: the glyphs stand in")
    if options.toy or options.images:
        count = options.images or 1500
        dataset = part_of(dataset, count, max(1, count // 6))
    result = {"data": str(dataset), "threads": torch.get_num_threads()}
    runs = Runs(dataset)
    sections = {
        "one epoch": lambda: per_epoch(runs, options.rounds),
        "imports": lambda: imports(3 if options.toy else 9),
        "to the accuracy": lambda: to_accuracy(runs, options.seeds),
    }
    for name, measure in sections.items():
        result[name] = measure()
        write("training", result, options.toy)  # after each, so that a run cut short has some


if __name__ == "__main__":
    main()
