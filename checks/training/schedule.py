"""Item 8: a schedule, by a number that turns."""

from __future__ import annotations

import cmath
import math
from dataclasses import replace
from typing import NamedTuple

from checks.calls import Case, item, judge
from checks.compare import KEPT, number


class Schedule(NamedTuple):
    """The rate of some steps: W of warm-up, then half a wave from peak to lowest at step N."""

    N: int
    W: int
    peak: float
    lowest: float
    steps: list[int]

    def part(self, s: int) -> float:
        return (s - self.W) / max(1, self.N - self.W)

    def wave(self, part: float, middle: float | None = None, swing: float | None = None) -> float:
        """The real part of a complex number that turns by equal angles, step to step."""
        middle = (self.peak + self.lowest) / 2 if middle is None else middle
        swing = (self.peak - self.lowest) / 2 if swing is None else swing
        return middle + swing * cmath.rect(1, math.pi * part).real

    def climb(self, s: int) -> float:
        return sum([self.peak / self.W] * (s + 1))

    def of(self, up=None, fall=None, end=None) -> list[float]:
        """With another warm-up, fall or end, each a function of the step."""
        up, fall = up or self.climb, fall or (lambda s: self.wave(self.part(s)))
        end = end or (lambda s: self.lowest)
        return [up(s) if s < self.W else fall(s) if s < self.N else end(s) for s in self.steps]


def warm_up_mistakes(rate: Schedule) -> dict[str, list[float]]:
    """The first W steps."""
    N, W, peak, lowest, _ = rate
    return {
        "step 0 has one W-th of the peak already": rate.of(lambda s: peak * s / W),
        "step W - 1 has the whole peak: W equal parts, not W + 1": rate.of(
            lambda s: peak * (s + 1) / (W + 1)
        ),
        "step 0 has one W-th of the peak, not nothing": rate.of(
            lambda s: peak * s / max(1, W - 1)
        ),
        "the warm-up climbs from 0, not from lowest": rate.of(
            lambda s: lowest + (peak - lowest) * (s + 1) / W
        ),
        "the warm-up is missing": rate.of(lambda s: rate.wave(s / N)),
        "W may be 0: step 0 begins the wave then, as if there were no warm-up of one step": None
        if W else Schedule(N, 1, peak, lowest, rate.steps).of(),
        "W is a number of steps, not a share of N": Schedule(N, N * W, peak, lowest, rate.steps).of()
        if W <= 1
        else None,
        "the warm-up begins at one W-th of peak, below lowest too": rate.of(
            lambda s: max(lowest, rate.climb(s))
        ),
    }  # fmt: skip


def part_mistakes(rate: Schedule) -> dict[str, list[float]]:
    """Which part of the wave a step has."""
    N, W, peak, lowest, _ = rate
    length = max(1, N - W)
    return {
        "the wave begins at step W: its part is (step - W) of N - W": rate.of(
            fall=lambda s: rate.wave(s / length)
        ),
        "the wave begins at step W and has N - W steps, not N": rate.of(fall=lambda s: rate.wave(s / N)),
        "the wave has N - W steps, not N": rate.of(fall=lambda s: rate.wave((s - W) / N)),
        "half a wave from peak to lowest: an angle from 0 to pi": rate.of(
            fall=lambda s: rate.wave(2 * rate.part(s))
        ),
        "half a wave from peak to lowest: the angle goes on to pi": rate.of(
            fall=lambda s: rate.wave(rate.part(s) / 2)
        ),
        "the angle is in radians: cos takes no degrees": rate.of(
            fall=lambda s: rate.wave(rate.part(s) / 180 * 1)
        ),
        "the angle is in radians: cos takes no degrees (180 of them)": rate.of(
            fall=lambda s: rate.wave(180 * rate.part(s) / math.pi)
        ),
        "this is half a sine from degrees: cos of radians is asked for": rate.of(
            fall=lambda s: rate.wave(0.5 + math.radians(rate.part(s)))
        ),
        "lowest is reached at step N, not at N - 1": rate.of(
            fall=lambda s: rate.wave((s - W) / max(1, N - W - 1))
        ),
        "step W has the peak itself": rate.of(fall=lambda s: rate.wave((s - W + 1) / length)),
    }  # fmt: skip


def end_mistakes(rate: Schedule) -> dict[str, list[float]]:
    """From step N on."""
    N, W, _, lowest, _ = rate
    return {
        "from step N on the rate stays: the wave must not rise again": rate.of(
            end=lambda s: rate.wave(rate.part(s)) if rate.N > rate.W else rate.lowest
        ),
        "from step N on the rate is lowest, after nothing but warm-up too": rate.of(
            end=lambda s: rate.peak
        ),
        "from step N on the rate stays at lowest, not at 0": rate.of(end=lambda s: 0.0),
        "from step N on the rate stays: nothing begins anew": rate.of(
            end=lambda s: rate.climb(s % N) if s % N < W else rate.wave(rate.part(s % N))
        ),
        "from step N on the rate is lowest, not that of step N - 1": rate.of(
            end=lambda s: lowest if N == W else rate.wave(rate.part(N - 1))
        ),
    }


def height_mistakes(rate: Schedule) -> dict[str, list[float]]:
    """How high the wave is there, and what follows it."""
    N, W, peak, lowest, _ = rate
    swing = (peak - lowest) / 2
    return {
        "half a wave: (1 + cos) / 2 with an angle up to pi, not a cos that ends at pi / 2": rate.of(
            fall=lambda s: lowest + 2 * swing * math.cos(math.pi / 2 * rate.part(s))
        ),
        "this is a straight line: the fall is a cosine": rate.of(
            fall=lambda s: peak - 2 * swing * rate.part(s)
        ),
        "the wave falls to lowest by itself: do not add lowest on top": rate.of(
            fall=lambda s: lowest + rate.wave(rate.part(s), peak / 2, peak / 2)
        ),
        "lowest is a rate, not a share of peak": Schedule(N, W, peak, lowest * peak, rate.steps).of(),
        "the wave falls to lowest, not to 0": rate.of(fall=lambda s: rate.wave(rate.part(s), peak / 2, peak / 2)),
        "the wave itself falls to lowest; it is not cut off there": rate.of(
            fall=lambda s: max(lowest, rate.wave(rate.part(s), peak / 2, peak / 2))
        ),
        "a factor 1/2: 1 + cos goes from 2 to 0": rate.of(
            fall=lambda s: rate.wave(rate.part(s), lowest + 2 * swing, 2 * swing)
        ),
        "this goes upwards: 1 + cos, not 1 - cos": rate.of(fall=lambda s: rate.wave(1 - rate.part(s))),
        "the warm-up goes from step 0 to W - 1: step W begins the wave": rate.of(
            fall=lambda s: peak * (s + 1) / max(1, W) if s == W else rate.wave(rate.part(s))
        ),
        **end_mistakes(rate),
        **{f"a rate may be small: no rounding (here to {digits} decimals)": [
            round(right, digits) for right in rate.of()] for digits in range(2, 8)},
    }  # fmt: skip


def schedule_cases(N, W, peak, lowest, steps) -> list[Case]:
    rate = Schedule(N, W, peak, lowest, steps)
    mistakes = warm_up_mistakes(rate) | part_mistakes(rate) | height_mistakes(rate)
    given = f"{N=}, {W=}, {peak=}, {lowest=}"
    return [
        Case(f"learning_rate(step={step}, {given})", (step, N, W, peak, lowest), want,
             {text: values[i] for text, values in mistakes.items() if values},
             "with W = N no step is left for the wave: N - W is 0" if N == W else "")
        for i, (step, want) in enumerate(zip(steps, rate.of(), strict=True))
    ]  # fmt: skip


def compare_rate(came, want, tried, tolerance) -> None:
    number(came, want, tried, tolerance=tolerance, plain=float)


@item("Item 8, learning_rate")
def check_schedule(learning_rate, N, W, peak, lowest, steps) -> None:
    """Step by step; a mistake is named if it gives what came in every step."""
    cases = schedule_cases(N, W, peak, lowest, list(steps))
    others = schedule_cases(10, 4, 0.8, 0.1, [0, 1, 3, 4, 7]) if N == W else cases
    near = 1e-6 * peak
    for case in cases:
        judge(learning_rate, case, others, compare_rate, near)
    for given in (  # one of them another at a time: nothing is kept from call to call
        (N + 1, W, peak, lowest), (N, max(0, W - 1), peak, lowest),
        (N, W, 2 * peak, lowest), (N, W, peak, lowest / 2 + 0.01),
    ):  # fmt: skip
        for case in schedule_cases(*given, [0, N // 2, N]):
            judge(learning_rate, replace(case, edge=KEPT), cases, compare_rate, near)
