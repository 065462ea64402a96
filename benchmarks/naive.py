"""The naive loop of a first tutorial: images one by one through transforms and a DataLoader."""

from __future__ import annotations

import time

import torch
import torch.nn.functional as F
from torch import nn

from helpers.data import Dataset


def two_convolutions(seed: int, side: int = 28, classes: int = 10) -> nn.Module:
    """The net of many first tutorials: 421,642 parameters for 28x28 grey images of ten classes."""
    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(64 * (side // 4) ** 2, 128),
        nn.ReLU(),
        nn.Linear(128, classes),
    )


class Pictures(torch.utils.data.Dataset):
    """A data set as torchvision's classes are: one PIL image, transformed, at a time."""

    def __init__(self, x: torch.Tensor, y: torch.Tensor, mean: tuple, std: tuple):
        from torchvision import transforms

        self.x, self.y = x[:, 0], y
        self.transform = transforms.Compose(
            [transforms.ToTensor(), transforms.Normalize(mean, std)]
        )

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        from PIL import Image

        image = Image.fromarray(self.x[index].numpy())
        return self.transform(image), int(self.y[index])


def naive(dataset: Dataset, epochs: int, seed: int, model: nn.Module) -> list[dict]:
    """Images one by one through transforms, DataLoader, float32; time and accuracy per epoch."""
    args = dataset.mean, dataset.std
    g = torch.Generator().manual_seed(seed)
    loader = torch.utils.data.DataLoader(
        Pictures(dataset.train_x, dataset.train_y, *args), batch_size=64, shuffle=True, generator=g
    )
    tests = torch.utils.data.DataLoader(
        Pictures(dataset.test_x, dataset.test_y, *args), batch_size=64
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    wall, cpu, seen = time.perf_counter(), time.process_time(), []
    for _ in range(epochs):
        model.train()
        for x, y in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
        model.eval()
        correct = 0
        with torch.no_grad():
            for x, y in tests:
                correct += (model(x).argmax(1) == y).sum().item()
        seen.append(
            {
                "wall": time.perf_counter() - wall,
                "cpu": time.process_time() - cpu,
                "accuracy": correct / len(dataset.test_x),
            }
        )
    return seen
