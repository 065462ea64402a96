"""The state of a run in a file that is whole at every moment, and loads into a bare model."""

import os
import re
from pathlib import Path

import numpy as np
import torch
from torch import nn

from helpers.training.history import TrainingError


def bare(model: nn.Module) -> nn.Module:
    """The model inside torch.compile, DataParallel or DistributedDataParallel."""
    if hasattr(model, "_orig_mod"):
        return bare(model._orig_mod)
    if isinstance(model, nn.DataParallel | nn.parallel.DistributedDataParallel):
        return bare(model.module)
    return model


def weights(nets: dict[str, nn.Module]) -> dict[str, dict[str, torch.Tensor]]:
    """A copy of each net's state, under the names that it has when nothing wraps it or its parts."""
    states = {name: bare(net).state_dict() for name, net in nets.items()}
    return {
        name: {_name(key): value.detach().clone() for key, value in state.items()}
        for name, state in states.items()
    }


def load_weights(nets: dict[str, nn.Module], saved: dict[str, dict[str, torch.Tensor]]) -> None:
    """Put back what `weights` gave, of these nets or of others that are wrapped differently."""
    for name, net in nets.items():
        own = {_name(key): key for key in bare(net).state_dict()}
        bare(net).load_state_dict({own.get(key, key): v for key, v in saved[name].items()})


def _name(key: str) -> str:
    return re.sub(r"(^|\.)_orig_mod\.", r"\1", key)


def plain(thing):
    """Numbers of numpy as Python's, and what a file cannot hold as None, in nested containers."""
    if isinstance(thing, dict):
        return {plain(key): plain(value) for key, value in thing.items()}
    if isinstance(thing, list | tuple):
        return type(thing)(map(plain, thing)) if type(thing) in (list, tuple) else None
    if isinstance(thing, np.generic | np.ndarray):
        return thing.item() if thing.ndim == 0 else torch.from_numpy(np.array(thing))
    kinds = (torch.Tensor, str, bool, int, float, type(None))
    return thing if isinstance(thing, kinds) else None


def number(thing):
    """A number of numpy or a tensor of one number as Python's; anything else as it is."""
    one = isinstance(thing, np.generic | np.ndarray | torch.Tensor) and thing.ndim == 0
    return thing.item() if one else thing


def random_state(device: torch.device) -> dict:
    """torch's own random numbers (dropout, augmentation), on the CPU and on the device."""
    state = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        state["cuda"] = torch.cuda.get_rng_state(device)
    return state


def set_random_state(state: dict, device: torch.device) -> None:
    torch.set_rng_state(state["cpu"])
    if device.type == "cuda" and "cuda" in state:
        torch.cuda.set_rng_state(state["cuda"], device)


def read(path: Path) -> dict | None:
    if not path.exists():
        return None
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        state["same"], state["nets"]
    except Exception as error:
        raise does_not_fit(path, type(error).__name__) from error
    return state


def write(path: Path, state: dict) -> None:
    """Under a temporary name, renamed when it is whole: a kill leaves the old file as it was."""
    aside = path.with_name(path.name + ".part")
    try:
        with open(aside, "wb") as file:
            torch.save(plain(state), file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    except (OSError, RuntimeError) as error:  # torch reports a full disk as a RuntimeError
        aside.unlink(missing_ok=True)
        raise TrainingError(
            f"the checkpoint {path} could not be written ({str(error).splitlines()[0]}); "
            "if there was one of an earlier epoch, it is still whole. Is the disk full?"
        ) from error


def does_not_fit(path: Path, why: str) -> TrainingError:
    return TrainingError(
        f"the checkpoint {path} does not fit this run, or is damaged ({why}); "
        "delete it to start afresh, or name another file"
    )
