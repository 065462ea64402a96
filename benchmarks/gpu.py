"""Everything that is measured on a GPU, in one call of under ten minutes.

    python benchmarks/gpu.py [--toy] [--seeds 5] [--seconds 540]

Each section is left out, and says so, once the seconds are spent or its data set is not at hand
(Fashion-MNIST and the JPEG copy of CIFAR-10, in the folders of COURSE_DATA). --toy runs it all at
toy size, on whatever device there is. Results: benchmarks/gpu.json, and a table.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from common import (
    alternately,
    arguments,
    cifar10_jpeg,
    fashion_mnist,
    part_of,
    plus_minus,
    table,
    write,
)
from gpu_checks import checks
from naive import Pictures, two_convolutions

from helpers import data, recipe, training
from helpers.data import Dataset
from helpers.device import pick

DEVICE = pick()


def wait() -> None:
    """Until the GPU has done all that was asked of it."""
    if DEVICE.type == "cuda":
        torch.cuda.synchronize()


# ---------------------------------------------------------------- speed


def naive_epoch(dataset: Dataset, workers: int) -> float:
    """Images a second of one pass of the naive loop: PIL, transforms, DataLoader, float32."""
    model = two_convolutions(0).to(DEVICE)
    pictures = Pictures(dataset.train_x, dataset.train_y, dataset.mean, dataset.std)
    loader = torch.utils.data.DataLoader(
        pictures, batch_size=64, shuffle=True, num_workers=workers, pin_memory=DEVICE.type != "cpu"
    )
    optimizer = torch.optim.Adam(model.parameters())
    started = time.perf_counter()
    for x, y in loader:
        x, y = x.to(DEVICE), y.to(DEVICE)
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
    wait()
    return len(pictures) / (time.perf_counter() - started)


def resident_epoch(dataset: Dataset, batch_size: int) -> float:
    """Images a second of the last of three epochs of fit, its test after the epoch included."""
    history = training.fit(
        two_convolutions(0),
        dataset,
        epochs=3,
        batch_size=batch_size,
        optimiser="adam",
        progress=False,
    )
    return len(dataset.train_x) / history.seconds[-1]


def throughput(dataset: Dataset, rounds: int) -> dict:
    """fit with the data on the device against the naive loop, in images a second."""
    works = {f"naive, {n} workers": partial(naive_epoch, dataset, n) for n in (0, 4)}
    for size in (64, 512, 2048):
        works[f"fit, batch {size}"] = partial(resident_epoch, dataset, size)
    for work in works.values():
        work()  # what is paid once is nobody's
    seen = alternately(rounds, **works)
    rates = {name: one["result"] for name, one in seen.items()}
    naive = {k: v for k, v in rates.items() if k.startswith("naive")}
    best = max(naive, key=lambda name: statistics.median(naive[name]))
    times = {
        name: [a / b for a, b in zip(r, rates[best], strict=True)] for name, r in rates.items()
    }
    rows = [[n, plus_minus(rates[n], 1, 0), plus_minus(times[n])] for n in rates]
    print(table(rows, ["two convolutions", "images a second", f"times {best}"]), flush=True)
    return {"images a second": rates, f"times {best}": times}


def matmul_rate(size: int, repeats: int) -> float:
    """Floating-point operations a second of a large bf16 matrix product: the rate to reach."""
    a = torch.randn(size, size, device=DEVICE, dtype=torch.bfloat16)
    for _ in range(3):
        a @ a
    wait()
    started = time.perf_counter()
    for _ in range(repeats):
        a @ a
    wait()
    return repeats * 2 * size**3 / (time.perf_counter() - started)


def share_of_peak(dataset: Dataset, toy: bool) -> dict:
    """Operations of training a second, over those of a large matrix product, same device."""
    from torch.utils.flop_counter import FlopCounterMode

    size, widths = (256, [4]) if toy else (8192, [64, 256])
    channels, side, _ = dataset.image_shape
    found = {"matrix product, operations a second": matmul_rate(size, 3 if toy else 30)}
    for width in widths:
        for compiled in (False, True):
            if compiled and toy:
                continue
            model = recipe.SmallImageNet(channels, side, len(dataset.classes), width)
            x = torch.randn(2, channels, side, side)
            with FlopCounterMode(display=False) as counter:
                model(x).sum().backward()
            each = counter.get_total_flops() / 2
            history = training.fit(
                model,
                dataset,
                epochs=3,
                batch_size=64 if toy else 1024,
                optimiser="sgd",
                lr=1e-3,
                compile=compiled,
                progress=False,
            )
            rate = each * len(dataset.train_x) / history.seconds[-1]
            share = rate / found["matrix product, operations a second"]
            name = f"width {width}" + ", compiled" * compiled
            found[name] = {"operations an image": each, "a second": rate, "share": share}
            print(f"{name}: {share:.1%} of a matrix product's rate", flush=True)
    return found


# ---------------------------------------------------------------- time to an accuracy


def time_to(goal: float, dataset: Dataset, mirror: bool, seeds: int, toy: bool) -> dict:
    """Epochs found on a seed of its own, then whole runs over the seeds: seconds, accuracy."""

    def run(epochs: int, seed: int) -> tuple[float, float]:
        started = time.perf_counter()
        _, _, accuracy = recipe.train(
            dataset,
            epochs=epochs,
            width=4 if toy else 64,
            batch_size=128 if toy else 512,
            mirror=mirror,
            seed=seed,
            progress=False,
        )
        wait()
        return time.perf_counter() - started, accuracy

    run(1, 1000)  # what is paid once
    epochs, pilot = 0, 0.0
    for epochs in (2,) if toy else (8, 12, 16, 24, 32):
        _, pilot = run(epochs, 1001)
        if pilot >= goal + 0.001:
            break
    runs = [run(epochs, seed) for seed in range(seeds)]
    seconds, accuracies = [list(x) for x in zip(*runs, strict=True)]
    reached = statistics.mean(accuracies) >= goal
    print(
        f"{dataset.name}: {plus_minus(accuracies, 100)} % in {plus_minus(seconds)} s, "
        f"{epochs} epochs, {seeds} seeds; mean of {goal:.0%} {'' if reached else 'NOT '}reached",
        flush=True,
    )
    return {
        "goal": goal,
        "epochs": epochs,
        "accuracy": accuracies,
        "seconds": seconds,
        "mean reaches it": reached,
    }


# ---------------------------------------------------------------- all of it


def sections(options) -> dict[str, tuple[Dataset | None, Callable[[Dataset], dict]]]:
    """What is measured, by its name: on which data set, and how."""
    toy = options.toy
    if toy:
        fashion = cifar = data.glyphs(train_size=600, test_size=100)
        options.seeds, options.rounds = 2, 1
    else:
        fashion, cifar = fashion_mnist(), cifar10_jpeg()
    mirror, seeds = not toy, options.seeds
    return {
        # the naive loop over a third of the images: a rate needs no more
        "throughput": (fashion, lambda d: throughput(part_of(d, 20_000, 2_000), options.rounds)),
        "checks": (fashion, checks),
        "share of peak": (cifar, lambda d: share_of_peak(d, toy)),
        "Fashion-MNIST to 94 %": (fashion, lambda d: time_to(0.94, d, mirror, seeds, toy)),
        "CIFAR-10, JPEG copy, to 90 %": (cifar, lambda d: time_to(0.90, d, mirror, seeds, toy)),
    }


def main() -> None:
    began = time.perf_counter()
    options = arguments(__doc__.splitlines()[0], seeds=5, rounds=3, seconds=540)
    if DEVICE.type == "cpu" and not options.toy:
        raise SystemExit("there is no GPU here; --toy tries this script on the CPU")
    os.environ["TQDM_DISABLE"] = "1"
    result = {}
    for name, (dataset, measure) in sections(options).items():
        spent = time.perf_counter() - began
        if dataset is None:
            result[name] = "not measured: the data set is not at hand"
        elif spent > options.seconds:
            result[name] = f"not measured: {spent:.0f} s were spent"
        else:
            print(f"\n{name} (after {spent:.0f} s)", flush=True)
            try:
                result[name] = measure(dataset)
            except Exception as error:  # one section must not cost the others
                result[name] = f"not measured: {type(error).__name__}: {error}"
        if isinstance(result[name], str):
            print(f"{name}: {result[name]}", flush=True)
        write("gpu", result, options.toy)
    print(f"\nin all {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
