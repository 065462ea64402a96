"""Instruments for convolutional networks: costs, maps, receptive fields, occlusion."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from helpers.models.modes import eval_mode


class LayerCost(NamedTuple):
    """What one layer costs for one image; shape is its output without the batch dimension."""

    name: str
    kind: str
    shape: tuple[int, ...]
    parameters: int
    multiply_adds: int


def layer_costs(model: nn.Module, image_shape: tuple[int, int, int]) -> list[LayerCost]:
    """Parameters and multiply-adds of each layer for one image (C, H, W), in the order of use.

    One multiply-add is one product and one sum. They are counted for convolutions and linear
    layers, which do nearly all of the work; adding a bias is left out, other layers count 0.
    """
    costs: list[LayerCost] = []

    def record(name: str, layer: nn.Module, y: Tensor) -> None:
        fan_in = 0  # products that make one output number
        if isinstance(layer, nn.Conv1d | nn.Conv2d | nn.Conv3d | nn.Linear):
            fan_in = layer.weight[0].numel()
        parameters = sum(p.numel() for p in layer.parameters())
        shape = tuple(y.shape[1:])
        costs.append(
            LayerCost(name, type(layer).__name__, shape, parameters, math.prod(shape) * fan_in)
        )

    weight = next(model.parameters())
    x = torch.zeros(1, *image_shape, device=weight.device, dtype=weight.dtype)
    _watch(model, x, record)
    return costs


def feature_maps(
    model: nn.Module, x: Tensor, names: Sequence[str] | None = None
) -> dict[str, Tensor]:
    """What the named layers (default: all whose output is maps) make of images x `(B, C, H, W)`.

    Returns name: maps `(B, channels, height, width)`, on the CPU, computed in eval mode.
    Raises ValueError for a name that the model does not have.
    """
    known = [name for name, layer in model.named_modules() if not list(layer.children())]
    unknown = set(names or ()) - set(known)
    if unknown:
        raise ValueError(f"no layer {', '.join(sorted(unknown))}; there are: {', '.join(known)}")
    maps: dict[str, Tensor] = {}

    def record(name: str, layer: nn.Module, y: Tensor) -> None:
        if y.ndim == 4 if names is None else name in names:
            maps[name] = y.cpu()

    _watch(model, x.to(next(model.parameters()).device), record)
    return maps


def dead_channels(model: nn.Module, x: Tensor) -> dict[str, Tensor]:
    """Channels that are zero for every image of x `(B, C, H, W)`, everywhere, after each ReLU.

    Returns name: bool `(channels,)`, True where dead. A dead channel gets no gradient from
    these images: it cannot recover from them.
    """
    names = [n for n, layer in model.named_modules() if isinstance(layer, nn.ReLU)]
    if len(x) == 0:
        raise ValueError("there are no images: with none, every channel would seem dead")
    alive: dict[str, Tensor] = {}
    for part in x.split(500):
        for name, maps in feature_maps(model, part, names).items():
            if maps.ndim == 4:
                seen = (maps != 0).any(3).any(2).any(0)  # (channels,)
                alive[name] = alive.get(name, torch.zeros_like(seen)) | seen
    return {name: ~seen for name, seen in alive.items()}


def receptive_field(
    layers: nn.Module, image_shape: tuple[int, int, int], *, samples: int = 32, seed: int = 0
) -> Tensor:
    """Mean |d y / d x| `(H, W)`, float64, of the output place in the middle, over random images.

    layers: from images `(B, C, H, W)` to maps; a copy in eval mode and float64 is measured.
    Where the result is not zero, the image can change that output: its receptive field.
    The mean over many images is the effective one (Luo and others 2016).
    """
    copied = copy.deepcopy(layers).cpu().double().eval()
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(samples, *image_shape, dtype=torch.float64, generator=generator)
    y = copied(x.requires_grad_())
    if y.ndim != 4:
        raise ValueError(
            f"the layers must end in maps (B, C, H, W), not {tuple(y.shape)}; "
            "take the convolutional part, such as net.features"
        )
    middle = y[:, :, y.shape[2] // 2, y.shape[3] // 2]  # (samples, channels)
    (gradient,) = torch.autograd.grad(middle.sum(), x)
    return gradient.abs().mean((0, 1))


def extent(field: Tensor) -> tuple[int, int]:
    """Height and width in pixels of the smallest box that holds all non-zero values of `(H, W)`."""
    rows, columns = field.any(1).nonzero(), field.any(0).nonzero()
    if len(rows) == 0:
        return 0, 0
    return int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1


@torch.no_grad()
def occlusion_map(
    model: nn.Module, x: Tensor, label: int, *, patch: int = 7, fill: float = 0.0
) -> Tensor:
    """How far p(label) falls when a square centred on each pixel is covered: `(H, W)`, CPU.

    x: one normalised image `(C, H, W)`. patch: the square's side, odd, in pixels. fill: what
    covers it (0 is the mean of the training set). Negative values: covering helps.
    After Zeiler and Fergus, Visualizing and understanding convolutional networks, 2014, 4.2.
    """
    if x.ndim != 3:
        raise ValueError(f"x must be one image (C, H, W), not shape {tuple(x.shape)}")
    if patch < 1 or patch % 2 == 0:
        raise ValueError(f"patch must be odd, so that it has a middle, not {patch}")
    height, width = x.shape[1:]
    row, column = torch.arange(height), torch.arange(width)
    near_row = (row[:, None] - row[None]).abs() <= patch // 2  # (H, H): centre, pixel
    near_column = (column[:, None] - column[None]).abs() <= patch // 2  # (W, W)
    covered = near_row[:, None, :, None] & near_column[None, :, None, :]  # (H, W, H, W)
    covered = covered.view(height * width, 1, height, width)
    device = next(model.parameters()).device
    x = x.to(device)[None]
    with eval_mode(model):
        before = model(x).float().softmax(1)[0, label]
        after = [
            model(torch.where(part.to(device), fill, x)).float().softmax(1)[:, label]
            for part in covered.split(512)
        ]
    return (before - torch.cat(after)).view(height, width).cpu()


@torch.no_grad()
def _watch(model: nn.Module, x: Tensor, record: Callable[[str, nn.Module, Tensor], None]) -> None:
    """Run the model once in eval mode; show each innermost layer's output to `record`."""
    hooks = [
        layer.register_forward_hook(lambda layer, _, y, name=name: record(name, layer, y))
        for name, layer in model.named_modules()
        if not list(layer.children())
    ]
    try:
        with eval_mode(model):
            model(x)
    finally:
        for hook in hooks:
            hook.remove()
