"""Item 11: when to stop, by lists whose answers were found on paper."""

from __future__ import annotations

import random
from collections.abc import Mapping

from checks.calls import Case, item, judge
from checks.compare import equal
from checks.values import OneOf

LATE = "it waits one epoch too long: the epochs since the best are last - best"
EARLY = "it stops one epoch too early: it waits `patience` epochs"
AGAIN = "a new best starts the waiting anew"
NEIGHBOUR = "compare with the lowest loss so far, not with the epoch before"
TIE = "an equal loss is not lower: the earlier epoch stays the best"
END = "the list may end before it stops: the last epoch is then the list's"
NAN = "nan is not lower than a number"
LITTLE = "a loss that is lower by however little is lower"
LOWEST = "what comes after the stop is never seen"
nan = float("nan")
EXAMPLES = [  # losses, patience, what is right, what usual mistakes give
    ([0.9, 0.95, 0.7, 0.8, 0.6, 0.65, 0.7, 0.9, 0.5], 3, (8, 5),
     {LATE: (9, 9), EARLY: (7, 5), AGAIN: (6, 5), LOWEST: (9, 9)}),
    ([0.5, 0.9, 0.8, 0.7, 0.4], 2, (3, 1),
     {LATE: (4, 1), EARLY: (2, 1), NEIGHBOUR: (5, 5), LOWEST: (5, 5)}),
    ([0.8, 0.6, 0.6, 0.6, 0.7], 2, (4, 2), {LATE: (5, 2), EARLY: (3, 2), TIE: (5, 4)}),
    ([0.9, 0.8, 0.7, 0.75], 5, (4, 3), {END: (8, 3), f"{END} last": (3, 3)}),
    ([0.7, nan, 0.6, nan, nan], 2, (5, 3), {NAN: (5, 5)}),
]  # fmt: skip


def waited_for_numbers(losses: list[float], patience: int) -> tuple[int, int] | None:
    """Where one stops who skips every nan, by the list without them."""
    numbers = [k for k, loss in enumerate(losses, 1) if loss == loss]
    lowest = [min(losses[k - 1] for k in numbers[: n + 1]) for n in range(len(numbers))]
    best = [next(k for k in numbers if losses[k - 1] == low) for low in lowest]
    late = [(k, b) for n, (k, b) in enumerate(zip(numbers, best, strict=True))
            if n - numbers.index(b) >= patience]  # fmt: skip
    return late[0] if late else (len(losses), best[-1]) if best else None


def slipped(losses: list[float], patience: int, how: str, start: float = float("inf")) -> tuple:
    """What comes of a best loss of 0 that counts as none ("zero"), of an equal one that starts the
    waiting anew ("tie"), of a nan that is kept as the lowest ("nan"), of another start."""
    lowest, kept, waited = start, 0, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < lowest or (how == "zero" and lowest == 0):
            kept, waited = epoch, 0
        elif how != "tie" or loss != lowest:
            waited += 1
        if waited == patience:
            return epoch, kept
        spoilt = how == "nan" and loss != loss
        lowest = loss if spoilt or kept == epoch else lowest
    return len(losses), kept


def nan_mistakes(losses: list[float], patience: int, last: int) -> dict[str, tuple | None]:
    """last: the epoch that is the last one trained."""
    first = next((k for k, loss in enumerate(losses, 1) if loss != loss), 0)
    return {
        "an epoch with nan is waited for, as any that is not lower": waited_for_numbers(
            losses, patience
        ),
        "a nan is an epoch too: with it struck out, those after it have other numbers": slipped(
            [loss for loss in losses if loss == loss], patience, ""
        ),
        "a nan is passed over where the lowest so far is kept": slipped(losses, patience, "nan"),
        "nan does not stop the training: it is waited for": (
            first, slipped(losses[: first - 1], first, "")[1],
        ) if first else None,
        "argmin takes nan for the lowest of all": OneOf(
            ((last, first), (min(first + patience, len(losses)), first))
        ) if 0 < first <= last else None,
    }  # fmt: skip


def early_case(losses: list[float], patience: int, want: tuple, mistakes: Mapping) -> Case:
    last, best = want
    usual = nan_mistakes(losses, patience, last) | {
        "what is put back is the best epoch, not the one `patience` before the last": (
            last,
            max(1, last - patience),
        ),
        "an equal loss is not lower: of equal ones the first is put back": (
            last,
            max(k for k, loss in enumerate(losses[:last], 1) if loss == losses[best - 1]),
        ),
        f"{LOWEST}: the lowest up to the stop": (
            last,
            min(range(len(losses)), key=lambda k: (losses[k] != losses[k], losses[k])) + 1,
        ),
        "a lowest loss of 0 is one too: `is None` tells whether there is none": slipped(
            losses, patience, "zero"
        ),
        "an equal loss is waited for, it does not start the waiting anew": slipped(
            losses, patience, "tie"
        ),
        "the first loss is the lowest so far, however large: begin with infinity": OneOf(
            slipped(losses, patience, "", start) for start in (1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6)
        ),
        "epochs are counted from 1": OneOf(((last - 1, best - 1), (last, best - 1))),
        "the last epoch first, then the epoch that is put back": (best, last),
        "what is put back is the best epoch, not the last": (last, last),
        "training goes on after the best epoch, until it is stopped": (best, best),
        "the epoch that fills the patience is the last, none comes after it": (
            min(last + 1, len(losses)),
            best,
        ),
    }
    return Case(
        f"stop_early({losses}, {patience=})", (losses, patience), want, usual | dict(mistakes)
    )


def judge_early(stop_early, case: Case, probes) -> None:
    judge(stop_early, case, probes, compare=equal, tolerance=0)


@item("Item 11, stop_early")
def check_examples(stop_early) -> None:
    """Five lists whose answers were found on paper."""
    cases = [early_case(*example) for example in EXAMPLES]
    for case in cases:
        judge_early(stop_early, case, cases)


@item("Item 11, stop_early")
def check_early(stop_early, reference, lists: int) -> None:
    """reference: a solution; drawn lists, with ties and nan, and some lists at the limits."""
    numbers, examples = random.Random(0), [early_case(*example) for example in EXAMPLES]
    drawn = [([0.4, nan, nan, 0.3], 2), ([0.3], 1), ([0.3, nan], 1), ([2.0, 1.0, 3.0], 1)]
    drawn += [([3e6, 2e6, 4e6, 1e6], 1), ([-0.1, -0.4, -0.3, -0.2, -0.5], 2)]
    drawn += [([0.5, 0.5 - 1e-12, 0.5 - 2e-12], 1), ([0.7, 0.699999, 0.699998], 1)]
    drawn += [([7e-13, 8e-13, 5e-13, 6e-13, 4e-13], 2)]
    for _ in range(lists):
        losses = [numbers.randint(0, 9) / 10 for _ in range(numbers.randint(1, 14))]
        losses[1:] = [nan if numbers.random() < 0.1 else loss for loss in losses[1:]]
        drawn.append((losses, numbers.randint(1, 5)))
    for losses, patience in drawn:
        mistakes = {LATE: reference(losses, patience + 1)}
        if patience > 1:
            mistakes[EARLY] = reference(losses, patience - 1)
        if 0 < max(losses) - min(losses) < 1e-5:
            mistakes[LITTLE] = (1 + patience, 1)
        want = reference(losses, patience)
        judge_early(stop_early, early_case(losses, patience, want, mistakes), examples)
