"""How a net is trained, whatever it is: four small objects, and the words that make them."""

import inspect
import math
from collections.abc import Callable, Collection
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

import torch
from torch import Tensor, nn

from helpers.training.checkpoint import number
from helpers.training.hardware import Hardware
from helpers.training.muon import Muon

OPTIMISERS: dict[str, Callable[..., torch.optim.Optimizer]] = {
    "sgd": lambda p, lr, **more: torch.optim.SGD(p, lr, momentum=0.9, **more),
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "muon": Muon,
}
SCHEDULES: dict[str, Callable[[float], float]] = {
    # progress from 0 to 1 -> factor on the learning rate
    "constant": lambda t: 1.0,
    "cosine": lambda t: 0.5 * (1 + math.cos(math.pi * t)),
    "linear": lambda t: 1 - t,
    "step": lambda t: 0.1 ** (int(t >= 0.5) + int(t >= 0.75)),  # He and others 2015, section 4.2
    "one_cycle": lambda t: t / 0.3 if t < 0.3 else 0.5 * (1 + math.cos(math.pi * (t - 0.3) / 0.7)),
    "second_half": lambda t: min(1.0, 2 * (1 - t)),  # constant, then linearly to 0
}
PLATEAU = "plateau"  # halved after two epochs without a lower held-out loss: needs the history


def at_least_one(**counts: int) -> None:
    for name, value in counts.items():
        if value < 1 or value != int(value):
            raise ValueError(f"{name} must be at least 1, not {value}")


def below_one(**shares: float) -> None:
    for name, value in shares.items():
        if not 0 <= value < 1:
            raise ValueError(f"{name} must lie from 0 to below 1, not {value}")


def check_known(setting: object, names: Collection[str]) -> None:
    if not callable(setting) and setting not in names:
        raise ValueError(f"unknown setting {setting!r}; there are: {', '.join(names)}")


@dataclass(frozen=True)
class Schedule:
    """The learning rate of every update.

    schedule: a name in SCHEDULES, "plateau", or a function of the highest rate, the update's number
    (from 0) and how many there are. warm_up: the share of all updates in which the rate climbs.
    """

    schedule: str | Callable[[float, int, int], float] = "constant"
    warm_up: float = 0.0

    def __post_init__(self) -> None:
        check_known(self.schedule, (*SCHEDULES, PLATEAU))
        below_one(warm_up=self.warm_up)

    def rate(self, highest: float, update: int, updates: int, losses: list[float]) -> float:
        """losses: the held-out loss of every epoch so far, for "plateau"."""
        warm = self.warm_up * updates
        if update < warm:
            return highest * min(1, (update + 1) / warm)
        if callable(self.schedule):
            return self.schedule(highest, update, updates)
        if self.schedule == PLATEAU:
            return highest * 0.5 ** plateaus(losses)
        return highest * SCHEDULES[self.schedule]((update - warm) / (updates - warm))


def plateaus(losses: list[float]) -> int:
    """How often the loss has stood still: went two epochs without a new lowest value."""
    best, since, count = math.inf, 0, 0
    for loss in losses:
        best, since = (loss, 0) if loss < best else (best, since + 1)
        if since == 2:
            count, since = count + 1, 0
    return count


@dataclass(frozen=True)
class Updating:
    """One update of the weights.

    optimiser: a name in OPTIMISERS ("muon" with the `lr` of AdamW or a few times more), or a
    function of parameters and lr. clip: largest norm of the gradient (of each run side by side).
    accumulate: into how many pieces to cut a batch, for memory. ema: decay of the average of the
    weights that is judged, and kept at the end.
    """

    lr: float = 1e-3
    optimiser: str | Callable[..., torch.optim.Optimizer] = "adamw"
    weight_decay: float = 0.0
    clip: float | None = None
    accumulate: int = 1
    ema: float | None = None

    def __post_init__(self) -> None:
        check_known(self.optimiser, OPTIMISERS)
        if self.clip is not None and not self.clip > 0:
            raise ValueError(f"clip must be above 0, not {self.clip}: leave it out for no clipping")
        at_least_one(accumulate=self.accumulate)
        below_one(ema=self.ema or 0)

    def make(self, parameters: list[nn.Parameter], fused: bool) -> torch.optim.Optimizer:
        """The optimiser over these parameters."""
        make, more = self.optimiser, {}
        if not callable(make):
            make, more = OPTIMISERS[make], {"weight_decay": self.weight_decay}
        takes = inspect.signature(make).parameters.values()
        if fused and any(p.name == "fused" or p.kind == p.VAR_KEYWORD for p in takes):
            more["fused"] = True
        return make(parameters, self.lr, **more)


@dataclass(frozen=True)
class Keeping:
    """What is kept on the way, and when training ends early.

    checkpoint: a file for the state after each epoch; one that is there is continued, exactly.
    patience: stop after so many epochs without a lower held-out loss, and put the best weights
    back. log_dir: write every number for TensorBoard there.
    """

    checkpoint: Path | str | None = None
    patience: int | None = None
    log_dir: Path | str | None = None
    progress: bool = True

    def __post_init__(self) -> None:
        at_least_one(patience=1 if self.patience is None else self.patience)
        if self.checkpoint is not None and not Path(self.checkpoint).parent.is_dir():
            raise ValueError(
                f"the folder of the checkpoint {self.checkpoint} is not there: make it first"
            )


@dataclass(frozen=True)
class Plan:
    """How to train: `Plan.of(lr=0.1, clip=1.0, precision="fast", checkpoint="run.pt")`."""

    schedule: Schedule = Schedule()
    hardware: Hardware = Hardware()
    updating: Updating = Updating()
    keeping: Keeping = Keeping()

    @classmethod
    def of(cls, **settings) -> Self:
        """Each setting by its name, in the object that has it; TypeError for an unknown name."""
        parts, known = {}, []
        for part in fields(cls):
            kind = type(part.default)
            names = [f.name for f in fields(kind)]
            known += names
            given = {name: number(settings.pop(name)) for name in names if name in settings}
            parts[part.name] = kind(**given)
        if settings:
            raise TypeError(f"unknown setting {', '.join(settings)}; there are: {', '.join(known)}")
        return cls(**parts)

    def same(self) -> dict:
        """What must not change between a checkpoint and the run that goes on from it."""
        parts = vars(self.updating) | vars(self.schedule)
        del parts["accumulate"]
        return {
            k: getattr(v, "__name__", "a function") if callable(v) else v for k, v in parts.items()
        }


class Average:
    """An exponential moving average of the weights, after each update: a <- d a + (1 - d) w.

    Early on d is smaller, (1 + update) / (10 + update), so that the first weights are soon
    forgotten. Source: the average of Polyak and Juditsky 1992, with geometric weights.
    """

    def __init__(self, parameters: list[nn.Parameter], decay: float):
        self.parameters, self.decay, self.updates = parameters, decay, 0
        self.weights = [p.detach().clone() for p in parameters]

    @torch.no_grad()
    def update(self) -> None:
        self.updates += 1
        kept = min(self.decay, (1 + self.updates) / (10 + self.updates))
        for average, p in zip(self.weights, self.parameters, strict=True):
            average.lerp_(p, 1 - kept)

    @torch.no_grad()
    def swap(self) -> None:
        """Exchange the average and the weights in the model."""
        for average, p in zip(self.weights, self.parameters, strict=True):
            now = p.detach().clone()
            p.copy_(average)
            average.copy_(now)


def clip_gradients(parameters: list[nn.Parameter], largest: float, runs: bool) -> Tensor:
    """Scale the gradient down to norm `largest`: one norm, or that of each run `(S,)`; the norm."""
    if not runs:
        return nn.utils.clip_grad_norm_(parameters, largest)
    gradients = [p.grad for p in parameters if p.grad is not None]  # each (S, ...)
    norms = torch.stack([g.flatten(1).norm(dim=1) for g in gradients]).norm(dim=0)
    factor = (largest / (norms + 1e-6)).clamp(max=1)
    for gradient in gradients:
        gradient.mul_(factor.view(-1, *[1] * (gradient.ndim - 1)))
    return norms
