"""Items 12 and 13: scikit-learn's scores, calibration by NumPy's histogram."""

from __future__ import annotations

import warnings

import numpy as np
import torch
from sklearn import metrics
from torch import Tensor

from checks.calls import Case, call, item, judge
from checks.compare import Wrong, fail, kind, number, tensor
from checks.values import OneOf, alike, listed
from checks.watch import AllBut


class Labels:
    """Labels and predictions, and what scikit-learn says of them."""

    def __init__(self, N: int, C: int, of: list, called: list, share: float) -> None:
        g = torch.Generator().manual_seed(N + C)
        y = torch.tensor(of)[torch.randint(len(of), (N,), generator=g)]
        predicted = torch.tensor(called)[torch.randint(len(called), (N,), generator=g)]
        known = torch.isin(y, torch.tensor(called)) & (torch.rand(N, generator=g) < share)
        self.y, self.predicted = y, torch.where(known, y, predicted)
        self.labels, self.N = list(range(C)), N
        with warnings.catch_warnings(action="ignore"):  # it warns of a matrix of one class
            counts = metrics.confusion_matrix(
                self.y.tolist(), self.predicted.tolist(), labels=self.labels
            )
        self.counts = torch.tensor(counts)
        self.precision = torch.tensor(self.score("precision", self.labels, None))
        self.recall = torch.tensor(self.score("recall", self.labels, None))
        self.there = torch.unique(torch.cat([self.y, self.predicted])).tolist()

    def score(self, name: str, labels: list, average: str | None):
        function = getattr(metrics, f"{name}_score")
        y, predicted = self.y.tolist(), self.predicted.tolist()
        return function(y, predicted, labels=labels, average=average, zero_division=0)

    def macro(self) -> tuple[float, dict[str, float]]:
        """The macro F1 of the classes that occur, and what usual mistakes give."""

        def f1_of_means(classes) -> float:
            p, r = self.precision[classes].mean().item(), self.recall[classes].mean().item()
            return 2 * p * r / max(p + r, 1e-9)

        macro, y, there = self.score("f1", self.there, "macro"), self.y, self.there
        balanced = (self.precision[there].mean() + self.recall[there].mean()).item() / 2
        of_means = "F1 class by class, then the mean"
        return macro, {
            "a class that occurs nowhere is left out of the mean": self.score(
                "f1", self.labels, "macro"
            ),
            "this is the accuracy: the mean of the classes' F1 is asked for": (
                (y == self.predicted).double().mean().item()
            ),
            **(
                {f"{of_means}; not F1 of the means": f1_of_means(self.labels)}
                if len(there) < len(self.labels)
                else {}
            ),
            f"{of_means}, not F1 of the means": f1_of_means(there),
            "a class that is predicted though it never occurs counts, with F1 = 0": self.score(
                "f1", torch.unique(y).tolist(), "macro"
            ),
            "all classes weigh the same, frequent or not": self.score(
                "f1", self.labels, "weighted"
            ),
            "a class with F1 = 0 counts in the mean": self.score(
                "f1", [c for c in there if self.counts[c, c]], "macro"
            )
            if self.counts.diag().any()
            else None,
            "the factor 2 of F1 is missing": macro / 2,
            "precision and recall enter as a product over a sum, not as their mean": balanced,
        }


def count_mistakes(right: Labels, C: int) -> dict[str, Tensor]:
    """What usual mistakes make of the confusion matrix."""
    mistakes = {
        "rows are the true classes, columns the predicted ones": right.counts.T,
        "a pair that comes again counts again: counts[y, p] += 1 of tensors adds 1 once": (
            right.counts.clamp(max=1)
        ),
        "a count in 8 bits begins anew at 256": right.counts % 256,
    }
    there, few = right.there, right.there[-1] + 1
    if len(there) < C:
        text = "C is given: a class that never occurs has a row and a column too"
        mistakes[text] = OneOf([right.counts[:few, :few], right.counts[there][:, there]])
    counted = right.counts.double()
    mistakes["counts are asked for, not shares"] = OneOf(
        counted / total.clamp_min(1)
        for total in (counted.sum(1, keepdim=True), counted.sum(0), counted.sum())
    )
    pairs = (right.y.to(torch.int8) * C + right.predicted.to(torch.int8)).long() % (C * C)
    text = "the numbers of the pairs go to C * C - 1: int8 ends at 127"
    mistakes[text] = torch.bincount(pairs, minlength=C * C).view(C, C)
    return mistakes


@item("Item 12, scores")
def check_scores(scores, N, C, of, called, share=0.6) -> None:
    """of, called: the classes that occur among the labels, among the predictions."""
    right = Labels(N, C, of, called, share)
    tried = f"scores of {N} examples, {C=}, labels among {of}, predictions among {called}"
    came = call(scores, right.y, right.predicted, C, tried=tried, by_hand=AllBut())
    parts = list(came) if isinstance(came, list | tuple) else listed(came)
    if parts is None or len(parts) != 4:
        found = kind(came) if parts is None else f"{len(parts)} parts"
        fail(tried, "(confusion, precision, recall, macro F1)", found)
    counts, precision, recall, macro = parts
    tensor(counts, right.counts, f"{tried}, confusion", count_mistakes(right, C))
    for part, name in ((precision, "precision"), (recall, "recall")):
        if isinstance(part, Tensor) and torch.isnan(part).any():
            likely = "0/0 counts as 0 here: a class never predicted, or one that never occurs"
            fail(f"{tried}, {name}", "no nan", str(part.tolist()), likely)
    swap = "precision divides by all called c (a column), recall by all that are c (a row)"
    every = "only what is rightly called c counts, divided by all called c, or all that are c"
    wrong = right.counts.diag().double() / N
    for part, want, other, name in (
        (precision, right.precision, right.recall, "precision"),
        (recall, right.recall, right.precision, "recall"),
    ):
        none = want.where(right.counts.sum(int(name == "recall")) > 0, 1.0)
        mistakes = {swap: other, every: wrong, "0/0 counts as 0 here, not as 1": none}
        tensor(part, want, f"{tried}, {name}", mistakes)
    want, mistakes = right.macro()
    if isinstance(macro, float) and macro != macro:
        fail(f"{tried}, macro F1", "no nan", "nan", "0/0 counts as 0, in F1 too")
    number(macro, want, f"{tried}, macro F1", mistakes, 1e-6, plain=float)


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
            shift = 1000 + torch.randn((), generator=g, dtype=torch.float64)
            rows.append(T * (z + shift))  # softmax(z / T) has just this confidence
            labels.append(predicted if index < right else (predicted + 1) % C)
    order = torch.randperm(len(rows), generator=g)
    return torch.stack(rows)[order], torch.tensor(labels)[order]


class Bins:
    """How many predictions each bin holds, their confidence and how many are right."""

    def __init__(self, logits, y, edges, true_class: bool = False, divided: float = 1.0) -> None:
        p = logits.softmax(1)
        c = (p.gather(1, y[:, None])[:, 0] if true_class else p.amax(1)).numpy()
        c = np.minimum(c / divided, 1)
        hit = (p.argmax(1) == y).double().numpy()
        held, sums, right, apart = (
            np.histogram(c, edges, weights=w)[0] for w in (None, c, hit, abs(c - hit))
        )
        full = self.full = held > 0
        self.edges = edges
        self.right = right[full] / held[full]
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
        "the gap of a bin is not squared, no root is taken": ((gaps**2 * held).sum() / N) ** 0.5,
    }
    if (gaps * held).sum() <= 0:
        text = "the gap of a bin is absolute, not that of all of them"
        found[text] = -(gaps * held).sum() / N
    return found


def calibration_mistakes(logits, y, bins: int, T: float) -> dict[str, float]:
    edges, C = np.linspace(0, 1, bins + 1), logits.shape[1]
    below = np.array([*edges[:-1], np.nextafter(1, 0)])
    right, open_ended = Bins(logits / T, y, edges), Bins(logits / T, y, below)
    c = (logits / T).softmax(1).amax(1).numpy()
    nearest = np.array([0, *(edges[:-2] + 0.5 / bins), 1])
    beyond, N = np.array([*edges[:-1], np.nextafter(1, 0), 1]), right.N

    def at(edges, logits=logits / T, **more) -> float:
        return Bins(logits, y, edges, **more).error()

    mistakes = gap_mistakes(right) | {
        "divide the logits by T": at(edges, logits),
        "divide the logits by T, do not multiply": at(edges, logits * T),
        "divide the logits by T: these are probabilities divided by T": at(edges, logits.softmax(1) / T),
        "divide the logits by T, not the probabilities": at(edges, logits, divided=T),
        "the confidence is that of the predicted class, not of the true one": at(
            edges, true_class=True
        ),
        "a confidence of exactly 1 belongs to the last bin": open_ended.error(),
        "a confidence of exactly 1 belongs to the last bin, and counts among the N": (
            open_ended.error() * N / max(1, open_ended.held.sum())
        ),
        "a confidence of exactly 1 belongs to the last bin, not to one more": at(beyond),
        "the number of bins is given": at(np.linspace(0, 1, 11)),
        "the bins begin at 0, not at 1 / C": at(np.linspace(1 / C, 1, bins + 1)),
        "the bins lie between 0 and 1, not between the smallest and the largest confidence": at(
            np.linspace(c.min(), c.max(), bins + 1)
        ),
        "a confidence belongs to the bin that holds it, not to the nearest edge": at(nearest),
        "there are `bins` bins, here is one more": at(np.linspace(0, 1, bins + 2)),
        "divide by the number of predictions": right.error() * N,
        "a fraction from 0 to 1, not per cent": 100 * right.error(),
        "`bins` bins have bins + 1 edges: here is one bin too few": (
            at(np.linspace(0, 1, bins)) if bins > 1 else np.nan
        ),
    }  # fmt: skip
    found = {text: float(value) for text, value in mistakes.items() if value == value}
    text = "bins of equal width, not of equally many predictions"
    return found | {text: equally_full(logits / T, y, bins)}


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
        came, calm = (
            call(calibration_error, z, *given, tried=case.tried)
            for z in (logits, logits - 1000 * T)
        )
        if alike(calm, case.want, 1e-6) and not alike(came, case.want, 1e-6):
            wrong.likely = (
                "e to a large logit overflows: take each row's own largest logit off it first"
            )
        raise
