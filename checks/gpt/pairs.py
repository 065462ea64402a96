"""Items 1 and 2: pairs of bytes learnt from words, and used, by the course's own tokenizer."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise

from checks.calls import Case, item, judge
from checks.compare import equal, fail
from checks.values import OneOf
from helpers.data import bpe
from helpers.data.bpe import BPE, Pair

OURS = (BPE.train, BPE.encode, BPE._encode, BPE.decode, bpe.merge, bpe.pairs)
WORD = r"[^\n]+"  # a piece of the course's own tokenizer is a line

FAULTS = {
    "a word counts as often as it occurs, not once": "types",
    "of pairs that overlap (aaa) those count that can be merged": "overlap",
    "of equally frequent pairs the lower numbers go first, not the higher ones": "high",
    "of equally frequent pairs the lower numbers go first, not those seen first": "seen",
    "of equally frequent pairs the lower numbers go first, not those seen last": "last",
    "of two pairs with one first number the lower second number goes first": "second",
    "no pair crosses from one word to the next": "across",
    "count anew after each merge: it makes new pairs and ends old ones": "stale",
    "a pair is merged wherever it stands in a word, not once": "once",
    "a pair is merged from the left: aaa becomes 256 a": "right",
    "a word is its UTF-8 bytes, not its characters": "characters",
    "a pair that occurs once is not merged: end early": "early",
    "a pair that occurs twice is still merged": "three",
    "the first new number is 256, then 257": "from 0",
    "each merge has a new number of its own": "same",
    "of equally frequent pairs the lower numbers go first, not the bytes they stand for": "bytes",
    "bytes are numbers from 0 to 255: here they have a sign": "signed",
    "words that occur once count too": "rare",
    "overlap is looked for in each word: what the word before ended with has no say": "memory",
}


def best_of(counts: Counter[Pair], fault: str, merges: list[Pair]) -> Pair:
    most = max(counts.values())
    if fault == "bytes":
        known = BPE(merges, None).pieces
        return min(counts, key=lambda pair: (-counts[pair], *(known[n] for n in pair)))
    equal_ = [pair for pair, count in counts.items() if count == most]
    if fault in ("seen", "last"):
        return equal_[0 if fault == "seen" else -1]
    if fault == "second":
        return min(equal_, key=lambda pair: (pair[0], -pair[1]))
    return max(equal_) if fault == "high" else min(equal_)


def merged(word: list[int], pair: Pair, new: int, fault: str) -> list[int]:
    if fault == "once":
        at = next((k for k, two in enumerate(pairwise(word)) if two == pair), None)
        return word if at is None else [*word[:at], new, *word[at + 2 :]]
    if fault == "right":
        return bpe.merge(word[::-1], pair[::-1], new)[::-1]
    return bpe.merge(word, pair, new)


def starts_of(word: str, fault: str) -> list[int]:
    if fault == "characters":
        return list(map(ord, word))
    return [n - 256 * (fault == "signed" and n > 127) for n in word.encode()]


def remembered(pieces: list[list[int]]) -> list[list[Pair]]:
    """The pairs of each piece, where the last pair is kept from one piece to the next."""
    last, found = None, []
    for piece in pieces:
        found.append([])
        for pair in pairwise(piece):
            last = None if pair == last else pair
            found[-1] += [pair] if last else []
    return found


def learnt(words: dict[str, int], count: int, fault: str) -> list[Pair]:
    """The merges, with one part gone wrong."""
    words = {word: n for word, n in words.items() if fault != "rare" or n > 1}
    pieces = [starts_of(word, fault) for word in words]
    often = [1 if fault == "types" else n for n in words.values()]
    if fault == "across":
        pieces, often = [[n for p, m in zip(pieces, often, strict=True) for n in p * m]], [1]
    neighbours = pairwise if fault == "overlap" else bpe.pairs
    merges: list[Pair] = []
    counts: Counter[Pair] = Counter()
    for k in range(count):
        if fault != "stale" or not k:
            counts = Counter()
            each = remembered(pieces) if fault == "memory" else map(neighbours, pieces)
            for pairs, n in zip(each, often, strict=True):
                for pair in pairs:
                    counts[pair] += n
        if not counts or max(counts.values()) < {"early": 1, "three": 3}.get(fault, 2):
            break
        best = best_of(counts, fault, merges)
        merges.append(best)
        del counts[best]
        new = {"from 0": k, "same": 256}.get(fault, 256 + k)
        pieces = [merged(piece, best, new, fault) for piece in pieces]
    return merges


def learn_case(words: dict[str, int], count: int) -> Case:
    text = "\n".join("\n".join([word] * often) for word, often in words.items())
    shown = words if len(str(words)) < 80 else f"{len(words)} words"

    def mistakes() -> dict:
        found = {told: learnt(words, count, fault) for told, fault in FAULTS.items()}
        some = OneOf(learnt(words, n, "") for n in (1, 1000))
        return found if count else found | {"with a count of 0 no pair is learnt": some}

    return Case(
        f"learn({shown}, {count})", (dict(words), count),
        BPE.train(text, 256 + count, WORD).merges, mistakes,
    )  # fmt: skip


@item("Item 1, learn")
def check_learn(learn, words: dict[str, int], count: int) -> None:
    """The pairs in the order in which they are learnt."""
    few = ({"ab": 3, "cb": 2}, 1), ({"aaaa": 1, "ba": 2}, 2), ({"xy": 2, "ab": 2, "abxy": 1}, 3)
    probes = [learn_case(*one) for one in few]
    case = learn_case(words, count)
    judge(learn, case, probes, equal, 0, without=OURS)
    if case.arguments[0] != words:
        fail(
            case.tried, "the words as they were", "they were changed", "work on a copy: dict(words)"
        )


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


def by_words(data: bytes, merges: list[Pair], pattern: bytes) -> list[int]:
    """Each word by itself, where the text is split by this pattern."""
    words = re.findall(pattern, data, re.DOTALL)
    return [n for word in words for n in BPE(merges, None)._encode(list(word))]


def encode_mistakes(data: bytes, merges: list[Pair]) -> dict[str, list[int]]:
    want, reverse = BPE(merges, None)._encode(list(data)), list(data)
    once, right = list(data), list(data)
    for k, pair in enumerate(merges):
        once = merged(once, pair, 256 + k, "once")
        right = merged(right, pair, 256 + k, "right")
    for k, pair in reversed(list(enumerate(merges))):
        reverse = bpe.merge(reverse, pair, 256 + k)
    return {
        "the merge learnt earliest goes first, not the longest known piece from the left": longest(
            data, merges
        ),
        "the merge learnt earliest goes first, not the one that stands furthest left": rewritten(
            data, merges, "left"
        ),
        "the merge learnt earliest goes first, not what can be merged while reading": swept(
            data, merges, math.inf
        ),
        "the merge learnt earliest goes first; and one reading is not enough": swept(
            data, merges, 1
        ),
        "the merge learnt earliest goes first, not the latest": rewritten(data, merges, "latest"),
        "the merges are gone through from the first to the last, not backwards": reverse,
        "a pair is merged wherever it stands, not once": once,
        "a pair is merged from the left: aaa becomes 256 a": right,
        "pair k has the number 256 + k": [n - 1 if n > 255 else n for n in want],
        "pair k has the number 256 + k, from 0 on": [n + 1 if n > 255 else n for n in want],
        "these are the bytes as they were": list(data),
        "each run of equal bytes is merged from its own left end": every_second(data, merges),
        "bytes are numbers from 0 to 255: here they have a sign": BPE(merges, None)._encode(
            [n - 256 * (n > 127) for n in data]
        ),
        "there is no split into words: a pair may hold a blank": OneOf(
            by_words(data, merges, cut) for cut in (rb" |[^ ]+", rb" ?[^ ]+| ", rb"[^ ]* |[^ ]+$")
        ),
        "bytes need not be UTF-8: they are numbers already, and no text": OneOf(
            BPE(merges, None)._encode(list(data.decode(errors=how).encode()))
            for how in ("replace", "ignore")
        ),
    }


def encode_case(data: bytes, merges: list[Pair]) -> Case:
    shown = f"{data!r}" if len(data) < 30 else f"{len(data)} bytes"
    pairs = merges if len(merges) < 5 else f"{len(merges)} merges"
    edge = "" if len(data) > 1 else "one byte, or none, has no neighbours: see to it first"
    return Case(
        f"encode({shown}, {pairs})", (data, list(merges)), BPE(merges, None)._encode(list(data)),
        lambda: encode_mistakes(data, merges), edge,
    )  # fmt: skip


@item("Item 2, encode")
def check_encode(encode, data: bytes, merges: list[Pair]) -> None:
    """The numbers, by the merges in the order in which they were learnt."""
    a, b, c = b"abc"
    few = (b"abc", [(b, c), (a, b)]), (b"aaaa", [(a, a)]), (b"abab", [(a, b), (256, 256)])
    more = (b"abc", [(a, b), (b, c), (a, 257)]), (b"abca", [(b, c), (a, 256), (256, a)])
    more += (b"bcabc", [(a, b), (b, c), (256, c)]), (b"aaa", [(a, a)])
    probes = [encode_case(*one) for one in (*few, *more)]
    judge(encode, encode_case(data, merges), probes, equal, 0, without=OURS)


@item("Item 2, encode")
def check_encode_learnt(encode, text: str, count: int, more: list[bytes]) -> None:
    """By merges learnt from a text: that text, and other bytes."""
    merges = BPE.train(text, 256 + count, None).merges
    for data in (text.encode(), *more):
        check_encode(encode, data, merges)
