"""A tiny data set, nets and a short `fit` for the tests of training."""

import signal

import pytest
import torch
from torch import nn

from helpers import training
from helpers.data import Dataset


@pytest.fixture(autouse=True)
def one_thread():
    """Bits repeat on one thread; the count is put back."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def tiny_set(train: int = 50, test: int = 20, classes: int = 3, seed: int = 0) -> Dataset:
    """Noise images 1x6x6 whose brightness tells the class: quick to learn, never all right."""
    g = torch.Generator().manual_seed(seed)
    y = torch.randint(classes, (train + test,), generator=g)
    noise = torch.randint(0, 120, (train + test, 1, 6, 6), generator=g)
    x = (noise + 60 * y.view(-1, 1, 1, 1)).clamp(0, 255).to(torch.uint8)
    return Dataset(
        name="tiny",
        train_x=x[:train],
        train_y=y[:train],
        test_x=x[train:],
        test_y=y[train:],
        classes=tuple("abcdefgh"[:classes]),
        source="made here",
        licence="CC BY 4.0",
    )


def linear(seed: int = 0) -> nn.Module:
    torch.manual_seed(seed)
    return nn.Sequential(nn.Flatten(), nn.Linear(36, 3))


def busy_net(seed: int = 0) -> nn.Module:
    """Everything that carries state: batch statistics, dropout's random numbers, two layers."""
    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Conv2d(1, 4, 3),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.Dropout(0.3),
        nn.Flatten(),
        nn.Linear(64, 3),
    )


def fit(model, data, **settings):
    return training.fit(model, data, progress=False, device="cpu", **settings)


def numbers(history) -> dict:
    """All of a history but the seconds, which no two runs share."""
    series = {k: v for k, v in history.series.items() if k != "seconds"}
    return vars(history) | {"series": series, "cpu_seconds": 0.0}


def weights(model) -> dict:
    return {k: v.clone() for k, v in model.state_dict().items()}


def equal_weights(a: dict, b: dict) -> bool:
    return a.keys() == b.keys() and all(torch.equal(a[k], b[k]) for k in a)


def interrupt_at(batch: int):
    """An augmentation that is interrupted, as by Ctrl-C, at the batch of that number."""
    count = 0
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it

    def augment(x):
        nonlocal count
        count += 1
        if count == batch:
            signal.raise_signal(signal.SIGINT)
        return x

    return augment


def largest(logits, y) -> float:
    return logits.max()


class Enough(Exception):
    """Raised in the middle of an epoch, as a crash would be."""


def noise_until(batch: int):
    """Random noise as augmentation, which fails at the batch of that number."""
    count = 0

    def noise(x):
        nonlocal count
        count += 1
        if count == batch:
            raise Enough
        return x + 0.1 * torch.randn_like(x)

    return noise
