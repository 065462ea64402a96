"""Instruments: what to read off a network before, during and after training."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from helpers.training import eval_mode

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
    Source: Dowson and Landau 1982; for generators, Heusel and others 2017, section 3.
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
