"""The filters of sampling against brute force over every set of tokens."""

import itertools
import math

import pytest
import torch

from helpers.models.sampling import adjusted


def logits_of(seed: int, size: int = 6) -> torch.Tensor:
    return torch.randn(size, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) * 2


def kept(p: torch.Tensor) -> set[int]:
    return set(p.nonzero()[:, 0].tolist())


def assert_in_proportion(p: torch.Tensor, whole: torch.Tensor) -> None:
    """What is kept has its old proportions, and sums to one."""
    some = sorted(kept(p))
    torch.testing.assert_close(p[some], whole[some] / whole[some].sum(), rtol=0, atol=1e-12)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("seed", range(4))
def test_top_p_keeps_the_smallest_set_with_enough_mass(seed, temperature):
    logits = logits_of(seed)
    whole = (logits / temperature).softmax(0)
    for top_p in (0.05, 0.3, 0.6, 0.9, 0.999):
        enough = [
            some
            for n in range(1, 7)
            for some in itertools.combinations(range(6), n)
            if whole[list(some)].sum() >= top_p
        ]
        fewest = min(map(len, enough))
        best = max((s for s in enough if len(s) == fewest), key=lambda s: whole[list(s)].sum())
        p = adjusted(logits, temperature, top_p=top_p)
        assert kept(p) == set(best)
        assert_in_proportion(p, whole)


@pytest.mark.parametrize("seed", range(4))
def test_min_p_and_top_k(seed):
    logits = logits_of(seed)
    whole = (logits / 0.7).softmax(0)
    for min_p in (0.01, 0.2, 0.9, 1.0):
        p = adjusted(logits, 0.7, min_p=min_p)
        assert kept(p) == {i for i in range(6) if whole[i] >= min_p * whole.max() * (1 - 1e-12)}
        assert_in_proportion(p, whole)
    for k in range(1, 9):
        p = adjusted(logits, 0.7, k)
        assert kept(p) == set(sorted(range(6), key=lambda i: -whole[i])[:k])
        assert_in_proportion(p, whole)


def test_filters_follow_one_another():
    logits = torch.tensor([0.5, 0.3, 0.15, 0.05], dtype=torch.float64).log()
    assert kept(adjusted(logits, top_p=0.6)) == {0, 1}  # the token that crosses p stays
    assert kept(adjusted(logits, top_p=0.85)) == {0, 1, 2}
    # of the two likeliest, 5/8 and 3/8, the first alone has 0.6; of all four it has not
    assert kept(adjusted(logits, top_k=2, top_p=0.6)) == {0}
    assert kept(adjusted(logits, top_k=3, min_p=0.2)) == {0, 1, 2}
    assert kept(adjusted(logits, top_p=0.85, min_p=0.5)) == {0, 1}


def test_batches_ties_and_nothing_filtered():
    rows = torch.stack([logits_of(s) for s in range(3)])
    for settings in ({"top_k": 2}, {"top_p": 0.7}, {"min_p": 0.3}, {"temperature": 2.0}):
        together = adjusted(rows, **settings)
        alone = torch.stack([adjusted(row, **settings) for row in rows])
        torch.testing.assert_close(together, alone, rtol=0, atol=0)
    for settings in ({}, {"top_p": 1.0}, {"min_p": 0.0}, {"top_k": 6}):
        torch.testing.assert_close(adjusted(rows, **settings), rows.softmax(-1))
    unlikely = torch.tensor([0.3, 1e-9, 0.7, 3e-9]).log()
    assert kept(adjusted(unlikely, top_p=1.0)) == {0, 1, 2, 3}  # though two sum to 1 in float32
    even = torch.zeros(4)
    assert kept(adjusted(even, top_p=0.5)) == {0, 1}  # of equals the first
    assert kept(adjusted(even, min_p=1.0)) == {0, 1, 2, 3}
    assert kept(adjusted(even, top_p=1e-9)) == {0}  # never none


def test_bad_settings_are_refused():
    logits = torch.zeros(3)
    for temperature in (0, -1, math.nan):
        with pytest.raises(ValueError, match="top_k=1"):
            adjusted(logits, temperature)
    with pytest.raises(ValueError, match="at least 1"):
        adjusted(logits, top_k=0)
    for top_p in (0, -0.1, 1.1, math.nan):
        with pytest.raises(ValueError, match="top_p"):
            adjusted(logits, top_p=top_p)
    for min_p in (-0.1, 1.1, math.nan):
        with pytest.raises(ValueError, match="min_p"):
            adjusted(logits, min_p=min_p)
