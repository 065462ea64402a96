"""Item 1: pairs of bytes learnt from words, by the course's own tokenizer."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from checks.calls import Case, item, judge
from checks.compare import equal
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
    "words are kept apart: no blank stands between them, and makes pairs": "blank",
    "a pair counts as often as it stands in a word, not once": "once each",
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
    "a word of one letter may have several bytes, and so pairs": "letters",
    "66 111 is no part of 166 111: numbers in a text need borders on both sides": "digits",
    "overlap is looked for in each word: what the word before ended with has no say": "memory",
    "only a pair that overlaps with itself is left out: abc holds ab and bc": "apart",
    "aaaa holds the pair aa twice, not once: a run of equals is read from its left": "run",
    "of equally frequent pairs the lower first number goes first, then the second": "turned",
    "a pair may stand in one word alone: it is how often it occurs that counts": "alone",
    "the first new number is 256, not 257": "from 257",
    "the first new number is 256, not 255, which is a byte": "from 255",
    "a word is its UTF-8 bytes, not those of latin-1": "latin-1",
    "a word's blanks count too: no strip()": "strip",
    "capitals are bytes of their own: no lower()": "lower",
}


def best_of(counts: Counter[Pair], fault: str, merges: list[Pair]) -> Pair:
    most = max(counts.values())
    if fault == "bytes":
        known = BPE(merges, None).pieces
        return min(counts, key=lambda pair: (-counts[pair], *(known[n] for n in pair)))
    equal_ = [pair for pair, count in counts.items() if count == most]
    if fault in ("seen", "last"):
        return equal_[0 if fault == "seen" else -1]
    if fault == "turned":
        return min(equal_, key=lambda pair: pair[::-1])
    if fault == "second":
        return min(equal_, key=lambda pair: (pair[0], -pair[1]))
    return max(equal_) if fault == "high" else min(equal_)


def merged(word: list[int], pair: Pair, new: int, fault: str) -> list[int]:
    if fault == "once":
        at = next((k for k, two in enumerate(pairwise(word)) if two == pair), None)
        return word if at is None else [*word[:at], new, *word[at + 2 :]]
    if fault == "digits":
        text = " ".join(map(str, word)).replace("{} {}".format(*pair), str(new))
        return list(map(int, text.split()))
    if fault == "right":
        return bpe.merge(word[::-1], pair[::-1], new)[::-1]
    return bpe.merge(word, pair, new)


def starts_of(word: str, fault: str) -> list[int]:
    if fault == "characters":
        return list(map(ord, word))
    word = word.strip() if fault == "strip" else word.lower() if fault == "lower" else word
    coding = ("latin-1", "replace") if fault == "latin-1" else ("utf-8",)
    return [n - 256 * (fault == "signed" and n > 127) for n in word.encode(*coding)]


def taken(piece: list[int], fault: str) -> list[Pair]:
    """Its pairs, where those that overlap are left out wrongly."""
    found, last = [], -2
    for k, pair in enumerate(pairwise(piece)):
        run = k and piece[k - 1] == pair[0] == pair[1]
        if run if fault == "run" else last == k - 1:
            continue
        found.append(pair)
        last = k
    return found


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
    words = {word: n for word, n in words.items() if fault != "letters" or len(word) > 1}
    pieces = [starts_of(word, fault) for word in words]
    often = [1 if fault == "types" else n for n in words.values()]
    if fault == "across":
        pieces, often = [[n for p, m in zip(pieces, often, strict=True) for n in p * m]], [1]
    if fault == "blank":
        text = " ".join(" ".join([word] * n) for word, n in words.items())
        pieces, often = [starts_of(text, fault)], [1]
    neighbours = pairwise if fault == "overlap" else bpe.pairs
    merges: list[Pair] = []
    counts: Counter[Pair] = Counter()
    for k in range(count):
        if fault != "stale" or not k:
            counts = Counter()
            each = remembered(pieces) if fault == "memory" else map(neighbours, pieces)
            if fault in ("apart", "run"):
                each = [taken(piece, fault) for piece in pieces]
            if fault == "once each":
                each = [set(pairwise(piece)) for piece in pieces]
            for pairs, n in zip(each, often, strict=True):
                for pair in pairs:
                    counts[pair] += n
        if not counts or max(counts.values()) < {"early": 1, "three": 3}.get(fault, 2):
            break
        best = best_of(counts, fault, merges)
        if fault == "alone" and sum(best in pairwise(piece) for piece in pieces) < 2:
            break
        merges.append(best)
        del counts[best]
        first = {"from 0": 0, "from 255": 255, "from 257": 257}.get(fault, 256)
        new = 256 if fault == "same" else first + k
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
        "numbers go on beyond 300: no two pairs may share a key" * (count > 50),
    )  # fmt: skip


@item("Item 1, learn")
def check_learn(learn, words: dict[str, int], count: int) -> None:
    """The pairs in the order in which they are learnt."""
    few = ({"ab": 3, "cb": 2}, 1), ({"aaaa": 1, "ba": 2}, 2), ({"xy": 2, "ab": 2, "abxy": 1}, 3)
    few += ({"ab": 1, "cab": 1, "dc": 2}, 2), ({"abab": 1, "cb": 2, "ca": 1, "ac": 1}, 1)
    probes = [learn_case(*one) for one in few]
    case = learn_case(words, count)
    judge(learn, case, probes, equal, 0, without=OURS)
