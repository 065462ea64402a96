"""Train the networks of lecture 03's puzzle for nearly five times as long as the lecture can wait.

python benchmarks/depth.py --epochs 24 --seeds 3

Plain networks of 8, 20 and 56 layers, on the digits, with the settings of the lecture. Prints
the training error after the last epoch for each seed, and writes depth.json.
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


def main() -> None:
    options = arguments(__doc__.splitlines()[0], epochs=24, seeds=3)
    if options.toy:
        options.epochs, options.seeds = 1, 1
    images = data.load("digits")
    settings = {"optimiser": "sgd", "lr": 0.1, "schedule": "one_cycle", "channels_last": True}
    errors = {}
    for depth in DEPTHS:
        name = f"plain, {depth} layers"
        errors[name] = []
        for seed in range(options.seeds):
            torch.manual_seed(seed)
            model = CifarResNet(depth, in_channels=1, width=8, shortcut="none")
            history = training.fit(model, images, epochs=options.epochs, seed=seed, **settings)
            errors[name].append(round(100 * (1 - history.train_accuracy[-1]), 2))
        print(f"{name}: training error {errors[name]} %", flush=True)
    command = f"python benchmarks/depth.py --epochs {options.epochs} --seeds {options.seeds}"
    write("depth", {"command": command, "training_error_percent": errors}, options.toy)


if __name__ == "__main__":
    main()
