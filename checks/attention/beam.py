"""Item 8: beam search, against every sequence there is, greedy writing, and a fresh score."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable

import torch
from torch import Tensor

from checks.calls import call, item
from checks.compare import Wrong, fail, pair
from checks.values import alike, as_number, listed
from helpers.models import seq2seq

START, END = 0, 1
Result = tuple[list[int], float]


def table(V: int, seed: int, spread: float = 2.0) -> Callable[[Tensor], Tensor]:
    """log-probabilities (W, V) after beginnings (W, t): a fixed number for every beginning."""

    def log_p(beginnings: Tensor) -> Tensor:
        good = isinstance(beginnings, Tensor) and beginnings.ndim == 2
        if not good or beginnings.dtype != torch.int64 or 0 in beginnings.shape:
            raise ValueError("log_p takes beginnings as one int64 tensor (W, t), start included")
        if not bool((beginnings[:, 0] == START).all()):
            raise ValueError(f"every beginning begins with start, {START}")
        if bool((beginnings[:, 1:] == END).any()):
            raise ValueError("a beginning with end in it has ended: nothing follows")
        powers = torch.arange(1.0, beginnings.shape[1] + 1, dtype=torch.float64)
        code = ((beginnings + 1) * (powers + seed) ** 1.5).sum(1)  # (W,)
        each = torch.sin(code[:, None] * torch.arange(1, V + 1) + seed)
        return (spread * each).log_softmax(-1)

    return log_p


def fresh(log_p: Callable, tokens: list[int]) -> float:
    """The sum of a sequence's log-probabilities, one token after the other."""
    before = [torch.tensor([[START, *tokens[:t]]]) for t in range(len(tokens))]
    return sum(log_p(b)[0, token].item() for b, token in zip(before, tokens, strict=True))


def every(log_p: Callable, V: int, longest: int, alpha: float) -> Result:
    """The best of all sequences that end in time, by trying each."""
    others, found = [v for v in range(V) if v != END], []
    for n in range(longest):
        for middle in itertools.product(others, repeat=n):
            tokens = [*middle, END]
            found.append((tokens, fresh(log_p, tokens) / len(tokens) ** alpha))
    return max(found, key=lambda one: one[1])


FAULTS = {
    "the length is not taken into account: divide by length ** alpha": "plain",
    "end counts as a token: its length is 1 more": "without end",
    "start is not counted": "with start",
    "the first that ends is not always the best: go on with the others": "first",
    "this is greedy: keep `width` beginnings that differ": "greedy",
    "each beginning goes on with its likeliest token alone: choose among all": "own",
    "the best by sum is returned; the best by sum / length ** alpha is asked": "by sum",
    "the score is sum / length ** alpha, not the sum": "sum told",
    "what ends takes up one of the `width` places of its step": "full",
    "log-probabilities are added up, not their exponentials": "exp",
    "the sum is multiplied, not divided, by length ** alpha": "times",
    "at most `longest` tokens, end included": "longer",
    "one token fewer than allowed is tried: `longest` of them, end included": "shorter",
    "the last score alone is kept: add up those of all tokens": "last",
    "what stays unfinished is no result": "unfinished",
    "the smallest is kept, not the largest": "worst",
}


# V, width, longest, alpha, seed, spread: in which these can be told apart
PROBES = ((5, 3, 4, 1.0, 2, 1.5), (6, 2, 7, 1.5, 11, 1.5))
PROBES += ((6, 4, 5, 1.5, 3, 1.5), (4, 1, 7, 0.6, 5, 4.0), (4, 3, 7, 0.6, 17, 1.5))


def ranked(total: float, n: int, alpha: float, fault: str) -> tuple[float, float]:
    """What decides, and what is told as the score."""
    length = n - (fault == "without end") + (fault == "with start")
    over = max(length, 1) ** (0 if fault == "plain" else alpha)
    score = total * over if fault == "times" else total / over
    return (total if fault == "by sum" else score), (total if fault == "sum told" else score)


def searched(log_p, width: int, longest: int, alpha: float, fault: str = "") -> Result | None:
    """A search in which one part has gone wrong."""
    width = 1 if fault == "greedy" else width
    beams, found, sign = [([], 0.0)], [], -1 if fault == "worst" else 1
    for _ in range(longest + (fault == "longer") - (fault == "shorter")):
        grown = []
        for tokens, total in beams:
            each = log_p(torch.tensor([[START, *tokens]]))[0]
            each = (each.exp() if fault == "exp" else each).tolist()
            keep = max(range(len(each)), key=each.__getitem__) if fault == "own" and tokens else None  # fmt: skip
            held = 0.0 if fault == "last" else total
            grown += [([*tokens, v], held + p) for v, p in enumerate(each) if keep in (None, v)]
        grown.sort(key=lambda one: -sign * one[1])
        if fault == "full":
            ended, going = ([g for g in grown if (g[0][-1] == END) is e] for e in (True, False))
            found, beams = found + ended[:width], going[:width]
        else:
            found += [one for one in grown[:width] if one[0][-1] == END]
            beams = [one for one in grown[:width] if one[0][-1] != END]
        if not beams or fault == "first" and found:
            break
    found += beams if fault == "unfinished" else []
    results = [(ranked(total, len(t), alpha, fault), t) for t, total in found]
    if not results:
        return None
    (_, told), tokens = max(results, key=lambda one: one[0][0])
    return tokens, told


def trial(beam_search, setting: tuple) -> Result:
    V, width, longest, alpha, seed, spread = setting
    log_p = table(V, seed, spread)
    tried = f"beam_search with {V} tokens (table {seed}), {width=}, {longest=}, {alpha=:g}"
    given = (log_p, START, END, width, longest, alpha)
    return read(call(beam_search, *given, tried=tried, without=(seq2seq.beam_search,)), tried)


def named(beam_search, came: Result, setting: tuple) -> str:
    """The one usual mistake that gives this, and what comes of other tables."""
    fits = list(FAULTS)
    for one in (setting, *PROBES):
        V, width, longest, alpha, seed, spread = one
        log_p = table(V, seed, spread)
        results = {t: searched(log_p, width, longest, alpha, FAULTS[t]) for t in fits}
        try:
            found = came if one is setting else trial(beam_search, one)
        except Wrong:
            break
        fits = [t for t, w in results.items() if alike(found, w or ([], -math.inf), 1e-6)]
    if len(fits) == 1:
        return fits[0]
    tokens, right = came[0], searched(table(*setting[::4], setting[5]), *setting[1:4])
    if tokens[:1] == [START] and right and right[0][:1] != [START]:
        return "start is not among the tokens that are returned"
    if right and tokens and tokens == right[0][:-1]:
        return "end is among the tokens that are returned"
    return ""


def read(came, tried: str) -> Result:
    parts = pair(came, "(tokens, score)", tried)
    if isinstance(came, Tensor):
        fail(tried, "the pair (tokens, score)", "one tensor")
    tokens, score = listed(parts[0]), as_number(parts[1])
    if tokens is None or not all(isinstance(as_number(t), int) for t in tokens):
        fail(tried, "tokens: a list of int, without start, with end", f"{parts[0]!r:.60}")
    if score is None:
        fail(tried, "score: a number", f"{parts[1]!r:.60}")
    return [as_number(t) for t in tokens], score


@item("Item 8, beam_search")
def check_beam(
    beam_search, V: int, width: int, longest: int, alpha: float, seed: int, spread: float = 2.0
) -> None:
    """The best that is found, and its score, against the course's own search."""
    setting = (V, width, longest, alpha, seed, spread)
    log_p, how = table(V, seed, spread), {"width": width, "longest": longest, "alpha": alpha}
    with torch.no_grad():
        found = seq2seq.beam_search(log_p, START, END, **how)
    want = (found[0][0], found[0][2]) if found else ([], -math.inf)
    compare(beam_search, setting, want)


@item("Item 8, beam_search")
def check_beam_by_force(beam_search, V: int, longest: int, alpha: float, seed: int) -> None:
    """So wide that nothing is thrown away: the best of all sequences there are."""
    setting = (V, V**longest, longest, alpha, seed, 2.0)
    compare(beam_search, setting, every(table(V, seed), V, longest, alpha))


def compare(beam_search, setting: tuple, want: Result) -> None:
    V, width, longest, alpha, seed, _ = setting
    tried = f"beam_search with {V} tokens (table {seed}), {width=}, {longest=}, {alpha=:g}"
    tokens, score = trial(beam_search, setting)
    if tokens == want[0] and (score == want[1] or alike(score, want[1], 1e-5)):
        return
    likely = "nothing ended within `longest` tokens: return ([], -inf)" * (not want[0])
    likely = likely or named(beam_search, (tokens, score), setting)
    if tokens == want[0] and not likely:
        likely = "the score is not that of its own tokens"
    shown = [f"tokens {t}, score {s:.6g}" for t, s in (want, (tokens, score))]
    raise Wrong(tried, *shown, likely)


@item("Item 8, beam_search")
def check_many_beams(beam_search, seeds: Iterable[int]) -> None:
    """Tables of all kinds; in every fifth the end is hardly ever written in time."""
    for seed in seeds:
        V, width, longest = 3 + seed % 4, 1 + seed % 5, 2 + seed % 6
        alpha = (0.0, 0.6, 1.0, 1.5)[seed % 4]
        check_beam(
            beam_search, V, width, longest, alpha, seed, spread=4.0 if seed % 5 == 0 else 1.5
        )
