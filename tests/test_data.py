"""helpers.data: the embedded sets, normalising, batches, and bad input."""

import dataclasses
import pickle

import numpy as np
import pytest
import torch

from helpers import data
from helpers.data import small_images

# ---------------------------------------------------------------- embedded sets


@pytest.mark.parametrize(
    "name, shape, sizes",
    [("digits", (1, 8, 8), (1297, 500)), ("glyphs", (1, 28, 28), (10000, 2000))],
)
def test_embedded_sets_are_whole(name, shape, sizes):
    d = data.load(name)
    assert d.image_shape == shape and (len(d.train_x), len(d.test_x)) == sizes
    assert d.train_x.dtype == torch.uint8 and d.train_y.dtype == torch.int64
    assert set(d.train_y.tolist()) == set(d.test_y.tolist()) == set(range(10))
    assert d.source and d.licence


def test_digits_are_scikit_learns():
    from sklearn.datasets import load_digits

    d, bunch = data.load("digits"), load_digits()
    ours = {tuple(x.flatten().tolist()) + (int(y),) for x, y in zip(*everything(d), strict=True)}
    theirs = np.round(bunch.images * (255 / 16)).astype(int).reshape(-1, 64)
    assert ours == {
        tuple(x.tolist()) + (int(y),) for x, y in zip(theirs, bunch.target, strict=True)
    }


def everything(d):
    return torch.cat([d.train_x, d.test_x]), torch.cat([d.train_y, d.test_y])


def test_no_test_digit_is_a_training_digit():
    d = data.load("digits")
    train = {tuple(x.flatten().tolist()) for x in d.train_x}
    assert not any(tuple(x.flatten().tolist()) in train for x in d.test_x)


def test_glyphs_repeat_with_their_seed_and_differ_with_another():
    a, b, c = (data.glyphs("ABC", 60, 12, seed=s) for s in (1, 1, 2))
    assert torch.equal(a.train_x, b.train_x) and torch.equal(a.test_y, b.test_y)
    assert not torch.equal(a.train_x, c.train_x)
    assert a.classes == ("A", "B", "C") and a.train_y.bincount().tolist() == [20, 20, 20]


def test_glyphs_hold_fonts_out_of_training(monkeypatch):
    used = []
    draw = small_images._draw_glyphs
    monkeypatch.setattr(
        small_images, "_draw_glyphs", lambda c, fonts, *a: used.append(fonts) or draw(c, fonts, *a)
    )
    data.glyphs("AB", 4, 4)
    train, test = map(set, used)
    assert train and test and not train & test and len(train | test) >= 16


def test_every_glyph_is_drawn_whole_and_visible():
    d = data.glyphs("0123456789ABCXYZabcxyz", 880, 220)
    x = torch.cat([d.train_x, d.test_x])
    assert int((x > 128).flatten(1).sum(1).min()) >= 8, "an image is nearly empty"
    edges = torch.cat([x[..., 0, :], x[..., -1, :], x[..., 0], x[..., -1]], dim=-1)
    assert float((edges > 128).float().mean()) < 0.01, "glyphs are cut off at the edges"


@pytest.mark.parametrize("characters", ["", "AA", "A!", "é"])
def test_glyphs_refuse_odd_characters(characters):
    with pytest.raises(ValueError, match="letters"):
        data.glyphs(characters)


# ---------------------------------------------------------------- normalise, batches


def test_mean_std_and_normalise_against_float64():
    d = data.load("digits")
    x = d.train_x.double() / 255
    assert d.mean == pytest.approx([x.mean().item()], abs=1e-12)
    assert d.std == pytest.approx([x.std(correction=0).item()], abs=1e-9)
    expected = (x - x.mean()) / x.std(correction=0)
    before = d.train_x.clone()
    torch.testing.assert_close(d.normalise(d.train_x).double(), expected, rtol=1e-5, atol=1e-6)
    assert torch.equal(before, d.train_x)
    other = dataclasses.replace(d, train_x=d.train_x // 2 + 100)  # numbers of its own
    for one in (other, pickle.loads(pickle.dumps(other))):
        found = one.normalise(one.train_x).double()
        assert abs(found.mean()) < 1e-5 and abs(found.std() - 1) < 1e-4
    torch.testing.assert_close(d.normalise(d.train_x).double(), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "bad, error, says",
    [
        (torch.zeros(4, 8, 8, dtype=torch.uint8), ValueError, r"shape \(N, C, H, W\)"),
        (torch.zeros(4, 1, 8, 8), TypeError, "uint8"),
        (torch.zeros(4, 8, 8, 1, dtype=torch.uint8), ValueError, "permute"),
        (torch.zeros(4, 3, 8, 8, dtype=torch.uint8), ValueError, "3 channels.*expected 1"),
        (np.zeros((4, 1, 8, 8), np.uint8), TypeError, "not ndarray"),
        ("picture.png", TypeError, "not str"),
    ],
)
def test_normalise_says_what_is_wrong_with_images(bad, error, says):
    with pytest.raises(error, match=says):
        data.load("digits").normalise(bad)


@pytest.mark.parametrize(
    "labels, says",
    [
        (torch.tensor([0, 1, 2, 10]), "0 to 10, but there are 10 classes"),
        (torch.tensor([0.0, 1, 2, 3]), "int64"),
        (torch.tensor([0, 1]), r"shape \(4,\)"),
        ([0, 1, 2, 3], "not list"),
    ],
)
def test_check_labels(labels, says):
    with pytest.raises(ValueError, match=says):
        data.check_labels(labels, 4, 10)


def test_batches_visit_every_example_once():
    x, y = torch.arange(10.0), torch.arange(10)
    in_order = [b[1].tolist() for b in data.batches(x, y, 4)]
    assert in_order == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    shuffled = list(data.batches(x, y, 4, generator=torch.Generator().manual_seed(1)))
    assert sorted(torch.cat([b[1] for b in shuffled]).tolist()) == list(range(10))
    assert torch.cat([b[1] for b in shuffled]).tolist() != list(range(10))
    assert all(torch.equal(bx.long(), by) for bx, by in shuffled)


@pytest.mark.parametrize(
    "x, y, size, says",
    [
        (torch.zeros(0), torch.zeros(0), 2, "empty"),
        (torch.zeros(3), torch.zeros(2), 2, "3 examples but 2 labels"),
        (torch.zeros(3), torch.zeros(3), 0, "at least 1"),
    ],
)
def test_batches_bad_input(x, y, size, says):
    with pytest.raises(ValueError, match=says):
        list(data.batches(x, y, size))
