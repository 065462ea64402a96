"""Byte-pair encoding from zero: text to numbers of a vocabulary that is itself learnt, and back.

Sources: Gage, A New Algorithm for Data Compression, 1994; Sennrich, Haddow and Birch, Neural
Machine Translation of Rare Words with Subword Units, ACL 2016; on bytes and split into pieces as
by Radford and others, 2019 (GPT-2), but by the Unicode classes that Python's `re` knows.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Self

import torch
from torch import Tensor

# GPT-2's pieces: a word, a number or a run of signs, each with the blank before it; white space
SPLIT = r" ?[^\W\d_]+| ?\d+| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+"

Pair = tuple[int, int]


class BPE:
    """A tokenizer: numbers 0 to 255 are the bytes, each further one a pair of earlier numbers.

    merges: the pairs in the order in which they were learnt; pair k has number 256 + k. No merge
    crosses the border of two pieces of `split`; None: the text is one piece.
    """

    def __init__(self, merges: Sequence[Pair], split: str | None = SPLIT) -> None:
        self.merges = [tuple(pair) for pair in merges]
        self.rank = {pair: 256 + k for k, pair in enumerate(self.merges)}
        self.split = split
        self.pieces = [bytes([b]) for b in range(256)]  # the bytes of each number
        for left, right in self.merges:
            if not 0 <= min(left, right) <= max(left, right) < len(self.pieces):
                raise ValueError(f"a merge of {left} and {right} comes before both are known")
            self.pieces.append(self.pieces[left] + self.pieces[right])
        self._known: dict[str, list[int]] = {}  # pieces of text encoded so far

    def __len__(self) -> int:
        return len(self.pieces)

    def __repr__(self) -> str:
        return f"BPE of {len(self)} tokens: 256 bytes and {len(self.merges)} merges"

    @classmethod
    def train(cls, text: str, vocabulary: int, split: str | None = SPLIT) -> Self:
        """Merge the most frequent pair of neighbours, again and again, up to `vocabulary` numbers.

        Of pairs that overlap (aaa) those count that a reading from the left would merge; of
        equally frequent pairs the lower numbers go first. Ends early where no pair occurs twice.
        """
        if vocabulary < 256:
            raise ValueError(f"a vocabulary holds at least the 256 bytes, not {vocabulary}")
        seen = Counter(_split(text, split))
        pieces = [list(_utf8(piece)) for piece in seen]
        often, merges = list(seen.values()), []
        counts: Counter[Pair] = Counter()
        where: dict[Pair, set[int]] = defaultdict(set)  # in which pieces a pair occurs, or did
        for i, piece in enumerate(pieces):
            for pair in pairs(piece):
                counts[pair] += often[i]
                where[pair].add(i)
        while counts and len(merges) < vocabulary - 256:
            best = min(counts, key=lambda pair: (-counts[pair], pair))
            if counts[best] < 2:
                break
            for i in where.pop(best):
                for pair in pairs(pieces[i]):
                    counts[pair] -= often[i]
                pieces[i] = merge(pieces[i], best, 256 + len(merges))
                for pair in pairs(pieces[i]):
                    counts[pair] += often[i]
                    where[pair].add(i)
            del counts[best]
            merges.append(best)
        return cls(merges, split)

    def encode(self, text: str) -> Tensor:
        """Text to int64 `(N,)`: in each piece, the earliest merge that still applies goes first."""
        numbers: list[int] = []
        for piece in _split(text, self.split):
            if piece not in self._known:
                self._known[piece] = self._encode(list(_utf8(piece)))
            numbers += self._known[piece]
        return torch.tensor(numbers, dtype=torch.int64)

    def _encode(self, piece: list[int]) -> list[int]:
        while known := self.rank.keys() & set(pairwise(piece)):
            first = min(known, key=self.rank.get)
            piece = merge(piece, first, self.rank[first])
        return piece

    def decode(self, tokens: Tensor | Sequence[int]) -> str:
        """Numbers `(N,)` to text. The bytes are joined first: a character may lie in two tokens.

        Bytes that are no UTF-8, as where a text was cut inside a character, become U+FFFD.
        """
        numbers = tokens.tolist() if isinstance(tokens, Tensor) else list(tokens)
        for number in numbers:
            if not 0 <= number < len(self):
                raise ValueError(f"token {number} is unknown: there are 0 to {len(self) - 1}")
        return b"".join(self.pieces[i] for i in numbers).decode("utf-8", errors="replace")


def pairs(piece: Sequence[int]) -> Iterator[Pair]:
    """Each pair of neighbours, but not the second of two that overlap: aaa has one aa."""
    before, counted = None, False
    for pair in pairwise(piece):
        counted = pair != before or not counted
        if counted:
            yield pair
        before = pair


def merge(piece: Sequence[int], pair: Pair, number: int) -> list[int]:
    """The piece with every such pair, from the left, replaced by the number."""
    merged, i = [], 0
    while i < len(piece):
        if i + 1 < len(piece) and (piece[i], piece[i + 1]) == pair:
            merged.append(number)
            i += 2
        else:
            merged.append(piece[i])
            i += 1
    return merged


def _split(text: str, split: str | None) -> list[str]:
    return re.findall(split, text) if split else [text] * bool(text)


def _utf8(piece: str) -> bytes:
    try:
        return piece.encode("utf-8")
    except UnicodeEncodeError as error:
        half = ord(piece[error.start])
        raise ValueError(
            f"U+{half:04X} is half a character (a lone surrogate) and has no bytes: decode the "
            'text with the right encoding, or replace such halves: text.encode("utf-8", "replace")'
        ) from None
