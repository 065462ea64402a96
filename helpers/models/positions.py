"""Positions: attention by itself does not know which place is which.

Sources: Vaswani and others, Attention Is All You Need, 2017, section 3.5 (sinusoids, added to the
input); Su and others, RoFormer, 2021 (rotary, applied to queries and keys).
"""

import torch
from torch import Tensor


def sinusoid(T: int, C: int, base: float = 10_000.0) -> Tensor:
    """Positions `(T, C)` of section 3.5: sin(t / base^(i / C)) for even i, cos for odd i + 1."""
    if C % 2:
        raise ValueError(f"sines and cosines come in pairs: C must be even, not {C}")
    t = torch.arange(T, dtype=torch.float64)[:, None]
    angle = t / base ** (torch.arange(0, C, 2, dtype=torch.float64) / C)  # (T, C / 2)
    return torch.stack([angle.sin(), angle.cos()], -1).flatten(1).to(torch.get_default_dtype())


def rotate(x: Tensor, start: int = 0, base: float = 10_000.0) -> Tensor:
    """x `(..., T, d)`, the pair of numbers i and i + d/2 turned by (start + t) base^(-2i / d).

    The product of a rotated query and key depends on how far apart they are, not on where. (The
    paper pairs neighbours, 2i and 2i + 1: the same but for the order of the numbers.)
    """
    T, d = x.shape[-2:]
    exact = torch.promote_types(x.dtype, torch.float32)  # 16 bits cannot tell places apart
    t = torch.arange(start, start + T, device=x.device, dtype=exact)[:, None]
    angle = t / base ** (torch.arange(0, d, 2, device=x.device, dtype=exact) / d)  # (T, d / 2)
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)
