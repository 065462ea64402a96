"""What the losses of many updates, pieces and processes add up to."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from helpers.training.processes import World


class Loss(NamedTuple):
    """What a step yields where a bare loss does not say enough."""

    value: Tensor  # the mean over the examples, `()`, or `(S,)` for S runs side by side
    net: str = ""  # whose weights it moves
    count: float | Tensor | None = None  # of what it is the mean, where not of the batch's rows
    sums: dict[str, Tensor] = {}  # more to record, added up over the examples

    @property
    def name(self) -> str:
        return f"{self.net}_loss" if self.net else "loss"


class Piece(NamedTuple):
    """A part of a batch on its way through the step."""

    losses: Iterator[Tensor | Loss]
    rows: int  # 0 where a process borrowed an example, which does not count, to keep in step
    weight: float  # its share of the batch


class Numbers:
    """Means over the examples of every loss and sum: of the last update, and since `begin`."""

    def __init__(self, world: World, keep: tuple[str, ...]) -> None:
        self.world, self.keep = world, keep
        self.begin()

    def begin(self) -> None:
        self.totals: dict[str, Tensor] = defaultdict(int)
        self.counts: dict[str, float] = defaultdict(int)
        self.last: dict[str, Tensor] = {}  # this process's part of the last update's means
        self.kept: dict[str, list[Tensor]] = {name: [] for name in self.keep}

    def see(self, losses: list[tuple[Loss, Piece]], whole: int) -> float:
        """Take in one loss of every piece of a batch of `whole` rows.

        Returns what the gradient must still be multiplied with, where losses are no means of rows.
        """
        count = whole
        if losses[0][0].count is not None:
            mine = sum(float(loss.count) for loss, piece in losses if piece.rows)
            count = self.world.sum(losses[0][0].value.detach().new_tensor(mine)).item()
        found: dict[str, Tensor] = defaultdict(int)
        for loss, piece in losses:
            n = piece.rows if loss.count is None else float(loss.count) * (piece.rows > 0)
            value = loss.value.detach()
            value = value if n else torch.zeros_like(value)
            self.totals[loss.name] += value * n
            found[loss.name] += value if n == count else value * (n / count)
            for name, total in loss.sums.items():
                total = total.detach() if piece.rows else torch.zeros_like(total)
                self.totals[name] += total
                found[name] += total / whole
        for name in found:
            self.counts[name] += count if name == losses[0][0].name else whole
        self.last.update(found)
        return whole / count if count else 1.0

    def end_update(self) -> None:
        for name, values in self.kept.items():
            values.append(self.last[name])

    def means(self) -> dict[str, float | Tensor]:
        """Over all since `begin`, of all processes: a number each, or one for each run, `(S,)`."""
        found = {}
        for name, total in self.totals.items():
            total = self.world.sum(total.clone()).cpu()
            found[name] = (total.tolist() if total.ndim == 0 else total) / self.counts[name]
        return found

    def latest(self) -> dict[str, Tensor]:
        """Of the last update, on the CPU."""
        return {name: self.world.sum(value.clone()).cpu() for name, value in self.last.items()}

    def by_update(self) -> dict[str, list]:
        """What was to be kept, one entry per update since `begin`."""
        return {
            name: self.world.sum(torch.stack(values)).tolist()
            for name, values in self.kept.items()
            if values
        }
