"""Where batches come from. A source says which rows an update takes, and makes a batch of them."""

from collections.abc import Callable

import torch
from torch import Tensor

from helpers.training.plan import at_least_one


def moved(thing, device: torch.device):
    """The same with every tensor on the device, also those in dictionaries, lists and tuples."""
    if type(thing) is dict:
        return {key: moved(value, device) for key, value in thing.items()}
    if type(thing) in (list, tuple):
        return type(thing)(moved(value, device) for value in thing)
    return thing.to(device) if isinstance(thing, Tensor) else thing


class Source:
    """What the loop asks for batches.

    draw: the numbers of the examples of the next update `(B,)`, by the loop's own random numbers.
    batch: what the step takes, of these rows or of those of one piece or process alone.
    """

    updates: int  # in one epoch
    least = 1  # examples in a piece of a batch
    changing: tuple[str, ...] = ()  # attributes that a checkpoint must hold to go on

    def to(self, device: torch.device) -> None:
        """Bring the data to the device, once."""
        vars(self).update(moved(vars(self), device))

    def draw(self, order: torch.Generator) -> Tensor:
        raise NotImplementedError

    def batch(self, rows: Tensor):
        raise NotImplementedError


class Shuffled(Source):
    """Every example once an epoch, in random order, in batches of tensors `(B, ...)`.

    tensors: `(N, ...)` each. change: what is made of a batch on the device. alone: whether a batch
    may hold a single example; if not, one that is left over joins the batch before it.
    """

    changing = ("left",)

    def __init__(
        self, *tensors: Tensor, batch_size: int, change: Callable | None = None, alone: bool = True
    ) -> None:
        at_least_one(batch_size=batch_size)
        if len({len(t) for t in tensors}) != 1 or len(tensors[0]) == 0:
            raise ValueError("tensors must hold equally many examples, and at least one")
        self.tensors, self.batch_size, self.change = tensors, int(batch_size), change
        self.left: list[Tensor] = []  # of this epoch
        self.least = 1 if alone else 2
        self.joins = not alone and len(tensors[0]) > 1 and len(tensors[0]) % self.batch_size == 1
        self.updates = -(-len(tensors[0]) // self.batch_size) - self.joins

    def draw(self, order: torch.Generator) -> Tensor:
        if not self.left:
            rows = torch.randperm(len(self.tensors[0]), generator=order)
            self.left = list(rows.to(self.tensors[0].device).split(self.batch_size))
            if self.joins:
                self.left[-2:] = [torch.cat(self.left[-2:])]
        return self.left.pop(0)

    def batch(self, rows: Tensor) -> tuple[Tensor, ...]:
        found = tuple(t[rows] for t in self.tensors)
        return found if self.change is None else self.change(*found)
