"""LeNet-5 as published in 1998, and the same shape built from today's parts.

Source: LeCun, Bottou, Bengio and Haffner, Proceedings of the IEEE 86(11), 1998, section II-B. The
names c1, s2, c3, s4, c5, f6 are the paper's: c convolves, s subsamples, f is fully connected.
"""

from collections import OrderedDict

import torch
from torch import Tensor, nn


class LeNet(nn.Module):
    """LeNet-style classifier: ReLU, max pooling, and every map of c3 sees every map of s2.

    Normalised float images `(B, C, H, W)` to logits `(B, classes)`; 61,706 parameters for 1x28x28
    images. norm: batch normalisation after both convolutions (Ioffe and Szegedy 2015).
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (1, 28, 28),
        classes: int = 10,
        *,
        norm: bool = False,
    ) -> None:
        super().__init__()
        self.image_shape = channels, height, width = _checked_shape(image_shape, classes)
        # c1 keeps H and W, each s halves them (rounding down), c3 takes 4 off
        flat = 16 * ((height // 2 - 4) // 2) * ((width // 2 - 4) // 2)
        features = [
            ("c1", nn.Conv2d(channels, 6, 5, padding=2)),  # (B, 6, H, W)
            ("norm1", nn.BatchNorm2d(6)),
            ("relu1", nn.ReLU()),
            ("s2", nn.MaxPool2d(2)),  # (B, 6, H/2, W/2)
            ("c3", nn.Conv2d(6, 16, 5)),  # (B, 16, H/2 - 4, W/2 - 4)
            ("norm3", nn.BatchNorm2d(16)),
            ("relu3", nn.ReLU()),
            ("s4", nn.MaxPool2d(2)),  # (B, 16, H/4 - 2, W/4 - 2)
        ]
        self.features = nn.Sequential(
            OrderedDict((name, layer) for name, layer in features if norm or "norm" not in name)
        )
        self.classifier = nn.Sequential(
            OrderedDict(
                flatten=nn.Flatten(),  # (B, flat)
                c5=nn.Linear(flat, 120),  # a convolution over the whole of s4
                relu5=nn.ReLU(),
                f6=nn.Linear(120, 84),
                relu6=nn.ReLU(),
                out=nn.Linear(84, classes),
            )
        )

    def forward(self, x: Tensor) -> Tensor:
        check_input(self, x, self.image_shape)
        return self.classifier(self.features(x))


# Table I of the paper: which of the six maps of s2 (from 0) each of the 16 maps of c3 sees
C3_SEES = (
    *((i, (i + 1) % 6, (i + 2) % 6) for i in range(6)),
    *((i, (i + 1) % 6, (i + 2) % 6, (i + 3) % 6) for i in range(6)),
    *((i, (i + 1) % 6, (i + 3) % 6, (i + 4) % 6) for i in range(3)),
    (0, 1, 2, 3, 4, 5),
)


class LeNet5(nn.Module):
    """LeNet-5 of 1998: normalised float images `(B, 1, 32, 32)` to logits `(B, 10)`.

    60,000 trainable parameters up to f6, as the paper counts. Its output compared f6 with ten
    fixed drawings of the digits (84 = 7x12 pixels); here ten linear units take their place.
    """

    def __init__(self) -> None:
        super().__init__()
        self.c1 = nn.Conv2d(1, 6, 5)
        self.s2 = Subsampling(6)
        self.c3 = nn.ModuleList(nn.Conv2d(len(seen), 1, 5) for seen in C3_SEES)
        self.s4 = Subsampling(16)
        self.c5 = nn.Conv2d(16, 120, 5)
        self.f6 = nn.Linear(120, 84)
        self.out = nn.Linear(84, 10, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        check_input(self, x, (1, 32, 32))
        x = squash(self.c1(x))  # (B, 6, 28, 28)
        x = squash(self.s2(x))  # (B, 6, 14, 14)
        maps = [conv(x[:, list(seen)]) for conv, seen in zip(self.c3, C3_SEES, strict=True)]
        x = squash(torch.cat(maps, dim=1))  # (B, 16, 10, 10)
        x = squash(self.s4(x))  # (B, 16, 5, 5)
        x = squash(self.c5(x)).flatten(1)  # (B, 120)
        x = squash(self.f6(x))  # (B, 84)
        return self.out(x)


class Subsampling(nn.Module):
    """The sum of each 2x2 block times one coefficient plus one bias per map (section II-B)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.coefficient = nn.Parameter(torch.full((channels, 1, 1), 0.25))  # starts as the mean
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, x: Tensor) -> Tensor:  # (B, C, H, W) to (B, C, H/2, W/2)
        return 4 * nn.functional.avg_pool2d(x, 2) * self.coefficient + self.bias


def squash(a: Tensor) -> Tensor:
    """The paper's activation, A tanh(S a) with A = 1.7159 and S = 2/3 (appendix A)."""
    return 1.7159 * torch.tanh(2 / 3 * a)


def check_input(model: nn.Module, x: Tensor, image_shape: tuple[int, int, int]) -> None:
    """Raise TypeError or ValueError, saying what to do, unless x suits a net for such images."""
    if not isinstance(x, Tensor):
        raise TypeError(f"the net takes a torch tensor of images, not {type(x).__name__}")
    if not x.is_floating_point():
        raise TypeError(
            f"the net takes normalised float images, not {x.dtype}; "
            "call data.normalise(x) on uint8 pixels first"
        )
    if x.ndim != 4:
        raise ValueError(
            f"the net takes a batch (B, C, H, W), not shape {tuple(x.shape)}; "
            "a single image needs x[None]"
        )
    if x.shape[1:] != image_shape:
        advice = "build the net with the image_shape of the data set"
        if (x.shape[3], *x.shape[1:3]) == image_shape or (*x.shape[2:], x.shape[1]) == image_shape:
            advice = "is the channel dimension last? then use x.permute(0, 3, 1, 2)"
        raise ValueError(
            f"the net was built for images (C, H, W) = {image_shape}, "
            f"not {tuple(x.shape[1:])}; {advice}"
        )
    weight = next(model.parameters())
    if x.dtype != weight.dtype and not torch.is_autocast_enabled(x.device.type):
        raise TypeError(
            f"the images are {x.dtype} but the net's weights are {weight.dtype}; "
            f"use x.to({weight.dtype}) or change the net with net.to({x.dtype})"
        )


def _checked_shape(image_shape: tuple[int, int, int], classes: int) -> tuple[int, int, int]:
    shape = tuple(image_shape)
    if len(shape) != 3 or min(shape[1:]) < 12 or shape[0] < 1:
        raise ValueError(
            f"image_shape must be (C, H, W) with H and W of at least 12, not {shape}: "
            "two 5x5 convolutions and two poolings leave nothing of a smaller image"
        )
    if classes < 2:
        raise ValueError(f"a classifier needs at least 2 classes, not {classes}")
    return shape
