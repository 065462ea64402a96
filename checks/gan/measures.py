"""Items 10 to 12: modes covered, the Fréchet distance, and who copies."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from checks.calls import call, item
from checks.compare import Wrong, cause, equal, fail, kind, number, pair
from checks.values import as_number
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

    def boxed(self) -> int:
        """Samples that are in both coordinates within the limit of the nearest centre."""
        away = self.samples[:, None] - torch.tensor(self.centres).to(self.samples)
        nearest = away.square().sum(2).argmin(1)
        return int((away[torch.arange(self.N), nearest].abs().amax(1) <= self.limit).sum())

    def likeliest(self) -> list[int]:
        """Samples on each mode, each on the mode of the largest density there."""
        d2 = (self.samples[:, None] - torch.tensor(self.centres).double()).square().sum(2)
        k = (torch.tensor(self.weights).double().log() - d2 / (2 * self.sigma**2)).argmax(1)
        lying = d2[torch.arange(self.N), k].sqrt() <= self.limit
        return torch.bincount(k[lying], minlength=self.M).tolist()

    def by_shares(self) -> int:
        """Modes covered by shares in float32."""
        shares = torch.tensor(self.on).float() / self.N / torch.tensor(self.weights)
        return int((shares >= 0.1).sum())

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
                self.boxed() / N),
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

    def not_modes(self) -> dict:
        return {
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
            "a tenth of the fair share need not be a whole number: do not round it": sum(
                n >= int(w * self.N) // 10 for n, w in zip(self.on, self.weights, strict=True)
            ),
        }


@item("Item 10, coverage")
def check_coverage(coverage, weights, counts, stray, seed, sigma=0.2, lost=0, close=False) -> None:
    """counts: samples drawn around each centre; stray: samples far from all; lost: at infinity.

    close: modes less than 3 sigma apart.
    """
    of = Scatter(weights, counts, stray, seed, sigma, lost, close)
    tried = f"coverage of {of.N} samples, {of.M} modes of weights {weights}, {sigma=}"
    tried += f", {lost} samples at infinity" if lost else ""
    given = torch.tensor(of.centres).double(), torch.tensor(weights, dtype=torch.float64), sigma
    came = call(coverage, of.samples, *given, tried=tried, without=(diagnostics.mode_coverage,))
    came = pair(came, "(modes covered, quality)", tried)
    # a mean in float32, the default, is right too
    quality = sum(of.on) / of.N
    number(came[1], quality, f"{tried}: quality", of.not_quality, tolerance=1e-6)
    equal(came[0], of.covered(), f"{tried}: modes covered", of.not_modes)


def statistics(N, D, seed, offset, dtype, same) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Features, their covariance C, and a symmetric T, so that the root of (T C T) C is T C."""
    generator = torch.Generator().manual_seed(seed)

    def numbers(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    features = (numbers(N, D) @ numbers(D, D) + offset).to(dtype)
    C = torch.cov(features.double().T).view(D, D)
    T = numbers(D, D)
    T = torch.eye(D).double() if same else T @ T.T / D + 0.2 * torch.eye(D).double()
    mean = features.double().mean(0)
    return features, C, T, mean if same else mean + numbers(D)


def matrix_root(M: Tensor) -> Tensor:
    values, vectors = torch.linalg.eigh(M)
    return vectors * values.clamp_min(0).sqrt() @ vectors.T


def distance(features: Tensor, mean: Tensor) -> float:
    return ((mean - features.double().mean(0)) ** 2).sum().item()


def in_single(features: Tensor, mean: Tensor, P: Tensor) -> float:
    """The distance where mean and covariance are computed in float32."""
    single = features - features.mean(0)
    single, centre = (single.T @ single / (len(single) - 1)).double(), features.mean(0).double()
    rough = (mean - centre).square().sum().item() + P.trace().item() + single.trace().item()
    root = matrix_root(P)
    values = torch.linalg.eigvalsh(root @ single @ root).clamp_min(0)
    return rough - 2 * values.sqrt().sum().item()


def frechet_mistakes(features, mean, P, C, T, want) -> dict:
    (N, D), of_p, of_c = features.shape, P.trace().item(), C.trace().item()
    apart, cross = distance(features, mean), (T @ C).trace().item()
    rest = apart + of_p + of_c
    smaller = (N - 1) / N  # C with N in the denominator is so much smaller
    found = {
        "C_q has N - 1 in the denominator": apart + of_p + smaller * of_c
        - 2 * math.sqrt(smaller) * cross,
        "d squared is asked, not its root": math.sqrt(max(0, want)),
        "the distance of the means is squared": want - apart + math.sqrt(apart),
        "a sum over the D features, not a mean": want - apart + apart / D,
        "the distance of the means is missing": want - apart,
        "the covariances are missing": apart,
        "twice the trace of the root": want + cross,
        "the trace of the root is missing": want + 2 * cross,
        "the trace of the root is subtracted, not added": want + 4 * cross,
        "variances only: the covariances between features count too": apart
        + (P.diagonal().sqrt() - C.diagonal().clamp_min(0).sqrt()).square().sum().item(),
        "a matrix's root is not the root of each element": rest
        - 2 * (P @ C).diagonal().clamp_min(0).sqrt().sum().item(),
        "the roots of the eigenvalues, then the sum: this is the root of the trace": rest
        - 2 * math.sqrt(max(0, (P @ C).trace().item())),
        "the root of a product is not the product of the roots": rest
        - 2 * (matrix_root(P) @ matrix_root(C)).trace().item(),
        "the eigenvalues' roots are missing": rest - 2 * (P @ C).trace().item(),
    }  # fmt: skip
    if features.dtype == torch.float32:
        text = "mean and covariance are computed in float64, not in float32"
        found[text] = in_single(features, mean, P)
    for name, product in (("C_p C_q", P @ C), ("C_q C_p", C @ P)):
        values = torch.linalg.eigvalsh(product).clamp_min(0)
        text = f"{name} is not symmetric, as eigvalsh and eigh suppose"
        found[text] = rest - 2 * values.sqrt().sum().item()
    return found


@item("Item 11, frechet")
def check_frechet(frechet, N, D, seed, offset=0.0, dtype="float64", same=False) -> None:
    """Statistics whose matrix root is known by construction."""
    dtype = getattr(torch, dtype)
    features, C, T, mean = statistics(N, D, seed, offset, dtype, same)
    P = T @ C @ T
    of_p, of_c, cross = P.trace().item(), C.trace().item(), (T @ C).trace().item()
    want = distance(features, mean) + of_p + of_c - 2 * cross
    tried = f"frechet of features ({N}, {D}), {dtype}"
    own = (diagnostics.frechet_distance,)
    try:
        came = call(frechet, features, mean, P, tried=tried, without=own)
    except Wrong as wrong:
        if "positive-definite" in str(wrong.came) and N <= D:
            wrong.likely = "with so few images the covariance has eigenvalues of 0"
        if D == 1:
            call(frechet, *statistics(9, 2, 0, 0.0, dtype, True)[::3], torch.eye(2).double(),
                 tried=tried, without=own)  # fmt: skip
            wrong.likely = "of one feature torch.cov gives a number: reshape"
        raise
    value = as_number(came)
    if isinstance(value, complex):
        likely = "the eigenvalues are real: take .real of torch.linalg.eigvals before the roots"
        fail(tried, f"{want:.6g}", came, likely)
    tolerance = 1e-6 * (1 + of_p + of_c)
    number(
        came,
        want,
        tried,
        lambda: frechet_mistakes(features, mean, P, C, T, want),
        tolerance,
        plain=float,
    )


LETTERS = ("A", "B", "C")
DISTANCES = tuple(f"distance of {name}" for name in (*LETTERS, "reference"))
NEAREST = tuple(f"different nearest of {name}" for name in LETTERS)


@item("Item 12, audit")
def check_audit_form(audit) -> None:
    """Four distances, three whole numbers, two letters."""
    if not isinstance(audit, dict):
        fail("audit", "the dict given above, filled in", kind(audit))
    for name in (*DISTANCES, *NEAREST, "copies", "collapsed"):
        came = audit.get(name)
        value = as_number(came)
        if name in DISTANCES:
            want, fits = "a number", value is not None and not isinstance(value, complex)
        elif name in NEAREST:
            want, fits = "a whole number", value is not None and value % 1 == 0
        else:
            want, fits = "one of 'A', 'B', 'C'", isinstance(came, str) and came in LETTERS
        if not fits:
            likely = "still to be answered" if came is None or came is ... else ""
            fail(f"audit[{name!r}]", want, repr(came)[:60], likely)


@item("Item 12, audit")
def check_audit(audit, measured: dict, mistakes: dict) -> None:
    """Against what is measured again; mistakes: for each of the nine, what usual ones give."""
    expected = "what a measurement gives"
    for name in DISTANCES:
        came, want = as_number(audit[name]), measured[name]
        if not abs(came - want) <= 0.01 * want:
            slips = mistakes[name].items()
            fits = [text for text, wrong in slips if abs(came - wrong) <= 0.01 * wrong]
            fail(f"audit[{name!r}]", expected, came, fits[0] if len(fits) == 1 else "")
    for name in (*NEAREST, "copies", "collapsed"):
        if as_number(audit[name]) != as_number(measured[name]) or (
            isinstance(measured[name], str) and audit[name] != measured[name]
        ):
            fail(
                f"audit[{name!r}]", expected, audit[name], cause(audit[name], "", mistakes[name], 0)
            )
