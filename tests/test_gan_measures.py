"""Measures of generators against loops, SciPy's matrix square root and known values."""

import math

import numpy as np
import pytest
import torch

from helpers import data, diagnostics

F64 = {"dtype": torch.float64}


@pytest.fixture(autouse=True)
def _seeded():
    torch.manual_seed(0)


# ---------------------------------------------------------------- measures


def test_mode_coverage_counts_by_hand():
    centres = torch.tensor([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])
    samples = torch.cat(
        [
            torch.zeros(20, 2),
            torch.tensor([[10.0, 0.2]]).repeat(9, 1),
            torch.tensor([[0.0, 9.0]]),  # ten sigma away from the third
        ]
    )
    found = diagnostics.mode_coverage(samples, centres, sigma=0.1)
    assert found.counts.tolist() == [20, 9, 0] and found.covered.item() == 2
    assert found.quality.item() == pytest.approx(29 / 30)
    # a tenth of the fair share of 10 is one sample: one is enough, none is not
    one = torch.cat([torch.zeros(29, 2), centres[2:]])
    assert diagnostics.mode_coverage(one, centres, 0.1).covered.item() == 2


def test_true_points_have_the_share_of_a_gaussian():
    ring = data.ring(size=50_000)
    found = diagnostics.mode_coverage(ring.train_x, ring.centres, ring.sigma)
    assert found.covered.item() == 8
    assert found.quality.item() == pytest.approx(1 - math.exp(-4.5), abs=0.003)


def test_mode_coverage_of_copies_and_of_bad_samples():
    ring = data.load("ring")
    two = torch.stack([ring.train_x[:800], torch.full((800, 2), float("nan"))])
    found = diagnostics.mode_coverage(two, ring.centres, ring.sigma)
    assert found.covered.tolist() == [8, 0] and found.quality[1] == 0
    with pytest.raises(ValueError, match="N > 0"):
        diagnostics.mode_coverage(torch.zeros(0, 2), ring.centres, 0.1)
    with pytest.raises(ValueError, match="space of the centres"):
        diagnostics.mode_coverage(torch.zeros(5, 3), ring.centres, 0.1)


def _frechet_by_scipy(a, b):
    from scipy.linalg import sqrtm

    a, b = a.numpy(), b.numpy()
    ca, cb = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    cross = sqrtm(ca @ cb).real
    return ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(ca + cb - 2 * cross)


@pytest.mark.parametrize(("n", "m", "d"), [(200, 300, 5), (50, 400, 12), (1000, 1000, 2)])
def test_frechet_distance_against_scipy(n, m, d):
    a = torch.randn(n, d, **F64) @ torch.randn(d, d, **F64)
    b = torch.randn(m, d, **F64) @ torch.randn(d, d, **F64) + 1
    assert diagnostics.frechet_distance(a, b) == pytest.approx(_frechet_by_scipy(a, b), rel=1e-9)


def test_frechet_distance_where_it_is_known():
    x = torch.randn(300, 4, **F64)
    assert diagnostics.frechet_distance(x, x) == pytest.approx(0, abs=1e-9)
    assert diagnostics.frechet_distance(x, x + 2) == pytest.approx(16, rel=1e-9)  # 4 x 2^2
    spread = x.var(0).sum().item()
    assert diagnostics.frechet_distance(x, 3 * x - 2 * x.mean(0)) == pytest.approx(4 * spread)
    one = torch.randn(50, 1, **F64)  # one feature: (m - m')^2 + (s - s')^2
    assert diagnostics.frechet_distance(one, 2 * one) == pytest.approx(
        (one.mean() ** 2 + one.var()).item()
    )


def test_frechet_distance_survives_singular_covariances():
    a, b = torch.randn(5, 20, **F64), torch.randn(6, 20, **F64)  # fewer examples than features
    found = diagnostics.frechet_distance(a, b)
    assert math.isfinite(found) and found > 0
    assert diagnostics.frechet_distance(torch.zeros(5, 3), torch.ones(5, 3)) == pytest.approx(3)


def test_frechet_distance_of_equal_distributions_falls_with_sample_size():
    x = torch.randn(8000, 16, **F64)
    small = diagnostics.frechet_distance(x[:100], x[100:200])
    large = diagnostics.frechet_distance(x[:4000], x[4000:])
    assert small > 10 * large


def _precision_recall_by_loops(real, fake, k):
    def balls(x):
        return [
            sorted(math.dist(p, q) for j, q in enumerate(x) if j != i)[k - 1]
            for i, p in enumerate(x)
        ]

    def share(points, others):
        radii = balls(others)
        inside = [
            any(math.dist(p, q) <= r for q, r in zip(others, radii, strict=True)) for p in points
        ]
        return sum(inside) / len(points)

    real, fake = real.tolist(), fake.tolist()
    return share(fake, real), share(real, fake)


@pytest.mark.parametrize("k", [1, 3])
def test_precision_and_recall_against_loops(k):
    real, fake = torch.randn(40, 3, **F64), 0.6 * torch.randn(30, 3, **F64) + 0.4
    expected = _precision_recall_by_loops(real, fake, k)
    assert 0 < expected[0] <= 1 and 0 < expected[1] < 1
    assert diagnostics.precision_recall(real, fake, k) == pytest.approx(expected)


def test_precision_and_recall_where_they_are_known():
    x = torch.randn(100, 2)
    assert diagnostics.precision_recall(x, x) == (1.0, 1.0)
    assert diagnostics.precision_recall(x, x + 1000) == (0.0, 0.0)
    two = torch.cat([torch.randn(50, 2), torch.randn(50, 2) + 100])
    precision, recall = diagnostics.precision_recall(two, two[:50] + 1e-6)  # one mode left out
    assert precision == 1.0 and recall == 0.5


def test_measures_refuse_bad_features():
    good = torch.randn(10, 3)
    for measure in (diagnostics.frechet_distance, diagnostics.precision_recall):
        with pytest.raises(ValueError, match="at least 2"):
            measure(good[:1], good)
        with pytest.raises(ValueError, match="features"):
            measure(good, torch.randn(10, 4))
        with pytest.raises(ValueError, match="finite"):
            measure(good, torch.full((10, 3), float("nan")))
    with pytest.raises(ValueError, match="k must be"):
        diagnostics.precision_recall(good, good, k=10)


def test_nearest_finds_copies():
    among = torch.randn(50, 1, 4, 4)
    order = torch.randperm(50)[:9]
    distance, index = diagnostics.nearest(among[order], among)
    assert torch.equal(index, order) and distance.max() < 1e-5
    far, _ = diagnostics.nearest(torch.zeros(1, 2), torch.tensor([[3.0, 4.0], [30.0, 40.0]]))
    assert far.item() == pytest.approx(5)
    with pytest.raises(ValueError, match="compared"):
        diagnostics.nearest(among, torch.randn(5, 3))
