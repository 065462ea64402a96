"""What happened while training: `History`, what shows it meanwhile, the error that holds it."""

import os
import sys
from contextlib import nullcontext
from pathlib import Path


class History:
    """Lists of what was recorded, by name: `history.train_loss` has one entry per epoch.

    Losses are in nats, accuracies fractions, `seconds` of wall time. len(history) is the number of
    epochs (records) finished; stopped says why training ended early, "" if it did not.
    """

    def __init__(self) -> None:
        self.series: dict[str, list] = {}  # one entry per epoch
        self.updates: dict[str, list] = {}  # one entry per update of the weights
        self.cpu_seconds = 0.0  # without what judging and watching took
        self.stopped = ""

    def __getattr__(self, name: str) -> list:
        known = vars(self).get("updates", {}) | vars(self).get("series", {})  # none while copied
        if name in known:
            return known[name]
        if name.startswith("test_") and "val_" + name[5:] in known:
            raise AttributeError(
                f"no {name}: this data set has a validation part, and the test part is not looked "
                f"at while training; see val_{name[5:]}, and training.evaluate(model, data)"
            )
        raise AttributeError(f"this history has no {name!r}; it has: {', '.join(known)}")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.series, *self.updates]

    def __len__(self) -> int:
        return len(self.series.get("seconds", []))

    def add(self, numbers: dict) -> None:
        """One more epoch: a number for each name."""
        for name, value in numbers.items():
            self.series.setdefault(name, []).append(value)

    def cut(self, updates: int) -> None:
        """Drop what an interrupt left half made: entries of no whole epoch, of later updates."""
        for values in self.series.values():
            del values[len(self) :]
        for values in self.updates.values():
            del values[updates:]

    def plot(self, title: str = "Training", held_out: str = ""):
        """Loss and accuracy against epoch, on the training images and on those held out."""
        from helpers import plots

        return plots.history(self, title, held_out or self.held_out[1])

    @property
    def held_out(self) -> tuple[str, str]:
        """Which images judged the training, as a prefix of names and in words."""
        return ("val", "validation") if "val_loss" in self.series else ("test", "test")


class TrainingError(RuntimeError):
    """Training cannot start or go on: the message says why, and what to do about it.

    Where epochs were finished before, `history` holds them, and the model their weights.
    """

    history: History | None = None


def progress_bar(total: int, unit: str, progress: bool):
    from tqdm.auto import tqdm

    # tqdm's notebook bar does not look at TQDM_DISABLE, which turns every bar off, by itself
    hidden = not progress or os.environ.get("TQDM_DISABLE") == "1"
    bar = tqdm(total=total, unit=unit, leave=False, delay=2, disable=hidden)
    if "torch._dynamo" not in sys.modules:  # nine hundred modules, at the first optimiser
        bar.set_description("the first time PyTorch loads its optimisers")
    return bar


def logger(log_dir: Path | str | None, done: int):
    """A TensorBoard writer that goes on after `done` epochs; None where there is no folder."""
    if log_dir is None:
        return nullcontext()
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise TrainingError("log_dir needs TensorBoard: pip install tensorboard") from error
    return SummaryWriter(log_dir, purge_step=done + 1)


def log_last(log, history: History) -> None:
    if log is not None:
        for name, values in history.series.items():
            if isinstance(values[-1], int | float):
                log.add_scalar(name, values[-1], len(history))
        log.flush()
