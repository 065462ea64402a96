"""Item 13: the calibration error, against NumPy's histogram."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from checks.calls import Case, call, item, judge
from checks.compare import Wrong, fail, number
from checks.values import OneOf, alike


def predictions(C: int, bins: int, T: float, groups: list) -> tuple[Tensor, Tensor]:
    """Logits whose confidences are known, none at the edge of a bin, and labels."""
    g = torch.Generator().manual_seed(C + bins)
    extra = 1 / C + (0.98 - 1 / C) * torch.rand(40, generator=g, dtype=torch.float64)
    inner = (extra * bins).floor() + (0.05 + 0.9 * (extra * bins).frac())
    spread = [(c, 1, int(c > 0.6)) for c in (inner / bins).tolist() if 1 / C < c < 0.99]
    rows, labels = [], []
    for confidence, count, right in [*groups, *(spread if len(groups) > 1 else [])]:
        for index in range(count):
            z = torch.full((C,), -800.0, dtype=torch.float64)  # e to the -800 is 0
            if confidence < 1:
                z = torch.full((C,), (1 - confidence) / (C - 1), dtype=torch.float64).log()
            predicted = int(torch.randint(C, (), generator=g))
            z[predicted] = torch.tensor(confidence, dtype=torch.float64).log()
            shift = (1000, -2000, 3000)[len(rows) % 3] + torch.randn((), generator=g).double()
            rows.append(T * z + shift)  # softmax(z / T) has just this confidence
            labels.append(predicted if index < right else (predicted + 1) % C)
    order = torch.randperm(len(rows), generator=g)
    return torch.stack(rows)[order], torch.tensor(labels)[order]


class Bins:
    """How many predictions each bin holds, their confidence and how many are right."""

    def __init__(self, logits, y, edges, true_class=False, divided=1.0, power=1.0, most=1.0):
        p = logits.softmax(1)
        c = (p.gather(1, y[:, None])[:, 0] if true_class else p.amax(1)).numpy()
        c = np.minimum(c**power / divided, most)
        hit = (p.argmax(1) == y).double().numpy()
        held, sums, right, apart = (
            np.histogram(c, edges, weights=w)[0] for w in (None, c, hit, abs(c - hit))
        )
        full = self.full = held > 0
        self.edges = edges
        self.right, self.mean = right[full] / held[full], sums[full] / held[full]
        self.held, self.apart, self.all = held[full], apart[full], len(held)
        self.gaps, self.N = (sums[full] - right[full]) / held[full], len(y)

    def middle(self) -> float:
        """The error by the middle of each bin in place of the mean confidence there."""
        centres = ((self.edges[1:] + self.edges[:-1]) / 2)[self.full]
        return float((abs(centres - self.right) * self.held).sum() / self.N)

    def error(self) -> float:
        return float((abs(self.gaps) * self.held).sum() / self.N)


def gap_mistakes(right: Bins) -> dict[str, float]:
    """What is made of the bins' gaps in place of their weighted mean."""
    gaps, held, N = right.gaps, right.held, right.N
    found = {
        "each bin counts by how many predictions it holds": abs(gaps).mean(),
        "each bin counts by how many predictions it holds, an empty one nothing": (
            abs(gaps).sum() / right.all
        ),
        "this is the largest gap, not the mean": abs(gaps).max(),
        "the gap of a bin is absolute: bins above and below must not cancel": (
            (gaps * held).sum() / N
        ),
        "the means of a bin first, then their difference": right.apart.sum() / N,
        "the gap of a bin is not squared": (gaps**2 * held).sum() / N,
        "the mean confidence of a bin, not the bin's middle": right.middle(),
        "the share right in a bin is one of its own predictions, not of all N": (
            abs(right.mean - right.right * held / N) * held
        ).sum()
        / N,
        "the gap of a bin is not squared, no root is taken": ((gaps**2 * held).sum() / N) ** 0.5,
    }
    if (gaps * held).sum() <= 0:
        text = "the gap of a bin is absolute, not that of all of them"
        found[text] = -(gaps * held).sum() / N
    return found


def other_edges(logits, bins: int) -> dict[str, np.ndarray]:
    """Of bins that are not those asked for."""
    c, edges = logits.softmax(1).amax(1).numpy(), np.linspace(0, 1, bins + 1)
    found = {
        "the number of bins is given": np.linspace(0, 1, 11),
        "the bins begin at 0, not at 1 / C": np.linspace(1 / logits.shape[1], 1, bins + 1),
        "the bins lie between 0 and 1, not between the smallest and the largest confidence": (
            np.linspace(c.min(), c.max(), bins + 1)
        ),
        "a confidence belongs to the bin that holds it, not to the nearest edge": np.array(
            [0, *(edges[:-2] + 0.5 / bins), 1]
        ),
        "there are `bins` bins, here is one more": np.linspace(0, 1, bins + 2),
    }
    if bins > 1:
        text = "`bins` bins have bins + 1 edges: here is one bin too few"
        found[text] = np.linspace(0, 1, bins)
    return found


def calibration_mistakes(logits, y, bins: int, T: float) -> dict[str, float]:
    edges = np.linspace(0, 1, bins + 1)
    below = np.array([*edges[:-1], np.nextafter(1, 0)])
    right, open_ended = Bins(logits / T, y, edges), Bins(logits / T, y, below)
    beyond, N = np.array([*edges[:-1], np.nextafter(1, 0), 1]), right.N

    def at(edges, logits=logits / T, **more) -> float:
        return Bins(logits, y, edges, **more).error()

    mistakes = gap_mistakes(right) | {
        "divide the logits by T": at(edges, logits),
        "divide the logits by T, do not multiply": at(edges, logits * T),
        "divide the logits by T: these are probabilities divided by T": at(edges, logits.softmax(1) / T),
        "divide the logits by T, not the probabilities": at(edges, logits, divided=T),
        "divide the logits by T: the softmax of z first may be 0, whose power is lost": at(
            edges, logits.softmax(1).pow(1 / T).log()
        ),
        "p to the power 1 / T does not sum to 1: divide z by T": at(edges, logits, power=1 / T),
        "the confidence is that of the predicted class, not of the true one": at(
            edges, true_class=True
        ),
        "a confidence of exactly 1 belongs to the last bin": open_ended.error(),
        "a confidence of exactly 1 belongs to the last bin, and counts among the N": (
            open_ended.error() * N / max(1, open_ended.held.sum())
        ),
        "a confidence of exactly 1 belongs to the last bin, not to one more": at(beyond),
        "the confidence is that of the predicted class alone: here those of all classes count": (
            OneOf(every_class(logits / T, y, edges))
        ),
        "a confidence may be 1, or near: it is not cut off below it": OneOf(
            at(edges, most=1 - 10.0**-k) for k in range(1, 8)
        ),
        "divide by the number of predictions": right.error() * N,
        "a fraction from 0 to 1, not per cent": 100 * right.error(),
    }  # fmt: skip
    for text, other in other_edges(logits / T, bins).items():
        mistakes[text] = at(other)
    found = {text: value for text, value in mistakes.items() if value == value}
    text = "bins of equal width, not of equally many predictions"
    return found | {text: equally_full(logits / T, y, bins)}


def every_class(logits, y, edges) -> list[float]:
    """The error of the probabilities of all classes: of all together, or class by class."""
    p, hit = logits.softmax(1).numpy(), F.one_hot(y, logits.shape[1]).double().numpy()
    gaps = [np.histogram(a, edges, weights=b)[0] for a, b in zip(p.T, (p - hit).T, strict=True)]
    by_class, together = (float(abs(one).sum()) for one in (np.array(gaps), sum(gaps)))
    return [one / n for one in (by_class, together) for n in (len(p), p.size)]


def equally_full(logits, y, bins: int) -> OneOf:
    """The error of bins that hold equally many predictions, as far as their number allows."""
    p = logits.softmax(1)
    c, order = p.amax(1).sort()
    gap = c - (p.argmax(1) == y)[order].double()
    return OneOf(
        sum(abs(part.sum().item()) for part in parts) / len(y)
        for parts in (gap.chunk(bins), gap.tensor_split(bins))
    )


def calibration_case(C, bins, T, groups) -> Case:
    logits, y = predictions(C, bins, T, groups)
    want = Bins(logits / T, y, np.linspace(0, 1, bins + 1)).error()
    tried = f"calibration_error of {len(y)} predictions, {C=}, {bins=}, {T=}"
    return Case(tried, (logits, y, bins, T), want, lambda: calibration_mistakes(logits, y, bins, T))


def compare_error(came, want, tried, tolerance) -> None:
    if isinstance(came, float) and came != came:
        fail(tried, str(want), "nan", "an empty bin counts nothing: its mean is 0/0")
    number(came, want, tried, tolerance=tolerance, plain=float)


@item("Item 13, calibration_error")
def check_calibration(calibration_error, C, bins, T, groups) -> None:
    """groups: (confidence, how many predictions, how many of them right)."""
    case = calibration_case(C, bins, T, groups)
    probes = [(3, 10, 1.0, [(0.95, 4, 3), (0.55, 1, 0)]), (4, 5, 2.0, [(1.0, 3, 2), (0.5, 4, 3)])]
    try:
        judge(calibration_error, case, (calibration_case(*p) for p in probes), compare_error, 1e-6)
    except Wrong as wrong:
        logits, *given = case.arguments

        def right(z: Tensor) -> bool:
            try:
                came = call(calibration_error, z, *given, tried=case.tried)
            except Wrong:
                return False
            return alike(came, case.want, 1e-6)

        if right(logits - logits.amax(1, keepdim=True)) and not right(logits):
            wrong.likely = (
                "e to a large logit overflows: take each row's own largest logit off it first"
            )
        raise
