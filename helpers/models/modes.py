"""Training and evaluation mode, and what of a model is trained."""

import weakref
from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn

_FROZEN: weakref.WeakSet[nn.Module] = weakref.WeakSet()  # what a caller froze before `train_mode`


@contextmanager
def eval_mode(model: nn.Module) -> Iterator[nn.Module]:
    """Run a block with the model in eval mode; every module's own mode is put back afterwards."""
    modes = {module: module.training for module in model.modules()}
    model.eval()
    try:
        yield model
    finally:
        for module, training in modes.items():
            module.training = training


@contextmanager
def train_mode(model: nn.Module) -> Iterator[nn.Module]:
    """Run a block with the model in training mode, and leave it in eval mode.

    A part that the caller put in eval mode, while the model as a whole was not, is frozen (batch
    normalisation in fine-tuning) and stays so, also the next time.
    """
    frozen = [m for m in model.modules() if not m.training and (model.training or m in _FROZEN)]
    _FROZEN.difference_update(model.modules())
    _FROZEN.update(frozen)
    model.train()
    for module in frozen:
        module.training = False
    try:
        yield model
    finally:
        model.eval()


def parameter_count(model: nn.Module) -> int:
    """How many numbers training can change."""
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
