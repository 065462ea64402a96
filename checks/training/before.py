"""Items 2 and 3: the loss at the start, and the loss with its gradient, against torch's own."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Mapping
from types import SimpleNamespace

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.autograd import forward_ad, graph

from checks.calls import call, item
from checks.compare import begun, fail, kind, one_hot, pair, tensor
from checks.values import OneOf, as_number
from helpers import data

AUTOGRAD = (torch.autograd.grad, torch.autograd.backward, forward_ad.make_dual)
AUTOGRAD += (getattr(graph, "_engine_run_backward", torch.autograd.grad),)
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
            net_loss, _, dead, _ = measured(other.seed) if by == "seed" else (0, 0, [0], 0)
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
    net_loss, fewer, dead, zeros = measured(own.seed)

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
        "this is ln C, as where all logits are 0 or small (of images that are not normalised, of a "
        "last layer that is scaled back): x and `net` as they are": math.log(10),
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
def measured(seed: int) -> tuple[float, list[float], list[float], list[float]]:
    """Of `net`: its loss, that on raw or fewer images, dead units; zeros, dead units of fewer images."""
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
        raw = OneOf(
            one for one in raw if abs(one / math.log(10) - 1) > 0.02
        )  # which is told as ln C
        return loss, [raw, *some], dead, zeros


def finite(part, name: str, tried: str) -> None:
    if isinstance(part, Tensor) and not torch.isfinite(part.detach()).all():
        likely = "e to a large logit overflows, ln 0 is infinite: take each row's own largest "
        likely += "logit off it first, and form ln p without forming p"
        fail(tried, f"a finite {name}", str(part.detach().flatten()[:4].tolist()), likely)


def cast(mistakes: dict, dtype: torch.dtype) -> dict:
    """The same values, also of a mistake that gives one of several, in that dtype."""
    return {
        text: OneOf(v.to(dtype) for v in value) if isinstance(value, OneOf) else value.to(dtype)
        for text, value in mistakes.items()
    }


def loss_mistakes(z: Tensor, y: Tensor, each: Tensor) -> dict[str, Tensor]:
    C, right = z.shape[1], (-each).exp()
    mistakes = {
        "the mean over the batch, not the sum": each.sum(),
        "the mean over the images, not over images and classes": each.mean() / C,
        "the loss is minus the logarithm of p": -each.mean(),
        "the natural logarithm, ln": each.mean() / math.log(2),
        "only -z_y: the logarithm of the sum is missing": F.nll_loss(z, y),
        "this is 1 - p_y, without a logarithm": 1 - right.mean(),
        "the mean over the images of all, not of the largest": each.max(),
    }
    if C == 1:
        text = "a single class has p = 1 and the loss 0: the softmax, not the sigmoid"
        mistakes[text] = F.softplus(z).mean()
    mistakes["the softmax runs over the classes, dim 1, not over the batch"] = F.nll_loss(
        z.log_softmax(0), y
    )
    mistakes["no logit is cut off: take the largest of its row off each"] = OneOf(
        F.cross_entropy(one, y)
        for b in (10, 20, 30, 50, 80, 88, 100, 500, 700, 745, 1000)
        for one in (z.clamp(-b, b), (z - z.amax(1, keepdim=True)).clamp_min(-b))
    )
    most = z.amax(1, keepdim=True)
    rest = ((z - most).exp() * (z < most)).sum(1, keepdim=True).log1p()
    text = "all classes that share the largest logit count in the sum, not one of them"
    mistakes[text] = F.nll_loss(z - most - rest, y)
    lifts = [10.0**-k for k in range(5, 46)]
    lifts += [torch.finfo(dtype).tiny for dtype in (torch.float32, torch.float64)]
    mistakes["no logarithm is cut off: -ln p may be in the thousands"] = OneOf(
        -right.clamp_min(lift).log().mean() for lift in lifts
    )
    for power in range(5, 17):
        text = f"an epsilon in the logarithm (1e-{power:02d}) changes the result"
        mistakes[text] = -(right + 10.0**-power).log().mean()
    return mistakes


@item("Item 3, cross_entropy")
def check_cross_entropy(cross_entropy, B, C, scale, dtype="float64") -> None:
    """scale: how large the logits of the first row are; those of the last are about 1."""
    dtype = getattr(torch, dtype)
    g = torch.Generator().manual_seed(B * C)
    sizes = scale ** torch.linspace(1, 0, B, dtype=torch.float64)
    logits = (torch.randn(B, C, generator=g, dtype=torch.float64) * sizes[:, None]).to(dtype)
    y = torch.randint(C, (B,), generator=g)
    leaf = logits.clone().double().requires_grad_()
    each = F.cross_entropy(leaf, y, reduction="none")
    (want,) = torch.autograd.grad(each.mean(), leaf)
    each, z = each.detach(), leaf.detach()
    tried = f"cross_entropy(logits {(B, C)} of size up to {logits.abs().max():.0f}, {dtype})"
    with one_hot(y, C):
        came = call(cross_entropy, logits, y, tried=tried, by_hand=(), without=AUTOGRAD)
    loss, gradient = pair(came, "(loss, gradient)", tried)
    if not isinstance(loss, Tensor):
        likely = "a number was taken out: leave out .item(), float()"
        likely *= as_number(loss) is not None
        fail(f"{tried}, loss", "a torch.Tensor of shape ()", kind(loss), likely)
    finite(loss, "loss", tried)
    finite(gradient, "gradient", tried)
    tolerance = 1e-9 if dtype == torch.float64 else 1e-5
    first = {"the pair is (loss, gradient), the loss first": want}
    mistakes = cast(loss_mistakes(z, y, each) | first, dtype)
    tensor(loss, each.mean().to(dtype), f"{tried}, loss", mistakes, tolerance)
    p, at = F.softmax(z, 1), F.one_hot(y, C)
    mistakes = {
        "the 1/B of the mean is missing": B * want,
        "this is p: 1 is to be taken off at the true class": p / B,
        "the sign: p minus one-hot, not one-hot minus p": -want,
        "the sign: p minus one-hot, and the 1/B is missing": -B * want,
        "p is not divided by B, or only a part of the formula is": p - at / B,
        "the gradient is divided by B and by C": want / C,
        "the softmax runs over the classes, dim 1, not over the batch": (F.softmax(z, 0) - at) / B,
        "1 is taken off in the column of every label for every image": (p - at.amax(0)) / B,
        "1 is taken off at the label alone: another class may have the same logit": (
            p - (z == z.gather(1, y[:, None])).double()
        ) / B,
    }  # fmt: skip
    tensor(gradient, want.to(dtype), f"{tried}, gradient", cast(mistakes, dtype), tolerance)
