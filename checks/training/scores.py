"""Item 12: the scores, against scikit-learn's."""

from __future__ import annotations

import warnings

import torch
from sklearn import metrics
from torch import Tensor

from checks.calls import call, item
from checks.compare import fail, failing, kind, number, tensor
from checks.values import OneOf, listed
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
            **self.others(),
            "the factor 2 of F1 is missing": macro / 2,
            "P + R may be below 1: it has no lower bound but where it is 0": self.bounded(),
            "precision and recall enter as a product over a sum, not as their mean": balanced,
        }

    def others(self) -> dict[str, float]:
        """What else is made of precision and recall, class by class."""
        P, R = self.precision[self.there], self.recall[self.there]
        F1 = torch.nan_to_num(2 * P * R / (P + R))
        return {
            "F1 is the harmonic mean of P and R, not their geometric one": (P * R)
            .sqrt()
            .mean()
            .item(),
            "this is the share of the union (Jaccard), not F1": (F1 / (2 - F1)).mean().item(),
        }

    def bounded(self) -> float:
        """The macro F1 where a sum of precision and recall is taken for 1 at least."""
        P, R = self.precision[self.there], self.recall[self.there]
        return (2 * P * R / (P + R).clamp_min(1)).mean().item()


def count_mistakes(right: Labels, C: int) -> dict[str, Tensor]:
    """What usual mistakes make of the confusion matrix."""
    mistakes = {
        "rows are the true classes, columns the predicted ones": right.counts.T,
        "a pair that comes again counts again: counts[y, p] += 1 of tensors adds 1 once": (
            right.counts.clamp(max=1)
        ),
        "a count in 8 bits begins anew at 256": right.counts % 256,
    }
    text = "labels go from 0 to C - 1: here all is one row and one column further on, or back"
    mistakes[text] = OneOf(right.counts.roll((by, by), (0, 1)) for by in (1, -1))
    there, few = right.there, right.there[-1] + 1
    if len(there) < C:
        text = "C is given: a class that never occurs has a row and a column too"
        mistakes[text] = OneOf([right.counts[:few, :few], right.counts[there][:, there]])
    counted = right.counts.double()
    mistakes["counts are asked for, not shares"] = OneOf(
        counted / total.clamp_min(1)
        for total in (counted.sum(1, keepdim=True), counted.sum(0), counted.sum())
    )
    if C > 10:
        tens = (right.y + right.predicted // 10).clamp_max(C - 1) * C + right.predicted % 10
        number = 10 * torch.arange(C)[:, None] + torch.arange(C)
        together = torch.bincount(10 * right.y + right.predicted, minlength=11 * C)[number]
        keys = [f"{t}{p}" for t, p in zip(right.y.tolist(), right.predicted.tolist(), strict=True)]
        joined = torch.tensor([[keys.count(f"{t}{p}") for p in range(C)] for t in range(C)])
        text = "the number of a pair is C y + p: in tens, more than ten classes get mixed up"
        ten = together.where(torch.arange(C) < 10, 0)
        own = torch.bincount(tens, minlength=C * C).view(C, C)
        mistakes[text] = OneOf([own, together, ten, joined])
    pairs = (right.y.to(torch.int8) * C + right.predicted.to(torch.int8)).long() % (C * C)
    text = "the numbers of the pairs go to C * C - 1: int8 ends at 127"
    mistakes[text] = torch.bincount(pairs, minlength=C * C).view(C, C)
    return mistakes


@item("Item 12, scores")
def check_scores(scores, N, C, of, called, share=0.6) -> None:
    """of, called: the classes that occur among the labels, among the predictions."""
    right = Labels(N, C, of, called, share)
    tried = f"scores of {N} examples, {C=}, labels among {of}, predictions among {called}"
    last = int((C * right.y + right.predicted).max()) + 1
    likely = "bincount ends with the largest number that occurs: minlength=C * C" * (last < C * C)
    with failing(likely, by=f"invalid for input of size {last}$"):
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
