"""Instruments for residual networks: the loss around the weights."""

import copy

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from helpers.device import preserved_rng
from helpers.diagnostics.training import check_batch


def filter_normalised_direction(model: nn.Module, seed: int) -> dict[str, Tensor]:
    """A random direction in the space of the weights, each filter (row) as long as the model's own.

    Source: H. Li and others, Visualizing the Loss Landscape of Neural Nets, 2018, section 4.
    """
    generator = torch.Generator().manual_seed(seed)
    direction = {}
    for name, p in model.named_parameters():
        direction[name] = torch.zeros_like(p)
        if p.ndim > 1:
            d = torch.randn(p.shape, generator=generator).to(p)
            length = p.detach().flatten(1).norm(dim=1) / d.flatten(1).norm(dim=1)
            direction[name] = d * length.view(-1, *[1] * (p.ndim - 1))
    return direction


@torch.no_grad()
def loss_surface(
    model: nn.Module, x: Tensor, y: Tensor, *, span: float = 1.0, points: int = 13, seed: int = 0
) -> tuple[Tensor, Tensor]:
    """The loss at theta + s u + t v, for two filter-normalised directions u and v.

    Returns the places from -span to span, `(points,)`, and the mean cross-entropy in nats,
    `(points, points)`, row for s, column for t, in the mode that the model is in.
    """
    check_batch(x, y)
    if points < 2 or span <= 0:
        raise ValueError(f"a surface needs points >= 2 and span > 0, not {points} and {span}")
    u = filter_normalised_direction(model, 2 * seed)
    v = filter_normalised_direction(model, 2 * seed + 1)
    theta = {name: p.detach() for name, p in model.named_parameters()}
    model = copy.deepcopy(model)
    places = torch.linspace(-span, span, points)
    losses = torch.empty(points, points)
    with preserved_rng(0):
        for i, s in enumerate(places.tolist()):
            for j, t in enumerate(places.tolist()):
                moved = {name: p + s * u[name] + t * v[name] for name, p in theta.items()}
                logits = torch.func.functional_call(model, moved, (x,))
                losses[i, j] = F.cross_entropy(logits, y)
    return places, losses
