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
    samples = torch.cat([near, far, away])
    return samples[torch.randperm(len(samples), generator=generator)]


def tally(samples: Tensor, centres: list, limit: float, every: bool = False) -> list[int]:
    """Samples on each mode, one by one; every: on each within the limit, not the nearest only."""
    on = [0] * len(centres)
    for sample in samples.tolist():
        away = [math.dist(sample, centre) for centre in centres]
        for k, d in enumerate(away):
            on[k] += d <= limit and (every or d == min(away))
    return on


def boxed(samples: Tensor, centres: list, limit: float) -> int:
    """Samples that are in both coordinates within the limit of the nearest centre."""
    away = samples[:, None] - torch.tensor(centres).to(samples)
    nearest = away.square().sum(2).argmin(1)
    return int((away[torch.arange(len(away)), nearest].abs().amax(1) <= limit).sum())


@item("Item 10, coverage")
def check_coverage(coverage, weights, counts, stray, seed, sigma=0.2, lost=0, close=False) -> None:
    """counts: samples drawn around each centre; stray: samples far from all; lost: at infinity.

    close: modes less than 3 sigma apart.
    """
    centres = (CLOSE if close else APART)[: len(weights)]
    samples = scattered(centres, counts, stray, sigma, seed, lost)
    N, M, limit = len(samples), len(centres), 3 * sigma
    on = tally(samples, centres, limit)

    def covered(on=on, shares=weights, part=0.1, total=N, more=-1e-9) -> int:
        return sum(n - part * w * total >= more for n, w in zip(on, shares, strict=True))

    tried = f"coverage of {N} samples, {M} modes of weights {weights}, {sigma=}"
    tried += f", {lost} samples at infinity" if lost else ""
    given = torch.tensor(centres).double(), torch.tensor(weights).double(), sigma
    came = call(coverage, samples, *given, tried=tried, without=(diagnostics.mode_coverage,))
    came = pair(came, "(modes covered, quality)", tried)

    def shares() -> dict:
        every = tally(samples, centres, limit, every=True)
        return {
            "the limit is 3 sigma, not 1": sum(tally(samples, centres, sigma)) / N,
            "the limit is 3 sigma, not 2": sum(tally(samples, centres, 2 * sigma)) / N,
            "there is a limit of 3 sigma: not every sample lies on its nearest mode": (N - lost) / N,
            "a distance, not its square, is compared with 3 sigma": sum(
                tally(samples, centres, math.sqrt(limit))
            ) / N,
            "a sample lies on the nearest mode only, though others may be within 3 sigma": sum(
                every
            ) / N,
            "a share from 0 to 1, not per cent": 100 * sum(on) / N,
            "this is a count: divide by N": sum(on),
            "a distance is the root of a sum of squares: here it is the larger of the two": boxed(
                samples, centres, limit
            ) / N,
            "infinity is no place near a mode": sum(
                tally(samples.nan_to_num(posinf=0.0), centres, limit)
            ) / N if lost else None,
            "samples at infinity count in N": sum(on) / (N - lost) if N > lost and lost else None,
            "the share of the samples that lie on no mode": 1 - sum(on) / N,
            "all samples on a mode count, also those on one that is not covered": sum(
                n for n, w in zip(on, weights, strict=True) if n - 0.1 * w * N >= -1e-9
            ) / N,
            "quality is of samples; this is the share of modes that are covered": covered() / M,
        }  # fmt: skip

    def modes() -> dict:
        return {
            "mode k's fair share is w_k N, not N / M": covered(shares=[1 / M] * M),
            "a tenth of the fair share, not all of it": covered(part=1.0),
            "one sample is not enough: at least a tenth of the fair share": sum(n > 0 for n in on),
            "every mode is counted, covered or not": M,
            "a tenth of w_k N, with all N samples, not only those on a mode": covered(
                total=sum(on)
            ),
            "at least a tenth: exactly a tenth is enough": covered(more=1e-9),
            "a tenth of the fair share, not of all samples": sum(n >= 0.1 * N for n in on),
            "the limit of 3 sigma holds for the modes covered too": covered(
                tally(samples, centres, math.inf)
            ),
            "a sample lies on the nearest mode only, though others may be within 3 sigma": covered(
                tally(samples, centres, limit, every=True)
            ),
            "the modes that are not covered": M - covered(),
        }

    def known(found: dict) -> dict:
        return {text: wrong for text, wrong in found.items() if wrong is not None}

    # a mean in float32, the default, is right too
    told = f"{tried}: quality"
    number(came[1], sum(on) / N, told, lambda: known(shares()), tolerance=1e-6)
    told = f"{tried}: modes covered"
    equal(came[0], covered(), told, modes)


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


@item("Item 11, frechet")
def check_frechet(frechet, N, D, seed, offset=0.0, dtype="float64", same=False) -> None:
    """Statistics whose matrix root is known by construction."""
    dtype = getattr(torch, dtype)
    features, C, T, mean = statistics(N, D, seed, offset, dtype, same)
    P = T @ C @ T
    apart = ((mean - features.double().mean(0)) ** 2).sum().item()
    of_p, of_c, cross = P.trace().item(), C.trace().item(), (T @ C).trace().item()
    want = apart + of_p + of_c - 2 * cross
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

    def mistakes() -> dict:
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
        if dtype == torch.float32:
            single = features - features.mean(0)
            single, centre = (single.T @ single / (N - 1)).double(), features.mean(0).double()
            rough = (mean - centre).square().sum().item() + of_p + single.trace().item()
            root = matrix_root(P)
            rough -= (
                2 * torch.linalg.eigvalsh(root @ single @ root).clamp_min(0).sqrt().sum().item()
            )
            found["mean and covariance are computed in float64, not in float32"] = rough
        for name, product in (("C_p C_q", P @ C), ("C_q C_p", C @ P)):
            values = torch.linalg.eigvalsh(product).clamp_min(0)
            text = f"{name} is not symmetric, as eigvalsh and eigh suppose"
            found[text] = rest - 2 * values.sqrt().sum().item()
        return found

    value = as_number(came)
    if isinstance(value, complex):
        likely = "the eigenvalues are real: take .real of torch.linalg.eigvals before the roots"
        fail(tried, f"{want:.6g}", came, likely)
    tolerance = 1e-6 * (1 + of_p + of_c)
    number(came, want, tried, mistakes, tolerance, plain=float)


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
