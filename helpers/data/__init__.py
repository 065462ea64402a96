"""Data sets by name, as whole tensors, and batches over them.

`load("digits")` and `load("glyphs")`, images, and `load("stdlib")`, `load("words")`,
`load("dates")` and `load("quantities")`, text, need nothing but the installed packages.
`load("mnist")`, `load("fashion_mnist")` and `load("cifar10")` look in the folders named by the
environment variable COURSE_DATA (several are joined as in PATH), then in the user's cache folder,
and download only when the caller says `download=True`.
"""

from __future__ import annotations

from helpers.data.images import Dataset, batches, check_images, check_labels
from helpers.data.points import Points, ring
from helpers.data.quantities import quantities
from helpers.data.real import REAL, DataError, at_hand, cache_folder, data_folders, real
from helpers.data.small_images import digits, glyphs
from helpers.data.text import Corpus, stdlib
from helpers.data.words import Pairs, Words, dates, encode, words

_MAKERS = {
    "digits": digits,
    "glyphs": glyphs,
    "stdlib": stdlib,
    "words": words,
    "dates": dates,
    "quantities": quantities,
    "ring": ring,
}
EMBEDDED = tuple(_MAKERS)

__all__ = [
    "EMBEDDED",
    "REAL",
    "Corpus",
    "DataError",
    "Dataset",
    "Pairs",
    "Points",
    "Words",
    "at_hand",
    "batches",
    "cache_folder",
    "check_images",
    "check_labels",
    "data_folders",
    "dates",
    "digits",
    "encode",
    "glyphs",
    "load",
    "quantities",
    "real",
    "ring",
    "stdlib",
    "words",
]


def load(
    name: str, *, download: bool = False, validation: bool = False
) -> Dataset | Corpus | Words | Pairs | Points:
    """The data set of that name, whole, verified.

    validation: with a validation part, which shares no writer, font, file, country or day with
    the others where those are known; for sets with downloaded images, the last tenth of the
    training part. Raises ValueError for an unknown name, DataError where the set is missing,
    damaged or cannot be fetched; the message names the folders searched and what to do.
    """
    if name in REAL:
        found = real(name, download)
        return found.with_validation() if validation else found
    if name not in _MAKERS:
        raise ValueError(f"unknown data set {name!r}; there are: {', '.join(EMBEDDED + REAL)}")
    if name == "ring" and validation:
        raise ValueError("the ring is drawn from a known density: ring(seed=1) draws other points")
    return _MAKERS[name](**({"validation": True} if validation else {}))
