"""Item 2: bytes encoded by pairs that are known, by the course's own tokenizer."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from checks.calls import Case, item, judge
from checks.compare import equal, fail, kind
from checks.gpt.pairs import OURS, merged
from checks.values import OneOf, listed
from helpers.data import bpe
from helpers.data.bpe import BPE, Pair


def longest(data: bytes, merges: list[Pair]) -> list[int]:
    """From the left the longest piece that is known."""
    pieces, found, at = BPE(merges, None).pieces, [], 0
    while at < len(data):
        fits = [k for k, piece in enumerate(pieces) if data.startswith(piece, at)]
        found.append(max(fits, key=lambda k: len(pieces[k])))
        at += len(pieces[found[-1]])
    return found


def rewritten(data: bytes, merges: list[Pair], order: str) -> list[int]:
    """Merged as long as anything can be, one place at a time, in another order."""
    numbers, rank = list(data), {pair: k for k, pair in enumerate(merges)}

    def first(place: int) -> tuple[int, int]:
        here = rank[numbers[place], numbers[place + 1]]
        return {"left": 0, "right": 0, "latest": -here}.get(order, here), (
            -place if order == "right" else place
        )

    while places := [k for k, pair in enumerate(pairwise(numbers)) if pair in rank]:
        at = min(places, key=first)
        numbers[at : at + 2] = [256 + rank[numbers[at], numbers[at + 1]]]
    return numbers


def joined(data: bytes, merges: list[Pair]) -> list[int]:
    """Neighbours are merged whose bytes together are a known piece, the first of these first."""
    known = BPE(merges, None).pieces
    parts, rank = [bytes([n]) for n in data], {p: k for k, p in reversed(list(enumerate(known)))}
    while found := [(rank[a + b], k) for k, (a, b) in enumerate(pairwise(parts)) if a + b in rank]:
        _, at = min(found)
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return [rank[part] for part in parts]


def merged_by(
    data: bytes, merges: list[Pair], first: Callable, rounds: float = math.inf, least: int = 0
) -> list:
    """Merged in all its places: of the pairs that stand there, the one that is first."""
    numbers, rank = list(data), {pair: 256 + k for k, pair in enumerate(merges)}
    while rounds and len(numbers) > least:
        if not (there := [pair for pair in pairwise(numbers) if pair in rank]):
            break
        best, rounds = min(there, key=lambda pair: first(pair, there, rank)), rounds - 1
        numbers = bpe.merge(numbers, best, rank[best])
    return numbers


def shortened(data: bytes, merges: list[Pair], least: int) -> list[int]:
    """The last number is not copied, where there are more than so many."""
    numbers = list(data)
    for k, pair in enumerate(merges):
        if pair in pairwise(numbers):
            end, out, at = len(numbers) - (len(numbers) > least), [], 0
            while at < end:
                hit = tuple(numbers[at : at + 2]) == pair
                out.append(256 + k if hit else numbers[at])
                at += 1 + hit
            numbers = out
    return numbers


def nearby(data: bytes, merges: list[Pair]) -> list[int]:
    """In each sweep all pairs are merged of which no neighbour is earlier."""
    numbers, rank = list(data), {pair: k for k, pair in enumerate(merges)}
    never = len(merges)
    while True:
        ranks = [rank.get(pair, never) for pair in pairwise(numbers)]
        if set(ranks) <= {never}:
            return numbers
        out, at, ranks = [], 0, [*ranks, never, never]
        while at < len(numbers):
            left = ranks[at - 1] if at and out[-1] == numbers[at - 1] else never
            hit = ranks[at] < never and ranks[at] <= min(left, ranks[at + 1])
            out.append(256 + ranks[at] if hit else numbers[at])
            at += 1 + hit
        numbers = out


def swept(data: bytes, merges: list[Pair], rounds: float) -> list[int]:
    """In each round once along the numbers, merging what is a pair."""
    numbers, rank = list(data), {pair: 256 + k for k, pair in enumerate(merges)}
    while rounds > 0:
        rounds, before, out = rounds - 1, len(numbers), []
        for n in numbers:
            if out and (out[-1], n) in rank:
                out[-1] = rank[out[-1], n]
            else:
                out.append(n)
        numbers = out
        if len(out) == before:
            break
    return numbers


def every_second(data: bytes, merges: list[Pair]) -> list[int]:
    """Where pairs overlap anywhere, every second place of the whole text is merged."""
    numbers = list(data)
    for k, pair in enumerate(merges):
        hits = [n for n, two in enumerate(pairwise(numbers)) if two == pair]
        hits = hits[::2] if any(b == a + 1 for a, b in pairwise(hits)) else hits
        for n in reversed(hits):
            numbers[n : n + 2] = [256 + k]
    return numbers


def patterned(data: bytes, merges: list[Pair]) -> list[int] | None:
    """Merged by re.sub, where some bytes mean something else."""
    text = "".join(map(chr, data))
    try:
        for k, (a, b) in enumerate(merges):
            text = re.sub(chr(a) + chr(b), chr(256 + k), text)
    except re.error:
        return None
    return list(map(ord, text))


def by_words(data: bytes, merges: list[Pair], pattern: bytes) -> list[int]:
    """Each word by itself, where the text is split by this pattern."""
    words = re.findall(pattern, data, re.DOTALL)
    return [n for word in words for n in BPE(merges, None)._encode(list(word))]


def ranked(data: bytes, merges: list[Pair], first: int, blank: int | None = None) -> list[int]:
    """Pair k has the number first + k; no pair is known with a blank in that of its two places."""
    other = BPE([], None)
    other.rank = {
        pair: first + k for k, pair in enumerate(merges) if blank is None or pair[blank] != ord(" ")
    }
    return other._encode(list(data))


def order_mistakes(data: bytes, merges: list[Pair]) -> dict[str, Any]:
    """Another pair is merged than the one that was learnt earliest."""
    reverse = list(data)
    for k, pair in reversed(list(enumerate(merges))):
        reverse = bpe.merge(reverse, pair, 256 + k)
    return {
        "the merge learnt earliest goes first, not the longest known piece from the left": longest(
            data, merges
        ),
        "the merge learnt earliest goes first, not the one that stands furthest left": OneOf(
            (rewritten(data, merges, "left"), merged_by(data, merges, lambda *_: 0))
        ),
        "the merge learnt earliest goes first, not the pair of the lowest numbers": merged_by(
            data, merges, lambda pair, there, rank: pair
        ),
        "the merge learnt earliest goes first, not the most frequent pair": merged_by(
            data, merges, lambda pair, there, rank: -there.count(pair)
        ),
        "the merge learnt earliest goes first, not what can be merged while reading": swept(
            data, merges, math.inf
        ),
        "the merge learnt earliest goes first of all that stand there, not only of its neighbours": (
            nearby(data, merges)
        ),
        "the merge learnt earliest goes first; and one reading is not enough": swept(
            data, merges, 1
        ),
        "the merge learnt earliest goes first, not the latest": OneOf(
            (
                rewritten(data, merges, "latest"),
                merged_by(data, merges, lambda pair, there, rank: -rank[pair]),
            )
        ),
        "the merges are gone through from the first to the last, not backwards": reverse,
        "after one merge the next one follows, until no pair is known": merged_by(
            data, merges, lambda pair, there, rank: rank[pair], rounds=1
        ),
    }


def place_mistakes(data: bytes, merges: list[Pair]) -> dict[str, Any]:
    """The right pair is merged in other places than it should be."""
    once, right, few, both = (list(data) for _ in range(4))
    for k, pair in enumerate(merges):
        hits = {n for n, two in enumerate(pairwise(both)) if two == pair}
        both = [256 + k if n in hits else m for n, m in enumerate(both) if n - 1 not in hits]
        once = merged(once, pair, 256 + k, "once")
        right = merged(right, pair, 256 + k, "right")
    for _ in merges:  # as many merges as there are pairs, one place each
        k = min((merges.index(pair) for pair in pairwise(few) if pair in merges), default=-1)
        few = merged(few, merges[k], 256 + k, "once") if k >= 0 else few
    return {
        "a pair of numbers is known, not what their bytes make together": joined(data, merges),
        "until no neighbours are a known pair, also where two numbers are left": merged_by(
            data, merges, lambda pair, there, rank: rank[pair], least=2
        ),
        "a pair is merged wherever it stands, not once": OneOf((once, few)),
        "of pairs that overlap, as in aaa, one is merged: no number gets lost": both,
        "a pair is merged from the left: aaa becomes 256 a": right,
        "each run of equal bytes is merged from its own left end": every_second(data, merges),
        "the last number is lost where it is not merged: the loop ends one too early": OneOf(
            shortened(data, merges, least) for least in (0, 1, 2)
        ),
    }


def encode_mistakes(data: bytes, merges: list[Pair]) -> dict[str, Any]:
    want = BPE(merges, None)._encode(list(data))
    found = (
        {"bytes like . and * mean more in a regular expression": patterned(data, merges)}
        | {
            f"pair k has the number 256 + k{more}": OneOf(
                ([n + by if n > 255 else n for n in want], ranked(data, merges, 256 + by))
            )
            for more, by in (("", -1), (", from 0 on", 1))
        }
        | {
            "these are the bytes as they were": list(data),
            "bytes are numbers from 0 to 255: here they have a sign": BPE(merges, None)._encode(
                [n - 256 * (n > 127) for n in data]
            ),
            "there is no split into words: a pair may hold a blank": OneOf(
                [
                    by_words(data, merges, cut)
                    for cut in (rb" |[^ ]+", rb" ?[^ ]+| ", rb"[^ ]* |[^ ]+$")
                ]
                + [ranked(data, merges, 256, blank) for blank in (0, 1)]
            ),
            "bytes need not be UTF-8: they are numbers already, and no text": OneOf(
                BPE(merges, None)._encode(numbers)
                for how in ("replace", "ignore", "surrogateescape")
                for text in [data.decode(errors=how)]
                for numbers in (list(text.encode(errors="replace")), list(map(ord, text)))
            ),
        }
    )
    return order_mistakes(data, merges) | place_mistakes(data, merges) | found


def encode_case(data: bytes, merges: list[Pair]) -> Case:
    shown = f"{data!r}" if len(data) < 30 else f"{len(data)} bytes"
    pairs = merges if len(merges) < 5 else f"{len(merges)} merges"
    edge = "" if len(data) > 1 else "one byte, or none, has no neighbours: see to it first"
    return Case(
        f"encode({shown}, {pairs})", (data, list(merges)), BPE(merges, None)._encode(list(data)),
        lambda: encode_mistakes(data, merges), edge,
    )  # fmt: skip


def compare_numbers(came: Any, want: list[int], tried: str) -> None:
    if any(isinstance(part, bytes) for part in listed(came) or ()):
        fail(tried, repr(want), kind(came), "the numbers are asked, not the bytes they stand for")
    equal(came, want, tried)


@item("Item 2, encode")
def check_encode(encode, data: bytes, merges: list[Pair]) -> None:
    """The numbers, by the merges in the order in which they were learnt."""
    a, b, c = b"abc"
    few = (b"abc", [(b, c), (a, b)]), (b"aaaa", [(a, a)]), (b"abab", [(a, b), (256, 256)])
    more = (b"abc", [(a, b), (b, c), (a, 257)]), (b"abca", [(b, c), (a, 256), (256, a)])
    more += (b"bcabc", [(a, b), (b, c), (256, c)]), (b"aaa", [(a, a)])
    more += (b"abaccac", [(b, a), (a, c), (c, a)]), (b"aabcab", [(c, a), (a, b), (a, a)])
    probes = [encode_case(*one) for one in (*few, *more)]
    judge(encode, encode_case(data, merges), probes, compare_numbers, 0, without=OURS)


@item("Item 2, encode")
def check_encode_learnt(encode, text: str, count: int, more: list[bytes]) -> None:
    """By merges learnt from a text: that text, and other bytes."""
    merges = BPE.train(text, 256 + count, None).merges
    for data in (text.encode(), *more):
        check_encode(encode, data, merges)
