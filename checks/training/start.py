"""Item 2: the loss at the start, against torch's own."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Mapping
from types import SimpleNamespace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checks.calls import item
from checks.compare import begun, fail, kind
from checks.values import OneOf, as_number
from helpers import data

BY = {"letters": "C", "unequal": "q", "sure": "h", "twice": "K", "summed": "B"}
BY |= {"net_loss": "seed", "net_dead": "seed"}  # each number asked for: what it is drawn by


@item("Item 2, the loss at the start")
def check_start_form(start) -> None:
    """All seven numbers are there."""
    begun(start, "start")
    if not isinstance(start, Mapping):
        fail("start", "the dict given above, filled in", kind(start))
    for name in BY:
        came = start.get(name)
        if came is None or came is Ellipsis:
            fail(f"start[{name!r}]", "a number", repr(came), "still to be answered")
        if as_number(came) is None or isinstance(as_number(came), complex):
            likely = {
                tuple: "the instrument returns a pair: the loss comes first",
                dict: "the instrument returns the share of each layer: take the worse one's",
            }.get(type(came), "")
            fail(f"start[{name!r}]", "a number", kind(came), likely)


def loss(logits: Tensor, *labels: int, **more) -> float:
    return F.cross_entropy(logits.expand(len(labels), -1), torch.tensor(labels), **more).item()


def nothing(C: int) -> Tensor:
    return torch.zeros(1, C)


def losses(own) -> dict[str, tuple[float, dict[str, float]]]:
    """Each predicted loss, and what usual mistakes give, all by torch's cross-entropy."""
    C, h, K, B, often = own.C, float(own.h), own.K, own.B, round(20 * own.q)
    shares = torch.tensor([[own.q, 1 - own.q]]).log()
    sure, perfect = h * torch.eye(1, 10), torch.eye(1, K)
    letters, summed = loss(nothing(C), 3), loss(nothing(10), *range(10))
    unequal = loss(shares, *[0] * often, *[1] * (20 - often))
    return {
        "letters": (letters, {
            "this is for half as many classes": loss(nothing(C // 2), 3),
        }),
        "unequal": (unequal, {
            "the net knows the shares: less than ln C": loss(nothing(2), 0),
            "each class weighs as often as it occurs": loss(shares, 0, 1),
            "this is the loss of the frequent class alone": loss(shares, 0),
            "this is the loss of the rare class alone": loss(shares, 1),
        }),
        "sure": (loss(sure, *range(10)), {
            "in nine images of ten the true class is not class 0": loss(sure, 0),
            "in one image of ten the true class is class 0": loss(sure, 1),
            "the loss of the one image in ten of class 0 counts too": 0.9 * loss(sure, 1),
            "this is ln C: the net is surer than it can be, which costs more (and the mean of the "
            "logarithms is not the logarithm of the mean p)": summed,
            "the other nine logits are 0, and e to the 0 is 1": 0.9 * h,
        }),
        "twice": (loss(perfect, 0), {
            "the second softmax keeps the answer from being perfect": 0.0,
            "this is for ten classes": loss(torch.eye(1, 10), 0) if K != 9 else math.nan,  # see below
            "the true class has the logit 1, not 0": loss(perfect, 1),
            "this is the loss of a net that knows nothing": loss(nothing(K), 0),
            "beside the 1 stand K - 1 zeros, not K": loss(torch.eye(1, K + 1), 0),
        }),
        "summed": (B * summed, {
            "this is the mean over the batch": summed,
            "round the result, not what it is computed from": B * round(summed, 2),
            "ten classes, and as many images as the batch has": 10 * loss(nothing(B), 0),
        }),
    }  # fmt: skip


def others(own, name: str) -> Iterator[float]:
    """The right values for the numbers that other names draw."""
    by = BY[name]
    for value in own.given[by]:
        if value != getattr(own, by):
            other = SimpleNamespace(**vars(own) | {by: value})
            net_loss, _, dead, *_ = measured(other.seed) if by == "seed" else (0, 0, [0])
            found = {"net_loss": net_loss, "net_dead": max(dead)}
            yield found[name] if by == "seed" else losses(other)[name][0]


def compare_rounded(
    start, own, name: str, want: float, expected: str, mistakes: dict, near
) -> None:
    """mistakes: what they give, a number or several."""
    came = as_number(start[name])
    if not near(came, want):
        rounded = "this is rounded too far: " + expected
        mistakes = mistakes | {rounded: round(want, 1), rounded + ".": float(round(want))}
        given = {t: w if isinstance(w, OneOf) else [w] for t, w in mistakes.items()}
        found = [t for t, several in given.items() if any(near(came, w) for w in several)]
        if len(found) > 1:  # of several that are near by chance the one that gives all digits
            found = [t for t in found if any(abs(came - w) < 1e-5 for w in given[t])]
        if not found and any(near(came, w) for w in others(own, name)):
            found = [
                "this is right for other numbers than yours: `me` was another, or the answer is"
            ]
        likely = found[0] if len(found) == 1 else ""
        fail(f"start[{name!r}]", expected, kind(start[name]), likely)


@item("Item 2, the loss at the start")
def check_start(start, own) -> None:
    """The predictions by torch's cross-entropy; the measurements on the net, drawn anew.

    own: the student's numbers, from `helpers.variant`.
    """
    net_loss, fewer, dead, zeros, twice = measured(own.seed)

    def hundredth(a: float, b: float) -> bool:
        return abs(a - b) < 0.0051

    for name, (want, mistakes) in losses(own).items():
        expected = "what F.cross_entropy gives, to two decimals"
        mistakes |= {
            "this is log10: a nat goes with the natural logarithm": want / math.log(10),
            "this is in bits: a nat goes with the natural logarithm": want / math.log(2),
            "the sign: the loss is minus a logarithm": -want,
            "this is a probability: the loss is minus its logarithm": math.exp(-want),
        }
        compare_rounded(start, own, name, want, expected, mistakes, hundredth)
    mistakes = {
        **of_nothing(float(as_number(start["net_loss"])), twice),
        "the images are to be normalised, as x is": fewer[0],
        "all training images, not the first of them": OneOf(fewer[1:]),
        "the mean over the images, not the sum": net_loss * 1297,
        "this is in bits: a nat goes with the natural logarithm": net_loss / math.log(2),
    }
    expected = "the loss of `net` on x and y, within one per cent"
    compare_rounded(start, own, "net_loss", net_loss, expected, mistakes,
                    lambda a, b: abs(a - b) < 0.01 * abs(b))  # fmt: skip
    expected = "the share of dead units in the worse layer"
    compare_rounded(
        start, own, "net_dead", max(dead), expected, dead_mistakes(dead, zeros), hundredth
    )


def of_nothing(came: float, twice: float) -> dict[str, float]:
    """Losses near ln C; twice: that of the probabilities in place of the logits, which may be."""
    if abs(came - twice) < 1e-5:
        text = "F.cross_entropy takes the logits of `net` as they are: here a softmax comes before its own"
        return {text: twice}
    if abs(came - math.log(10)) < 1e-5:
        text = "this is ln C: of what the instrument returns the loss comes first (or all logits are 0)"
        return {text: math.log(10)}
    text = (
        "this is near ln C, as where all logits are 0 or small (of images that are not normalised, "
    )
    return {text + "of a last layer that is scaled back): x and `net` as they are": math.log(10)}


def dead_mistakes(dead: list[float], zeros: list[float]) -> dict:
    worse, better = max(dead), min(dead)
    return {
        "the worse of the two hidden layers is asked for": better,
        "the worse layer by itself, not both together": (48 * dead[0] + 32 * dead[1]) / 80,
        "the worse layer by itself, not the mean of both": sum(dead) / 2,
        "a share from 0 to 1, not a count": 48 * worse,
        "a share from 0 to 1, not per cent": 100 * worse,
        "the share of dead units, not of living ones": 1 - worse,
        "dead is a unit that is 0 for all images, not any 0 of any image": OneOf(zeros[:2]),
        "the share of units, not of the images for which all units are 0": OneOf(zeros[2:4]),
        "all images count: fewer of them make more units seem dead": OneOf(zeros[4:]),
    }


@functools.cache
def measured(seed: int) -> tuple[float, list, list[float], list[float], float]:
    """Of `net`: its loss, that on raw or fewer images, dead units, zeros and dead units of fewer
    images, the loss of its probabilities in place of its logits."""
    torch.manual_seed(seed)
    layers = []
    for inputs, units, gain in ((64, 48, 2**0.5), (48, 32, 2**0.5), (32, 10, 0.1)):
        layers += [nn.Linear(inputs, units), nn.ReLU()]
        nn.init.normal_(layers[-2].weight, std=gain * inputs**-0.5)
        nn.init.zeros_(layers[-2].bias)
    digits = data.load("digits")
    x, y = digits.normalise(digits.train_x).flatten(1), digits.train_y
    with torch.no_grad():
        layers[0].bias -= 3
        layers[2].weight *= 2
        layers[4].weight *= 100
        net = nn.Sequential(*layers[:-1])
        first, second = net[:2](x), net[:4](x)
        raw = [digits.train_x.flatten(1) / by for by in (1, 16, 255)]
        dead = [(a == 0).all(0).double().mean().item() for a in (first, second)]
        zeros = [(a == 0).double().mean().item() for a in (first, second)]
        zeros += [(a == 0).all(1).double().mean().item() for a in (first, second)]
        sizes = (32, 64, 100, 128, 256, 500)
        few = [[(a[:n] == 0).all(0).double().mean().item() for a in (first, second)] for n in sizes]
        zeros += map(max, few)
        some = [F.cross_entropy(net(x[:n]), y[:n]).item() for n in sizes]
        loss, *raw = (F.cross_entropy(net(one), y).item() for one in (x, *raw))
        twice = F.cross_entropy(net(x).softmax(1), y).item()
        # what is within 0.02 of it is told as ln C
        raw = OneOf(one for one in raw if abs(one / math.log(10) - 1) > 0.02)
        return loss, [raw, *some], dead, zeros, twice
