"""helpers.data: the embedded sets, the real ones in torchvision's layout, and bad input."""

import gzip
import os
import pickle
import re
import struct
import tarfile
import urllib.request
from pathlib import Path

import numpy as np
import pytest
import torch

from helpers import data
from helpers.data import small_images


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """No real data set is at hand: an empty $COURSE_DATA folder and an empty cache."""
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "named"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "named").mkdir()
    return tmp_path


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise urllib.error.URLError("Name or service not known")

    monkeypatch.setattr(urllib.request, "urlopen", refuse)


def write_idx(path, array):
    """An IDX file as Yann LeCun's page describes it: two zero bytes, type, rank, sizes, bytes."""
    header = struct.pack(">BBBB", 0, 0, 8, array.ndim) + struct.pack(
        f">{array.ndim}I", *array.shape
    )
    path.write_bytes(header + array.astype(np.uint8).tobytes())


def write_fashion(folder, train=60_000, test=10_000, seed=0):
    """A made-up Fashion-MNIST, unpacked, in torchvision's layout; returns its arrays."""
    raw = folder / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    rng = np.random.default_rng(seed)
    arrays = {}
    for part, count in (("train", train), ("t10k", test)):
        arrays[part] = rng.integers(256, size=(count, 28, 28)), rng.integers(10, size=count)
        write_idx(raw / f"{part}-images-idx3-ubyte", arrays[part][0])
        write_idx(raw / f"{part}-labels-idx1-ubyte", arrays[part][1])
    return arrays


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
    torch.testing.assert_close(d.normalise(d.train_x).double(), expected, rtol=1e-5, atol=1e-6)


def test_normalise_leaves_its_input_alone():
    d = data.load("digits")
    before = d.test_x.clone()
    d.normalise(d.test_x)
    assert torch.equal(before, d.test_x)


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


# ---------------------------------------------------------------- real sets


def test_unknown_name_lists_the_names():
    with pytest.raises(ValueError, match="unknown data set 'imagenet'.*digits.*cifar10"):
        data.load("imagenet")


@pytest.mark.parametrize("name", data.REAL)
def test_missing_set_names_folders_command_and_stand_in(name, nowhere):
    with pytest.raises(data.DataError) as caught:
        data.load(name)
    message = str(caught.value)
    assert str(nowhere / "named") in message and str(data.cache_folder()) in message
    assert f"data.load('{name}', download=True)" in message
    assert re.search(r"data\.load\('(digits|glyphs)'\) needs no download", message)


def test_several_folders_are_searched_in_order(nowhere, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", os.pathsep.join([str(nowhere / "a"), str(nowhere / "b")]))
    write_fashion(nowhere / "b", train=3, test=2)
    assert data.at_hand("fashion_mnist") == nowhere / "b"
    assert data.at_hand("mnist") is None


def test_unpacked_set_is_read_as_it_was_written(nowhere):
    arrays = write_fashion(nowhere / "named")
    d = data.load("fashion_mnist")
    for part, x, y in (("train", d.train_x, d.train_y), ("t10k", d.test_x, d.test_y)):
        np.testing.assert_array_equal(x[:, 0].numpy(), arrays[part][0])
        np.testing.assert_array_equal(y.numpy(), arrays[part][1])
    assert d.classes[0] == "T-shirt/top"


def test_packed_set_is_read_and_nothing_is_written_beside_it(nowhere, monkeypatch):
    from torchvision.datasets import FashionMNIST
    from torchvision.datasets.utils import calculate_md5

    arrays = write_fashion(nowhere / "made")
    raw = nowhere / "named" / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    resources = []
    for path in sorted((nowhere / "made" / "FashionMNIST" / "raw").iterdir()):
        packed = raw / (path.name + ".gz")
        packed.write_bytes(gzip.compress(path.read_bytes(), compresslevel=1))
        resources.append((packed.name, calculate_md5(packed)))
    monkeypatch.setattr(FashionMNIST, "resources", resources)
    before = sorted(p.name for p in raw.iterdir())
    d = data.load("fashion_mnist")
    np.testing.assert_array_equal(d.test_x[:, 0].numpy(), arrays["t10k"][0])
    assert sorted(p.name for p in raw.iterdir()) == before

    packed = raw / "t10k-images-idx3-ubyte.gz"  # one byte changed: the checksum must tell
    content = bytearray(packed.read_bytes())
    content[-1] ^= 1
    packed.write_bytes(content)
    with pytest.raises(data.DataError, match="t10k-images.*checksum is wrong"):
        data.load("fashion_mnist")
    packed.unlink()
    with pytest.raises(data.DataError, match="t10k-images.*missing"):
        data.load("fashion_mnist")


@pytest.mark.parametrize("keep", [0, 10, 4000])
def test_truncated_file_is_called_damaged(nowhere, keep):
    write_fashion(nowhere / "named", train=20, test=20)
    path = nowhere / "named" / "FashionMNIST" / "raw" / "train-images-idx3-ubyte"
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(data.DataError, match="damaged.*\n.*fetch it again"):
        data.load("fashion_mnist")


def test_wrong_number_of_images_is_called_damaged(nowhere):
    write_fashion(nowhere / "named", train=20, test=20)
    with pytest.raises(data.DataError, match=r"20 \+ 20 images, not 60,000 \+ 10,000"):
        data.load("fashion_mnist")


def write_cifar(folder, monkeypatch, per_batch=10_000):
    """A made-up CIFAR-10 in torchvision's layout, whose checksums torchvision is told."""
    from torchvision.datasets import CIFAR10
    from torchvision.datasets.utils import calculate_md5

    base = folder / "cifar-10-batches-py"
    base.mkdir(parents=True)
    rng = np.random.default_rng(0)
    rows, lists = [], []
    for name in [f"data_batch_{i}" for i in range(1, 6)] + ["test_batch"]:
        x = rng.integers(256, size=(per_batch, 3072)).astype(np.uint8)
        y = rng.integers(10, size=per_batch).tolist()
        (base / name).write_bytes(pickle.dumps({"data": x, "labels": y}))
        rows.append((x, y))
        lists.append([name, calculate_md5(base / name)])
    names = "airplane automobile bird cat deer dog frog horse ship truck".split()
    (base / "batches.meta").write_bytes(pickle.dumps({"label_names": names}))
    meta = {**CIFAR10.meta, "md5": calculate_md5(base / "batches.meta")}
    monkeypatch.setattr(CIFAR10, "train_list", lists[:5])
    monkeypatch.setattr(CIFAR10, "test_list", lists[5:])
    monkeypatch.setattr(CIFAR10, "meta", meta)
    return rows


def test_cifar10_unpacked_packed_and_damaged(nowhere, monkeypatch):
    from torchvision.datasets import CIFAR10
    from torchvision.datasets.utils import calculate_md5

    made = nowhere / "named"
    rows = write_cifar(made, monkeypatch)
    d = data.load("cifar10")
    assert d.image_shape == (3, 32, 32) and d.classes[3] == "cat"
    np.testing.assert_array_equal(d.test_x[7].numpy(), rows[5][0][7].reshape(3, 32, 32))
    assert d.train_y[:10_000].tolist() == rows[0][1]

    packed = nowhere / "packed"
    packed.mkdir()
    with tarfile.open(packed / "cifar-10-python.tar.gz", "w:gz", compresslevel=1) as archive:
        archive.add(made / "cifar-10-batches-py", "cifar-10-batches-py")
    monkeypatch.setattr(CIFAR10, "tgz_md5", calculate_md5(packed / "cifar-10-python.tar.gz"))
    monkeypatch.setenv("COURSE_DATA", str(packed))
    assert torch.equal(data.load("cifar10").train_x, d.train_x)

    monkeypatch.setattr(CIFAR10, "tgz_md5", "0" * 32)
    with pytest.raises(data.DataError, match="checksum is wrong"):
        data.load("cifar10")
    (made / "cifar-10-batches-py" / "data_batch_2").write_bytes(b"not a pickle")
    monkeypatch.setenv("COURSE_DATA", str(made))
    with pytest.raises(data.DataError, match="damaged"):
        data.load("cifar10")


@pytest.mark.parametrize("name", data.REAL)
def test_no_network_is_said_and_leaves_nothing(name, nowhere, no_network):
    with pytest.raises(data.DataError, match="could not be downloaded.*nothing was kept"):
        data.load(name, download=True)
    assert list(data.cache_folder().iterdir()) == []


def test_download_arrives_whole_in_the_cache(nowhere, monkeypatch):
    from torchvision.datasets import FashionMNIST

    monkeypatch.setattr(FashionMNIST, "download", lambda self: write_fashion(self.root_path))
    monkeypatch.setattr(
        FashionMNIST, "root_path", property(lambda self: Path(self.root)), raising=False
    )
    d = data.load("fashion_mnist", download=True)
    assert len(d.train_x) == 60_000
    assert [p.name for p in data.cache_folder().iterdir()] == ["FashionMNIST"]


def test_interrupted_download_leaves_nothing(nowhere, monkeypatch):
    from torchvision.datasets import FashionMNIST

    def begin_then_stop(self):
        write_fashion(Path(self.root), train=3, test=3)
        raise KeyboardInterrupt

    monkeypatch.setattr(FashionMNIST, "download", begin_then_stop)
    with pytest.raises(KeyboardInterrupt):
        data.load("fashion_mnist", download=True)
    assert list(data.cache_folder().iterdir()) == []


def test_cache_that_cannot_be_written(nowhere, monkeypatch):
    (nowhere / "cache").write_text("a file where the folder should be")  # fails for root too
    with pytest.raises(
        data.DataError, match="cannot write to the cache folder.*\n.*XDG_CACHE_HOME"
    ):
        data.load("fashion_mnist", download=True)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root writes to read-only folders")
def test_read_only_cache(nowhere):
    cache = nowhere / "cache"
    cache.mkdir()
    cache.chmod(0o500)
    with pytest.raises(data.DataError, match="cannot write to the cache folder"):
        data.load("mnist", download=True)
