"""helpers.models.positions: sinusoids by their formula, rotary by its law, in float64."""

import math

import pytest
import torch

from helpers.models.positions import rotate, sinusoid

d = 4


pytestmark = pytest.mark.usefixtures("float64_seeded")


def assert_close(a, b) -> None:
    torch.testing.assert_close(a, b, atol=1e-10, rtol=0)


def test_sinusoids_by_their_formula():
    found = sinusoid(50, 8)
    assert found.shape == (50, 8)
    for t, i in ((0, 0), (1, 0), (7, 3), (49, 6)):
        angle = t / 10_000 ** (i // 2 * 2 / 8)
        expected = math.sin(angle) if i % 2 == 0 else math.cos(angle)
        assert found[t, i].item() == pytest.approx(expected, abs=1e-12)
    # the paper's reason: a shift is one matrix, the same from every place
    shift = torch.linalg.lstsq(found[:40], found[5:45]).solution
    assert_close(found[:45] @ shift, found[5:])


def test_rotary_scores_depend_on_the_distance_only():
    q, k = torch.randn(d), torch.randn(d)
    scores = rotate(q.expand(20, d)) @ rotate(k.expand(20, d)).T
    for lag in (-6, 0, 1, 13):
        assert scores.diagonal(lag).std() < 1e-12
    assert scores[0].std() > 0.01
    assert_close(rotate(q.expand(20, d)).norm(dim=-1), q.norm().expand(20))
    assert_close(rotate(q.expand(20, d))[7:], rotate(q.expand(13, d), start=7))


def test_rotary_turns_along_the_places_and_is_a_complex_product():
    x = torch.randn(1, 3, 2, 6)  # (B, h, T, d)
    angle = torch.arange(2)[:, None] * 10_000.0 ** -(torch.arange(3) / 3)
    turned = torch.complex(x[..., :3], x[..., 3:]) * torch.polar(torch.ones(2, 3), angle)
    assert_close(rotate(x), torch.cat([turned.real, turned.imag], -1))


def test_rotary_angles_are_exact_in_sixteen_bits():
    x = torch.ones(1, 32, dtype=torch.bfloat16)
    exact = rotate(x.double(), start=1857)
    assert (rotate(x, start=1857) - exact).abs().max() < 0.02


def test_an_odd_width_is_refused():
    with pytest.raises(ValueError, match="even"):
        sinusoid(4, 5)
