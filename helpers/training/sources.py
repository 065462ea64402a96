"""Where batches come from. A source says which rows an update takes, and makes a batch of them."""

from collections.abc import Callable

import torch
from torch import Tensor

from helpers.training.plan import at_least_one


class Source:
    """What the loop asks for batches.

    draw: the numbers of the examples of the next update `(B,)`, from the loop's own random
    numbers. batch: whatever the step takes, for some of those rows: all of them, or the part of
    one piece or process. state, load: what a checkpoint must hold to go on.
    """

    updates: int  # in one epoch

    def to(self, device: torch.device) -> None:
        """Bring the data to the device, once."""

    def draw(self, order: torch.Generator) -> Tensor:
        raise NotImplementedError

    def batch(self, rows: Tensor):
        raise NotImplementedError

    def state(self) -> dict:
        return {}

    def load(self, state: dict) -> None:
        vars(self).update(state)


class Shuffled(Source):
    """Every example once an epoch, in random order, in batches of tensors `(B, ...)`.

    tensors: `(N, ...)` each. change: what is made of a batch on the device, such as normalised
    images of bytes. alone: whether a batch may hold a single example; if not, one that is left
    over joins the batch before it.
    """

    def __init__(
        self, *tensors: Tensor, batch_size: int, change: Callable | None = None, alone: bool = True
    ) -> None:
        at_least_one(batch_size=batch_size)
        if len({len(t) for t in tensors}) != 1 or len(tensors[0]) == 0:
            raise ValueError("tensors must hold equally many examples, and at least one")
        self.tensors, self.batch_size, self.change = tensors, int(batch_size), change
        self.left: list[Tensor] = []  # of this epoch
        self.joins = not alone and len(tensors[0]) > 1 and len(tensors[0]) % self.batch_size == 1
        self.updates = -(-len(tensors[0]) // self.batch_size) - self.joins

    def to(self, device: torch.device) -> None:
        self.tensors = tuple(t.to(device) for t in self.tensors)

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

    def state(self) -> dict:
        return {"left": self.left}

    def load(self, state: dict) -> None:
        self.left = [rows.to(self.tensors[0].device) for rows in state["left"]]
