"""A net that an answer steps, beside the same net as it should go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy

import torch
from torch import Tensor, nn
from torch.func import grad

from checks.calls import call
from checks.compare import Wrong, fail
from checks.values import OneOf, alike


def points_net(seed: int) -> tuple[nn.Module, nn.Module]:
    """A generator and a discriminator of points, in float64."""
    torch.manual_seed(seed)
    g = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2)).double()
    d = nn.Sequential(nn.Linear(2, 6), nn.Tanh(), nn.Linear(6, 1), nn.Flatten(0)).double()
    return g, d


def mixed(net: nn.Sequential, training: bool) -> nn.Sequential:
    """In that mode, but for one of its modules, which is in the other."""
    net.train(training)[1].train(not training)
    return net


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

    def bounded(self, loss: Callable) -> OneOf:
        """The same, of a gradient whose norm, or each number of which, is cut off."""
        slopes, found = self.slopes(loss), []
        norm = flat(slopes).norm().item()
        for most in (0.01, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0):
            found += [[s * min(1, most / (norm + 1e-6)) for s in slopes]]
            found += [[s.clamp(-most, most) for s in slopes]]
        return OneOf(flat(self.moved(slopes)) for slopes in found)

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
