"""Instruments for convolutional networks: costs, maps, receptive fields, occlusion."""

import copy
import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from helpers.diagnostics.training import dead, outputs
from helpers.models.modes import eval_mode


class LayerCost(NamedTuple):
    """What one layer costs for one image; shape is its output without the batch dimension."""

    name: str
    kind: str
    shape: tuple[int, ...]
    parameters: int
    multiply_adds: int


@torch.no_grad()
def layer_costs(model: nn.Module, image_shape: tuple[int, int, int]) -> list[LayerCost]:
    """Parameters and multiply-adds of each layer for one image (C, H, W), in the order of use.

    One multiply-add is one product and one sum. They are counted for convolutions and linear
    layers, which do nearly all of the work; adding a bias is left out, other layers count 0.
    """
    layers, weight = _innermost(model), next(model.parameters())
    with eval_mode(model), outputs(layers) as seen:
        model(torch.zeros(1, *image_shape, device=weight.device, dtype=weight.dtype))
    costs = []
    for name, y in seen:
        layer, shape = layers[name], tuple(y.shape[1:])
        counted = isinstance(layer, nn.Conv1d | nn.Conv2d | nn.Conv3d | nn.Linear)
        products = layer.weight[0].numel() if counted else 0  # that make one output number
        parameters = sum(p.numel() for p in layer.parameters())
        kind = type(layer).__name__
        costs.append(LayerCost(name, kind, shape, parameters, math.prod(shape) * products))
    return costs


@torch.no_grad()
def feature_maps(
    model: nn.Module, x: Tensor, names: Sequence[str] | None = None
) -> dict[str, Tensor]:
    """What the named layers (default: those that give maps) make of images x, on the CPU."""
    layers = _innermost(model)
    unknown = set(names or ()) - set(layers)
    if unknown:
        raise ValueError(f"no layer {', '.join(sorted(unknown))}; there are: {', '.join(layers)}")
    chosen = layers if names is None else {name: layers[name] for name in names}
    with eval_mode(model), outputs(chosen, lambda y: y.to("cpu", copy=True)) as seen:
        model(x.to(next(model.parameters()).device))
    return {name: y for name, y in seen if y.ndim == 4 or names is not None}


def _innermost(model: nn.Module) -> dict[str, nn.Module]:
    """The layers that are not made of others, by name."""
    return {name: m for name, m in model.named_modules() if not list(m.children())}


def dead_channels(model: nn.Module, x: Tensor) -> dict[str, Tensor]:
    """Channels that are zero for every image of x `(B, C, H, W)`, everywhere, after each ReLU.

    Returns name: bool `(channels,)`. A dead channel gets no gradient from these images.
    """
    names = [n for n, layer in model.named_modules() if isinstance(layer, nn.ReLU)]
    if len(x) == 0:
        raise ValueError("there are no images: with none, every channel would seem dead")
    found: dict[str, Tensor] = {}
    for part in x.split(500):
        for name, maps in feature_maps(model, part, names).items():
            if maps.ndim == 4:
                found[name] = dead(maps) & found.get(name, torch.tensor(True))
    return found


def receptive_field(layers: nn.Module, image_shape: tuple[int, int, int]) -> Tensor:
    """Mean |d y / d x| `(H, W)`, float64, of the output place in the middle, of 32 random images.

    layers: from images `(B, C, H, W)` to maps, in eval mode. Where the result is not zero lies the
    receptive field; its mean over many images is the effective one (Luo and others 2016).
    """
    copied = copy.deepcopy(layers).cpu().double().eval()
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(32, *image_shape, dtype=torch.float64, generator=generator)
    y = copied(x.requires_grad_())
    if y.ndim != 4:
        raise ValueError(
            f"the layers must end in maps (B, C, H, W), not {tuple(y.shape)}; "
            "take the convolutional part, such as net.features"
        )
    middle = y[:, :, y.shape[2] // 2, y.shape[3] // 2]  # (32, channels)
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

    x: one normalised image `(C, H, W)`. patch: the square's side in pixels. fill: what covers it.
    After Zeiler and Fergus, Visualizing and understanding convolutional networks, 2014, 4.2.
    """
    if x.ndim != 3:
        raise ValueError(f"x must be one image (C, H, W), not shape {tuple(x.shape)}")
    if patch < 1 or patch % 2 == 0:
        raise ValueError(f"patch must be odd, so that it has a middle, not {patch}")
    height, width = x.shape[1:]
    centres = torch.eye(height * width).view(-1, 1, height, width)  # of each pixel, an image
    covered = F.max_pool2d(centres, patch, stride=1, padding=patch // 2) > 0
    device = next(model.parameters()).device
    x = x.to(device)[None]
    with eval_mode(model):
        before = model(x).float().softmax(1)[0, label]
        after = [
            model(torch.where(part.to(device), fill, x)).float().softmax(1)[:, label]
            for part in covered.split(512)
        ]
    return (before - torch.cat(after)).view(height, width).cpu()
