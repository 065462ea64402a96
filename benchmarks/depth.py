"""Train the networks of lecture 03's puzzle for longer than the lecture can wait.

python benchmarks/depth.py --epochs 24 --longest 96 --seeds 3

Plain networks of 8, 20 and 56 layers, on the digits, with the settings of the lecture but for the
number of epochs, over which the schedule is stretched; that of 56 for longest too, at the lecture's
rate and at a fifth of it. Prints the training error after the last epoch for each seed; depth.json
also has the course of the longest.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import torch
from common import arguments, write

from helpers import data, training
from helpers.models.resnet import CifarResNet

DEPTHS = (8, 20, 56)


def errors(images, depth: int, seed: int, epochs: int, lr: float) -> list[float]:
    """Training error in % after each epoch of a plain network."""
    settings = {"optimiser": "sgd", "lr": lr, "schedule": "one_cycle", "channels_last": True}
    torch.manual_seed(seed)
    model = CifarResNet(depth, in_channels=1, width=8, shortcut="none")
    history = training.fit(model, images, epochs=epochs, seed=seed, **settings)
    return [round(100 * (1 - accuracy), 2) for accuracy in history.train_accuracy]


def main() -> None:
    options = arguments(__doc__.splitlines()[0], epochs=24, longest=96, seeds=3)
    if options.toy:
        options.epochs, options.longest, options.seeds = 1, 2, 1
    images = data.load("digits")
    ends, course = {}, {}  # name: the last error of each seed; rate: all errors of the longest
    trainings = [(depth, options.epochs, 0.1) for depth in DEPTHS]
    trainings += [(DEPTHS[-1], options.longest, lr) for lr in (0.1, 0.02)]
    for depth, epochs, lr in trainings:
        name = f"plain, {depth} layers, {epochs} epochs, rate {lr}"
        runs = [errors(images, depth, seed, epochs, lr) for seed in range(options.seeds)]
        ends[name] = [run[-1] for run in runs]
        if epochs == options.longest:
            course[str(lr)] = runs
        print(f"{name}: training error {ends[name]} %", flush=True)
    names = ("epochs", "longest", "seeds")
    command = " ".join(f"--{name} {getattr(options, name)}" for name in names)
    found = {"training_error_percent": ends, "longest_by_epoch": course}
    write("depth", {"command": f"python benchmarks/depth.py {command}", **found}, options.toy)


if __name__ == "__main__":
    main()
