"""How the learning rate goes from update to update."""

import math
from collections.abc import Callable
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Schedule:
    """The learning rate of every update.

    schedule: a name in SCHEDULES, "plateau", or a function of the highest rate, the update's number
    (from 0) and how many there are. warm_up: the share of all updates in which the rate climbs.
    """

    schedule: str | Callable[[float, int, int], float] = "constant"
    warm_up: float = 0.0

    def __post_init__(self) -> None:
        known = (*SCHEDULES, PLATEAU)
        if not callable(self.schedule) and self.schedule not in known:
            raise ValueError(f"unknown setting {self.schedule!r}; there are: {', '.join(known)}")
        if not 0 <= self.warm_up < 1:
            raise ValueError(f"warm_up must lie from 0 to below 1, not {self.warm_up}")

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
