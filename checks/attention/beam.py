"""Item 8: beam search, against every sequence there is, greedy writing, and a fresh score."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import replace

import torch
from torch import Tensor

from checks import earlier
from checks.attention.beams import FAULTS, PROBES, Result, Setting, searched
from checks.calls import call, item
from checks.compare import Wrong, fail, kind, pair
from checks.values import alike, as_number, listed
from helpers.models import seq2seq

ALPHAS = (0.0, 0.6, 1.0, 1.5)


def fresh(setting: Setting, tokens: list[int]) -> float:
    """The score of a sequence, one token after the other."""
    log_p, ahead = setting.table(), [setting.start, *tokens]
    each = [
        log_p(torch.tensor([ahead[: t + 1]]))[0, token].item() for t, token in enumerate(tokens)
    ]
    return sum(each) / len(tokens) ** setting.alpha


def every(setting: Setting) -> Result:
    """The best of all sequences that end in time, by trying each."""
    others, found = [v for v in range(setting.V) if v != setting.end], []
    for n in range(setting.longest):
        for middle in itertools.product(others, repeat=n):
            tokens = [*middle, setting.end]
            found.append((tokens, fresh(setting, tokens)))
    return max(found, key=lambda one: one[1])


def trial(beam_search, setting: Setting) -> Result:
    given = (setting.table(), setting.start, setting.end)
    given += (setting.width, setting.longest, setting.alpha)
    came = call(beam_search, *given, tried=setting.told(), without=(seq2seq.beam_search,))
    return read(came, setting.told())


def strays(beam_search, setting: Setting, came: Result) -> bool:
    """Is the score of what may be a result that of other tokens, here or in another table?"""
    try:
        found = [(one, trial(beam_search, one)) for one in PROBES]
    except Wrong:
        found = []
    return any(astray(one, *result) for one, result in ((setting, came), *found))


def astray(setting: Setting, tokens: list[int], score: float) -> bool:
    ends = [k for k, token in enumerate(tokens, 1) if token == setting.end]
    if ends != [len(tokens)] or not all(0 <= t < setting.V for t in tokens):
        return False
    return not alike(score, fresh(setting, tokens), 1e-5)


def named(beam_search, came: Result, setting: Setting) -> str:
    """The one usual mistake that gives this, and what comes of other tables."""
    fits = list(FAULTS)
    for one in (setting, *PROBES):
        results = {t: searched(one, FAULTS[t]) for t in fits}
        try:
            found = came if one is setting else trial(beam_search, one)
        except Wrong:
            break
        fits = [t for t, w in results.items() if alike(found, w or ([], -math.inf), 1e-6)]
    if len(fits) == 1:
        return fits[0]
    tokens, right = came[0], searched(setting)
    if tokens[:1] == [setting.start] and right and right[0][:1] != [setting.start]:
        return "start is not among the tokens that are returned"
    if right and tokens and tokens == right[0][:-1]:
        return "end is among the tokens that are returned"
    return ""


def read(came, tried: str) -> Result:
    parts = pair(came, "(tokens, score)", tried)
    if isinstance(came, Tensor):
        fail(tried, "the pair (tokens, score)", "one tensor")
    if isinstance(parts[0], Tensor):
        fail(tried, "tokens: a list of int", kind(parts[0]), "tolist() makes a list of it")
    if parts[0] is None:
        fail(tried, "a list of tokens", "None", "where nothing has ended the pair is ([], -inf)")
    tokens, score = listed(parts[0]), as_number(parts[1])
    if tokens is None or not all(isinstance(as_number(t), int) for t in tokens):
        fail(tried, "tokens: a list of int, without start, with end", f"{parts[0]!r:.60}")
    if score is None:
        fail(tried, "score: a number", f"{parts[1]!r:.60}")
    return [as_number(t) for t in tokens], score


def setting_of(seed: int) -> Setting:
    """Tables of all kinds; in every fifth the end is hardly ever written in time."""
    one = Setting(3 + seed % 4, 1 + seed % 5, 2 + seed % 6, ALPHAS[seed % 4], seed)
    return replace(one, spread=4.0) if seed % 5 == 0 else one


@item("Item 8, beam_search")
def check_beam(
    beam_search, V: int, width: int, longest: int, alpha: float, seed: int, **more
) -> None:
    """The best that is found, and its score, against the course's own search."""
    against(beam_search, Setting(V, width, longest, alpha, seed, **{"spread": 2.0} | more))


def against(beam_search, setting: Setting) -> None:
    how = {"width": setting.width, "longest": setting.longest, "alpha": setting.alpha}
    with torch.no_grad():
        found = seq2seq.beam_search(setting.table(), setting.start, setting.end, **how)
    want = (found[0][0], found[0][2]) if found else ([], -math.inf)
    compare(beam_search, setting, want)


@item("Item 8, beam_search")
def check_beam_by_force(beam_search, V: int, longest: int, alpha: float, seed: int) -> None:
    """So wide that nothing is thrown away: the best of all sequences there are."""
    setting = Setting(V, V**longest, longest, alpha, seed, 2.0)
    compare(beam_search, setting, every(setting))


def compare(beam_search, setting: Setting, want: Result) -> None:
    tokens, score = trial(beam_search, setting)
    if tokens == want[0] and (score == want[1] or alike(score, want[1], 1e-5)):
        earlier.right(beam_search, None, (tokens, score))
        return
    likely = earlier.told(beam_search, (tokens, score), want)
    likely = likely or "nothing ended within `longest` tokens: return ([], -inf)" * (not want[0])
    likely = likely or named(beam_search, (tokens, score), setting)
    if not likely and strays(beam_search, setting, (tokens, score)):
        likely = "the score is not always that of its own tokens: a sum stands beside another beginning (of "
        likely += "the flat places of (W, V), p // V is the row and p % V the token)"
    shown = [f"tokens {t}, score {s:.6g}" for t, s in (want, (tokens, score))]
    raise Wrong(setting.told(), *shown, likely)


@item("Item 8, beam_search")
def check_many_beams(beam_search, seeds: Iterable[int]) -> None:
    """Tables of all kinds, one after the other."""
    for seed in seeds:
        against(beam_search, setting_of(seed))
