"""Points in the plane, from arithmetic."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Points:
    """Points in the plane from equal Gaussians ("modes") at known places."""

    name: str
    train_x: Tensor  # float32 `(N, 2)`
    train_y: Tensor  # int64 `(N,)`, the mode of each
    centres: Tensor  # float32 `(M, 2)`
    sigma: float  # the standard deviation of every mode in each coordinate

    def __repr__(self) -> str:
        return f"{self.name}: {len(self.train_x):,} points from {len(self.centres)} modes"


def ring(
    modes: int = 8, size: int = 20_000, radius: float = 2.0, sigma: float = 0.1, seed: int = 0
) -> Points:
    """Points from Gaussians evenly spaced on a circle, in equal shares: a GAN's hardest easy task.

    Source: Metz and others, Unrolled Generative Adversarial Networks, 2017, section 3.1.
    """
    if modes < 1 or size < modes or radius <= 0 or sigma <= 0:
        raise ValueError("a ring needs at least one mode, a point for each, radius and sigma > 0")
    rng = np.random.default_rng(seed)
    angles = 2 * np.pi * np.arange(modes) / modes
    centres = radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)  # (M, 2)
    labels = rng.permutation(np.arange(size) % modes)
    points = centres[labels] + sigma * rng.standard_normal((size, 2))
    return Points(
        name="ring",
        train_x=torch.from_numpy(points.astype(np.float32)),
        train_y=torch.from_numpy(labels.astype(np.int64)),
        centres=torch.from_numpy(centres.astype(np.float32)),
        sigma=sigma,
    )
