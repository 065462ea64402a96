"""Instruments for any network: before the first step, while it is trained, around its weights."""

import copy
import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import count
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from helpers.data.images import batches
from helpers.device import preserved_rng


def loss_at_initialisation(model: nn.Module, x: Tensor, y: Tensor) -> tuple[float, float]:
    """The cross-entropy in nats of an untrained classifier, and ln C, which it should be near.

    Measured on normalised inputs x `(B, ...)` in training mode, as the first step sees it.
    """
    check_batch(x, y)
    with preserved_rng(0), torch.no_grad():
        logits = copy.deepcopy(model).train()(x)
    return F.cross_entropy(logits, y).item(), math.log(logits.shape[1])


def overfit_one_batch(
    model: nn.Module, x: Tensor, y: Tensor, *, steps: int = 200, lr: float = 3e-3
) -> list[float]:
    """The losses (nats) of a copy of the model trained on this one batch alone by Adam.

    The last should be near zero: a model that cannot learn 32 examples by heart has a fault.
    """
    check_batch(x, y)
    with preserved_rng(0):
        model = copy.deepcopy(model).train()
        optimizer = torch.optim.Adam(model.parameters(), lr)
        return [_step(model, optimizer, x, y) for _ in range(steps)]


class RangeTest(NamedTuple):
    """Learning rates, the loss at each (nats, smoothed), and a rate to start from."""

    rates: list[float]
    losses: list[float]
    suggestion: float


def learning_rate_range_test(
    model: nn.Module,
    x: Tensor,
    y: Tensor,
    *,
    lowest: float = 1e-4,
    highest: float = 10.0,
    optimiser: Callable[..., torch.optim.Optimizer] | None = None,
) -> RangeTest:
    """Raise the learning rate by a constant factor each step until the loss runs away.

    A copy of the model learns from shuffled batches of normalised x `(N, ...)` and labels y `(N,)`,
    by default by SGD with momentum 0.9 (as in fast.ai; after L. N. Smith 2017). The suggestion, a
    rule of thumb, is a quarter of the rate of the lowest running mean.
    """
    check_batch(x, y)
    if not 0 < lowest < highest:
        raise ValueError(f"the rates must rise from above 0: {lowest}, {highest}")
    optimiser = optimiser or partial(torch.optim.SGD, momentum=0.9)
    rising = [lowest * (highest / lowest) ** (step / 149) for step in range(150)]
    rates, losses, average, order = [], [], 0.0, torch.Generator().manual_seed(0)
    endless = (pair for _ in count() for pair in batches(x, y, 32, generator=order))
    with preserved_rng(0):
        model = copy.deepcopy(model).train()
        optimizer = optimiser(model.parameters(), lr=lowest)
        for rate, (xb, yb) in zip(rising, endless, strict=False):
            for group in optimizer.param_groups:
                group["lr"] = rate
            loss = _step(model, optimizer, xb, yb)
            if not math.isfinite(loss):
                break
            average = 0.9 * average + 0.1 * loss
            rates.append(rate)
            losses.append(average / (1 - 0.9 ** len(rates)))  # the first steps count in full
            if losses[-1] > 4 * min(losses):
                break
    if len(losses) < 2:
        raise ValueError(f"the loss is not finite at the lowest rate, {lowest}: start far lower")
    return RangeTest(rates, losses, rates[losses.index(min(losses))] / 4)


def weights(model: nn.Module) -> dict[str, Tensor]:
    """A copy of every weight matrix or kernel by name, to compare with after a step."""
    return {n: p.detach().clone() for n, p in model.named_parameters() if p.ndim > 1}


def update_ratios(model: nn.Module, before: dict[str, Tensor]) -> dict[str, float]:
    """log10 of the size of the change since `before = weights(model)` over the weights' size.

    Sizes are root mean squares. About -3 is healthy, from A. Karpathy's lectures (2022); -inf
    where nothing has changed.
    """
    now = weights(model)
    if now.keys() != before.keys():
        raise ValueError("`before` is not weights(model) of this model: the names differ")
    return {n: ((p - before[n]).norm() / before[n].norm()).log10().item() for n, p in now.items()}


class Layer(NamedTuple):
    """What one layer gave and got: activation and gradient, both `(B, ...)`, on the CPU."""

    activation: Tensor  # a
    gradient: Tensor  # of the mean loss by a


@contextmanager
def outputs(
    layers: Mapping[str, nn.Module], keep: Callable[[Tensor], Tensor] = lambda y: y
) -> Iterator[list[tuple[str, Tensor]]]:
    """While the block runs, name and output of each of these layers, in the order of use.

    keep: what is kept of an output y. Without a copy, a later layer that works in place changes it.
    """
    seen: list[tuple[str, Tensor]] = []
    hooks = [
        layer.register_forward_hook(lambda _m, _i, y, name=name: seen.append((name, keep(y))))
        for name, layer in layers.items()
    ]
    try:
        yield seen
    finally:
        for hook in hooks:
            hook.remove()


def dead(output: Tensor) -> Tensor:
    """Bool `(units,)` of an output `(B, units, ...)`: 0 for every input and at every place."""
    return (output.transpose(0, 1).flatten(1) == 0).all(1)


NONLINEAR = (nn.ReLU, nn.LeakyReLU, nn.GELU, nn.SiLU, nn.Tanh, nn.Sigmoid)


def layer_statistics(
    model: nn.Module, x: Tensor, y: Tensor, kinds: tuple[type, ...] = NONLINEAR
) -> dict[str, Layer]:
    """Activations and gradients of every layer of those kinds, by name, in the model's own mode."""
    check_batch(x, y)
    x = x.detach().requires_grad_()  # so that layers behind frozen ones have gradients too
    with torch.enable_grad(), preserved_rng(0), outputs(_of_kinds(model, kinds)) as seen:
        loss = F.cross_entropy(model(x), y)
        activations = dict(seen)
        gradients = torch.autograd.grad(loss, list(activations.values()))
    return {
        name: Layer(a.detach().cpu(), g.cpu())
        for (name, a), g in zip(activations.items(), gradients, strict=True)
    }


@torch.no_grad()
def dead_units(model: nn.Module, x: Tensor) -> dict[str, float]:
    """By ReLU, the share of units (channels) that give 0 for every input and at every place.

    Such a unit gets no gradient from any of the normalised inputs x `(B, ...)`.
    """
    if len(x) == 0:
        raise ValueError("0 inputs: with none, every unit would seem dead")
    with outputs(_of_kinds(model, (nn.ReLU,))) as seen:
        model(x)
    return {name: dead(a).float().mean().item() for name, a in seen}


def gradient_against_lag(
    cell: nn.Module, x: Tensor, loss: Callable[[Tensor], Tensor] | None = None
) -> dict[str, Tensor]:
    """The norm of dL/dh_t against lag, where L depends on the last hidden state alone.

    cell: (x `(B, D)`, state) to h `(B, H)` or to the pair (h, c), as in `torch.nn`. x: `(B, T, D)`.
    loss: h_T `(B, H)` to one L per sequence `(B,)`, by default the mean of h_T's elements. Returns
    "h" (and "c" for a pair), each `(T,)`: entry k is the norm at step T - k, mean over the batch.
    """
    if x.ndim != 3 or x.shape[1] < 1:
        raise ValueError(f"x must have shape (B, T, D) with T at least 1, not {tuple(x.shape)}")
    states, state = [], None
    with torch.enable_grad():
        for x_t in x.unbind(1):
            state = cell(x_t, state)
            states.append((state,) if isinstance(state, Tensor) else state)
        h = states[-1][0]  # (B, H)
        total = (h.mean(1) if loss is None else loss(h)).sum()
        norms = {}
        for name, parts in zip("hc", zip(*states, strict=True), strict=False):
            found = torch.autograd.grad(total, parts, retain_graph=True)
            norms[name] = torch.stack([g.norm(dim=1).mean() for g in reversed(found)])
    return norms


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


def _of_kinds(model: nn.Module, kinds: tuple[type, ...]) -> dict[str, nn.Module]:
    """The layers of those kinds, by name."""
    layers = {name: module for name, module in model.named_modules() if isinstance(module, kinds)}
    if not layers:
        wanted = ", ".join(kind.__name__ for kind in kinds)
        raise ValueError(
            f"the model has no layer of the kinds {wanted}: activations called as functions "
            "(F.relu) cannot be seen from outside, nn.ReLU() can"
        )
    return layers


def _step(model: nn.Module, optimizer: torch.optim.Optimizer, x: Tensor, y: Tensor) -> float:
    """One step of training; the loss before it."""
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    return loss.item()


def check_batch(x: Tensor, y: Tensor) -> None:
    if len(x) == 0 or len(x) != len(y):
        raise ValueError(f"{len(x)} inputs and {len(y)} labels: there must be as many, and some")
    if not x.is_floating_point():
        raise TypeError(f"x must be normalised inputs, as from data.normalise, not {x.dtype}")
