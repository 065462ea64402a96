"""helpers.models.ngram against its definition."""

import math

import pytest
import torch

from helpers.models import ngram

# ---------------------------------------------------------------- n-grams


def by_definition(text: list[int], history: tuple[int, ...], w: int, V: int) -> float:
    """Witten-Bell straight from the formula, with loops over the text."""
    n = len(history) + 1
    if n == 1:
        followers = text
        lower = 1 / V
    else:
        places = range(len(text) - n + 1)
        followers = [text[i + n - 1] for i in places if tuple(text[i : i + n - 1]) == history]
        lower = by_definition(text, history[1:], w, V)
    if not followers:
        return lower
    different = len(set(followers))
    return (followers.count(w) + different * lower) / (len(followers) + different)


@pytest.mark.parametrize("seed", range(3))
def test_ngram_equals_its_definition(seed):
    generator = torch.Generator().manual_seed(seed)
    V, order = 4, 4
    text = torch.randint(V, (60,), generator=generator)
    held_out = torch.randint(V, (25,), generator=generator)
    model = ngram.NGram(text.to(torch.uint8), order, V)
    p = model.probabilities(held_out)
    assert p.shape == (order, 25)
    for n in range(1, order + 1):
        for i in range(25):
            history = tuple(held_out[max(i - n + 1, 0) : i].tolist())
            want = by_definition(text.tolist(), history, int(held_out[i]), V)
            assert p[n - 1, i].item() == pytest.approx(want, abs=1e-12)
    bits = model.bits(held_out)
    assert bits == pytest.approx((-p.log2().mean(1)).tolist())


@pytest.mark.parametrize("order", [1, 2, 5, 8])
@pytest.mark.parametrize("context", ["", "a", "the c", "zzzzzzzzzz", "the cat sat on the m"])
def test_ngram_probabilities_sum_to_one(order, context):
    text = torch.tensor([ord(c) - 97 if c != " " else 26 for c in "the cat sat on the mat " * 3])
    model = ngram.NGram(text, order, 27)
    before = torch.tensor([ord(c) - 97 if c != " " else 26 for c in context], dtype=torch.int64)
    p = model.next_distribution(before)
    assert p.shape == (27,) and (p > 0).all()
    assert p.sum().item() == pytest.approx(1, abs=1e-12)


def test_ngram_of_a_periodic_text_is_nearly_sure():
    text = torch.arange(3000) % 3
    bits = ngram.NGram(text, 3, 3).bits(text[:300])
    assert bits[0] == pytest.approx(math.log2(3), abs=0.01)
    assert bits[1] < 0.02 and bits[2] < bits[1]


def test_ngram_counts_what_it_stores():
    model = ngram.NGram(torch.tensor([0, 1, 0, 1, 2]), 3, 3)
    assert model.sizes == [3, 3, 3]  # 0 1 2; 01 10 12; 010 101 012


def test_ngram_bad_input():
    text = torch.tensor([0, 1, 2])
    with pytest.raises(ValueError, match="at least 1"):
        ngram.NGram(text, 0, 3)
    with pytest.raises(ValueError, match="too few"):
        ngram.NGram(text, 4, 3)
    with pytest.raises(ValueError, match="too high"):
        ngram.NGram(torch.zeros(50, dtype=torch.int64), 12, 97)
    with pytest.raises(ValueError, match="from 0 to 1"):
        ngram.NGram(text, 2, 2)
    with pytest.raises(ValueError, match="integers"):
        ngram.NGram(text.double(), 2, 3)
    with pytest.raises(ValueError, match="empty"):
        ngram.NGram(text, 2, 3).bits(text[:0])
