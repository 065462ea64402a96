"""Instruments: what to read off a network before, during and after training."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from helpers.data import batches
from helpers.device import preserved_rng
from helpers.training import eval_mode

# ---- training: before the first step


def loss_at_initialisation(model: nn.Module, x: Tensor, y: Tensor) -> tuple[float, float]:
    """The cross-entropy in nats of an untrained classifier, and ln C, which it should be near.

    x: normalised inputs `(B, ...)`; y: int64 labels `(B,)`. Measured in training mode, as the
    first step sees it, on a copy; the model is left as it was.
    """
    _check_batch(x, y)
    with preserved_rng(0), torch.no_grad():
        logits = copy.deepcopy(model).train()(x)
    return F.cross_entropy(logits, y).item(), math.log(logits.shape[1])


def overfit_one_batch(
    model: nn.Module, x: Tensor, y: Tensor, *, steps: int = 200, lr: float = 3e-3
) -> list[float]:
    """The losses (nats) of a copy of the model trained on this one batch alone by Adam.

    The last should be near zero: a model that cannot learn 32 examples by heart has a fault.
    """
    _check_batch(x, y)
    with preserved_rng(0):
        model = copy.deepcopy(model).train()
        optimizer = torch.optim.Adam(model.parameters(), lr)
        return [_step(model, optimizer, x, y) for _ in range(steps)]


@dataclass
class RangeTest:
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
    steps: int = 150,
    batch_size: int = 32,
    optimiser: Callable[..., torch.optim.Optimizer] | None = None,
    seed: int = 0,
) -> RangeTest:
    """Raise the learning rate by a constant factor each step until the loss runs away.

    A copy of the model is trained on shuffled batches of normalised x `(N, ...)` and labels y
    `(N,)`; optimiser(parameters, lr) makes its optimiser, by default SGD with momentum 0.9. The
    suggestion is a quarter of the rate at which the smoothed loss was lowest. (L. N. Smith,
    Cyclical learning rates for training neural networks, 2017, section 3.3, describes the test;
    how to read one rate off it is a rule of thumb.)
    Raises ValueError for rates that do not rise, or a loss that is not finite at the lowest.
    """
    _check_batch(x, y)
    if not 0 < lowest < highest or steps < 10:
        raise ValueError(
            f"the rates must rise from above 0 in at least 10 steps, not {lowest} to {highest} "
            f"in {steps}"
        )
    if optimiser is None:
        optimiser = partial(torch.optim.SGD, momentum=0.9)
    rates, losses, average = [], [], 0.0
    generator = torch.Generator().manual_seed(seed)
    with preserved_rng(seed):
        model = copy.deepcopy(model).train()
        optimizer = optimiser(model.parameters(), lr=lowest)
        for step, (xb, yb) in enumerate(_endless_batches(x, y, batch_size, generator)):
            rate = lowest * (highest / lowest) ** (step / (steps - 1))
            for group in optimizer.param_groups:
                group["lr"] = rate
            loss = _step(model, optimizer, xb, yb)
            if not math.isfinite(loss):
                break
            average = 0.9 * average + 0.1 * loss
            smooth = average / (1 - 0.9 ** (step + 1))  # the first steps count in full
            rates.append(rate)
            losses.append(smooth)
            if step + 1 == steps or smooth > 4 * min(losses):
                break
    if len(losses) < 2:
        raise ValueError(f"the loss is not finite at the lowest rate, {lowest}: start far lower")
    return RangeTest(rates, losses, rates[losses.index(min(losses))] / 4)


# ---- training: while it runs


def weights(model: nn.Module) -> dict[str, Tensor]:
    """A copy of every weight matrix or kernel by name, to compare with after a step."""
    return {n: p.detach().clone() for n, p in model.named_parameters() if p.ndim > 1}


def update_ratios(model: nn.Module, before: dict[str, Tensor]) -> dict[str, float]:
    """log10 of the size of the change since `before = weights(model)` over the weights' size.

    Sizes are root mean squares. About -3 is healthy, from A. Karpathy's lectures (2022); -inf
    where nothing has changed.
    """
    now = {n: p.detach() for n, p in model.named_parameters() if p.ndim > 1}
    if now.keys() != before.keys():
        raise ValueError("`before` is not weights(model) of this model: the names differ")
    return {
        n: (torch.log10((p - before[n]).norm() / before[n].norm())).item() for n, p in now.items()
    }


@dataclass
class Layer:
    """What one layer gave and got: activation and gradient, both `(B, ...)`, on the CPU."""

    activation: Tensor  # a
    gradient: Tensor  # of the mean loss by a


NONLINEAR = (nn.ReLU, nn.LeakyReLU, nn.GELU, nn.SiLU, nn.Tanh, nn.Sigmoid)


def layer_statistics(
    model: nn.Module, x: Tensor, y: Tensor, kinds: tuple[type, ...] = NONLINEAR
) -> dict[str, Layer]:
    """The activations and gradients of every layer of those kinds, by name, for one batch.

    x: normalised inputs `(B, ...)`; y: labels `(B,)`. The model runs in its own mode and keeps
    its weights and their gradients. Raises ValueError where no layer is of those kinds.
    """
    _check_batch(x, y)
    x = x.detach().requires_grad_()  # so that layers behind frozen ones have gradients too
    with torch.enable_grad(), preserved_rng(0), _outputs(model, kinds) as outputs:
        loss = F.cross_entropy(model(x), y)
        gradients = torch.autograd.grad(loss, list(outputs.values()))
    return {
        name: Layer(a.detach().cpu(), g.cpu())
        for (name, a), g in zip(outputs.items(), gradients, strict=True)
    }


@torch.no_grad()
def dead_units(
    model: nn.Module, x: Tensor, kinds: tuple[type, ...] = (nn.ReLU,)
) -> dict[str, float]:
    """By layer, the share of units (channels) that give 0 for every input and at every place.

    x: normalised inputs `(B, ...)`, enough of them to be a fair sample. Such a unit gets no
    gradient from any of them. The model keeps its mode.
    """
    if len(x) == 0:
        raise ValueError("0 inputs: with none, every unit would seem dead")
    with _outputs(model, kinds) as outputs:
        model(x)
    return {
        name: (a.transpose(0, 1).flatten(1) == 0).all(1).float().mean().item()
        for name, a in outputs.items()
    }


@contextmanager
def _outputs(model: nn.Module, kinds: tuple[type, ...]) -> Iterator[dict[str, Tensor]]:
    """While the block runs, what each layer of those kinds gave last, by the layer's name."""
    layers = {name: module for name, module in model.named_modules() if isinstance(module, kinds)}
    if not layers:
        wanted = ", ".join(kind.__name__ for kind in kinds)
        raise ValueError(
            f"the model has no layer of the kinds {wanted}: activations called as functions "
            "(F.relu) cannot be seen from outside, nn.ReLU() can"
        )
    seen: dict[str, Tensor] = {}
    hooks = [
        layer.register_forward_hook(lambda _m, _i, out, name=name: seen.__setitem__(name, out))
        for name, layer in layers.items()
    ]
    try:
        yield seen
    finally:
        for hook in hooks:
            hook.remove()


def _step(model: nn.Module, optimizer: torch.optim.Optimizer, x: Tensor, y: Tensor) -> float:
    """One step of training; the loss before it."""
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    return loss.item()


def _endless_batches(x: Tensor, y: Tensor, batch_size: int, generator) -> Iterator:
    while True:
        yield from batches(x, y, batch_size, generator=generator)


def _check_batch(x: Tensor, y: Tensor) -> None:
    if len(x) == 0 or len(x) != len(y):
        raise ValueError(f"{len(x)} inputs and {len(y)} labels: there must be as many, and some")
    if not x.is_floating_point():
        raise TypeError(f"x must be normalised inputs, as from data.normalise, not {x.dtype}")


# ---- convolutional networks


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


# ---- recurrent networks


def gradient_against_lag(
    cell: nn.Module, x: Tensor, loss: Callable[[Tensor], Tensor] | None = None
) -> dict[str, Tensor]:
    """The norm of dL/dh_t against lag, where L depends on the last hidden state alone.

    cell: (x `(B, D)`, state) to h `(B, H)` or to the pair (h, c), as in `models.rnn` and
    `torch.nn`. x: `(B, T, D)`. loss: h_T `(B, H)` to one L per sequence `(B,)`; the default is
    the mean of h_T's elements. Returns "h" (and "c" for a pair), each `(T,)`: entry k is the norm
    of the gradient at step T - k, averaged over the batch; entry 0 is the last step itself.
    The parameters' own gradients are left as they were.
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


# ---- residual networks


def filter_normalised_direction(model: nn.Module, seed: int) -> dict[str, Tensor]:
    """A random direction in the space of the parameters, each filter as long as the model's own.

    A filter is one row of a weight: all that makes one output channel. Biases and normalisation
    parameters stay where they are. Source: H. Li and others, Visualizing the Loss Landscape of
    Neural Nets, 2018, section 4.
    """
    generator = torch.Generator().manual_seed(seed)
    direction = {}
    for name, p in model.named_parameters():
        if p.ndim < 2:
            direction[name] = torch.zeros_like(p)
            continue
        d = torch.randn(p.shape, generator=generator).to(p)
        shape = (-1,) + (1,) * (p.ndim - 1)
        length = p.detach().flatten(1).norm(dim=1) / d.flatten(1).norm(dim=1)
        direction[name] = d * length.view(shape)
    return direction


@torch.no_grad()
def loss_surface(
    model: nn.Module, x: Tensor, y: Tensor, *, span: float = 1.0, points: int = 13, seed: int = 0
) -> tuple[Tensor, Tensor]:
    """The loss at theta + s u + t v, for two filter-normalised directions u and v.

    Returns the places from -span to span, `(points,)`, and the mean cross-entropy in nats,
    `(points, points)`, row for s, column for t. Measured in the mode that the model is in, on a
    copy. Raises ValueError for fewer than 2 points or a span that is not positive.
    """
    _check_batch(x, y)
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


# ---- adversarial networks


class Coverage(NamedTuple):
    """What `mode_coverage` counts, for one set of samples `()` or several `(...)`."""

    covered: Tensor  # int64 (...), modes that get at least a tenth of their fair share
    quality: Tensor  # float32 (...), share of the samples that lie on a mode
    counts: Tensor  # int64 (..., M), samples on each mode


def mode_coverage(
    samples: Tensor, centres: Tensor, sigma: float, within: float = 3.0, least: float = 0.1
) -> Coverage:
    """Which modes of a known mixture the samples `(..., N, 2)` reach, and how many lie on one.

    A sample lies on the mode nearest to it if it is no farther than `within * sigma`; a mode of
    M is covered if at least `least * N / M` samples lie on it. Of true Gaussian points in the
    plane, 1 - exp(-within**2 / 2) lie on a mode: 0.989 for three sigma.
    """
    if samples.ndim < 2 or samples.shape[-1] != centres.shape[-1] or samples.shape[-2] == 0:
        raise ValueError(
            f"samples {tuple(samples.shape)} must be (..., N, D) with N > 0, in the space of the "
            f"centres {tuple(centres.shape)}"
        )
    distance, nearest = torch.cdist(samples, centres.to(samples)).min(-1)  # (..., N)
    on_mode = distance <= within * sigma  # false for samples that are not finite
    hit = nn.functional.one_hot(nearest, len(centres)) * on_mode[..., None]  # (..., N, M)
    counts = hit.sum(-2)
    fair = samples.shape[-2] / len(centres)
    return Coverage((counts >= least * fair).sum(-1), on_mode.float().mean(-1), counts)


def frechet_distance(a: Tensor, b: Tensor) -> float:
    """The squared Frechet distance of two feature sets `(N, D)`, `(M, D)`, each as a Gaussian.

    |m_a - m_b|^2 + tr(C_a + C_b - 2 (C_a C_b)^(1/2)), means m, covariances C (N - 1 in the
    denominator), in float64. Its expected value from finite samples is too high, and more so the
    fewer they are: compare only values from equally many.
    Source: Dowson and Landau 1982; for generators, Heusel and others 2017.
    """
    a, b = _features(a, "a"), _features(b, "b", a)
    mean = ((a.mean(0) - b.mean(0)) ** 2).sum()
    cov_a, cov_b = torch.cov(a.T).view(a.shape[1], -1), torch.cov(b.T).view(a.shape[1], -1)
    values, vectors = torch.linalg.eigh(cov_a)
    root = vectors * values.clamp_min(0).sqrt() @ vectors.T  # C_a^(1/2)
    # C_a C_b and the symmetric C_a^(1/2) C_b C_a^(1/2) have the same eigenvalues
    cross = torch.linalg.eigvalsh(root @ cov_b @ root).clamp_min(0).sqrt().sum()
    return max(0.0, (mean + cov_a.trace() + cov_b.trace() - 2 * cross).item())


def precision_recall(real: Tensor, fake: Tensor, k: int = 3) -> tuple[float, float]:
    """Precision and recall of a generator, from features `(N, D)` and `(M, D)`.

    Around every point of a set lies a ball that reaches to its k-th nearest neighbour in that
    set. Precision: the share of fake points within a ball of the real ones (are they good?);
    recall: the share of real points within a ball of the fake ones (is nothing left out?).
    Source: Kynkaanniemi and others 2019, section 2. Both depend on N and M.
    """
    real, fake = _features(real, "real"), _features(fake, "fake", real)
    if not 1 <= k < min(len(real), len(fake)):
        raise ValueError(f"k must be from 1 to {min(len(real), len(fake)) - 1}, not {k}")
    between = torch.cdist(real, fake)  # (N, M)
    # the nearest of a point is itself, at distance 0: hence k + 1
    ball_real = torch.cdist(real, real).kthvalue(k + 1, dim=1).values
    ball_fake = torch.cdist(fake, fake).kthvalue(k + 1, dim=1).values
    precision = (between <= ball_real[:, None]).any(0).double().mean().item()
    recall = (between <= ball_fake[None, :]).any(1).double().mean().item()
    return precision, recall


def nearest(x: Tensor, among: Tensor) -> tuple[Tensor, Tensor]:
    """For each of x `(N, ...)` its nearest example in `among` `(M, ...)`: distance, index `(N,)`.

    The distance is Euclidean, over all numbers of an example.
    """
    if x.shape[1:] != among.shape[1:] or len(among) == 0:
        raise ValueError(
            f"examples of shapes {tuple(x.shape[1:])} and {tuple(among.shape[1:])} cannot be "
            "compared, or there are none to choose from"
        )
    distance, index = torch.cdist(x.flatten(1).double(), among.flatten(1).double()).min(1)
    return distance.float(), index


def _features(x: Tensor, name: str, like: Tensor | None = None) -> Tensor:
    """The features in float64, after a check of their shape `(N, D)`, N > 1, and values."""
    if x.ndim != 2 or len(x) < 2:
        raise ValueError(f"{name} must be features (N, D) of at least 2 examples: {tuple(x.shape)}")
    if like is not None and x.shape[1] != like.shape[1]:
        raise ValueError(f"{name} has {x.shape[1]} features, the other set {like.shape[1]}")
    if not x.isfinite().all():
        raise ValueError(f"{name} holds values that are not finite")
    return x.detach().double().cpu()
