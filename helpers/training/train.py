"""Any kind of training by the loop, in one call: `train`; models of language: `train_language`."""

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
    dropout and augmentation draw from torch's own generator. settings: see `Plan`.
    """
    at_least_one(epochs=epochs)
    steps = epochs * source.updates
    loop = Loop(step, source, nets, Plan.of(**settings), seed=seed, unit="epoch")
    return loop.run(steps, source.updates, after)


def train_language(
    step: Step,
    source: Source,
    model: nn.Module,
    *,
    steps: int,
    watch: Callable[[int, float], object] | None = None,
    watch_every: int = 200,
    seed: int = 0,
    same: dict,
    **settings,
) -> History:
    """Train a language model for so many steps, where it is.

    Recorded are, at each step, `loss` and `gradient_norm` before clipping. watch(step, seconds):
    called every `watch_every` steps, with the CPU time of the training so far; a dictionary of
    numbers that it gives is recorded. settings: see `Plan`.
    """
    if settings.get("device") is None:
        settings["device"] = model.readout.weight.device

    def record(loop: Loop) -> dict:
        found = watch(loop.done, loop.history.cpu_seconds) if watch is not None else None
        return found if isinstance(found, dict) else {}

    keep = ("loss", "gradient_norm")
    loop = Loop(step, source, model, Plan.of(**settings), seed=seed, keep=keep, same=same)
    return loop.run(steps, watch_every, record)
