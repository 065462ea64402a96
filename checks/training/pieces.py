"""Item 10: a step in pieces, against one on the whole batch."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checks.calls import call, item
from checks.compare import Wrong, fail, number, tensor
from checks.given import Notes, near_one
from checks.values import OneOf, as_number

OPTIMISERS = {
    "plain": partial(torch.optim.SGD, lr=0.5),
    "momentum": partial(torch.optim.SGD, lr=0.1, momentum=0.9, weight_decay=0.01),
    "Adam": partial(torch.optim.Adam, lr=0.01),
}


class Watched(nn.Module):
    """Notes which examples come by, by their first numbers, piece by piece.

    Its scale is no parameter: only its calls have it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.seen, self.scale = Notes(), near_one()
        self.shape: tuple[int, ...] = ()

    def forward(self, x: Tensor) -> Tensor:
        self.shape = tuple(x.shape[1:])
        self.seen.append(x.detach().flatten(1)[:, 0].tolist())
        return self.scale * x


def length(gradients) -> float:
    """As torch's own clipping has it."""
    return float(torch.cat([g.flatten() for g in gradients]).norm()) + 1e-6


class Batch:
    """A batch in pieces, a net, and what one step of plain descent by usual mistakes gives."""

    def __init__(self, B: int, size: int, C: int) -> None:
        torch.manual_seed(B + size)
        self.B, self.size, self.C, self.shape = B, size, C, (2, 3, 4) if C % 2 else (12,)
        images = nn.Conv2d(2, 3, 2), nn.Flatten(), nn.Tanh(), nn.Linear(18, C)
        layers = images if C % 2 else (nn.Linear(12, 7), nn.Tanh(), nn.Linear(7, C))
        self.net = nn.Sequential(Watched(), *layers).double()
        self.draw(0)
        if size <= B:  # of an earlier step
            F.cross_entropy(self.net(self.x), (self.y + 1) % C).backward()
        grads = [(p, p.grad) for p in self.net.parameters()]
        self.stale = [torch.zeros_like(p) if g is None else g.clone() for p, g in grads]
        self.whole = copy.deepcopy(self.net)

    def draw(self, seed: int) -> None:
        """Another batch, of images or of vectors."""
        g = torch.Generator().manual_seed(seed)
        self.x = torch.randn(self.B, *self.shape, generator=g, dtype=torch.float64)
        self.y = torch.randint(self.C, (self.B,), generator=g)
        self.pieces = list(zip(self.x.split(self.size), self.y.split(self.size), strict=True))

    def slopes(self, loss: Tensor) -> tuple[Tensor, ...]:
        return torch.autograd.grad(loss, list(self.whole.parameters()))

    def after(self, rate: float, gradients) -> Tensor:
        """All parameters after a step of plain gradient descent with these gradients."""
        parts = zip(self.whole.parameters(), gradients, strict=True)
        return torch.cat([(p.detach() - rate * g).flatten() for p, g in parts])

    def walked(self, rate: float, weigh: bool, gather: bool) -> Tensor:
        """A step after each piece: its loss as its share of the batch's, gradients gathered."""
        walker = copy.deepcopy(self.whole)
        walker.zero_grad()
        for xb, yb in self.pieces:
            of = self.B if weigh else len(yb)
            (F.cross_entropy(walker(xb), yb, reduction="sum") / of).backward()
            for p in walker.parameters():
                p.data -= rate * p.grad
                p.grad *= gather
        return torch.cat([p.detach().flatten() for p in walker.parameters()])

    def scaled(self, after: Callable, gradients, factor: float) -> Tensor:
        return after([factor * g for g in gradients])

    def mistakes(self, rate: float) -> dict[str, Tensor]:
        each = [self.slopes(F.cross_entropy(self.whole(xb), yb)) for xb, yb in self.pieces]
        summed = [sum(parts) for parts in zip(*each, strict=True)]
        right = self.slopes(F.cross_entropy(self.whole(self.x), self.y))
        after, walked, k = partial(self.after, rate), partial(self.walked, rate), len(self.pieces)
        share, full = len(self.pieces[-1][0]) / self.B, self.size / self.B
        times = partial(self.scaled, after, right)
        first = "one step, after the last piece"
        last = "only the last piece counts: zero_grad() once, before the first piece"
        return {
            "the last piece is smaller: weigh each piece by its number of examples": self.scaled(
                after, summed, 1 / k
            ),
            "the mean over the whole batch: each piece's mean counts in full here": after(summed),
            "a piece counts by its number, not by `size`": self.scaled(after, summed, full),
            "the loss is divided by the whole batch, not by the size of a piece": times(1 / full),
            "the loss is divided by the whole batch, not by full pieces": times(1 / full / k),
            "the gradients are summed over the batch, not averaged": times(self.B),
            "the gradients of an earlier step count: zero_grad() first": OneOf(
                after(
                    [*right[:n], *(g + s for g, s in zip(right[n:], self.stale[n:], strict=True))]
                )
                for n in (0, 2)  # of all parameters, or of those in the second group
            ),
            last: after(each[-1]),
            f"{last} (weighed by its share)": after([g * share for g in each[-1]]),
            "only the first piece counts": after(each[0]),
            f"{first}: here each piece has taken its own": walked(False, False),
            f"{first}: each has taken its own": walked(True, False),
            f"{first}, not one after each": walked(False, True),
            f"{first}, not after each piece": walked(True, True),
            "one step, and each gradient once: here it counts twice": times(2),
            "the step takes the gradient as it is: nothing is clipped": OneOf(
                times(min(1, most / length(right)))
                for most in (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
            ),
        }

    def wrong_losses(self, loss: float, start: list[float]) -> dict[str, float]:
        k, last = len(self.pieces), len(self.pieces[-1][0])
        after = F.cross_entropy(self.whole(self.x), self.y).item()
        return {
            "the last piece is smaller: weigh each piece by its number of examples": (
                sum(start) / k
            ),
            "the mean over the whole batch, not the sum of the pieces' means": sum(start),
            "this is the loss of the last piece": start[-1],
            "this is what the last piece adds to the loss: sum over the pieces": (
                start[-1] * last / self.B
            ),
            "the mean over the examples, not the sum": loss * self.B,
            "the loss before the step is asked for": after,
        }


def groups(net: nn.Module) -> list[dict]:
    """All parameters, in two groups."""
    every = list(net.parameters())
    return [{"params": every[:2]}, {"params": every[2:]}]


def still(came) -> str:
    """What is said where no parameter has changed; came: the loss that is returned."""
    if as_number(came) == 0:
        return (
            "the loss, and each gradient, is multiplied by 0: a share by // of whole numbers is 0"
        )
    return "the parameters have not changed: optimiser.step()"


def check_seen(seen: list[list[float]], of: Batch, tried: str) -> None:
    """Every example went through the net once, in order, in pieces that are small enough."""
    most, B = max(map(len, seen), default=0), sum(map(len, seen))
    if most > of.size:
        likely = "the loss is gathered piece by piece: no second pass, of all of x"
        likely = likely if B > of.B else "run x.split(size)"
        fail(tried, f"at most {of.size} examples at a time", f"{most}", likely)
    if of.B != B:
        likely = "each example once: the last, smaller piece too"
        if of.B < B:
            likely = "each example once, for the gradient and for the loss that is returned"
        fail(tried, f"{of.B} examples through the net", f"{B}", likely)
    first = of.x.flatten(1)[:, 0].tolist()
    came = [first.index(number) if number in first else -1 for piece in seen for number in piece]
    if came != list(range(of.B)):
        likely = "the pieces are those of x, one after the other" * (-1 not in came)
        fail(f"{tried}, which examples", "0, 1, 2, ... in order", f"{came}"[1:-1], likely)


@item("Item 10, train_step")
def check_step(train_step, B, size, C, optimiser="plain", steps=1) -> None:
    """Parameters and loss against one step on the whole batch, several steps in a row."""
    of, make = Batch(B, size, C), OPTIMISERS[optimiser]
    net, whole, seen = of.net, of.whole, of.net[0].seen
    theirs, reference = make(groups(net)), make(groups(whole))
    for index in range(1, steps + 1):
        of.draw(index)
        tried = f"train_step {index}, x {tuple(of.x.shape)}, {size=}, {optimiser}"
        plain = optimiser == "plain" and index == 1
        by_itself = "the step is the optimiser's: here it is the rate times the gradient"
        slopes = of.slopes(F.cross_entropy(whole(of.x), of.y))
        usual = {by_itself: of.after(theirs.param_groups[0]["lr"], slopes)}
        mistakes = of.mistakes(0.5) if plain else usual
        unmoved = of.after(0, slopes)
        start = [F.cross_entropy(whole(xb), yb).item() for xb, yb in of.pieces]
        reference.zero_grad()
        loss = F.cross_entropy(whole(of.x), of.y)
        loss.backward()
        reference.step()
        seen.clear()
        net.train(B % 2 == 0)  # which is not to be changed
        try:
            came = call(train_step, net, theirs, of.x, of.y, size, tried=tried)
        except Wrong as wrong:
            if seen and net[0].shape != of.shape:
                wrong.likely = f"examples {of.shape} go into the net as they are, images as images"
            raise
        check_seen(seen, of, tried)
        if plain:
            mistakes[still(came)] = unmoved
        parameters, want = (
            torch.cat([p.detach().flatten() for p in one.parameters()]) for one in (net, whole)
        )
        tensor(parameters, want, f"{tried}, parameters", mistakes, 1e-9)
        wrong = of.wrong_losses(loss.item(), start)
        number(came, loss.item(), f"{tried}, loss", wrong, 1e-9, plain=float)
