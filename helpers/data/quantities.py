"""Quantities in English and in another language: a translation task with held-out combinations."""

import datetime
from functools import cache

import numpy as np

from helpers.data.words import Pairs

UNITS = (
    *(f"duration-{unit}" for unit in ("second", "minute", "hour", "day", "week", "month", "year")),
    *(f"length-{unit}" for unit in ("inch", "foot", "yard", "mile")),
    *(f"length-{unit}" for unit in ("millimeter", "centimeter", "meter", "kilometer")),
    *("mass-gram", "mass-kilogram", "mass-pound", "volume-liter", "volume-barrel"),
    *("power-watt", "electric-volt", "digital-byte", "area-hectare", "graphics-pixel"),
)
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}  # spans with "in 5 days", "5 days ago"
NUMBERS = range(1, 100)


@cache
def _said(unit: str, direction: int, number: int, language: str) -> str:
    """ "5 days" (direction 0), "in 5 days" (1) or "5 days ago" (-1) in a language."""
    from babel.dates import format_timedelta
    from babel.units import format_unit

    if direction == 0:
        said = format_unit(number, unit, "long", locale=language)
        if unit in said:
            raise ValueError(f"CLDR as in Babel has no name for {unit} in {language!r}")
        return said
    span = unit.removeprefix("duration-")
    days = datetime.timedelta(direction * number * _DAYS[span])
    return format_timedelta(days, span, threshold=10**6, add_direction=True, locale=language)


def _combinations(rng: np.random.Generator, language: str, validation: bool) -> dict[str, list]:
    """All (unit, direction, number), by where they may occur."""
    from babel import Locale

    plural = Locale.parse(language).plural_form
    hidden = set(rng.choice(UNITS, len(UNITS) // 4, replace=False).tolist())
    lot = rng.random((len(UNITS), len(NUMBERS)))
    kinds: dict[str, list] = {"train": [], "test": [], "val": [], "forms": []}
    for unit, row in zip(UNITS, lot, strict=True):
        for number, drawn in zip(NUMBERS, row, strict=True):
            if unit in hidden and plural(number) == plural(2):
                kind = "forms"
            elif drawn < 0.2:
                kind = "test"
            else:
                kind = "val" if validation and drawn < 0.3 else "train"
            directions = (0, 1, -1) if unit.removeprefix("duration-") in _DAYS else (0,)
            kinds[kind] += [(unit, direction, number) for direction in directions]
    known = {word for item in kinds["train"] for word in _said(*item, language).split()}

    def has_new_word(item: tuple) -> bool:
        return any(w not in known and not w.isdigit() for w in _said(*item, language).split())

    for kind in ("test", "val", "forms"):
        new = kind == "forms"
        kinds[kind] = [item for item in kinds[kind] if has_new_word(item) == new]
    return kinds


def _drawn(
    items: list, count: int, rng: np.random.Generator, language: str
) -> tuple[tuple[str, str], ...]:
    """Pairs of texts, each of one quantity or a list of two."""
    from babel.lists import format_list

    one_and_other = {c: format_list(["{}", "{}"], "standard", c) for c in ("en", language)}
    pairs = []
    for _ in range(count):
        chosen = [items[place] for place in rng.integers(len(items), size=rng.integers(1, 3))]
        pair = []
        for code, pattern in one_and_other.items():
            said = [_said(*item, code) for item in chosen]
            text = said[0] if len(said) == 1 else pattern.format(*said)
            pair.append(text.replace("\xa0", " "))  # a blank that no line may break at
        pairs.append(tuple(pair))
    return tuple(pairs)


def quantities(
    train_size: int = 10_000,
    test_size: int = 1_000,
    seed: int = 0,
    validation: bool = False,
    language: str = "pl",
) -> Pairs:
    """Quantities, as in ("in 5 days and 3 miles", "za 5 dni i 3 mile"), of Unicode CLDR by Babel.

    A text of the test holds no pair of number and unit that a training text holds, but only words
    that occur there. `forms` are like the test, of words that occur in no training text: for a
    quarter of the units the plural that belongs to 2 was kept out.
    """
    if train_size < 1 or test_size < 1:
        raise ValueError("sizes must be at least 1")
    rng = np.random.default_rng(seed)
    kinds = _combinations(rng, language, validation)
    sizes = {"train": train_size, "test": test_size, "forms": test_size, "val": test_size}
    parts = {
        kind: _drawn(kinds[kind], size, rng, language) if kinds[kind] else None
        for kind, size in sizes.items()
    }
    everything = [pair for part in parts.values() if part for pair in part]
    source, target = ("".join(sorted(set("".join(side)))) for side in zip(*everything, strict=True))
    return Pairs(
        name="quantities",
        **parts,
        source_alphabet=source,
        target_alphabet=target,
        source="Unicode CLDR, as bundled with Babel",
        licence="Unicode-3.0",
        parts={},
    )
