"""Data sets by name, as whole tensors, and batches over them.

Those in EMBEDDED need nothing but the installed packages. Those in REAL are looked for in the
folders named by the environment variable COURSE_DATA (several are joined as in PATH), then in the
user's cache folder, and downloaded only when the caller says `download=True`.
"""

from helpers.data.images import Dataset, batches, check_images, check_labels
from helpers.data.points import Points, ring
from helpers.data.quantities import quantities
from helpers.data.real import REAL, DataError, at_hand, cache_folder, data_folders, real
from helpers.data.small_images import digits, glyphs
from helpers.data.text import Corpus, stdlib
from helpers.data.words import Pairs, Words, dates, encode, words

_MAKERS = {make.__name__: make for make in (digits, glyphs, stdlib, words, dates, quantities, ring)}
EMBEDDED = tuple(_MAKERS)


def load(
    name: str, *, download: bool = False, validation: bool = False
) -> Dataset | Corpus | Words | Pairs | Points:
    """The data set of that name, whole, verified; DataError where it cannot be had.

    validation: with a validation part, which shares no writer, font, file, country or day with
    the others where those are known; for downloaded images, the last tenth of the training part.
    """
    if name in REAL:
        found = real(name, download)
        return found.with_validation() if validation else found
    if name not in _MAKERS:
        raise ValueError(f"unknown data set {name!r}; there are: {', '.join(EMBEDDED + REAL)}")
    if name == "ring" and validation:
        raise ValueError("the ring is drawn from a known density: ring(seed=1) draws other points")
    return _MAKERS[name](**({"validation": True} if validation else {}))
