"""Measures of what a generator makes."""

from typing import NamedTuple

import torch
from torch import Tensor, nn


class Coverage(NamedTuple):
    """What `mode_coverage` counts, for one set of samples `()` or several `(...)`."""

    covered: Tensor  # int64 (...), modes that get at least a tenth of their fair share
    quality: Tensor  # float32 (...), share of the samples that lie on a mode
    counts: Tensor  # int64 (..., M), samples on each mode


def mode_coverage(samples: Tensor, centres: Tensor, sigma: float) -> Coverage:
    """Which modes of a known mixture the samples `(..., N, 2)` reach, and how many lie on one.

    A sample lies on the mode nearest to it if it is no farther than three sigma (of Gaussian points
    0.989 do); a mode of M is covered if at least a tenth of N / M samples lie on it.
    """
    if samples.ndim < 2 or samples.shape[-1] != centres.shape[-1] or samples.shape[-2] == 0:
        raise ValueError(
            f"samples {tuple(samples.shape)} must be (..., N, D) with N > 0, in the space of the "
            f"centres {tuple(centres.shape)}"
        )
    distance, nearest = torch.cdist(samples, centres.to(samples)).min(-1)  # (..., N)
    on_mode = distance <= 3 * sigma  # false for samples that are not finite
    hit = nn.functional.one_hot(nearest, len(centres)) * on_mode[..., None]  # (..., N, M)
    counts = hit.sum(-2)
    least = 0.1 * (samples.shape[-2] / len(centres))
    return Coverage((counts >= least).sum(-1), on_mode.float().mean(-1), counts)


def frechet_distance(a: Tensor, b: Tensor) -> float:
    """The squared Frechet distance of two feature sets `(N, D)`, `(M, D)`, each as a Gaussian.

    |m_a - m_b|^2 + tr(C_a + C_b - 2 (C_a C_b)^(1/2)), means m, covariances C. From finite samples
    it is too high, and more so the fewer they are: compare only values from equally many.
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
    set. Precision: the share of fake points within a ball of the real ones; recall: the share of
    real points within a ball of the fake ones. Source: Kynkaanniemi and others 2019, section 2.
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
    """For each of x `(N, ...)` its distance to the nearest of `among` `(M, ...)`, and which."""
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
