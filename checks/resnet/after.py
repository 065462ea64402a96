"""Items 8 and 11: the growth of the gradient, label smoothing."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from checks.calls import Case, gradient, item, judge
from checks.compare import Mistakes, Wrong, explained, fail, kind, number, tensor
from checks.values import OneOf, as_number
from checks.watch import AllBut

GROWTH = ("plain 8", "plain 20", "plain 56", "residual 20", "residual 56")
# of 8 plain layers, measured; and what usual mistakes measure
PLAIN_8 = 1.16579
NOT_PLAIN_8 = {
    "the norm at the first block's output stands above, at the last one's below": OneOf(
        (0.85836, 1 / PLAIN_8)  # the mean of the inverse, the inverse of the mean
    ),
    "per layer, not per block: a block has two": 1.35997,
    "this is the ratio: take the m-th root": 1.85432,
    "** goes before /: r ** (1 / m), not r ** 1 / m": 1.85432 / 4,
    "m counts layers between the two outputs, not all layers": 1.07963,
    "from the first of three blocks to the last there are two steps, not three": 1.10760,
    "the networks are in training mode": 0.69324,
    "the mean over the seeds 0, 1, 2, not the first alone": 1.19068,
    "the mean over the seeds 0, 1, 2, not the median": 1.18306,
    "the seeds are 0, 1, 2, not 1, 2, 3": 1.1547,
    "the mean of g, not the root of the mean ratio": 1.1669,
    "this is the residual network": 1.10959,
    "to at least three decimals": 1.17,
    "each network directly after torch.manual_seed(seed): it was seeded once": 1.16118,
}


@item("Item 8, growth")
def check_growth_form(growth) -> None:
    """All five are numbers, and the one of 8 plain layers is right."""
    if not isinstance(growth, dict):
        fail("growth", "the dict given above, filled in", kind(growth))
    for name in GROWTH:
        came = growth.get(name)
        if as_number(came) is None:
            likely = "still to be answered" if came is None or came is ... else ""
            fail(f"growth[{name!r}]", "a number", kind(came), likely)
    as_measured(growth["plain 8"], PLAIN_8, "growth['plain 8']", NOT_PLAIN_8)


@item("Item 8, growth")
def check_growth(growth, measured) -> None:
    """Against `measured(name, usual mistake)`, which measures again; without mistake, rightly."""
    for name in GROWTH:
        want = measured(name, "")

        def mistakes(name=name) -> dict:
            return {text: measured(name, text) for text in measured("", "")}

        as_measured(growth[name], round(want, 5), f"growth[{name!r}]", mistakes)


def as_measured(came, want: float, tried: str, mistakes: Mistakes) -> None:
    """Within 0.001; a mistake is told where it is nearer than that."""
    try:
        number(came, want, tried, tolerance=0.001)
    except Wrong as wrong:
        wrong.likely = explained(came, want, mistakes, 2e-4) or wrong.likely
        wrong.expected = "the mean of g over the three seeds, within 0.001"
        raise


def share_mistakes(B, C, eps, plain, uniform) -> dict:
    """Other targets; plain: the loss without smoothing; uniform: where every class has 1 / C."""
    others = C * uniform - plain  # minus the sum of the other classes' logarithms
    right = (1 - eps + eps / C) * plain
    return {
        "the right class gets its share eps / C too": (1 - eps) * plain + eps / C * others,
        "each other class gets eps / C, not eps / (C - 1)": (1 - eps) * plain
        + eps / (C - 1) * others,
        "each other class gets eps / C, not eps": right + eps * others,
        "eps / C for every class: the mean of the logarithms, not their sum": (1 - eps) * plain
        + eps * C * uniform,
        "C is the number of classes, logits.shape[1]": OneOf(
            (1 - eps) * plain + eps * C / number * uniform for number in (10, B)
        ),
        "each other class gets eps / C; the targets add up to 1": right
        + eps / (C - 1) * others,
        "C is the number of classes, not always 10": right + eps / 10 * others,
        "the right class gets 1 - eps + eps / C, not 1": plain + eps / C * others,
    }  # fmt: skip


def other_losses(C, eps, logits, loss, y) -> dict:
    """Other labels, other sizes of epsilon, logarithms that are not stable."""
    plain, uniform, every = loss(0.0), loss(1.0), -F.log_softmax(logits, 1)
    naive, down = F.softmax(logits, 1).log(), logits - logits.max()
    lowered = down - down.exp().sum(1, keepdim=True).log()
    return {
        "the other classes have their share too, eps / C each": OneOf(
            share * plain for share in (1 - eps, 1 - eps + eps / C)
        ),
        "the targets are whole numbers, as of F.one_hot, in which 0.9 is 0: .to(logits.dtype)": (
            0 * plain
        ),
        "the right class is y, not the one with the largest logit": (
            (1 - eps) * F.nll_loss(-every, logits.argmax(1)) + eps * uniform
        ),
        "epsilon counts as it is": OneOf(map(loss, (eps / 2, 2 * eps, eps**2, eps**0.5))),
        "a softmax over the classes, not a sigmoid of each": sigmoids(logits, y, eps),
        "softmax, then log, or exp of a large number: begin with log_softmax": (1 - eps) * F.nll_loss(naive, y)
        - eps * naive.mean(),
        "subtract the largest logit of each row, not the largest of all: exp gives 0 there": (
            (1 - eps) * F.nll_loss(lowered, y) - eps * lowered.mean()
        ),
    }  # fmt: skip


def smoothing_mistakes(B, C, eps, logits, loss, want, y) -> dict:
    plain, uniform = loss(0.0), loss(1.0)  # loss(1.0): every class has the target 1 / C
    over_batch, every = F.log_softmax(logits, 0), -F.log_softmax(logits, 1)
    columns = torch.full_like(logits, eps / C)
    columns[:, y] = 1 - eps + eps / C
    other = other_losses(C, eps, logits, loss, y)
    found = other | share_mistakes(B, C, eps, plain, uniform) | {
        "this is the loss without smoothing": plain,
        "the cross-entropy is asked, not KL: the targets' own entropy is not taken off": want
        - torch.special.entr(torch.tensor([1 - eps + eps / C] + [eps / C] * (C - 1))).sum(),
        "the targets are exchanged: 1 - eps belongs to the right class": loss(1 - eps),
        "the mean over the batch, not the sum": B * want,
        "the mean over images, not over images and classes": want / C,
        "one number for the whole batch: take the mean": loss(reduction="none"),
        "the softmax runs over the classes, dim 1": (
            (1 - eps) * F.nll_loss(over_batch, y) - eps * over_batch.mean()
        ),
        "t[:, y] is whole columns; t[torch.arange(B), y] is one place in each row": (
            columns * every
        ).sum(1).mean(),
        "no logarithm is cut off: ln p of an unlikely class may be -1000": cut_off(every, y, eps),
        "log_p[:, y] is all pairs of images and labels; log_p[torch.arange(B), y] is each its own": (
            (1 - eps) * every[:, y].mean() + eps * uniform
        ),
        "epsilon is the argument, not always 0.1": loss(0.1) if eps != 0.1 else None,
        "C is the number of classes, not of those that occur": known_classes(every, y, eps),
        "the targets are smoothed, not the probabilities": F.nll_loss(
            ((1 - eps) * F.softmax(logits, 1) + eps / C).log(), y
        ),
        "the mean over images, not over images and classes; and 1 - eps + eps / C, eps / C": OneOf(
            wrong / C
            for wrong in share_mistakes(B, C, eps, plain, uniform).values()
            if not isinstance(wrong, OneOf)
        ),
        "ln, not the logarithm of base 2": want / torch.tensor(2.0).double().log(),
    }  # fmt: skip
    return found if eps else {"eps may be 0, which is no missing one: `eps or ...`": loss(0.1)}


def sigmoids(logits: Tensor, y: Tensor, eps: float) -> OneOf:
    """The binary cross-entropy of each class, summed and as a mean."""
    B, C = logits.shape
    targets = F.one_hot(y, C) * (1 - eps) + eps / C
    each = F.binary_cross_entropy_with_logits(logits, targets.to(logits), reduction="none")
    return OneOf((each.sum(1).mean(), each.mean(), (targets * F.softplus(-logits)).sum() / B))


def known_classes(every: Tensor, y: Tensor, eps: float) -> OneOf:
    """The loss over as many classes as the largest label says; every: minus ln p (B, C)."""
    found, C = F.one_hot(y).to(every.dtype), every.shape[1]
    C_seen = found.shape[1]
    seen = (found * (1 - eps) + eps / C_seen) * every[:, :C_seen]
    shares = (eps / C, eps / C_seen) if C_seen == 1 else ()  # one column is stretched to all
    wide = [(found * (1 - eps) + share) * every for share in shares]
    return OneOf(part.sum(1).mean() for part in (seen, *wide))


def cut_off(every: Tensor, y: Tensor, eps: float) -> OneOf:
    """The loss with logarithms that end at some number; every: minus ln p (B, C)."""

    def loss(every: Tensor) -> Tensor:
        return (1 - eps) * F.nll_loss(-every, y) + eps * every.mean()

    lifts, p = [10.0**-k for k in range(5, 46)], (-every).exp()
    cut = [loss(every.clamp_max(100)), *(loss(-p.clamp_min(lift).log()) for lift in lifts)]
    return OneOf((*cut, *(loss(-(p + lift).log()) for lift in lifts)))


def smoothing_case(B, C, eps, scale=1.0, dtype=torch.float64, shift=0.0) -> Case:
    generator = torch.Generator().manual_seed(B * C)
    logits = scale * torch.randn(B, C, generator=generator, dtype=torch.float64)
    logits = (logits + shift).to(dtype)
    y = torch.randint(C, (B,), generator=generator)

    def loss(eps=eps, reduction="mean", logits=logits) -> Tensor:
        return F.cross_entropy(logits, y, label_smoothing=eps, reduction=reduction)

    want = loss()

    size = f", logits up to {logits.abs().max():.0f}" if scale > 1 else ""
    name = str(dtype).removeprefix("torch.")
    tried = f"smoothed_loss(logits {(B, C)} {name}, y, {eps=}){size}"
    return Case(
        tried, (logits, y, eps), want, lambda: smoothing_mistakes(B, C, eps, logits, loss, want, y)
    )


@item("Item 11, smoothed_loss")
def check_smoothing(smoothed_loss, B, C, eps, scale=1.0, dtype="float64") -> None:
    """Values and gradients against torch's own cross-entropy with label smoothing."""
    dtype = getattr(torch, dtype)
    case = smoothing_case(B, C, eps, scale, dtype)
    sizes = (1, 2, 0.25), (2, 3, 0.5), (3, 11, 0.3)
    apart = 2000.0 * torch.arange(2.0, dtype=torch.float64)[:, None]  # rows far from each other
    probes = [smoothing_case(*size) for size in sizes] + [smoothing_case(2, 3, 0.5, shift=apart)]
    hand = AllBut("cross_entropy", "nll_loss", "kl_div", "multilabel", "soft_margin")
    tolerance = 1e-6 if dtype == torch.float64 else 1e-5
    judge(smoothed_loss, case, probes, tensor, tolerance, by_hand=hand)
    logits, y = case.arguments[:2]

    def cut(logits: Tensor) -> Tensor:
        log_p = F.log_softmax(logits, 1)
        return (1 - eps) * F.nll_loss(log_p, y) - eps * log_p.detach().mean()

    def loose(logits: Tensor) -> Tensor:
        log_p = logits - logits.logsumexp(1, keepdim=True).detach()
        return (1 - eps) * F.nll_loss(log_p, y) - eps * log_p.mean()

    if dtype == torch.float64:
        gradient(
            lambda logits: smoothed_loss(logits, y, eps),
            lambda logits: F.cross_entropy(logits, y, label_smoothing=eps),
            (logits,), case.tried, by_hand=hand,
            tolerance=1e-6,  # targets from F.one_hot(...) are float32
            mistakes={
                "the other classes have gradients too: nothing is detached": cut,
                "the logarithm of the sum has a gradient too: nothing of it is detached": loose,
            },
        )  # fmt: skip
