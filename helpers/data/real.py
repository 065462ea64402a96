"""Real image sets: found in the data folders, verified, downloaded when asked."""

import errno
import os
import pickle
import shutil
import tarfile
import tempfile
import zlib
from pathlib import Path

import torch
from torch import Tensor

from helpers.data.images import Dataset, fields

_CLASS = {"mnist": "MNIST", "fashion_mnist": "FashionMNIST", "cifar10": "CIFAR10"}  # torchvision's
_SIZES = {"mnist": [60_000, 10_000], "fashion_mnist": [60_000, 10_000], "cifar10": [50_000, 10_000]}
_STAND_IN = {"mnist": "digits", "fashion_mnist": "glyphs", "cifar10": "glyphs"}
_ABOUT = {
    "mnist": ("LeCun, Cortes and Burges, The MNIST database, 1998", "none stated"),
    "fashion_mnist": ("Xiao, Rasul and Vollgraf, Fashion-MNIST, arXiv:1708.07747, 2017", "MIT"),
    "cifar10": ("Krizhevsky, Learning Multiple Layers of Features, 2009", "none stated"),
}
REAL = tuple(_CLASS)

# what reading a damaged file can raise
_DAMAGE = (OSError, EOFError, ValueError, KeyError, RuntimeError, AssertionError)
_DAMAGE += (zlib.error, pickle.UnpicklingError, tarfile.TarError)


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
        if any((folder / file).exists() for file in _files(name)):
            return folder
    return None


def _files(name: str) -> tuple[str, str]:
    """What must lie in a data folder (torchvision's own layout): unpacked, or as downloaded."""
    if name == "cifar10":
        return "cifar-10-batches-py/data_batch_1", "cifar-10-python.tar.gz"
    images = f"{_CLASS[name]}/raw/train-images-idx3-ubyte"
    return images, images + ".gz"


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
    except _DAMAGE as error:
        raise DataError(
            f"the data set {name!r} in {folder} is damaged or not what it should be: "
            f"{type(error).__name__}: {error}\n"
            f"Delete it there and fetch it again with data.load({name!r}, download=True)."
        ) from error


def _torchvision_class(name: str) -> type:
    from torchvision import datasets

    return getattr(datasets, _CLASS[name])


def _read(name: str, folder: Path) -> Dataset:
    """Read through torchvision's own class; packed files are verified and unpacked aside."""
    if not (folder / _files(name)[0]).exists():
        with tempfile.TemporaryDirectory() as aside:
            _unpack(name, folder, Path(aside))
            return _read(name, Path(aside))
    read = _torchvision_class(name)
    train, test = read(folder, train=True), read(folder, train=False)
    parts = {"train": _tensors(train), "test": _tensors(test)}
    found, wanted = [len(x) for x, _ in parts.values()], _SIZES[name]
    if found != wanted:
        raise ValueError("it holds {:,} + {:,} images, not {:,} + {:,}".format(*found, *wanted))
    source, licence = _ABOUT[name]
    return Dataset(
        name=name,
        **fields(parts),
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
    from torchvision.datasets.utils import check_md5, extract_archive

    kind, inside = _torchvision_class(name), Path(_files(name)[1]).parent
    (target / inside).mkdir(parents=True, exist_ok=True)
    checked = [(kind.filename, kind.tgz_md5)] if name == "cifar10" else kind.resources
    for filename, md5 in checked:
        packed = folder / inside / filename
        if not packed.exists():
            raise ValueError(f"{packed}: the file is missing")
        if not check_md5(packed, md5):
            raise ValueError(f"{packed}: its checksum is wrong")
        extract_archive(packed, target / inside)


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
        whole = Path(_files(name)[0]).parts[0]
        os.replace(aside / whole, cache / whole)
    except (OSError, RuntimeError) as error:
        why = f"{type(error).__name__}: {error}".splitlines()[0]
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            why = f"the disk of {cache} is full"
        raise DataError(
            f"the data set {name!r} could not be downloaded ({why}); nothing was kept.\n"
            "Is there a network? Try again later, or place the files yourself and set "
            f"COURSE_DATA.\nWithout it: data.load({_STAND_IN[name]!r}) needs no download."
        ) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return cache
