"""Items 5 and 6: one training step of D and of G, worked out without backward()."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.func import functional_call, grad

from checks.calls import call, item
from checks.compare import Wrong, fail, number, tensor
from checks.gan.bystander import Bystander
from checks.values import OneOf, alike


def points_net(seed: int) -> tuple[nn.Module, nn.Module]:
    """A generator and a discriminator of points, in float64."""
    torch.manual_seed(seed)
    g = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2)).double()
    d = nn.Sequential(nn.Linear(2, 6), nn.Tanh(), nn.Linear(6, 1), nn.Flatten(0)).double()
    return g, d


def maker(optimiser: str, rate: float) -> Callable:
    """What makes an optimiser of that name ("momentum": SGD with 0.9) from a list of parameters."""
    if optimiser == "momentum":
        return lambda parameters: torch.optim.SGD(parameters, rate, 0.9)
    return lambda parameters: getattr(torch.optim, optimiser)(parameters, rate)


def flat(parameters) -> Tensor:
    return torch.cat([p.detach().flatten() for p in parameters])


class Player:
    """A net, the optimiser that the answer steps, and the same net as it should go on."""

    def __init__(self, net: nn.Module, make: Callable) -> None:
        self.net, self.make, self.kept = net, make, [*net.parameters()]
        self.names = [name for name, _ in net.named_parameters()]
        self.optimiser = make(net.parameters())
        for p in self.kept:
            p.grad = torch.randn_like(p)  # what an earlier step has left
        self.right = [p.detach().clone() for p in self.kept]
        self.right_optimiser = make(self.right)

    def note(self) -> None:
        """Before a step: where it begins, and what stands in .grad."""
        self.before = [p.clone() for p in self.right]
        grads = [p.grad for p in self.kept]
        self.stale = [
            0 * p if g is None else g.clone() for p, g in zip(self.kept, grads, strict=True)
        ]

    def theta(self, at: list[Tensor] | None = None) -> dict[str, Tensor]:
        return dict(zip(self.names, at or self.before, strict=True))

    def slopes(self, loss: Callable, at: list[Tensor] | None = None) -> list[Tensor]:
        return [*grad(loss)(self.theta(at)).values()]

    def step(self, loss: Callable, clip: Callable = lambda p: p) -> None:
        """One step of what should come."""
        for p, slope in zip(self.right, self.slopes(loss), strict=True):
            p.grad = slope
        self.right_optimiser.step()
        for p in self.right:
            p.copy_(clip(p))

    def after(self, *losses, stale: float = 0.0, start=None, clip=lambda p: p) -> list[Tensor]:
        """All parameters after a step for each loss, by a new optimiser; clip: after each step."""
        moved = [p.clone() for p in (start or self.before)]
        optimiser = self.make(moved)
        for loss in losses:
            for p, s, old in zip(moved, self.slopes(loss, moved), self.stale, strict=True):
                p.grad = s + stale * old
            optimiser.step()
            for p in moved:
                p.copy_(clip(p))
        return moved

    def several(self, loss: Callable, clip: Callable = lambda p: p) -> OneOf:
        """The same, after more than one step on one loss."""
        return OneOf(flat(self.after(*[loss] * k, clip=clip)) for k in (2, 3, 4, 5, 10))

    def moved(self, gradients: list[Tensor], start=None) -> list[Tensor]:
        """All parameters after a step along these gradients."""
        moved = [p.clone() for p in (start or self.before)]
        optimiser = self.make(moved)
        for p, g in zip(moved, gradients, strict=True):
            p.grad = g.clone()
        optimiser.step()
        return moved

    def by_hand(self, loss: Callable) -> list[Tensor]:
        """All parameters after a plain step of gradient descent at the optimiser's rate."""
        rate = self.optimiser.param_groups[0]["lr"]
        return [p - rate * s for p, s in zip(self.before, self.slopes(loss), strict=True)]

    def forgetful(self, loss: Callable, clip: Callable = lambda p: p) -> dict:
        """All parameters after a later step by an optimiser made anew."""
        text = "the optimiser that is given keeps a memory of its steps: none is made anew"
        return {text: flat(map(clip, self.after(loss)))}

    @contextmanager
    def drawn(self, answer: Callable) -> Iterator[None]:
        """Where it fails in it: is the loss another each time? answer: of a net, an optimiser."""
        try:
            yield
        except Wrong as wrong:
            losses = []
            for seed in (1, 2) * (not wrong.likely):
                net = deepcopy(self.net)
                torch.manual_seed(seed)
                losses.append(call(answer, net, self.make(net.parameters()), tried=wrong.tried))
            if losses and not alike(*losses, 1e-9):
                wrong.likely = "the samples are those of the z that is given: nothing is drawn"
            raise

    def check_moved(self, tried: str, sure: float = 0.0) -> None:
        """Something has moved, where something should; sure: D is, of what is no sample."""
        now, before, right = flat(self.kept), flat(self.before), flat(self.right)
        if torch.equal(now, before) and not alike(now, right):
            likely = "the gradients are there: optimiser.step() is missing"
            if all(p.grad is None or not p.grad.any() for p in self.kept):
                likely = (
                    "no gradient is left at the step: cleared after backward(), or never there "
                )
                likely += "(detach, no_grad)"
                if sure:
                    likely = (
                        "every slope is 0 by an epsilon or a clamp in the loss: take the logits"
                    )
            fail(tried, "parameters that have moved", "nothing has moved", likely)

    def check_kept(self, tried: str) -> None:
        """The parameters are the same objects, and finite."""
        same = len(self.kept) == len([*self.net.parameters()])
        if not same or any(a is not b for a, b in zip(self.kept, self.net.parameters())):  # noqa: B905
            likely = "the optimiser knows no others: change them in place"
            fail(tried, "the same parameters, changed", "other parameters", likely)
        if not all(torch.isfinite(p.data).all() for p in self.kept):
            likely = "log(0), or exp of a large number: F.softplus, logsigmoid, ..._with_logits avoid both"
            fail(f"{tried}: all parameters", "finite numbers", "nan or inf", likely)


@item("Item 5, discriminator_step")
def check_d_step(discriminator_step, optimiser, rate, B, M, seed, steps=1) -> None:
    """Loss and parameters after each of some steps; G, partly frozen, stays as it was."""
    g, d = points_net(seed)
    g.train(seed % 2 == 0)
    next(g.parameters()).requires_grad_(False)
    player = Player(d, maker(optimiser, rate))
    for step in range(1, steps + 1):
        real, z = torch.randn(B, 2).double() + 1, torch.randn(M, 3).double()
        for p in g.parameters():
            p.grad = torch.randn_like(p)
        other, fake = Bystander(g, "G"), g(z).detach()
        player.note()

        def loss(theta, on_real=1.0, on_fake=1.0, signs=(1, -1), real=real, fake=fake, smooth=0.0):
            a, b = functional_call(d, theta, (real,)), functional_call(d, theta, (fake,))
            up, down = F.logsigmoid(signs[0] * a).mean(), F.logsigmoid(signs[1] * b).mean()
            return smooth * a.mean() - on_real * up - on_fake * down

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
        after = loss(player.theta(player.right)).item()
        slips = {"the sign: the loss is -V": -want, "the loss before the step": after}
        slips["the loss is the sum of two means, not half of it"] = want / 2
        number(came, want, f"{tried}: the loss", slips, 1e-6, plain=float)


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
        "the loss is the sum of two means, not half of it": player.after(lambda t: loss(t) / 2),
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
        "the labels are 1 and 0: nothing is smoothed": player.after(part(smooth=0.1)),
        "the optimiser makes the step, not a rule of your own": player.by_hand(loss),
        "the samples enter with ln(1 - D), not with ln D": player.after(part(signs=(1, 1))),
    }  # fmt: skip
    found = {text: flat(wrong) for text, wrong in found.items() if wrong is not None}
    return found | {"one step, not several": player.several(loss)}


def g_loss(g, d, fixed: dict, z: Tensor, theta: dict, loss: str) -> Tensor:
    """G's loss with the parameters theta, D's fixed."""
    outer, inner = {"minimax": (1, -1), "non-saturating": (-1, 1)}[
        loss
    ]  # the logarithm's, the logit's
    a = functional_call(d, fixed, (functional_call(g, theta, (z,)),))
    return outer * F.logsigmoid(inner * a).mean()


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
    return found | {"one step, not several": player.several(value)}


@item("Item 6, generator_step")
def check_g_step(
    generator_step, optimiser, rate, B, loss, seed, steps=1, stale_d=False, sure=0.0
) -> None:
    """Loss and parameters after each step; sure: how far D's logits are below 0."""
    g, d = points_net(seed)
    d[2].bias.data -= sure
    d.train(seed % 2 == 0)
    player = Player(g, maker(optimiser, rate))
    fixed = {n: p.detach().clone() for n, p in d.named_parameters()}
    of_d = f", D's logits near {-sure:g}" if sure else ""
    for step in range(1, steps + 1):
        z = torch.randn(B, 3).double()
        for p in d.parameters() if stale_d else ():
            p.grad = torch.randn_like(p)
        other = Bystander(d, "D")
        player.note()
        value = partial(g_loss, g, d, fixed, z, loss=loss)
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
        slips = {text: wrong for text, wrong in slips.items() if wrong is not None}
        tolerance = 1e-6 * (1 + abs(want))
        number(came, want, f"{tried}: the loss", slips, tolerance, plain=float)
