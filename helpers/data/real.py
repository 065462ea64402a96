"""Real image sets: found in the data folders, verified, downloaded when asked."""

from __future__ import annotations

import contextlib
import gzip
import os
import pickle
import shutil
import tarfile
import tempfile
import zlib
from pathlib import Path

import torch
from torch import Tensor

from helpers.data.images import Dataset

REAL = ("mnist", "fashion_mnist", "cifar10")


class DataError(RuntimeError):
    """A data set cannot be had: the message says why, and what to do about it."""


def data_folders() -> list[Path]:
    """Where real data sets are looked for: the folders of $COURSE_DATA, then the cache folder."""
    named = [Path(p).expanduser() for p in os.environ.get("COURSE_DATA", "").split(os.pathsep) if p]
    return [*named, cache_folder()]


def cache_folder() -> Path:
    """The user's cache folder of this course; it need not exist."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "deep-learning-at-the-bench"


def at_hand(name: str) -> Path | None:
    """The folder that holds the real data set of that name, or None. Looks, does not verify."""
    for folder in data_folders():
        if any((folder / part).exists() for part in _PARTS[name]):
            return folder
    return None


# What must lie in a data folder (torchvision's own layout): unpacked, or as it was downloaded.
_PARTS = {
    "mnist": ("MNIST/raw/train-images-idx3-ubyte", "MNIST/raw/train-images-idx3-ubyte.gz"),
    "fashion_mnist": (
        "FashionMNIST/raw/train-images-idx3-ubyte",
        "FashionMNIST/raw/train-images-idx3-ubyte.gz",
    ),
    "cifar10": ("cifar-10-batches-py/data_batch_1", "cifar-10-python.tar.gz"),
}
_STAND_IN = {"mnist": "digits", "fashion_mnist": "glyphs", "cifar10": "glyphs"}
_EXAMPLES = {
    "mnist": (60_000, 10_000),
    "fashion_mnist": (60_000, 10_000),
    "cifar10": (50_000, 10_000),
}
_ABOUT = {
    "mnist": ("LeCun, Cortes and Burges, The MNIST database, 1998", "none stated"),
    "fashion_mnist": ("Xiao, Rasul and Vollgraf, Fashion-MNIST, arXiv:1708.07747, 2017", "MIT"),
    "cifar10": ("Krizhevsky, Learning Multiple Layers of Features, 2009", "none stated"),
}


def _torchvision_class(name: str) -> type:
    from torchvision import datasets

    return {
        "mnist": datasets.MNIST,
        "fashion_mnist": datasets.FashionMNIST,
        "cifar10": datasets.CIFAR10,
    }[name]


def real(name: str, download: bool) -> Dataset:
    """One of REAL, from the data folders or downloaded."""
    folder = at_hand(name)
    if folder is None and download:
        folder = _fetch(name)
    if folder is None:
        searched = "\n".join(f"  {f}" for f in data_folders())
        raise DataError(
            f"the data set {name!r} is not here. Searched:\n{searched}\n"
            f"To fetch it once: data.load({name!r}, download=True)\n"
            f"If you have it already (torchvision's layout), set COURSE_DATA to its folder.\n"
            f"Without it: data.load({_STAND_IN[name]!r}) needs no download and can stand in."
        )
    try:
        return _read(name, folder)
    except (OSError, EOFError, zlib.error, ValueError, RuntimeError, AssertionError) as error:
        if isinstance(error, DataError):
            raise
        raise _damaged(name, folder, f"{type(error).__name__}: {error}") from error
    except (pickle.UnpicklingError, tarfile.TarError, KeyError) as error:
        raise _damaged(name, folder, f"{type(error).__name__}: {error}") from error


def _damaged(name: str, where: Path, why: str) -> DataError:
    return DataError(
        f"the data set {name!r} in {where} is damaged or not what it should be: {why}\n"
        f"Delete it there and fetch it again with data.load({name!r}, download=True)."
    )


def _read(name: str, folder: Path) -> Dataset:
    """Read through torchvision's own class; packed files are verified and unpacked aside."""
    dataset_class = _torchvision_class(name)
    with contextlib.ExitStack() as stack:
        if not (folder / _PARTS[name][0]).exists():
            aside = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            _unpack(name, folder, aside)
            folder = aside
        train = dataset_class(folder, train=True)
        test = dataset_class(folder, train=False)
    train_x, train_y = _tensors(train)
    test_x, test_y = _tensors(test)
    if (len(train_x), len(test_x)) != _EXAMPLES[name]:
        raise ValueError(
            f"it holds {len(train_x):,} + {len(test_x):,} images, not {{:,}} + {{:,}}".format(
                *_EXAMPLES[name]
            )
        )
    source, licence = _ABOUT[name]
    return Dataset(
        name=name,
        train_x=train_x,
        train_y=train_y,
        test_x=test_x,
        test_y=test_y,
        classes=tuple(str(c).split(" - ")[0] if name == "mnist" else c for c in train.classes),
        source=source,
        licence=licence,
    )


def _tensors(dataset) -> tuple[Tensor, Tensor]:
    """torchvision's images to uint8 `(N, C, H, W)`, its labels to int64."""
    x, y = torch.as_tensor(dataset.data), torch.as_tensor(dataset.targets)
    x = x[:, None] if x.ndim == 3 else x.permute(0, 3, 1, 2).contiguous()
    return x, y.long()


def _unpack(name: str, folder: Path, target: Path) -> None:
    """Verify the packed files against torchvision's checksums, then unpack them into target."""
    from torchvision.datasets.utils import check_md5

    dataset_class = _torchvision_class(name)
    if name == "cifar10":
        packed = folder / dataset_class.filename
        if not check_md5(str(packed), dataset_class.tgz_md5):
            raise _damaged(name, packed, "its checksum is wrong")
        with tarfile.open(packed) as archive:
            # its checksum is verified; Python before 3.11.4 knows no filter
            safe = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
            archive.extractall(target, **safe)
        return
    raw = Path(_PARTS[name][0]).parent
    (target / raw).mkdir(parents=True)
    for filename, md5 in dataset_class.resources:
        packed = folder / raw / filename
        if not packed.exists():
            raise _damaged(name, packed, "the file is missing")
        if not check_md5(str(packed), md5):
            raise _damaged(name, packed, "its checksum is wrong")
        with gzip.open(packed) as source, open(target / raw / packed.stem, "wb") as out:
            shutil.copyfileobj(source, out)


def _fetch(name: str) -> Path:
    """Download into the cache folder: under a temporary name, verified, renamed when whole."""
    cache = cache_folder()
    try:
        cache.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".download-", dir=cache))
    except OSError as error:
        raise DataError(
            f"cannot write to the cache folder {cache}: {error.strerror}.\n"
            "Make it writable, or set XDG_CACHE_HOME to a folder that is."
        ) from error
    try:
        # torchvision verifies every file's checksum, and tries its mirrors in turn
        _torchvision_class(name)(aside, download=True)
        whole = Path(_PARTS[name][0]).parts[0]
        os.replace(aside / whole, cache / whole)
    except (OSError, RuntimeError) as error:
        if isinstance(error, OSError) and error.errno == 28:
            why = f"the disk of {cache} is full"
        else:
            why = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
        raise DataError(
            f"the data set {name!r} could not be downloaded ({why}); nothing was kept.\n"
            "Is there a network? Try again later, or place the files yourself and set "
            f"COURSE_DATA.\nWithout it: data.load({_STAND_IN[name]!r}) needs no download."
        ) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return cache
