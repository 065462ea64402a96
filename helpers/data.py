"""Data sets by name, as whole tensors, and batches over them.

`load("digits")` and `load("glyphs")`, images, and `load("stdlib")`, `load("words")` and
`load("dates")`, text, need nothing but the installed packages. `load("mnist")`,
`load("fashion_mnist")` and `load("cifar10")` look in the folders named by the environment
variable COURSE_DATA (several are joined as in PATH), then in the user's cache folder, and
download only when the caller says `download=True`.
"""

from __future__ import annotations

import contextlib
import datetime
import gzip
import os
import pickle
import platform
import shutil
import sysconfig
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

EMBEDDED = ("digits", "glyphs", "stdlib", "words", "dates", "ring")
REAL = ("mnist", "fashion_mnist", "cifar10")


class DataError(RuntimeError):
    """A data set cannot be had: the message says why, and what to do about it."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Labelled images, whole, in memory.

    train_x, test_x: uint8 `(N, C, H, W)`, 0 to 255. train_y, test_y: int64 `(N,)`.
    classes: one name per label. mean, std: per channel, of train_x / 255.
    """

    name: str
    train_x: Tensor
    train_y: Tensor
    test_x: Tensor
    test_y: Tensor
    classes: tuple[str, ...]
    source: str
    licence: str

    def __post_init__(self) -> None:
        for part in ("train", "test"):
            x, y = getattr(self, part + "_x"), getattr(self, part + "_y")
            check_images(x, f"{part}_x")
            check_labels(y, len(x), len(self.classes), f"{part}_y")
        # computed once from integer histograms: exact, and cheap for 50,000 images
        pixels = self.train_x.transpose(0, 1).flatten(1)  # (C, N*H*W)
        counts = torch.stack([torch.bincount(c.int(), minlength=256) for c in pixels]).double()
        levels = torch.arange(256, dtype=torch.float64) / 255
        mean = (counts @ levels) / counts.sum(1)
        var = (counts @ levels**2) / counts.sum(1) - mean**2
        object.__setattr__(self, "mean", tuple(mean.tolist()))
        object.__setattr__(self, "std", tuple(var.clamp_min(0).sqrt().tolist()))

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(C, H, W) of one image."""
        return tuple(self.train_x.shape[1:])

    def normalise(self, x: Tensor) -> Tensor:
        """uint8 images `(B, C, H, W)` to float32, zero mean and unit variance per channel."""
        check_images(x, "x", channels=self.image_shape[0])
        mean = torch.tensor(self.mean, device=x.device).view(1, -1, 1, 1)
        std = torch.tensor(self.std, device=x.device).view(1, -1, 1, 1)
        return (x.float() / 255 - mean) / std

    def __repr__(self) -> str:
        return (
            f"{self.name}: {len(self.train_x):,} training and {len(self.test_x):,} test images "
            f"{self.image_shape}, {len(self.classes)} classes"
        )


def check_images(x: Tensor, name: str = "x", channels: int | None = None) -> None:
    """Raise a clear error unless x is uint8 images `(N, C, H, W)` with 1 or 3 channels."""
    if not isinstance(x, Tensor):
        raise TypeError(f"{name} must be a torch tensor of images, not {type(x).__name__}")
    if x.ndim != 4:
        raise ValueError(
            f"{name} must have shape (N, C, H, W), not {tuple(x.shape)}; "
            "a single image needs x[None], a set without channels needs x[:, None]"
        )
    if x.dtype != torch.uint8:
        raise TypeError(
            f"{name} must be uint8 pixels from 0 to 255, not {x.dtype}; "
            "are these images normalised already?"
        )
    if channels is None and x.shape[1] not in (1, 3) or channels not in (None, x.shape[1]):
        raise ValueError(
            f"{name} has {x.shape[1]} channels in dimension 1, expected {channels or '1 or 3'}; "
            "is the channel dimension last? then use x.permute(0, 3, 1, 2)"
        )


def check_labels(y: Tensor, count: int, classes: int, name: str = "y") -> None:
    """Raise a clear error unless y is int64 `(count,)` with values from 0 to classes - 1."""
    if not isinstance(y, Tensor) or y.dtype != torch.int64 or y.shape != (count,):
        what = f"{y.dtype} {tuple(y.shape)}" if isinstance(y, Tensor) else type(y).__name__
        raise ValueError(f"{name} must be int64 labels of shape ({count},), not {what}")
    if count and not (0 <= int(y.min()) and int(y.max()) < classes):
        raise ValueError(
            f"{name} holds labels from {int(y.min())} to {int(y.max())}, "
            f"but there are {classes} classes: 0 to {classes - 1}"
        )


def load(name: str, *, download: bool = False) -> Dataset | Corpus | Words | Pairs | Points:
    """The data set of that name, whole, verified.

    Raises ValueError for an unknown name, DataError where the set is missing, damaged or
    cannot be fetched; the message names the folders searched and what to do.
    """
    if name == "digits":
        return digits()
    if name == "glyphs":
        return glyphs()
    if name == "stdlib":
        return stdlib()
    if name == "words":
        return words()
    if name == "dates":
        return dates()
    if name == "ring":
        return ring()
    if name in REAL:
        return _real(name, download)
    raise ValueError(f"unknown data set {name!r}; there are: {', '.join(EMBEDDED + REAL)}")


def batches(
    x: Tensor, y: Tensor, batch_size: int, *, generator: torch.Generator | None = None
) -> Iterator[tuple[Tensor, Tensor]]:
    """Every example once, in batches; shuffled by `generator` if one is given.

    The last batch holds what is left over, and may be smaller.
    """
    if len(x) == 0:
        raise ValueError("the data set is empty: there is nothing to make batches of")
    if len(x) != len(y):
        raise ValueError(f"{len(x)} examples but {len(y)} labels: they must be as many")
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, not {batch_size}")
    if generator is None:
        yield from zip(x.split(batch_size), y.split(batch_size), strict=True)
        return
    order = torch.randperm(len(x), generator=generator, device=generator.device).to(x.device)
    for index in order.split(batch_size):
        yield x[index], y[index]


# ---------------------------------------------------------------- embedded sets


def digits() -> Dataset:
    """1,797 handwritten digits, 8x8, from scikit-learn: 1,297 to train on, 500 to test.

    Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI, 1998.
    """
    from sklearn.datasets import load_digits

    bunch = load_digits()
    images = np.round(bunch.images * (255 / 16)).astype(np.uint8)  # values 0 to 16
    order = np.random.default_rng(0).permutation(len(images))
    x = torch.from_numpy(images[order]).unsqueeze(1)  # (N, 1, 8, 8)
    y = torch.from_numpy(bunch.target[order].astype(np.int64))
    return Dataset(
        name="digits",
        train_x=x[:-500],
        train_y=y[:-500],
        test_x=x[-500:],
        test_y=y[-500:],
        classes=tuple("0123456789"),
        source="Alpaydin and Kaynak 1998, UCI, as bundled with scikit-learn",
        licence="CC BY 4.0",
    )


def glyphs(
    characters: str = "0123456789", train_size: int = 10_000, test_size: int = 2_000, seed: int = 0
) -> Dataset:
    """Characters 28x28 drawn from the fonts that matplotlib ships, in varied size, slant, place.

    Every fourth font is held out: the test images come from fonts that no training image used.
    characters: the classes, from letters and digits. Drawing 10,000 images takes some two seconds.
    """
    if not characters or len(set(characters)) != len(characters) or not characters.isalnum():
        raise ValueError("characters must be different letters and digits, as in 'ABC'")
    if not characters.isascii():
        raise ValueError("characters must be ASCII: the fonts do not all hold other letters")
    fonts = _fonts()
    test_fonts = fonts[::4]
    train_fonts = [font for font in fonts if font not in test_fonts]
    rng = np.random.default_rng(seed)
    train_x, train_y = _draw_glyphs(characters, train_fonts, train_size, rng)
    test_x, test_y = _draw_glyphs(characters, test_fonts, test_size, rng)
    return Dataset(
        name="glyphs",
        train_x=train_x,
        train_y=train_y,
        test_x=test_x,
        test_y=test_y,
        classes=tuple(characters),
        source="drawn here from the DejaVu, STIX and Computer Modern fonts shipped by matplotlib",
        licence="CC BY 4.0 (the images); the fonts have their own free licences",
    )


def _fonts() -> list[Path]:
    """The text fonts of matplotlib that hold every ASCII letter and digit, in a fixed order."""
    import matplotlib

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    text = ("DejaVuSans", "DejaVuSerif", "STIXGeneral", "cmb10", "cmr10", "cmss10", "cmtt10")
    wanted = [p for p in sorted(folder.glob("*.ttf")) if p.stem.startswith(text)]
    return [p for p in wanted if "Display" not in p.stem]


def _draw_glyphs(
    characters: str, fonts: list[Path], count: int, rng: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """`count` images uint8 `(N, 1, 28, 28)` with labels; classes and fonts in equal shares."""
    from PIL import Image, ImageDraw, ImageFont

    side = 28
    sizes = range(16, 25)
    loaded = [[ImageFont.truetype(str(path), size) for size in sizes] for path in fonts]
    labels = rng.permutation(np.arange(count) % len(characters))
    which_font = rng.permutation(np.arange(count) % len(fonts))
    which_size = rng.integers(len(sizes), size=count)
    slants = rng.uniform(-0.25, 0.25, size=count)
    shifts = rng.uniform(-2.5, 2.5, size=(count, 2))
    images = np.empty((count, 1, side, side), np.uint8)
    for i in range(count):
        page = Image.new("L", (side, side))
        font = loaded[which_font[i]][which_size[i]]
        middle = (side / 2 + shifts[i, 0], side / 2 + shifts[i, 1])
        ImageDraw.Draw(page).text(middle, characters[labels[i]], 255, font=font, anchor="mm")
        # slant about the middle row: x_source = x + slant * (y - 14)
        shear = (1, slants[i], -slants[i] * side / 2, 0, 1, 0)
        page = page.transform(
            (side, side), Image.Transform.AFFINE, shear, Image.Resampling.BILINEAR
        )
        images[i, 0] = np.asarray(page)
    return torch.from_numpy(images), torch.from_numpy(labels.astype(np.int64))


# ---------------------------------------------------------------- embedded sets: text


@dataclass(frozen=True, eq=False)
class Corpus:
    """Running text, one number per character.

    train, test: uint8 `(N,)`, held apart by whole files. vocabulary: the character of each
    number; its last one stands for every character that is not in it.
    """

    name: str
    train: Tensor
    test: Tensor
    vocabulary: str
    source: str
    licence: str

    def encode(self, text: str) -> Tensor:
        """Text to int64 `(N,)`; a character outside the vocabulary becomes its last one."""
        number = {c: i for i, c in enumerate(self.vocabulary)}
        last = len(self.vocabulary) - 1
        return torch.tensor([number.get(c, last) for c in text], dtype=torch.int64)

    def decode(self, tokens: Tensor) -> str:
        """Numbers `(N,)` to text."""
        return "".join(self.vocabulary[i] for i in tokens.tolist())

    def __repr__(self) -> str:
        return (
            f"{self.name}: {len(self.train):,} training and {len(self.test):,} test characters, "
            f"{len(self.vocabulary)} different"
        )


@dataclass(frozen=True, eq=False)
class Words:
    """Labelled words of varied length.

    train, test: the words, lower case. train_y, test_y: int64 `(N,)`. classes: one name per
    label. alphabet: every character that occurs; `encode` gives character i the number i + 1.
    """

    name: str
    train: tuple[str, ...]
    train_y: Tensor
    test: tuple[str, ...]
    test_y: Tensor
    classes: tuple[str, ...]
    alphabet: str
    source: str
    licence: str

    def __post_init__(self) -> None:
        check_labels(self.train_y, len(self.train), len(self.classes), "train_y")
        check_labels(self.test_y, len(self.test), len(self.classes), "test_y")

    def encode(self, words: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Words to numbers `(B, T)` padded with 0 on the right, and their lengths `(B,)`."""
        return encode(words, self.alphabet)

    def __repr__(self) -> str:
        return (
            f"{self.name}: {len(self.train):,} training and {len(self.test):,} test words, "
            f"{len(self.classes)} classes, {len(self.alphabet)} different characters"
        )


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of a source text and the target text to be made from it.

    source_alphabet, target_alphabet: the characters that occur, for `encode`.
    """

    name: str
    train: tuple[tuple[str, str], ...]
    test: tuple[tuple[str, str], ...]
    source_alphabet: str
    target_alphabet: str
    source: str
    licence: str

    def __repr__(self) -> str:
        return f"{self.name}: {len(self.train):,} training and {len(self.test):,} test pairs"


def encode(texts: Sequence[str], alphabet: str) -> tuple[Tensor, Tensor]:
    """Texts to int64 `(B, T)`, padded with 0 on the right, and their lengths int64 `(B,)`.

    The character alphabet[i] becomes i + 1; T is the longest length.
    Raises ValueError for no text, an empty text, or a character outside the alphabet.
    """
    if isinstance(texts, str):
        raise TypeError(f"encode takes a list of texts: [{texts!r}], not one text")
    if not texts or not all(texts):
        raise ValueError("every text needs at least one character, and there must be a text")
    number = {c: i + 1 for i, c in enumerate(alphabet)}
    unknown = sorted(set("".join(texts)) - set(number))
    if unknown:
        raise ValueError(f"characters outside the alphabet: {''.join(unknown)!r}")
    lengths = torch.tensor([len(t) for t in texts])
    tokens = torch.zeros(len(texts), int(lengths.max()), dtype=torch.int64)
    for row, text in zip(tokens, texts, strict=True):
        row[: len(text)] = torch.tensor([number[c] for c in text])
    return tokens, lengths


# printable ASCII, the newline, and one sign for everything else
_PRINTABLE = "\n" + "".join(map(chr, range(32, 127))) + "\N{REPLACEMENT CHARACTER}"
# left out: tests, tables of numbers (encodings), one long text (pydoc_data), what a machine wrote
_NOT_READ = {"test", "tests", "idle_test", "encodings", "pydoc_data", "site-packages"}


def stdlib(folder: Path | str | None = None) -> Corpus:
    """The source code of this Python's standard library, some eight million characters.

    Tests, tables and installed packages are left out. About one file in sixteen, chosen by its
    name, is held out for the test. Versions of Python differ, and so does the corpus.
    folder: where the library lies (default: that of the running Python).
    Raises DataError where the source is not installed.
    """
    folder = Path(folder or sysconfig.get_path("stdlib"))
    train, test = [], []
    for path in sorted(folder.rglob("*.py")):
        name = path.relative_to(folder)
        machine_made = any(part.startswith(("config-", "_sysconfigdata")) for part in name.parts)
        if machine_made or not _NOT_READ.isdisjoint(name.parts) or "dist-packages" in name.parts:
            continue
        text = path.read_text("utf-8", errors="replace").rstrip() + "\n\n\n"
        held_out = zlib.crc32(name.as_posix().encode()) % 16 == 0
        (test if held_out else train).append(text)
    if not train or not test:
        raise DataError(
            f"the source code of the standard library is not in {folder}, where this Python "
            "should have it.\nUse a Python from python.org, conda, or your system's packages."
        )
    return Corpus(
        name="stdlib",
        train=_characters("".join(train)),
        test=_characters("".join(test)),
        vocabulary=_PRINTABLE,
        source=f"the standard library of Python {platform.python_version()}",
        licence="PSF-2.0",
    )


def _characters(text: str) -> Tensor:
    """Text to uint8 numbers in _PRINTABLE `(N,)`, millions of characters at once."""
    table = np.full(0x110000, len(_PRINTABLE) - 1, dtype=np.uint8)
    table[[ord(c) for c in _PRINTABLE]] = np.arange(len(_PRINTABLE))
    return torch.from_numpy(table[np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)])


_LANGUAGES = ("en", "de", "nl", "sv", "fr", "es", "it", "pt", "pl", "fi")


def words() -> Words:
    """Names of countries and of languages in ten languages: which language is it?

    A name that several of the ten share is left out. One country or language in five is held
    out, in all ten languages at once, so that no test word has its twin among the training words.
    Source: Unicode CLDR, as bundled with Babel.
    """
    from babel import Locale

    where: dict[str, set[int]] = {}  # word -> the languages that have it
    held_out: dict[str, bool] = {}
    for label, code in enumerate(_LANGUAGES):
        locale = Locale(code)
        for names in (locale.territories, locale.languages):
            for key, name in names.items():
                if key.isdigit() or "(" in name:  # continents; "Chinese (simplified)"
                    continue
                where.setdefault(name.lower(), set()).add(label)
                held_out[name.lower()] = zlib.crc32(key.encode()) % 5 == 0
    own = sorted((word, *labels) for word, labels in where.items() if len(labels) == 1)
    train = [(word, label) for word, label in own if not held_out[word]]
    test = [(word, label) for word, label in own if held_out[word]]
    english = Locale("en").languages
    return Words(
        name="words",
        train=tuple(word for word, _ in train),
        train_y=torch.tensor([label for _, label in train]),
        test=tuple(word for word, _ in test),
        test_y=torch.tensor([label for _, label in test]),
        classes=tuple(english[code] for code in _LANGUAGES),
        alphabet="".join(sorted({c for word, _ in own for c in word})),
        source="Unicode CLDR, as bundled with Babel",
        licence="Unicode-3.0",
    )


_DATE_LOCALES = (*_LANGUAGES, "ca", "cs", "da", "hu", "id", "nb", "ro", "sk", "tr", "vi")


def dates(train_size: int = 10_000, test_size: int = 1_000, seed: int = 0) -> Pairs:
    """Dates written out in twenty languages, each with its ISO form, as in
    ("jeudi 5 mai 1983", "1983-05-05"); the days of the test are not among the training days.

    Source: Unicode CLDR's long and full formats, as bundled with Babel.
    """
    from babel.dates import format_date

    if train_size < 1 or test_size < 1 or train_size + test_size > 30_000:
        raise ValueError("sizes must be at least 1, and at most 30,000 together")
    rng = np.random.default_rng(seed)
    first = datetime.date(1950, 1, 1).toordinal()
    days = first + rng.choice(36_525, train_size + test_size, replace=False)  # to the year 2049
    pairs = []
    for day in days.tolist():
        date = datetime.date.fromordinal(day)
        style = ("long", "full")[rng.integers(2)]
        locale = _DATE_LOCALES[rng.integers(len(_DATE_LOCALES))]
        pairs.append((format_date(date, style, locale=locale).lower(), date.isoformat()))
    return Pairs(
        name="dates",
        train=tuple(pairs[:train_size]),
        test=tuple(pairs[train_size:]),
        source_alphabet="".join(sorted({c for text, _ in pairs for c in text})),
        target_alphabet="-0123456789",
        source="Unicode CLDR, as bundled with Babel",
        licence="Unicode-3.0",
    )


# ---------------------------------------------------------------- embedded sets: points


@dataclass(frozen=True, eq=False)
class Points:
    """Points in the plane from equal Gaussians ("modes") at known places.

    train_x: float32 `(N, 2)`; train_y: int64 `(N,)`, the mode of each. centres: float32 `(M, 2)`.
    sigma: the standard deviation of every mode in each coordinate.
    """

    name: str
    train_x: Tensor
    train_y: Tensor
    centres: Tensor
    sigma: float

    def __repr__(self) -> str:
        return f"{self.name}: {len(self.train_x):,} points from {len(self.centres)} modes"


def ring(
    modes: int = 8, size: int = 20_000, radius: float = 2.0, sigma: float = 0.1, seed: int = 0
) -> Points:
    """Points from Gaussians evenly spaced on a circle, in equal shares: a GAN's hardest easy task.

    Source of the task: Metz and others, Unrolled Generative Adversarial Networks, 2017,
    section 3.1 (there with a narrower sigma).
    """
    if modes < 1 or size < modes or radius <= 0 or sigma <= 0:
        raise ValueError("a ring needs at least one mode, a point for each, radius and sigma > 0")
    rng = np.random.default_rng(seed)
    angles = 2 * np.pi * np.arange(modes) / modes
    centres = radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)  # (M, 2)
    labels = rng.permutation(np.arange(size) % modes)
    points = centres[labels] + sigma * rng.standard_normal((size, 2))
    return Points(
        name="ring",
        train_x=torch.from_numpy(points.astype(np.float32)),
        train_y=torch.from_numpy(labels.astype(np.int64)),
        centres=torch.from_numpy(centres.astype(np.float32)),
        sigma=sigma,
    )


# ---------------------------------------------------------------- real sets


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


def _real(name: str, download: bool) -> Dataset:
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
            archive.extractall(target, filter="data")
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
