"""Beam searches in which one part has gone wrong, and the tables that they are tried on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

MANY = 2200  # beginnings, beyond which a search is given up
Result = tuple[list[int], float]


@dataclass(frozen=True)
class Setting:
    """A table of log-probabilities, by V, seed and spread, and how it is searched."""

    V: int
    width: int
    longest: int
    alpha: float
    seed: int
    spread: float = 1.5
    start: int = 0
    end: int = 1

    def table(self) -> Callable[[Tensor], Tensor]:
        return table(self.V, self.seed, self.spread, self.start, self.end)

    def told(self) -> str:
        ends = "" if (self.start, self.end) == (0, 1) else f", start={self.start}, end={self.end}"
        how = f"width={self.width}, longest={self.longest}, alpha={self.alpha:g}{ends}"
        return f"beam_search with {self.V} tokens (table {self.seed}), {how}"


def table(V: int, seed: int, spread: float = 2.0, start: int = 0, end: int = 1) -> Callable:
    """log-probabilities (W, V) after beginnings (W, t): a fixed number for every beginning."""

    def log_p(beginnings: Tensor) -> Tensor:
        good = isinstance(beginnings, Tensor) and beginnings.ndim == 2
        if not good or beginnings.dtype != torch.int64 or 0 in beginnings.shape:
            raise ValueError("log_p takes beginnings as one int64 tensor (W, t), start included")
        if not bool((beginnings[:, 0] == start).all()):
            raise ValueError(f"every beginning begins with start, {start}")
        if bool((beginnings[:, 1:] == end).any()):
            raise ValueError("a beginning with end in it has ended: nothing follows")
        powers = torch.arange(1.0, beginnings.shape[1] + 1, dtype=torch.float64)
        code = ((beginnings + 1) * (powers + seed) ** 1.5).sum(1)  # (W,)
        each = torch.sin(code[:, None] * torch.arange(1, V + 1) + seed)
        return (spread * each).log_softmax(-1)

    return log_p


FAULTS = {
    "what has ended takes up a place: the others are not filled up to `width`": "topped",
    "only the `width` largest sums count, ended or not: what ends behind them is no result": "twice",
    "`width` of all sums are kept, also where that is more than V": "few",
    "what ranks below one that has ended is kept too": "break",
    "the sum is divided by length ** alpha, not by ((5 + length) / 6) ** alpha": "google",
    "a longer text may still score better: go on while there are beginnings": "stop",
    "`width` of all sums are kept, not `width` of each beginning": "each",
    "it is over after `longest` tokens, not when `width` results are there": "enough",
    "a sum may still give a better score than a result has: go on while there are beginnings": "sums",
    "a lower sum may have the better score, of a longer text: go on while there are beginnings": "bare",
    "every one of the V tokens may be written, start too": "no start",
    "the result with the largest score is asked, not the last one": "latest",
    "length ** alpha is a power, not length * alpha": "product",
    "the length is not taken into account: divide by length ** alpha": "plain",
    "end counts as a token: its length is 1 more": "without end",
    "you counted start": "with start",
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
    "what has ended takes up a place of its own step, and of no later one": "stays",
}


# in which these can be told apart
PROBES = (
    Setting(5, 3, 4, 1.0, 2), Setting(6, 2, 7, 1.5, 11), Setting(6, 4, 5, 1.5, 3),
    Setting(4, 1, 7, 0.6, 5, 4.0), Setting(4, 3, 7, 0.6, 17),
    Setting(5, 3, 5, 1.0, 2, 2.0),
)  # fmt: skip


def ranked(total: float, n: int, alpha: float, fault: str) -> tuple[float, float]:
    """What decides, and what is told as the score."""
    length = n - (fault == "without end") + (fault == "with start")
    length = (5 + n) / 6 if fault == "google" else max(length, 1)
    over = length ** (0 if fault == "plain" else alpha)
    over = length * alpha or 1 if fault == "product" else over
    score = total * over if fault == "times" else total / over
    return (total if fault == "by sum" else score), (total if fault == "sum told" else score)


def grown(log_p: Callable, beams: list, setting: Setting, fault: str) -> list:
    """Every beginning with every token, (tokens, sum), the best in front."""
    found = []
    for tokens, total in beams:
        each = log_p(torch.tensor([[setting.start, *tokens]]))[0]
        each = (each.exp() if fault == "exp" else each).tolist()
        own = fault == "own" and tokens  # goes on with its likeliest alone
        keep = max(range(len(each)), key=each.__getitem__) if own else None
        held = 0.0 if fault == "last" else total
        new = [([*tokens, v], held + p) for v, p in enumerate(each) if keep in (None, v)]
        if fault == "no start":
            new = [one for one in new if one[0][-1] != setting.start]
        if fault == "each":
            new = sorted(new, key=lambda one: -one[1])[: setting.width]
        found += new
    return sorted(found, key=lambda one: one[1] if fault == "worst" else -one[1])


def split(grown: list, results: list, setting: Setting, fault: str) -> tuple[list, list]:
    """Which have ended in this step, and which are the beginnings of the next one."""
    width, end = 1 if fault == "greedy" else setting.width, setting.end
    ended, going = ([g for g in grown if (g[0][-1] == end) is e] for e in (True, False))
    if fault == "full":
        return ended[:width], going[:width]
    if fault == "twice":  # as libraries do
        return [g for g in ended if g in grown[: 2 * width]], going[:width]
    if fault == "stays":
        grown = sorted(grown + results, key=lambda one: -one[1])
    width = min(width, setting.V) if fault == "few" else width
    kept = grown if fault == "each" else grown[:width]
    if fault == "topped":
        return [g for g in kept if g[0][-1] == end], [g for g in going if g in grown[: 2 * width]][
            :width
        ]
    if fault == "break" and ended:
        kept = grown[: min(width, grown.index(ended[0]) + 1)]
    return ([g for g in kept if g[0][-1] == end], [g for g in kept if g[0][-1] != end])


def over(found: list, beams: list, setting: Setting, fault: str) -> bool:
    """Is the search ended too early, by this fault?"""
    if fault == "first":
        return bool(found)
    if fault == "enough":
        return len(found) >= setting.width
    if fault == "bare":
        return bool(found) and max(s for _, s in found) > max((s for _, s in beams), default=-1e9)
    best, now = (max((ranked(s, len(t), setting.alpha, "")[0] for t, s in some), default=-1e9)
                 for some in (found, beams))  # fmt: skip
    now = max((s for _, s in beams), default=-1e9) if fault == "sums" else now
    return fault in ("stop", "sums") and best >= now


def searched(setting: Setting, fault: str = "") -> Result | None:
    """A search in which one part has gone wrong."""
    log_p, beams, found = setting.table(), [([], 0.0)], []
    for _ in range(setting.longest + (fault == "longer") - (fault == "shorter")):
        ended, beams = split(grown(log_p, beams, setting, fault), found, setting, fault)
        found = ended if fault == "stays" else found + ended
        if not beams or over(found, beams, setting, fault):
            break
        if len(beams) > MANY:
            return None
    found += beams if fault == "unfinished" else []
    results = [(ranked(total, len(t), setting.alpha, fault), t) for t, total in found]
    if not results:
        return None
    best = max(results, key=lambda one: one[0][0])
    (_, told), tokens = results[-1] if fault == "latest" else best
    return tokens, told
