"""What is shown and written while training: the bar, TensorBoard's log."""

import os
import sys
from contextlib import nullcontext
from pathlib import Path

from helpers.training.history import History, TrainingError


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
