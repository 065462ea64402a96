"""Measure what lecture 02 says of networks that it has no time to train.

python benchmarks/shuffled.py --seeds 2

On the 3,000 glyphs of the lecture's contest: a LeNet with as many weights as the network without
sharing, on shuffled pictures; a perceptron with as many, on pictures; LeNet with three kinds of
pooling; and batch normalisation's two modes, on the test fonts and on the fonts of training, with
its estimates from training and from the images at hand. Test accuracies; writes shuffled.json.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import torch
from common import arguments, table, timed, write
from torch import nn

from helpers import data, training
from helpers.data import Dataset
from helpers.models.cnn import LeNet

RATES = (3e-3, 1e-2, 3e-2)
POOLINGS = {"maximum": nn.MaxPool2d(2), "mean": nn.AvgPool2d(2), "every second": nn.MaxPool2d(1, 2)}


def contest(images: Dataset, train: int = 3_000) -> tuple[Dataset, Dataset]:
    """The lecture's pictures, and the same with their pixels shuffled."""
    small = replace(
        images,
        train_x=images.train_x[:train],
        train_y=images.train_y[:train],
        val_x=images.train_x[train : train + 1_000],
        val_y=images.train_y[train : train + 1_000],
    )
    places = torch.randperm(28 * 28, generator=torch.Generator().manual_seed(0))

    def shuffled(x: torch.Tensor) -> torch.Tensor:
        return x.flatten(2)[:, :, places].reshape(x.shape)

    parts = ("train_x", "val_x", "test_x")
    return small, replace(small, **{part: shuffled(getattr(small, part)) for part in parts})


def wide() -> nn.Module:
    """LeNet with 40 and 100 channels instead of 6 and 16."""
    layers = [nn.Conv2d(1, 40, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)]
    layers += [nn.Conv2d(40, 100, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()]
    layers += [nn.Linear(2_500, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)]
    return nn.Sequential(*layers)


def perceptron() -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 524), nn.ReLU(), nn.Linear(524, 10))


def pooled(pool: nn.Module) -> LeNet:
    net = LeNet()
    net.features.s2 = net.features.s4 = pool
    return net


def train(make: Callable[[], nn.Module], on: Dataset, lr: float, seed: int) -> nn.Module:
    """As the lecture's contest trains: four epochs, cosine, a warm-up over the first tenth."""
    torch.manual_seed(seed)
    model = make()
    settings = {"schedule": "cosine", "warm_up": 0.1, "progress": False}
    training.fit(model, on, epochs=4, lr=lr, seed=seed, **settings)
    return model.cpu()


def accuracy(model: nn.Module, images: Dataset, x: torch.Tensor, y: torch.Tensor) -> float:
    """In the mode that the model has, in mixed batches of 32."""
    order = torch.randperm(len(y), generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        parts = [model(images.normalise(x[i])).argmax(1) == y[i] for i in order.split(32)]
    return torch.cat(parts).float().mean().item()


def modes(on: Dataset, lr: float, seed: int) -> dict[str, float]:
    """A normalised LeNet on test fonts and on new images of the fonts it was trained on."""
    net, found = train(lambda: LeNet(norm=True), on, lr, seed), {}
    start = {name: value.clone() for name, value in net.state_dict().items()}
    for fonts, x, y in (("test", on.test_x, on.test_y), ("training", on.val_x, on.val_y)):
        found[f"{fonts} fonts, eval mode"] = accuracy(net.eval(), on, x, y)
        found[f"{fonts} fonts, train mode"] = accuracy(net.train(), on, x, y)
        # by now 30 batches and more have moved the running estimates to these images
        found[f"{fonts} fonts, eval mode, their estimates"] = accuracy(net.eval(), on, x, y)
        net.load_state_dict(start)
    return found


def measure(pictures: Dataset, shuffled: Dataset, seeds: int) -> dict[str, list[float]]:
    """Name: the test accuracy of each start."""

    def test(make: Callable[[], nn.Module], on: Dataset, lr: float, starts: int) -> list[float]:
        models = [train(make, on, lr, seed) for seed in range(starts)]
        return [training.evaluate(model, on)[1] for model in models]

    found = {}
    for name, pool in POOLINGS.items():
        found[f"pooling, {name}"] = test(lambda p=pool: pooled(p), pictures, 1e-2, seeds)
    for lr in RATES:
        found[f"wide MLP, pictures, {lr:g}"] = test(perceptron, pictures, lr, seeds)
    runs = [modes(pictures, 1e-2, seed) for seed in range(seeds)]
    found |= {name: [run[name] for run in runs] for name in runs[0]}
    found["wide LeNet, shuffled, 0.01"] = test(wide, shuffled, 1e-2, 1)
    found["wide LeNet, shuffled, 0.003"] = test(wide, shuffled, 3e-3, seeds)
    return found


def main() -> None:
    torch.set_num_threads(1)
    options = arguments(__doc__.splitlines()[0], seeds=2)
    images = data.load("glyphs")
    seeds = options.seeds
    if options.toy:
        seeds = 1
        images = replace(images, test_x=images.test_x[:64], test_y=images.test_y[:64])
    pictures, shuffled = contest(images, 64 if options.toy else 3_000)
    _, cpu, found = timed(lambda: measure(pictures, shuffled, seeds))
    found = {name: [round(100 * a, 1) for a in of] for name, of in found.items()}
    print(table([[n, " ".join(map(str, of))] for n, of in found.items()], ["", "%, by start"]))
    counts = {f.__name__: training.parameter_count(f()) for f in (wide, perceptron)}
    command = f"python benchmarks/shuffled.py --seeds {options.seeds}"
    result = {"command": command, "CPU seconds": round(cpu), "parameters": counts}
    write("shuffled", result | {"accuracy_percent": found}, options.toy)


if __name__ == "__main__":
    main()
