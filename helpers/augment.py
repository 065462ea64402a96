"""Augmentation of whole batches, on the device they lie on; each image draws its own numbers.

Every function takes and returns normalised images float `(B, C, H, W)`; `shift(2)` makes such a
function, `chain` joins several: `training.fit(..., augment=chain(flip, shift(2)))`.
"""

from collections.abc import Callable
from functools import reduce

import torch
import torch.nn.functional as F
from torch import Tensor

Augmentation = Callable[[Tensor], Tensor]


def chain(*steps: Augmentation) -> Augmentation:
    """The steps, one after another."""
    return lambda x: reduce(lambda now, step: step(now), steps, x)


def flip(x: Tensor) -> Tensor:
    """Each image mirrored left to right with probability 1/2."""
    mirrored = torch.rand(len(x), 1, 1, 1, device=x.device) < 0.5  # (B, 1, 1, 1)
    return torch.where(mirrored, x.flip(3), x)


def shift(pixels: int) -> Augmentation:
    """Each image moved by up to so many pixels down and across; its edge is mirrored inwards.

    The random crop of He and others 2015, section 4.2, with reflection in place of zeros.
    """
    if pixels < 1:
        raise ValueError(f"pixels must be at least 1, not {pixels}")

    def apply(x: Tensor) -> Tensor:
        b, _, h, w = x.shape
        if pixels >= min(h, w):
            raise ValueError(f"images of {h}x{w} pixels cannot be shifted by {pixels}")
        wide = F.pad(x, [pixels] * 4, mode="reflect")  # (B, C, H + 2P, W + 2P)
        corner = torch.randint(2 * pixels + 1, (2, b, 1), device=x.device)
        rows = corner[0] + torch.arange(h, device=x.device)  # (B, H)
        columns = corner[1] + torch.arange(w, device=x.device)  # (B, W)
        image = torch.arange(b, device=x.device)[:, None, None]
        moved = wide.permute(0, 2, 3, 1)[image, rows[:, :, None], columns[:, None, :]]
        return moved.permute(0, 3, 1, 2)  # (B, H, W, C) -> (B, C, H, W)

    return apply
