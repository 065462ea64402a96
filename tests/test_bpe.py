"""helpers.data.bpe against its definition, written plainly, and cases worked by hand."""

import random
import re
import sys

import pytest
import torch

from helpers.data.bpe import BPE, SPLIT, merge, pairs

# ---------------------------------------------------------------- an independent implementation


def count_without_overlap(text: tuple[int, ...], pair: tuple[int, int]) -> int:
    """How often a reader from the left, who jumps over each find, finds the pair."""
    found = at = 0
    while at < len(text) - 1:
        hit = text[at : at + 2] == pair
        found, at = found + hit, at + (2 if hit else 1)
    return found


def replace(text: tuple[int, ...], pair: tuple[int, int], number: int) -> tuple[int, ...]:
    if len(text) < 2:
        return text
    if text[:2] == pair:
        return (number, *replace(text[2:], pair, number))
    return (text[0], *replace(text[1:], pair, number))


def learn(texts: list[bytes], merges: int) -> list[tuple[int, int]]:
    """Every pair counted anew, in every piece, before every merge."""
    pieces, learnt = [tuple(t) for t in texts], []
    for k in range(merges):
        candidates = sorted({p[i : i + 2] for p in pieces for i in range(len(p) - 1)})
        counted = [sum(count_without_overlap(p, c) for p in pieces) for c in candidates]
        if not counted or max(counted) < 2:
            break
        learnt.append(candidates[counted.index(max(counted))])  # the first: the lowest numbers
        pieces = [replace(p, learnt[-1], 256 + k) for p in pieces]
    return learnt


def in_rank_order(text: bytes, merges: list[tuple[int, int]]) -> list[int]:
    """Every merge once, in the order learnt: the same as lowest rank first."""
    piece = tuple(text)
    for k, pair in enumerate(merges):
        piece = replace(piece, pair, 256 + k)
    return list(piece)


@pytest.mark.parametrize("seed", range(6))
def test_training_and_encoding_equal_the_definition(seed):
    rng = random.Random(seed)
    letters = "ab" if seed % 2 else "abcdé "
    text = "".join(rng.choices(letters, k=240))
    made = BPE.train(text, 256 + 25, split=None)
    assert made.merges == learn([text.encode()], 25)
    other = "".join(rng.choices(letters, k=150))
    assert made.encode(other).tolist() == in_rank_order(other.encode(), made.merges)


@pytest.mark.parametrize("seed", range(3))
def test_with_pieces_it_equals_the_definition_piece_by_piece(seed):
    rng = random.Random(seed)
    pieces = [
        rng.choice(["def", " def", " self", "__", " x", "\n  ", "(", " 12"]) for _ in range(60)
    ]
    # these pieces are such that the pattern finds them again, but where two join into one

    text = "".join(pieces)
    found = [p.encode() for p in re.findall(SPLIT, text)]
    assert b"".join(found).decode() == text
    made = BPE.train(text, 256 + 15)
    assert made.merges == learn(found, 15)
    assert made.encode(text).tolist() == [n for p in found for n in in_rank_order(p, made.merges)]


# ---------------------------------------------------------------- by hand


def test_the_example_of_the_paper_by_hand():
    # aaabdaaabac: aa 2 (aaa holds one), ab 2, ... ; of equals the lower numbers: aa, then (aa)a, ...
    made = BPE.train("aaabdaaabac", 259, split=None)
    a, b = ord("a"), ord("b")
    assert made.merges == [(a, a), (a, b), (256, 257)]
    assert made.encode("aaabdaaabac").tolist() == [258, ord("d"), 258, a, ord("c")]
    assert made.pieces[258] == b"aaab"


def test_overlapping_pairs_are_counted_as_they_can_be_merged():
    assert list(pairs([1, 1, 1])) == [(1, 1)]
    assert list(pairs([1, 1, 1, 1])) == [(1, 1), (1, 1)]
    assert list(pairs([2, 1, 1, 1, 2])) == [(2, 1), (1, 1), (1, 2)]
    # (1, 1) stands at three places and can be merged at two; (1, 2) at three
    text = "\x01\x01\x01\x01\x02\x01\x02\x01\x02"
    assert BPE.train(text, 257, split=None).merges == [(1, 2)]
    assert merge([1, 1, 1], (1, 1), 9) == [9, 1]
    assert merge([], (1, 1), 9) == []


def test_the_earliest_merge_goes_first_wherever_it_stands():
    a, b, c = map(ord, "abc")
    assert BPE([(b, c), (a, b)], None).encode("abc").tolist() == [a, 256]


def test_no_merge_crosses_a_piece():
    made = BPE.train("ab ab ab ab", 300)
    assert all(b" " not in piece[1:] for piece in made.pieces)


def test_it_ends_where_no_pair_occurs_twice():
    assert BPE.train("abc", 300, split=None).merges == []
    assert len(BPE.train("", 300)) == 256
    assert len(BPE.train("abab", 300, split=None)) == 257


# ---------------------------------------------------------------- the law


def any_text(rng: random.Random, length: int) -> str:
    """Any characters but surrogates, the common ones more often."""
    some = []
    while len(some) < length:
        c = rng.choice(
            (rng.randrange(128), rng.randrange(0x3000), rng.randrange(sys.maxunicode + 1))
        )
        if not 0xD800 <= c <= 0xDFFF:
            some.append(chr(c))
    return "".join(some)


@pytest.mark.parametrize("split", [SPLIT, None])
@pytest.mark.parametrize("seed", range(5))
def test_decode_of_encode_is_the_text(seed, split):
    rng = random.Random(seed)
    made = BPE.train(any_text(rng, 400) * 2 + "x = self.f(x)\n    " * 20, 400, split)
    for text in ("", "aaa", " \n\t ", "\r\n", "\x00", "é̈_²٣ x", any_text(rng, 1000)):
        tokens = made.encode(text)
        assert tokens.dtype == torch.int64 and tokens.ndim == 1
        assert made.decode(tokens) == text
        assert sum(len(made.pieces[i]) for i in tokens) == len(text.encode())


def test_a_character_in_two_tokens_is_joined_before_it_is_decoded():
    made = BPE([])
    tokens = made.encode("地")
    assert tokens.tolist() == [0xE5, 0x9C, 0xB0] and made.decode(tokens) == "地"
    assert made.decode(tokens[:2].tolist()) == "\ufffd"


def test_bad_input_is_refused_clearly():
    made = BPE([])
    for text in ("a\ud800b", "\udcff"):
        with pytest.raises(ValueError, match="lone surrogate"):
            made.encode(text)
        with pytest.raises(ValueError, match="lone surrogate"):
            BPE.train(text, 300)
    with pytest.raises(ValueError, match="256 is unknown: there are 0 to 255"):
        made.decode([256])
    with pytest.raises(ValueError, match="-1 is unknown"):
        made.decode(torch.tensor([-1]))
    with pytest.raises(ValueError, match="at least the 256"):
        BPE.train("a", 255)
    with pytest.raises(ValueError, match="before both are known"):
        BPE([(97, 256)])
