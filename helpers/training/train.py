"""Any kind of training by the loop, in one call: `train`."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from helpers.training.history import History
from helpers.training.loop import Loop, Step
from helpers.training.plan import Plan, at_least_one
from helpers.training.sources import Source


def train(
    step: Step,
    source: Source,
    nets: nn.Module | dict[str, nn.Module],
    *,
    epochs: int = 1,
    after: Callable[[Loop], dict] | None = None,
    seed: int = 0,
    **settings,
) -> History:
    """Train nets by the losses that `step(batch)` yields, for so many epochs of the source.

    after(loop): numbers to record after each epoch, by name; by default the mean of each loss. A
    "val_loss" among them is what patience and "plateau" go by. seed: of the source's order alone;
    dropout and augmentation draw from torch's own generator (`torch.manual_seed`).
    settings: those of Schedule, Hardware, Updating and Keeping, by name (see `Plan`).
    """
    at_least_one(epochs=epochs)
    steps = epochs * source.updates
    loop = Loop(step, source, nets, Plan.of(**settings), seed=seed, unit="epoch")
    return loop.run(steps, source.updates, after)
