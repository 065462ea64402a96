"""Running text that needs no download: the source code of the standard library."""

import platform
import sysconfig
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from helpers.data.real import DataError


@dataclass(frozen=True, eq=False)
class Corpus:
    """Running text, one number per character."""

    name: str
    train: Tensor  # uint8 `(N,)`; the parts are held apart by whole files
    test: Tensor
    vocabulary: str  # the character of each number; the last stands for all that are not in it
    source: str
    licence: str
    val: Tensor | None = None

    def encode(self, text: str) -> Tensor:
        """Text to int64 `(N,)`; a character outside the vocabulary becomes its last one."""
        return _numbers(text, self.vocabulary).long()

    def decode(self, tokens: Tensor) -> str:
        """Numbers `(N,)` to text."""
        return "".join(self.vocabulary[i] for i in tokens.tolist())

    def __repr__(self) -> str:
        return (
            f"{self.name}: {len(self.train):,} training and {len(self.test):,} test characters, "
            f"{len(self.vocabulary)} different"
        )


# printable ASCII, the newline, and one sign for everything else
_PRINTABLE = "\n" + "".join(map(chr, range(32, 127))) + "\N{REPLACEMENT CHARACTER}"
# left out: tests, tables of numbers (encodings), one long text (pydoc_data), what a machine wrote
_NOT_READ = {"test", "tests", "idle_test", "encodings", "pydoc_data"}
_NOT_READ |= {"site-packages", "dist-packages"}


def stdlib(folder: Path | str | None = None, validation: bool = False) -> Corpus:
    """The source code of this Python's standard library, some eight million characters.

    Tests, tables and installed packages are left out. About one file in sixteen, chosen by its
    name, is held out for the test; validation: and one more. folder: where the library lies.
    """
    folder = Path(folder or sysconfig.get_path("stdlib"))
    parts = {"train": [], "val": [], "test": []}
    for path in sorted(folder.rglob("*.py")):
        name = path.relative_to(folder)
        machine_made = any(part.startswith(("config-", "_sysconfigdata")) for part in name.parts)
        if machine_made or not _NOT_READ.isdisjoint(name.parts):
            continue
        text = path.read_text("utf-8", errors="replace").rstrip() + "\n\n\n"
        place = zlib.crc32(name.as_posix().encode()) % 16
        part = "test" if place == 0 else "val" if validation and place == 1 else "train"
        parts[part].append(text)
    if not parts["train"] or not parts["test"]:
        raise DataError(
            f"the source code of the standard library is not in {folder}, where this Python "
            "should have it.\nUse a Python from python.org, conda, or your system's packages."
        )
    return Corpus(
        name="stdlib",
        **{part: _numbers("".join(texts), _PRINTABLE) for part, texts in parts.items() if texts},
        vocabulary=_PRINTABLE,
        source=f"the standard library of Python {platform.python_version()}",
        licence="PSF-2.0",
    )


def _numbers(text: str, vocabulary: str) -> Tensor:
    """Text to uint8 `(N,)`: of each character its place in the vocabulary, or the last one."""
    table = np.full(0x110000, len(vocabulary) - 1, dtype=np.uint8)
    table[[ord(c) for c in vocabulary]] = np.arange(len(vocabulary))
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return torch.from_numpy(table[codes])
