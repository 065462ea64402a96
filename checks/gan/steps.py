"""Items 5 and 6: one training step of D and of G, worked out without backward()."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.func import functional_call

from checks.calls import call, item
from checks.compare import number, tensor
from checks.gan.bystander import Bystander
from checks.gan.player import Player, flat, maker, mixed, points_net
from checks.values import OneOf


@item("Item 5, discriminator_step")
def check_d_step(discriminator_step, optimiser, rate, B, M, seed, steps=1) -> None:
    """Loss and parameters after each of some steps; G, partly frozen, stays as it was."""
    g, d = points_net(seed)
    mixed(g, seed % 2 == 0)
    next(g.parameters()).requires_grad_(False)
    player = Player(d, maker(optimiser, rate))
    for step in range(1, steps + 1):
        real, z = torch.randn(B, 2).double() + 1, torch.randn(M, 3).double()
        for p in g.parameters():
            p.grad = torch.randn_like(p)
        other, fake = Bystander(g, "G"), g(z).detach()
        player.note()

        def loss(theta, on_real=1.0, on_fake=1.0, signs=(1, -1), real=real, fake=fake, other=None):
            a, b = functional_call(d, theta, (real,)), functional_call(d, theta, (fake,))
            up, down = F.logsigmoid(signs[0] * a).mean(), F.logsigmoid(signs[1] * b).mean()
            return other(a, b) if other else -on_real * up - on_fake * down

        want = loss(player.theta()).item()
        player.step(loss)
        kind = type(player.optimiser).__name__
        tried = f"discriminator_step with {kind}, {B=}, {M=}, step {step}"
        came = call(discriminator_step, g, d, player.optimiser, real, z, tried=tried)
        other.check(tried)
        player.check_kept(tried)
        least = {"real": real[:M], "fake": fake[:B]}

        def mistakes(loss=loss, B=B, M=M, first=step == 1, least=least) -> dict:
            # momentum makes later steps of other losses others
            return d_mistakes(player, loss, B, M, least) if first else player.forgetful(loss)

        player.check_moved(f"{tried}: all of D")
        # a mean by shares in float32, the default, is right too
        with player.drawn(lambda d, by, x=real, z=z: discriminator_step(g, d, by, x, z)):
            tensor(flat(player.kept), flat(player.right), f"{tried}: all of D", mistakes, 1e-6)
        slips = partial(d_slips, player, loss, want)
        number(came, want, f"{tried}: the loss", slips, 1e-6, plain=float)


def d_slips(player: Player, loss: Callable, want: float) -> dict:
    """What usual mistakes return for D's loss."""
    before = player.theta()
    return {
        "the sign: the loss is -V": -want,
        "the loss before the step": loss(player.theta(player.right)).item(),
        "the sum of two means, one over B and one over M, not half of it": want / 2,
        "both parts: this is that of the real examples alone": loss(before, on_fake=0).item(),
        "both parts: this is that of the samples alone": loss(before, on_real=0).item(),
        "the loss of labels 1 and 0, not of smoothed ones": OneOf(
            loss(before, other=smoothed).item() for smoothed in SMOOTHED
        ),
    }


def d_mistakes(player: Player, loss: Callable, B: int, M: int, least: dict) -> dict:
    """least: the examples that a loop over pairs would see."""

    def part(**named) -> Callable:
        return lambda theta: loss(theta, **named)

    share = B / (B + M)
    unequal = B != M
    found = {
        "the gradient left by the step before is still there: zero_grad() before backward()": (
            player.after(loss, stale=1.0)
        ),
        "the sign: D makes V large, so it goes down -V": player.after(lambda t: -loss(t)),
        "real and generated examples are exchanged": player.after(part(signs=(-1, 1))),
        "the samples are missing from the loss, or their gradients cleared": player.after(part(on_fake=0)),
        "the real examples are missing from the loss, or their gradients cleared": player.after(part(on_real=0)),
        "the sum of two means, one over B and one over M, not half of it": player.after(lambda t: loss(t) / 2),
        "two expectations: not one mean over all": player.after(
            part(on_real=share, on_fake=1 - share)
        ) if unequal else None,
        "two expectations: twice the mean over all is -V only where both are equally many": (
            player.after(part(on_real=2 * share, on_fake=2 * (1 - share))) if unequal else None
        ),
        "an expectation is a mean, not a sum": player.after(part(on_real=B, on_fake=M)),
        "one step on the sum of the two parts, not a step on each": player.after(
            part(on_fake=0), part(on_real=0)
        ),
        "all examples count: neither batch is cut to the length of the other": (
            player.after(part(**least)) if unequal else None
        ),
        "the optimiser makes the step, not a rule of your own": player.by_hand(loss),
        "the samples enter with ln(1 - D), not with ln D": player.after(part(signs=(1, 1))),
    }  # fmt: skip
    found = {text: flat(wrong) for text, wrong in found.items() if wrong is not None}
    return found | of_another_loss(player, loss) | {"one step, not several": player.several(loss)}


def of_another_loss(player: Player, loss: Callable) -> dict:
    """D's parameters after a step on another loss, or along another gradient."""

    def part(**named) -> Callable:
        return lambda theta: loss(theta, **named)

    found, text = {}, "the labels are 1 and 0: nothing is smoothed"
    found[text] = OneOf(flat(player.after(part(other=smoothed))) for smoothed in SMOOTHED)
    for text, other in OTHERS.items():
        found[f"-V, with its logarithms: this is the loss of {text}"] = flat(
            player.after(part(other=other))
        )
    found["the gradient as it is: nothing is cut off"] = player.bounded(loss)
    return found


def smoothing(real: float, fake: float) -> Callable:
    """D's loss, of logits, with labels so much below 1 and above 0."""
    return lambda a, b: (
        F.softplus(-a).mean() + F.softplus(b).mean() + real * a.mean() - fake * b.mean()
    )


SHARES = (0.05, 0.1, 0.2, 0.3)
SMOOTHED = [smoothing(s, t * s) for s in SHARES for t in (0, 1)]
OTHERS = {  # of logits of real examples and of samples
    "a critic, E f(G(z)) - E f(x)": lambda a, b: b.mean() - a.mean(),
    "hinges": lambda a, b: F.relu(1 - a).mean() + F.relu(1 + b).mean(),
    "least squares": lambda a, b: (1 - a).square().mean() + b.square().mean(),
    "squares of D": lambda a, b: (1 - a.sigmoid()).square().mean() + b.sigmoid().square().mean(),
    "sizes of D": lambda a, b: b.sigmoid().mean() - a.sigmoid().mean(),
}


LOSSES = {  # G's, of logits of samples
    "minimax": lambda a: F.logsigmoid(-a).mean(),
    "non-saturating": lambda a: -F.logsigmoid(a).mean(),
}
OTHERS_OF_G = {
    "a critic, -E f(G(z))": lambda a: -a.mean(),
    "least squares": lambda a: (1 - a).square().mean(),
    "squares of D": lambda a: (1 - a.sigmoid()).square().mean(),
    "D itself, without a logarithm": lambda a: -a.sigmoid().mean(),
    "both at once, the symmetric one": lambda a: -a.mean() / 2,
    "the logarithm of the mean D, not the mean of the logarithms": lambda a: (
        -a.sigmoid().mean().log()
    ),
    "the logarithm of the mean 1 - D, not the mean of the logarithms": (
        lambda a: a.neg().sigmoid().mean().log()
    ),
    "1 minus the logit: 1 - D is sigma of minus the logit": lambda a: F.logsigmoid(1 - a).mean(),
}
EARLIER: list[dict] = []  # the parameters of the last D's, which an answer may have kept


def g_loss(g, d, z: Tensor, theta: dict, fixed: dict, loss: str) -> Tensor:
    """G's loss with the parameters theta, D's fixed."""
    a = functional_call(d, fixed, (functional_call(g, theta, (z,)),))
    return (LOSSES | OTHERS_OF_G)[loss](a)


def g_step_mistakes(player, value, B: int, opposite: str) -> dict:
    found = {
        "the gradient left by the step before is still there: zero_grad() before "
        "backward()": player.after(value, stale=1.0),
        f"this is the step of the {opposite} loss": player.after(lambda t: value(t, loss=opposite)),
        "the sign: G goes the other way": player.after(lambda t: -value(t)),
        "the sign, and the other loss": player.after(lambda t: -value(t, loss=opposite)),
        "an expectation is a mean, not a sum": player.after(lambda t: B * value(t)),
    }
    found = {text: flat(wrong) for text, wrong in found.items()}
    for other in OTHERS_OF_G:
        text = f"the loss that is named: this is that of {other}"
        found[text] = flat(player.after(lambda t, other=other: value(t, loss=other)))
    text = "the slope goes through the D that is given, not through an earlier one that was kept"
    found[text] = OneOf(
        flat(player.after(lambda t, old=old: value(t, fixed=old))) for old in EARLIER
    )
    found["the gradient as it is: nothing is cut off"] = player.bounded(value)
    return found | {"one step, not several": player.several(value)}


@item("Item 6, generator_step")
def check_g_step(
    generator_step, optimiser, rate, B, loss, seed, steps=1, stale_d=False, sure=0.0
) -> None:
    """Loss and parameters after each step; sure: how far D's logits are below 0."""
    g, d = points_net(seed)
    d[2].bias.data -= sure
    mixed(d, seed % 2 == 0)
    player = Player(g, maker(optimiser, rate))
    fixed = {n: p.detach().clone() for n, p in d.named_parameters()}
    EARLIER.append(fixed)
    del EARLIER[:-6]
    of_d = f", D's logits near {-sure:g}" if sure else ""
    for step in range(1, steps + 1):
        z = torch.randn(B, 3).double()
        for p in d.parameters() if stale_d else ():
            p.grad = torch.randn_like(p)
        other = Bystander(d, "D")
        player.note()
        value = partial(g_loss, g, d, z, fixed=fixed, loss=loss)
        want = value(player.theta()).item()
        player.step(value)
        kind = type(player.optimiser).__name__
        tried = f"generator_step with {kind}, {loss!r}, {B=}{of_d}, step {step}"
        came = call(generator_step, g, d, player.optimiser, z, loss, tried=tried)
        other.check(tried)
        player.check_kept(tried)
        opposite = "minimax" if loss == "non-saturating" else "non-saturating"
        mistakes = partial(player.forgetful, value)
        if step == 1:
            mistakes = partial(g_step_mistakes, player, value, B, opposite)
        player.check_moved(f"{tried}: all of G", sure)
        tensor(flat(player.kept), flat(player.right), f"{tried}: all of G", mistakes, 1e-6)
        slips = {
            "the sign of the loss": -want,
            f"this is the {opposite} loss": value(player.theta(), loss=opposite).item(),
            "the loss before the step": value(player.theta(player.right)).item(),
            "an expectation is a mean, not a sum": B * want if B > 1 else None,
        }
        near = 1e-6 * (1 + abs(want))
        number(came, want, f"{tried}: the loss", slips, near, plain=float)
