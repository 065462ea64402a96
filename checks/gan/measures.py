"""Items 11 and 12: the Fréchet distance, and who copies."""

from __future__ import annotations

import math
from functools import partial

import torch
from torch import Tensor

from checks.calls import call, item
from checks.compare import Wrong, cause, fail, failing, kind, number
from checks.values import OneOf, alike, as_number
from helpers import diagnostics


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


def of_covariance(C: Tensor, apart: float, P: Tensor) -> float:
    """The distance of covariances P and C, the means' distance squared given."""
    root = matrix_root(P)
    values = torch.linalg.eigvalsh(root @ C @ root).clamp_min(0)
    return apart + P.trace().item() + C.trace().item() - 2 * values.sqrt().sum().item()


def in_single(features: Tensor, mean: Tensor, P: Tensor) -> float:
    """The distance where mean and covariance are computed in float32."""
    single = features - features.mean(0)
    single, centre = (single.T @ single / (len(single) - 1)).double(), features.mean(0).double()
    return of_covariance(single, (mean - centre).square().sum().item(), P)


def single_mistakes(features: Tensor, mean: Tensor, P: Tensor) -> dict:
    """What comes where the features, in float32, are made float64 too late."""
    centre = features.mean(0).double()
    off, apart = features.double() - centre, (mean - centre).square().sum().item()
    text = "the mean too is computed in float64: features.double() first"
    return {
        "mean and covariance are computed in float64, not in float32": in_single(features, mean, P),
        text: of_covariance(off.T @ off / (len(off) - 1), apart, P),
    }


def shifted(P: Tensor, C: Tensor, rest: float) -> dict:
    """The distance where something is added to both diagonals, in the root or everywhere."""
    found = {}
    for small in (1e-3, 1e-4, 1e-5, 1e-6):
        more = small * torch.eye(len(P)).double()
        root, off = matrix_root(P + more), torch.trace(more).item()
        values = torch.linalg.eigvalsh(root @ (C + more) @ root).clamp_min(0)
        text = f"the covariances as they are: {small} added to their diagonals bends the root"
        found[text] = OneOf(rest + d - 2 * values.sqrt().sum().item() for d in (0, 2 * off))
    return found


def other_values(P: Tensor, C: Tensor, rest: float) -> dict:
    """The distance by what is taken for the eigenvalues of C_p C_q."""
    eigenvalues, L = torch.linalg.eigvalsh, torch.linalg.cholesky_ex(P).L
    values = {
        "C_p C_q is not symmetric, as eigvalsh and eigh suppose": eigenvalues(P @ C),
        "C_q C_p is not symmetric, as eigvalsh and eigh suppose": eigenvalues(C @ P),
        "the eigenvalues of C_p C_q, which is not symmetric, are not its singular values": (
            torch.linalg.svdvals(P @ C)
        ),
        "the eigenvalues of C_p C_q are not products of those of C_p and C_q": (
            eigenvalues(P) * eigenvalues(C)
        ),
        "of C_p = L L^T the matrix is L^T C_q L, not L C_q L^T": eigenvalues(L @ C @ L.T),
    }
    return {t: rest - 2 * v.clamp_min(0).sqrt().sum().item() for t, v in values.items()}


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
        "the trace of C_p is missing": want - of_p,
        "the trace of C_q is missing": want - of_c,
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
    text, raw = "C_q is of what is left when the mean is taken off", features.double()
    found[text] = of_covariance(raw.T @ raw / (N - 1), apart, P)
    found |= shifted(P, C, rest) | other_values(P, C, rest)
    if features.dtype == torch.float32:
        found |= single_mistakes(features, mean, P)
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
    few = "with so few images the covariance has eigenvalues of 0" * (N <= D)
    one = "of one feature torch.cov gives a number: reshape" * (D == 1)
    with failing(one), failing(few, "positive-definite"):
        came = call(frechet, features, mean, P, tried=tried, without=own)
    value = as_number(came)
    if isinstance(value, complex):
        likely = "the eigenvalues are real: take .real of torch.linalg.eigvals before the roots"
        fail(tried, f"{want:.6g}", came, likely)
    tolerance = 1e-6 * (1 + of_p + of_c)
    mistakes = partial(frechet_mistakes, features, mean, P, C, T, want)
    try:
        number(came, want, tried, mistakes, tolerance, plain=float)
    except Wrong as wrong:
        if dtype == torch.float32 and not wrong.likely:
            again = call(frechet, features.double(), mean, P, tried=tried, without=own)
            if alike(again, want, tolerance):
                wrong.likely = (
                    "it is right of the same features in float64: features.double() first"
                )
        raise


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
            fail(f"audit[{name!r}]", expected, came, cause(came, want, mistakes[name], 0.005))
    for name in (*NEAREST, "copies", "collapsed"):
        if as_number(audit[name]) != as_number(measured[name]) or (
            isinstance(measured[name], str) and audit[name] != measured[name]
        ):
            fail(
                f"audit[{name!r}]", expected, audit[name], cause(audit[name], "", mistakes[name], 0)
            )
