"""helpers.data: the real sets in torchvision's layout, packed, damaged, downloaded."""

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
        images = rng.integers(256, size=(count, 28, 28), dtype=np.uint8)
        arrays[part] = images, rng.integers(10, size=count)
        write_idx(raw / f"{part}-images-idx3-ubyte", arrays[part][0])
        write_idx(raw / f"{part}-labels-idx1-ubyte", arrays[part][1])
    return arrays


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
        packed.write_bytes(gzip.compress(path.read_bytes(), compresslevel=0))
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
        x = rng.integers(256, size=(per_batch, 3072), dtype=np.uint8)
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
    with tarfile.open(packed / "cifar-10-python.tar.gz", "w:gz", compresslevel=0) as archive:
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
