"""What must be right on a GPU too: resume, precisions, data that lie there, memory that runs out."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from common import part_of
from naive import two_convolutions
from torch import nn

from helpers import training
from helpers.data import Dataset
from helpers.device import pick


class Stop(Exception):
    pass


def stop_at(batch: int) -> Callable[[torch.Tensor], torch.Tensor]:
    count = 0

    def augment(x: torch.Tensor) -> torch.Tensor:
        nonlocal count
        count += 1
        if count == batch:
            raise Stop
        return x + 0.1 * torch.randn_like(x)

    return augment


def checks(dataset: Dataset) -> dict:
    """Each by its name, with the number or the message that it gave."""
    few = part_of(dataset, 1000, 200)
    found = resumed(few) | lying_there(few) | failing(few)
    for name, value in found.items():
        print(f"{name}: {value}", flush=True)
    return found


def net(few: Dataset) -> nn.Module:
    return two_convolutions(0, few.image_shape[1], len(few.classes))


def fit(few: Dataset, model: nn.Module | None = None, **settings) -> list[float]:
    """The training losses of four epochs."""
    model = net(few) if model is None else model
    fixed = {"epochs": 4, "batch_size": 100, "progress": False}
    return training.fit(model, few, **fixed, **settings).train_loss


def resumed(few: Dataset) -> dict:
    """A run stopped and gone on with against a whole one, in every precision."""
    found, ends = {}, {}
    for precision in ("float32", "bfloat16", "float16"):
        run = partial(fit, few, precision=precision)
        whole = run(augment=stop_at(-1))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "run.pt"
            try:
                run(augment=stop_at(25), checkpoint=path)
            except Stop:
                pass
            model = net(few)
            torch.manual_seed(99)  # the checkpoint's random state must take its place
            again = run(model, augment=stop_at(-1), checkpoint=path)
        gap = max(abs(a - b) for a, b in zip(whole, again, strict=True))
        found[f"resume, {precision}: largest difference of a loss"] = gap
        ends[precision] = whole[-1]
    for precision in ("bfloat16", "float16"):
        found[f"{precision}: last loss over float32's"] = ends[precision] / ends["float32"]
    return found


def lying_there(few: Dataset) -> dict:
    """A data set that lies on the device against the same on the CPU."""
    there = copy.copy(few)
    for part in ("train_x", "train_y", "test_x", "test_y"):
        object.__setattr__(there, part, getattr(few, part).to(pick()))
    gap = max(abs(a - b) for a, b in zip(fit(few), fit(there), strict=True))
    return {
        "a data set on the device trains like one on the CPU": gap,
        "evaluate on a data set that lies there": training.evaluate(net(few), there)[1],
    }


def failing(few: Dataset) -> dict:
    """The messages of what cannot work."""
    failures = {
        "an augmentation of the wrong device": lambda x: x.to("meta"),
        "memory runs out": lambda x: torch.empty(2**58, device=x.device),
    }
    found = {}
    for name, augment in failures.items():
        try:
            fit(few, augment=augment)
            found[name] = "NO ERROR"
        except training.TrainingError as error:
            found[name] = str(error)
    return found
