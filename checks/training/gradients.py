"""Items 9 and 10: clipping, against normalize; accumulation, against the whole batch."""

from __future__ import annotations

import copy
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn import utils

from checks.calls import call, item
from checks.compare import Wrong, fail, kind, number, pair, tensor
from checks.given import Notes, near_one
from checks.values import listed
from checks.watch import AllBut

CLIP = tuple(
    getattr(utils, name)
    for name in ("clip_grad_norm_", "get_total_norm", "clip_grads_with_norm_")
    if hasattr(utils, name)
)


class Gradients:
    """A list of gradients, matrices transposed ones, and the same clipped by normalize."""

    def __init__(self, shapes, scales, largest: float, dtype: torch.dtype) -> None:
        g = torch.Generator().manual_seed(len(shapes))
        values = [torch.randn(shape, generator=g, dtype=torch.float64) for shape in shapes]
        values = [v.T.contiguous().T if v.ndim == 2 else v for v in values]  # not row by row
        pairs = zip(values, scales, strict=True)
        self.given = [None if scale is None else (scale * v).to(dtype) for v, scale in pairs]
        self.there = [a for a in self.given if a is not None]
        self.whole = torch.cat([torch.zeros(0), *(a.flatten() for a in self.there)]).double()
        self.length = torch.linalg.vector_norm(self.whole).item()
        self.lengths = [torch.linalg.vector_norm(a.double()).item() for a in self.there]
        self.largest, self.dtype = largest, dtype
        self.near = min(1, largest) * (1e-5 if dtype == torch.float32 else 1e-6)

    def pieces(self, long: Tensor) -> list[Tensor | None]:
        """Cut the long vector into a list like `given`."""
        parts = iter(long.split([a.numel() for a in self.there]))
        return [None if a is None else next(parts).view(a.shape).to(self.dtype) for a in self.given]

    def alone(self, change) -> list[Tensor | None]:
        return [None if a is None else change(a) for a in self.given]

    def shortened(self, rows: Tensor) -> Tensor:
        rows = rows.double().reshape(-1)
        return rows if rows.norm() <= self.largest else self.largest * F.normalize(rows, dim=0)

    def variants(self) -> dict[str, list]:
        longest, largest = max(1.0, self.length), self.largest
        factor = largest / max(self.length, 1e-300)
        return {
            "each tensor by its own length changes the direction: one factor for all": self.alone(
                lambda a: self.shortened(a).view(a.shape).to(self.dtype)
            ),
            "each number by itself changes the direction: one factor for all": self.alone(
                lambda a: a.clamp(-largest, largest)
            ),
            "a gradient that is short enough stays as it is": self.pieces(factor * self.whole),
            "the length becomes `largest`, not 1": self.pieces(self.whole / longest),
            "the factor is largest / length": self.pieces(
                min(1.0, largest / longest**2) * self.whole
            ),
            "the factor multiplies by `largest` alone": self.pieces(
                (largest if self.length > largest else 1) * self.whole
            ),
            "nothing was clipped": self.given,
        }

    def wrong_lengths(self) -> dict[str, float]:
        length, whole = self.length, self.whole
        if not self.there:
            return {}
        return {
            "the length before clipping is asked for": min(length, self.largest),
            "the root of the sum of squares: the root is missing": length**2,
            "the length of all together is not the sum of the lengths": sum(self.lengths),
            "this is the longest tensor: all of them together make one vector": max(self.lengths),
            "this is the largest number, not the length": whole.abs().max().item(),
            "this is the sum of the absolute values, not the length": whole.abs().sum().item(),
            "this is the root of the mean square: sum, do not average": (
                length / len(whole) ** 0.5
            ),
        }


@item("Item 9, clip_gradients")
def check_clip(clip_gradients, shapes, scales, largest, dtype="float64") -> None:
    """scales: the size of each tensor's numbers; None for a gradient that is None."""
    dtype = getattr(torch, dtype)
    of = Gradients(shapes, scales, largest, dtype)
    names = ["None" if a is None else str(tuple(a.shape)) for a in of.given]
    tried = f"clip_gradients of {', '.join(names)}, length {of.length:.4g}, {largest=}"
    tried += "" if dtype == torch.float64 else f", {dtype}"
    hand = AllBut("renorm", "clip_grad")
    try:
        came = call(clip_gradients, of.given, largest, tried=tried, by_hand=hand, without=CLIP)
    except Wrong as wrong:
        none = "where all are None there is nothing to join or to sum: the length is 0"
        wrong.likely = wrong.likely if of.there else none
        raise
    gradients, length = pair(came, "(list of gradients, length)", tried)
    parts = listed(gradients)
    if parts is None or len(parts) != len(of.given):
        likely = "a None keeps its place in the list" if "None" in names else ""
        found = kind(gradients) if parts is None else f"{len(parts)} of them"
        fail(tried, f"a list of {len(of.given)} gradients", found, likely)
    number(length, of.length, f"{tried}, length", of.wrong_lengths(), 1e-6 * (1 + of.length), float)
    variants = of.variants()
    for index, want in enumerate(of.pieces(of.shortened(of.whole))):
        part, where = parts[index], f"{tried}, gradient {index}"
        if (part is None) != (want is None):
            likely = "a None stays None, and keeps its place; a gradient of 0 stays a tensor"
            fail(where, "None" if want is None else "a tensor", kind(part), likely)
        if want is None:
            continue
        if isinstance(part, Tensor) and torch.isnan(part).any():
            likely = "this divides by a length of 0"
            fail(where, "0 where all gradients are 0", "nan", likely)
        mistakes = {text: variant[index] for text, variant in variants.items()}
        tensor(part, want, where, mistakes, of.near)


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

    def mistakes(self, rate: float) -> dict[str, Tensor]:
        each = [self.slopes(F.cross_entropy(self.whole(xb), yb)) for xb, yb in self.pieces]
        summed = [sum(parts) for parts in zip(*each, strict=True)]
        right = self.slopes(F.cross_entropy(self.whole(self.x), self.y))
        after, walked, k = partial(self.after, rate), partial(self.walked, rate), len(self.pieces)
        share = len(self.pieces[-1][0]) / self.B
        first = "one step, after the last piece"
        last = "only the last piece counts: zero_grad() once, before the first piece"
        return {
            "the last piece is smaller: weigh each piece by its number of examples": after(
                [g / k for g in summed]
            ),
            "the mean over the whole batch: each piece's mean counts in full here": after(summed),
            "the loss is divided by the whole batch, not by the size of a piece": after(
                [g * self.B / self.size for g in right]
            ),
            "the loss is divided by the whole batch, not by full pieces": after(
                [g * self.B / (k * self.size) for g in right]
            ),
            "the gradients are summed over the batch, not averaged": after(
                [self.B * g for g in right]
            ),
            "the gradients of an earlier step count: zero_grad() first": after(
                [g + s for g, s in zip(right, self.stale, strict=True)]
            ),
            last: after(each[-1]),
            f"{last} (weighed by its share)": after([g * share for g in each[-1]]),
            "only the first piece counts": after(each[0]),
            f"{first}: here each piece has taken its own": walked(False, False),
            f"{first}: each has taken its own": walked(True, False),
            f"{first}, not one after each": walked(False, True),
            f"{first}, not after each piece": walked(True, True),
            "the parameters have not changed: optimiser.step()": after([0 * g for g in right]),
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


def check_seen(seen: list[list[float]], of: Batch, tried: str) -> None:
    """Every example went through the net once, in order, in pieces that are small enough."""
    most, B = max(map(len, seen), default=0), sum(map(len, seen))
    if most > of.size:
        fail(tried, f"at most {of.size} examples at a time", f"{most}", "run x.split(size)")
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
    theirs, reference = make(net.parameters()), make(whole.parameters())
    for index in range(1, steps + 1):
        of.draw(index)
        tried = f"train_step {index}, x {tuple(of.x.shape)}, {size=}, {optimiser}"
        plain = optimiser == "plain" and index == 1
        by_itself = "the step is the optimiser's: here it is the rate times the gradient"
        slopes = of.slopes(F.cross_entropy(whole(of.x), of.y))
        usual = {by_itself: of.after(theirs.param_groups[0]["lr"], slopes)}
        mistakes = of.mistakes(0.5) if plain else usual
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
        parameters, want = (
            torch.cat([p.detach().flatten() for p in one.parameters()]) for one in (net, whole)
        )
        tensor(parameters, want, f"{tried}, parameters", mistakes, 1e-9)
        wrong = of.wrong_losses(loss.item(), start)
        number(came, loss.item(), f"{tried}, loss", wrong, 1e-9, plain=float)
