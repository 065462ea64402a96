"""Item 9: clipping, against normalize."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn import utils

from checks.calls import call, item
from checks.compare import fail, failing, kind, number, pair, tensor
from checks.values import OneOf, alike, listed
from checks.watch import AllBut

CLIP = tuple(
    getattr(utils, name)
    for name in (
        "clip_grad_norm_",
        "get_total_norm",
        "clip_grads_with_norm_",
        "parameters_to_vector",
        "vector_to_parameters",
    )
    if hasattr(utils, name)
)


ASK = "ask `is None`, or `is not None`: a tensor of several numbers is neither true nor false"


class Gradients:
    """A list of gradients, matrices transposed ones, and the same clipped by normalize."""

    def __init__(self, shapes, scales, largest: float, dtype: torch.dtype) -> None:
        g = torch.Generator().manual_seed(len(shapes))
        values = [torch.randn(shape, generator=g, dtype=torch.float64) for shape in shapes]
        values = [v.T.contiguous().T if v.ndim == 2 else v for v in values]  # not row by row
        pairs = zip(values, scales, strict=True)
        self.given = [None if scale is None else (scale * v).to(dtype) for v, scale in pairs]
        self.there = [a for a in self.given if a is not None]
        self.whole = torch.cat([torch.zeros(0), *(a.flatten() for a in self.there)]).double()
        self.length = torch.linalg.vector_norm(self.whole).item()
        self.lengths = [torch.linalg.vector_norm(a.double()).item() for a in self.there]
        self.largest, self.dtype = largest, dtype
        self.near = min(1, largest) * (1e-5 if dtype == torch.float32 else 1e-6)

    def pieces(self, long: Tensor) -> list[Tensor | None]:
        """Cut the long vector into a list like `given`."""
        parts = iter(long.split([a.numel() for a in self.there]))
        return [None if a is None else next(parts).view(a.shape).to(self.dtype) for a in self.given]

    def alone(self, change) -> list[Tensor | None]:
        return [None if a is None else change(a) for a in self.given]

    def shortened(self, rows: Tensor) -> Tensor:
        rows = rows.double().reshape(-1)
        return (
            rows if rows.norm() <= self.largest else self.largest * F.normalize(rows, dim=0, eps=0)
        )

    def variants(self) -> dict[str, list]:
        longest, largest = max(1.0, self.length), self.largest
        factor = largest / max(self.length, 1e-300)
        return {
            "each tensor by its own length changes the direction: one factor for all": self.alone(
                lambda a: self.shortened(a).view(a.shape).to(self.dtype)
            ),
            "each number by itself changes the direction: one factor for all": (
                self.alone(lambda a: a.clamp(-largest, largest))
                if any(a.abs().max() > largest for a in self.there)
                else None  # nothing is clipped then
            ),
            "a gradient that is short enough stays as it is": self.pieces(factor * self.whole),
            "every tensor gets the factor, not those alone that are long themselves": self.alone(
                lambda a: a * (factor if self.length > largest and a.norm() > largest else 1)
            ),
            "the length becomes `largest`, not 1": (
                self.pieces(self.whole / longest) if longest > 1 else None
            ),
            "no constant is added to the length, of small gradients neither": OneOf(
                self.pieces(min(1.0, largest / (self.length + 10.0**-k)) * self.whole)
                for k in range(3, 13)
            ),
            "the factor is largest / length": self.pieces(
                min(1.0, largest / longest**2) * self.whole
            ),
            "the factor multiplies by `largest` alone": self.pieces(
                (largest if self.length > largest else 1) * self.whole
            ),
            "nothing was clipped: the length itself, not its square, is to be at most `largest`": (
                self.given
            ),
        }

    def wrong_lengths(self) -> dict[str, float]:
        length, whole = self.length, self.whole
        if not self.there:
            return {}
        return {
            "the length before clipping is asked for": min(length, self.largest),
            "no constant is added to the length, nor under its root": OneOf(
                one
                for small in (float(f"1e-{k}") for k in range(3, 21))
                for one in (length + small, math.sqrt(length**2 + small))
            ),
            "all numbers of a tensor count, not its largest alone": math.hypot(
                *(a.abs().max().item() for a in self.there)
            ),
            "in float32 the squares end at 3e38: the lengths are float64, as the gradients are": (
                math.inf if whole.float().square().sum().isinf() else None
            ),
            "the root of the sum of squares: the root is missing": (
                length**2 if length > 1e-3 else None
            ),
            "the length of all together is not the sum of the lengths": sum(self.lengths),
            "this is the longest tensor: all of them together make one vector": max(self.lengths),
            "the norm of a matrix is its largest singular value: ord=2 is not for matrices": sum(
                (torch.linalg.matrix_norm(a, 2) if a.ndim == 2 else a.norm()).item() ** 2
                for a in self.there
            )
            ** 0.5,
            "a gradient is not taken for 0 because it is small": 0.0,
            "this is the largest number, not the length": whole.abs().max().item(),
            "this is the sum of the absolute values, not the length": whole.abs().sum().item(),
            "this is the root of the mean square: sum, do not average": (
                length / len(whole) ** 0.5
            ),
        }


@item("Item 9, clip_gradients")
def check_clip(clip_gradients, shapes, scales, largest, dtype="float64") -> None:
    """scales: the size of each tensor's numbers; None for a gradient that is None."""
    dtype = getattr(torch, dtype)
    of = Gradients(shapes, scales, largest, dtype)
    names = ["None" if a is None else str(tuple(a.shape)) for a in of.given]
    tried = f"clip_gradients of {', '.join(names)}, length {of.length:.4g}, {largest=}"
    tried += "" if dtype == torch.float64 else f", {dtype}"
    hand = AllBut("renorm", "clip_grad")
    none = "where all are None there is nothing to join or to sum: the length is 0"
    with failing(none * (not of.there)), failing(ASK, by="Boolean value of Tensor"):
        came = call(clip_gradients, of.given, largest, tried=tried, by_hand=hand, without=CLIP)
    gradients, length = pair(came, "(list of gradients, length)", tried)
    parts = listed(gradients)
    if parts is None or len(parts) != len(of.given):
        likely = "a None keeps its place in the list" if "None" in names else ""
        found = kind(gradients) if parts is None else f"{len(parts)} of them"
        fail(tried, f"a list of {len(of.given)} gradients", found, likely)
    number(length, of.length, f"{tried}, length", of.wrong_lengths(), 1e-5 * of.length, float)
    variants = of.variants()
    whole = {text: variant for text, variant in variants.items() if alike(parts, variant, of.near)}
    variants = whole or variants
    for index, want in enumerate(of.pieces(of.shortened(of.whole))):
        part, where = parts[index], f"{tried}, gradient {index}"
        if (part is None) != (want is None):
            likely = "a None stays None, and keeps its place; a gradient of 0 stays a tensor"
            fail(where, "None" if want is None else "a tensor", kind(part), likely)
        if want is None:
            continue
        if isinstance(part, Tensor) and torch.isnan(part).any():
            likely = "this divides by a length of 0"
            fail(where, "0 where all gradients are 0", "nan", likely)
        several = {t: v if isinstance(v, OneOf) else [v] for t, v in variants.items() if v}
        mistakes = {t: OneOf(one[index] for one in some) for t, some in several.items()}
        tensor(part, want, where, mistakes, of.near)
