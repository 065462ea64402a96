"""What a process has set, which a call must leave as it was, and random states."""

from __future__ import annotations

import os
import random
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np
import torch

SETTINGS: dict[str, tuple[Callable, Callable]] = {
    "gradients on or off": (torch.is_grad_enabled, torch.set_grad_enabled),
    "torch's default dtype": (torch.get_default_dtype, torch.set_default_dtype),
    "torch's autocast": (
        partial(torch.is_autocast_enabled, "cpu"),
        partial(torch.set_autocast_enabled, "cpu"),
    ),
    "torch's number of threads": (torch.get_num_threads, torch.set_num_threads),
    "the working folder": (os.getcwd, os.chdir),
    "the recursion limit": (sys.getrecursionlimit, sys.setrecursionlimit),
    "NumPy's warnings": (np.geterr, lambda state: np.seterr(**state)),
}


def settings() -> dict[str, Any]:
    """What a call must leave as it was, for the whole process."""
    blanket = [  # of all modules; libraries add filters of their own when they are imported
        f for f in warnings.filters if f[1] is f[3] is None and f[2].__module__ == "builtins"
    ]
    return {name: get() for name, (get, _) in SETTINGS.items()} | {"the warning filters": blanket}


def told(value: Any) -> str:
    """The value of a setting, in short."""
    text = {True: "on", False: "off"}.get(value) if isinstance(value, bool) else str(value)
    return text[:80]


@contextmanager
def restored() -> Iterator[None]:
    """Afterwards settings, warning filters and the random states are what they were before."""
    before = {name: get() for name, (get, _) in SETTINGS.items()}
    filters, python, numbers = list(warnings.filters), random.getstate(), np.random.get_state()  # noqa: NPY002
    try:
        with torch.random.fork_rng(devices=[]):
            yield
    finally:
        for name, (get, put) in SETTINGS.items():
            if get() != before[name]:
                put(before[name])
        random.setstate(python)
        np.random.set_state(numbers)  # noqa: NPY002
        warnings.filters[:] = filters
        warnings._filters_mutated()


@contextmanager
def settled() -> Iterator[None]:
    """Run a check from torch's own settings, whatever the notebook has set; then as `restored`."""
    with restored():
        torch.set_grad_enabled(True)
        torch.set_default_dtype(torch.float32)
        torch.set_autocast_enabled("cpu", False)
        yield
