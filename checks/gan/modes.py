"""Item 10: modes covered and quality, against a count sample by sample."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from checks.calls import call, item
from checks.compare import equal, failing, number, pair
from checks.values import OneOf, alike
from helpers import diagnostics

APART = [(3.0 * (k % 4), 3.0 * (k // 4)) for k in range(8)]
CLOSE = [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (2.0, 1.0), (-6.0, 4.0)]


def scattered(centres, counts, stray, sigma, seed, lost) -> Tensor:
    """Samples by turns 0.5, 1.5, 2.5 and 3.5 sigma from their centre, stray ones, lost ones."""
    generator = torch.Generator().manual_seed(seed)
    around = [c for c, n in zip(centres, counts, strict=True) for _ in range(n)]
    at = torch.tensor(around).double().view(-1, 2)
    radius = sigma * (0.5 + torch.arange(len(at)) % 4).double()
    angle = 2 * math.pi * torch.rand(len(at), generator=generator, dtype=torch.float64)
    near = at + radius[:, None] * torch.stack([angle.cos(), angle.sin()], dim=1)
    far = 50 + 10 * torch.rand(stray, 2, generator=generator, dtype=torch.float64)
    away = torch.full((lost, 2), math.inf, dtype=torch.float64)
    away[::2, 0], away[::3] = -math.inf, -math.inf
    samples = torch.cat([near, far, away])
    return samples[torch.randperm(len(samples), generator=generator)]


class Scatter:
    """Samples around modes, what lies on each, and what usual mistakes make of them."""

    def __init__(self, weights, counts, stray, seed, sigma, lost, close) -> None:
        self.weights, self.sigma, self.lost, self.limit = weights, sigma, lost, 3 * sigma
        self.centres = (CLOSE if close else APART)[: len(weights)]
        self.samples = scattered(self.centres, counts, stray, sigma, seed, lost)
        self.N, self.M = len(self.samples), len(self.centres)
        self.on = self.tally(self.limit)
        self.every = self.tally(self.limit, every=True)

    def tally(self, limit: float, every: bool = False, samples: Tensor | None = None) -> list[int]:
        """Samples on each mode, one by one; every: on each within the limit, not the nearest only."""
        on = [0] * self.M
        for sample in (self.samples if samples is None else samples).tolist():
            away = [math.dist(sample, centre) for centre in self.centres]
            for k, d in enumerate(away):
                on[k] += d <= limit and (every or d == min(away))
        return on

    def measured(self, size: Callable) -> int:
        """Samples within the limit of a centre, by a size of what lies between them, (N, M, 2)."""
        away = (self.samples[:, None] - torch.tensor(self.centres).to(self.samples)).abs()
        return int((size(away).amin(1) <= self.limit).sum())

    def first(self) -> list[int]:
        """Samples on each mode, each on the first that is near enough."""
        near = torch.cdist(self.samples, torch.tensor(self.centres).to(self.samples)) <= self.limit
        first = near.to(torch.uint8).argmax(1)[near.any(1)]
        return torch.bincount(first, minlength=self.M).tolist()

    def likeliest(self) -> list[int]:
        """Samples on each mode, each on the mode of the largest density there."""
        d2 = (self.samples[:, None] - torch.tensor(self.centres).double()).square().sum(2)
        k = (torch.tensor(self.weights).double().log() - d2 / (2 * self.sigma**2)).argmax(1)
        lying = d2[torch.arange(self.N), k].sqrt() <= self.limit
        return torch.bincount(k[lying], minlength=self.M).tolist()

    def by_shares(self) -> OneOf:
        """Modes covered by shares in float32, taken at once or added up sample by sample."""
        w = np.array(self.weights)
        added = [sum([np.float32(1 / self.N)] * n, np.float32(0)) for n in self.on]
        found = []
        for each in (np.float32(self.on) / np.float32(self.N), np.float32(added)):
            found += [(each / np.float32(w) >= np.float32(0.1)).sum(), (each >= 0.1 * w).sum()]
        return OneOf(map(int, found))

    def covered(self, on=None, shares=None, part=0.1, total=None, more=-1e-9) -> int:
        pairs = zip(on or self.on, shares or self.weights, strict=True)
        return sum(n - part * w * (total or self.N) >= more for n, w in pairs)

    def not_quality(self) -> dict:
        N, on, sigma = self.N, sum(self.on), self.sigma
        back = self.samples.nan_to_num(posinf=0.0, neginf=0.0)
        pairs = zip(self.on, self.weights, strict=True)
        return {
            "the limit is 3 sigma, not 1": sum(self.tally(sigma)) / N,
            "the limit is 3 sigma, not 2": sum(self.tally(2 * sigma)) / N,
            "there is a limit of 3 sigma: not every sample lies on its nearest mode": (
                N - self.lost) / N,
            "a distance, not its square, is compared with 3 sigma": sum(
                self.tally(math.sqrt(self.limit))) / N,
            "a sample lies on the nearest mode only, though others may be within 3 sigma": (
                sum(self.every) / N),
            "a sample lies on the nearest mode, not on the likeliest": sum(self.likeliest()) / N,
            "a share from 0 to 1, not per cent": 100 * on / N,
            "this is a count: divide by N": on,
            "a distance is the root of a sum of squares: here it is the larger of the two": (
                self.measured(lambda away: away.amax(2)) / N),
            "a distance is the root of a sum of squares: here it is the sum of the two sizes": (
                self.measured(lambda away: away.sum(2)) / N),
            "the pair is (modes covered, quality), in this order": self.covered(),
            "infinity is no place near a mode": (
                sum(self.tally(self.limit, samples=back)) / N if self.lost else None),
            "samples at infinity count in N": (
                on / (N - self.lost) if N > self.lost > 0 else None),
            "the share of the samples that lie on no mode": 1 - on / N,
            "all samples on a mode count, also those on one that is not covered": sum(
                n for n, w in pairs if n - 0.1 * w * N >= -1e-9) / N,
            "quality is of samples; this is the share of modes that are covered": (
                self.covered() / self.M),
        }  # fmt: skip

    def rounded(self) -> dict:
        pairs = [(n, 0.1 * w * self.N) for n, w in zip(self.on, self.weights, strict=True)]
        return {
            "a tenth is not rounded down": sum(n >= int(tenth + 1e-9) for n, tenth in pairs),
            "a tenth is not rounded down, to 1 at least": sum(
                n >= max(1, int(tenth + 1e-9)) for n, tenth in pairs
            ),
            "a tenth is not rounded": sum(n >= round(tenth) for n, tenth in pairs),
            "the number of modes, not their share": self.covered() / self.M,
            "a sample lies on the nearest mode, not on the first that is near enough": (
                self.covered(self.first())
            ),
        }

    def not_modes(self) -> dict:
        return self.rounded() | {
            "mode k's fair share is w_k N, not N / M": self.covered(shares=[1 / self.M] * self.M),
            "a tenth of the fair share, not all of it": self.covered(part=1.0),
            "one sample is not enough: at least a tenth of the fair share": sum(
                n > 0 for n in self.on
            ),
            "every mode is counted, covered or not": self.M,
            "a tenth of w_k N, with all N samples, not only those on a mode": self.covered(
                total=sum(self.on)
            ),
            "at least a tenth: exactly a tenth is enough": self.covered(more=1e-9),
            "a tenth of the fair share, not of all samples": sum(
                n >= 0.1 * self.N for n in self.on
            ),
            "the limit of 3 sigma holds for the modes covered too": self.covered(
                self.tally(math.inf)
            ),
            "a sample lies on the nearest mode only, though others may be within 3 sigma": (
                self.covered(self.every)
            ),
            "the modes that are not covered": self.M - self.covered(),
            "a sample lies on the nearest mode, not on the likeliest": self.covered(
                self.likeliest()
            ),
            "a share in float32 is rounded: compare numbers of samples": self.by_shares(),
            FEWER: self.covered([n for n in self.on if n] + [0] * self.on.count(0)),
        }

    def given(self) -> tuple:
        both = (torch.tensor(t, dtype=torch.float64) for t in (self.centres, self.weights))
        return self.samples, *both, self.sigma

    def not_modes_of(self, coverage, tried: str) -> dict:
        """Of the usual mistakes those that this answer makes in other cases too."""
        fits = self.not_modes()
        for others in PROBES:
            probe = Scatter(*others)
            now, known = (
                pair(call(coverage, *probe.given(), tried=tried), "", tried),
                probe.not_modes(),
            )
            fits = {text: n for text, n in fits.items() if alike(now[0], known[text], 0)}
        return fits


FEWER = "a mode without samples has a count too: bincount(..., minlength=M)"
PROBES = [  # weights, counts, stray, seed, sigma, lost, close
    ([0.2] * 5, [20, 9, 2, 0, 30], 10, 2, 0.4, 0, True),
    ([0.6, 0.34, 0.06], [0, 4, 3], 93, 8, 0.2, 0, False),
    ([0.25] * 2 + [0.125] * 2 + [0.0625] * 4, [16, 30, 3, 1, 4, 30, 0, 40], 196, 1, 0.2, 0, False),
    ([0.5, 0.03125, 0.25, 0.125, 0.09375], [10, 3, 6, 2, 1], 3, 7, 0.6, 0, True),
    ([0.6, 0.37, 0.03], [5, 0, 0], 12, 9, 0.2, 0, False),
    ([0.03125, 0.96875], [10, 0], 190, 10, 2.0, 0, True),
    ([0.25] * 2 + [0.125] * 2 + [0.0625] * 4, [6, 1, 6, 4, 1, 40, 0, 12], 250, 3, 0.2, 0, False),
]


@item("Item 10, coverage")
def check_coverage(coverage, weights, counts, stray, seed, sigma=0.2, lost=0, close=False) -> None:
    """counts: samples drawn around each centre; stray: samples far from all; lost: at infinity.

    close: modes less than 3 sigma apart.
    """
    of = Scatter(weights, counts, stray, seed, sigma, lost, close)
    tried = f"coverage of {of.N} samples, {of.M} modes of weights {weights}, {sigma=}"
    tried += f", {lost} samples at infinity" if lost else ""
    with failing(FEWER * (of.on[-1] == 0), "size of tensor"):
        came = call(coverage, *of.given(), tried=tried, without=(diagnostics.mode_coverage,))
    came = pair(came, "(modes covered, quality)", tried)
    # a mean in float32, the default, is right too
    quality = sum(of.on) / of.N
    number(came[1], quality, f"{tried}: quality", of.not_quality, tolerance=1e-6)
    told = f"{tried}: modes covered"
    equal(came[0], of.covered(), told, lambda: of.not_modes_of(coverage, told))
