"""Labelled images in memory: `Dataset`, its checks, and batches."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Self

import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Dataset:
    """Labelled images, whole, in memory; `mean` and `std` are per channel, of train_x / 255."""

    name: str
    train_x: Tensor  # uint8 `(N, C, H, W)`, 0 to 255
    train_y: Tensor  # int64 `(N,)`
    test_x: Tensor  # for the end
    test_y: Tensor
    classes: tuple[str, ...]  # one name per label
    source: str
    licence: str
    val_x: Tensor | None = None  # every choice is made on this part, where there is one
    val_y: Tensor | None = None

    def __post_init__(self) -> None:
        for part in ("train", "test") if self.val_x is None else ("train", "val", "test"):
            x, y = getattr(self, part + "_x"), getattr(self, part + "_y")
            check_images(x, f"{part}_x")
            check_labels(y, len(x), len(self.classes), f"{part}_y")
        # computed once from integer histograms: exact, and cheap for 50,000 images
        pixels = self.train_x.transpose(0, 1).flatten(1)  # (C, N*H*W)
        counts = torch.stack([torch.bincount(c.int(), minlength=256) for c in pixels]).double()
        levels = torch.arange(256, dtype=torch.float64) / 255
        mean = (counts @ levels) / counts.sum(1)
        var = (counts @ levels**2) / counts.sum(1) - mean**2
        object.__setattr__(self, "mean", tuple(mean.tolist()))
        object.__setattr__(self, "std", tuple(var.clamp_min(0).sqrt().tolist()))

    def with_validation(self, share: float = 0.1) -> Self:
        """The same with the last images of the training part set aside for validation.

        Images of one group (a writer, a font) can then lie in both; `load(NAME, validation=True)`
        keeps groups apart where they are known.
        """
        count = round(share * len(self.train_x))
        if self.val_x is not None or not 0 < count < len(self.train_x):
            raise ValueError(f"{share} of {self!r}: no such part, or there is one already")
        x, y = self.train_x, self.train_y
        parts = {"train_x": x[:-count], "train_y": y[:-count]}
        return replace(self, **parts, val_x=x[-count:], val_y=y[-count:])

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(C, H, W) of one image."""
        return tuple(self.train_x.shape[1:])

    def normalise(self, x: Tensor) -> Tensor:
        """uint8 images `(B, C, H, W)` to float32, zero mean and unit variance per channel."""
        check_images(x, "x", channels=self.image_shape[0])
        mean, std = _scale(self.mean, self.std, x.device)
        return x.float().div_(255).sub_(mean).div_(std)

    def __repr__(self) -> str:
        between = "" if self.val_x is None else f", {len(self.val_x):,} validation"
        sizes = f"{len(self.train_x):,} training{between} and {len(self.test_x):,} test images"
        return f"{self.name}: {sizes} {self.image_shape}, {len(self.classes)} classes"


@lru_cache(maxsize=8)  # a GPU would wait for the copy in every batch
def _scale(mean: tuple[float, ...], std: tuple[float, ...], device: torch.device) -> Tensor:
    """Both on the device, `(2, 1, C, 1, 1)`."""
    return torch.tensor([mean, std], dtype=torch.float32, device=device).view(2, 1, -1, 1, 1)


def fields(parts: dict[str, tuple[Tensor, Tensor]]) -> dict[str, Tensor]:
    """Images and labels of "train" and so on, as a Dataset calls them: train_x, train_y."""
    return {f"{part}_{n}": xy[i] for part, xy in parts.items() for i, n in enumerate("xy")}


def check_images(x: Tensor, name: str = "x", channels: int | None = None) -> None:
    """Raise a clear error unless x is uint8 images `(N, C, H, W)` with 1 or 3 channels."""
    if not isinstance(x, Tensor):
        raise TypeError(f"{name} must be a torch tensor of images, not {type(x).__name__}")
    if x.ndim != 4:
        raise ValueError(
            f"{name} must have shape (N, C, H, W), not {tuple(x.shape)}; "
            "a single image needs x[None], a set without channels needs x[:, None]"
        )
    if x.dtype != torch.uint8:
        raise TypeError(
            f"{name} must be uint8 pixels from 0 to 255, not {x.dtype}; "
            "are these images normalised already?"
        )
    if channels is None and x.shape[1] not in (1, 3) or channels not in (None, x.shape[1]):
        raise ValueError(
            f"{name} has {x.shape[1]} channels in dimension 1, expected {channels or '1 or 3'}; "
            "is the channel dimension last? then use x.permute(0, 3, 1, 2)"
        )


def check_labels(y: Tensor, count: int, classes: int, name: str = "y") -> None:
    """Raise a clear error unless y is int64 `(count,)` with values from 0 to classes - 1."""
    if not isinstance(y, Tensor) or y.dtype != torch.int64 or y.shape != (count,):
        what = f"{y.dtype} {tuple(y.shape)}" if isinstance(y, Tensor) else type(y).__name__
        raise ValueError(f"{name} must be int64 labels of shape ({count},), not {what}")
    if count and not (0 <= int(y.min()) and int(y.max()) < classes):
        raise ValueError(
            f"{name} holds labels from {int(y.min())} to {int(y.max())}, "
            f"but there are {classes} classes: 0 to {classes - 1}"
        )


def batches(
    x: Tensor, y: Tensor, batch_size: int, *, generator: torch.Generator | None = None
) -> Iterator[tuple[Tensor, Tensor]]:
    """Every example once, in batches, the last as small as need be; shuffled by `generator`."""
    if len(x) == 0:
        raise ValueError("the data set is empty: there is nothing to make batches of")
    if len(x) != len(y):
        raise ValueError(f"{len(x)} examples but {len(y)} labels: they must be as many")
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, not {batch_size}")
    if generator is None:
        yield from zip(x.split(batch_size), y.split(batch_size), strict=True)
        return
    order = torch.randperm(len(x), generator=generator, device=generator.device).to(x.device)
    for index in order.split(batch_size):
        yield x[index], y[index]
