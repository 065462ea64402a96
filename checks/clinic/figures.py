"""Items 9 and 10: a report, against scikit-learn; plausible accuracies."""

from __future__ import annotations

import re
from collections.abc import Mapping

import torch
import torch.nn.functional as F
from sklearn import metrics
from torch import Tensor, nn

from checks.calls import call, item
from checks.clinic.loops import Whole
from checks.compare import Wrong, begun, fail, kind, number, tensor
from checks.values import OneOf, alike, as_number, as_tensor, listed
from helpers import data

PLACES = (
    "every class has its place, also one that never occurs or is never predicted: minlength=classes"
)
USED = "batches may be a generator, which an earlier loop has used up: one loop for all"
KEYS = ["accuracy", "precision", "recall", "support"]
WORDS = ("plausible", "implausible", "impossible")
RUNS = {
    "linear, 5 epochs": ("linear", 5),
    "linear, 30 epochs": ("linear", 30),
    "two convolutions, 2 epochs": ("two convolutions", 2),
    "two convolutions, 6 epochs": ("two convolutions", 6),
    "two convolutions, 6 epochs, training labels shuffled": ("two convolutions", 6),
}


def report_case(sizes, classes, seed, ordered, absent) -> tuple[nn.Module, Tensor, Tensor, Tensor]:
    """A net with dropout and batch normalisation, images, labels, and what it says of them."""
    torch.manual_seed(seed)
    net = nn.Sequential(
        Whole(2, 3), nn.Linear(6, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(16, classes),
    )  # fmt: skip
    for _ in range(3):
        net(3 * torch.randn(64, 2, 3) - 1)
    net.eval()
    x = torch.randn(sum(sizes), 2, 3)
    with torch.no_grad():
        net[-1].bias[classes - 1] -= 100  # the last class is never predicted
        guess = net(x).argmax(1)
    chance = torch.randint(classes, guess.shape)
    y = torch.where(torch.rand(guess.shape) < 0.6, guess, chance)
    y[y == 0] = 1  # class 0 never occurs
    y = y.clamp_max(classes - 1 - absent)
    order = y.argsort(stable=True) if ordered else torch.arange(len(y))
    return net, x[order], y[order], guess[order]


def shares(y: Tensor, guess: Tensor, classes: int) -> tuple[Tensor, Tensor, Tensor]:
    """Support, precision and recall of each class, by scikit-learn."""
    precision, recall, _, support = metrics.precision_recall_fscore_support(
        y.tolist(), guess.tolist(), labels=list(range(classes)), zero_division=0
    )
    return torch.as_tensor(support), torch.as_tensor(precision), torch.as_tensor(recall)


def check_keys(came, tried: str) -> None:
    """A dict of the four figures."""
    expected = "a dict of accuracy, precision, recall, support"
    if not isinstance(came, Mapping):
        fail(tried, expected, kind(came))
    if set(came) != set(KEYS):
        missing = ", ".join(key for key in KEYS if key not in came)
        likely = f"{missing} missing" if missing else "these four, no others"
        fail(tried, expected, str(sorted(map(str, came))), likely)


@item("Item 9, report")
def check_report(report, sizes, classes, training, seed, ordered=False, absent=0) -> None:
    """The four figures; the net as it was found; no graph. absent: 1 if the last class never occurs."""
    net, x, y, guess = report_case(sizes, classes, seed, ordered, absent)
    net.train(training)
    before = {name: value.clone() for name, value in net.state_dict().items()}
    mode, sized = "training" if training else "evaluation", ", ".join(map(str, sizes))
    tried = f"report(net in {mode} mode, batches of {sized}, {classes=})"
    batches = zip(x.split(sizes), y.split(sizes), strict=True)
    with torch.set_grad_enabled(training):  # as it was found, on or off
        came = asked(report, (net, batches, classes), y, guess, tried)
    check_keys(came, tried)
    if any(not torch.equal(net.state_dict()[name], value) for name, value in before.items()):
        likely = "batch normalisation gathers statistics in training mode: net.eval() first"
        fail(tried, "running statistics unchanged", "they changed", likely)
    check_again(report, net, (x.split(sizes), y.split(sizes)), classes, seed + 1, came, tried)
    check_shares(came, y, guess, sizes, classes, tried)
    right = (guess == y).double()
    parts = [part.mean().item() for part in right.split(sizes)]
    mistakes = {
        "batches differ in size: count the right ones, divide by all images": sum(parts)
        / len(parts),
        "this is the accuracy of the last batch": parts[-1],
        "this is the mean recall of the classes": OneOf(balanced(*shares(y, guess, classes))),
        "a fraction from 0 to 1, not per cent": 100 * right.mean().item(),
        "an image is right or wrong once: that it is not called the other classes is no success": (
            1 - 2 * (1 - right.mean().item()) / classes
        ),
    }
    tried += ": accuracy"
    number(came["accuracy"], right.mean().item(), tried, mistakes, 1e-6, plain=float)


def check_again(report, net, parts, classes, seed, came, tried: str) -> None:
    """Another call gives the same figures. parts: images and labels of the batches."""

    def once() -> Mapping:
        torch.manual_seed(seed)
        return call(report, net, zip(*parts, strict=True), classes, tried=tried)

    again = once()
    for name, value in came.items():  # whatever holds it
        value = as_tensor(value, torch.zeros((), dtype=torch.float64))
        if value is not None and not alike(again[name], value):
            likely = "dropout is at work: net.eval(), also of a copy"
            if not alike(once()[name], again[name]):  # though it draws the same numbers
                likely = "something is kept from call to call: each call counts afresh"
            fail(f"{tried}, twice: {name}", "the same figures", "others", likely)


def balanced(support: Tensor, precision: Tensor, recall: Tensor) -> list[float]:
    """Mean recalls: of all classes, of those that occur; and so the mean precision."""
    return [t.mean().item() for t in (recall, recall[support > 0], precision)]


def asked(report, given: tuple, y: Tensor, guess: Tensor, tried: str):
    """What report gives; an error is explained by a count with too few places, where it is one."""
    try:
        return call(report, *given, tried=tried, graph=False)
    except Wrong as wrong:
        sizes = set(map(int, re.findall(r"size of tensor \w \((\d+)\)", str(wrong.came))))
        if sizes in ({given[2], int(labels.max()) + 1} for labels in (y, guess)):
            wrong.likely = PLACES
        raise


def check_shares(came, y: Tensor, guess: Tensor, sizes, classes: int, tried: str) -> None:
    """Support, precision and recall of each class; sizes: of the batches."""
    support, precision, recall = shares(y, guess, classes)
    of_last = shares(y[-sizes[-1] :], guess[-sizes[-1] :], classes)
    of_first = shares(y[: sizes[0]], guess[: sizes[0]], classes)
    begin = "all batches count, not the first alone"
    each = "the labels and predictions of every batch are kept or counted, not only the last one's"
    once = torch.zeros(classes, classes)
    for true, said in zip(y.split(sizes), guess.split(sizes), strict=True):
        once[true, said] += 1
    mistakes = {
        each: of_last[0],
        USED: 0 * support,
        begin: of_first[0],
        "support counts true labels, not predictions": torch.bincount(guess, minlength=classes),
        PLACES: OneOf((support[: int(y.max()) + 1], support[support > 0])),
        "an index that comes several times is added to once: bincount, or accumulate=True": (
            once.sum(1).long()
        ),
    }
    tensor(came["support"], support, tried + ": support", mistakes)
    for name, want, other, part in (
        ("precision", precision, recall, of_last[1]),
        ("recall", recall, precision, of_last[2]),
    ):
        value = came[name]
        check_quotient(value, want, f"{tried}: {name}")
        text = "precision is out of those called c, recall out of those that are c"
        silent = torch.bincount(guess if name == "precision" else y, minlength=classes) == 0
        mistakes = {
            each: part,
            text: other,
            USED: 0 * want,
            **other_shares(y, guess, sizes, classes, name),
            f"{name} is 0 where there is none": want + 1 * silent,
        }
        tensor(value, want, f"{tried}: {name}", mistakes)


def check_quotient(value, want: Tensor, tried: str) -> None:
    """Neither nan, nor right and in float32."""
    if isinstance(value, Tensor) and value.isnan().any():
        likely = "0 / 0 is nan: a class without predictions or images gets 0 (clamp_min(1))"
        fail(tried, "no nan", str(value.tolist()), likely)
    if isinstance(value, Tensor) and value.dtype == torch.float32 and alike(value, want, 1e-6):
        likely = "whole numbers divided are float32: .double() of one before dividing, for both"
        fail(tried, "dtype torch.float64", "dtype torch.float32", likely)


def other_shares(y: Tensor, guess: Tensor, sizes, classes: int, name: str) -> dict:
    """What else may come for precision or recall."""
    place = {"precision": 1, "recall": 2}[name]
    support, *both = shares(y, guess, classes)
    called, hits = torch.bincount(guess, minlength=classes), both[1] * support
    parts = zip(y.split(sizes), guess.split(sizes), strict=True)
    each = [shares(*part, classes)[place] for part in parts]
    under = called if name == "precision" else support
    return {
        "nothing is added below the fraction (clamp_min(1) where it is 0)": OneOf(
            hits / (under + e) for e in (1, *(10.0**-k for k in range(1, 13)))
        ),
        "one fraction over all batches, not the mean of theirs": sum(each) / len(each),
        "this is F1, the harmonic mean of both": 2 * hits / (called + support).clamp_min(1),
        "this is a share of all images": hits / len(y),
    }


@item("Item 10, plausible accuracies")
def check_plausible_form(expected, claims) -> None:
    """Five intervals and eight words."""
    begun(expected, "expected")
    if not isinstance(expected, Mapping) or set(expected) != set(RUNS):
        fail("expected", "the dict given above, with its five keys", kind(expected))
    for name, interval in expected.items():
        ends = [as_number(end) for end in listed(interval) or []]
        if len(ends) != 2 or None in ends:
            likely = "still to be answered" if interval is None or interval is ... else ""
            fail(f"expected[{name!r}]", "a pair (low, high)", repr(interval), likely)
        low, high = ends
        if not 0 <= low < high <= 1:
            likely = "fractions, not per cent" if high > 1 else "the lower end first" * (low > high)
            fail(f"expected[{name!r}]", "0 <= low < high <= 1", str(interval), likely)
        if high - low > 0.12 + 1e-9:
            width = f"{high - low:.3f}"
            fail(f"expected[{name!r}]", "at most 0.12 wide", width, "be more definite")
    begun(claims, "claims")
    if not isinstance(claims, Mapping) or sorted(map(str, claims)) != list("ABCDEFGH"):
        fail("claims", "the dict given above, A to H", repr(claims)[:60])
    for name, word in claims.items():
        if not isinstance(word, str) or word.strip().casefold() not in WORDS:
            likely = "still to be answered" if word is None or word is ... else ""
            fail(f"claims[{name!r}]", " or ".join(WORDS), repr(word), likely)


def accuracy_of_run(name: str, seed: int) -> float:
    """Train on the digits; the fraction of the test images that is right."""
    layers, epochs = RUNS[name]
    digits = data.load("digits")
    x, y = digits.normalise(digits.train_x), digits.train_y
    torch.manual_seed(seed)
    if "shuffled" in name:
        y = y[torch.randperm(len(y))]
    convolutions = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(128, 10),
    )  # fmt: skip
    linear = nn.Sequential(nn.Flatten(), nn.Linear(64, 10))
    net = linear if layers == "linear" else convolutions
    optimiser = torch.optim.Adam(net.parameters(), 1e-3)
    for _ in range(epochs):
        for index in torch.randperm(len(x)).split(64):
            loss = F.cross_entropy(net(x[index]), y[index])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    with torch.no_grad():
        right = net(digits.normalise(digits.test_x)).argmax(1) == digits.test_y
    return right.double().mean().item()


@item("Item 10, plausible accuracies")
def check_plausible(expected, hints: Mapping) -> None:
    """The five runs again; 0.01 beyond the interval is allowed, for other machines."""
    for name, likely in hints.items():
        low, high = (as_number(end) for end in listed(expected[name]))
        came = sum(accuracy_of_run(name, seed) for seed in (0, 1, 2)) / 3
        if not low - 0.01 <= came <= high + 0.01:
            where = "above" if came > high else "below"
            tried = f"{name}: the mean over three seeds"
            likely += "; run the cell below the answer, which measures"
            fail(tried, "a mean inside your interval", f"it lies {where} your interval", likely)


@item("Item 10, plausible accuracies")
def check_claims(claims, words: Mapping) -> None:
    """words: what is right, and why."""
    for name, (word, likely) in words.items():
        if claims[name].strip().casefold() != word:
            fail(f"claims[{name!r}]", "another word", claims[name], likely)
