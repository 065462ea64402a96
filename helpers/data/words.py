"""Short texts that need no download: words to be classified, dates to be rewritten."""

import datetime
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence


@dataclass(frozen=True, eq=False)
class Words:
    """Labelled words of varied length, lower case."""

    name: str
    train: tuple[str, ...]
    train_y: Tensor  # int64 `(N,)`
    test: tuple[str, ...]
    test_y: Tensor
    classes: tuple[str, ...]  # one name per label
    alphabet: str  # every character that occurs; `encode` gives character i the number i + 1
    source: str
    licence: str
    val: tuple[str, ...] | None = None
    val_y: Tensor | None = None

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
    """Pairs of a source text and the target text to be made from it."""

    name: str
    train: tuple[tuple[str, str], ...]
    test: tuple[tuple[str, str], ...]
    source_alphabet: str
    target_alphabet: str
    source: str
    licence: str
    parts: dict[str, str]  # text -> whose each character is: "5 mai 1983", "d.mmm.yyyy"
    val: tuple[tuple[str, str], ...] | None = None
    forms: tuple[tuple[str, str], ...] | None = None  # a test of words never trained on

    def __repr__(self) -> str:
        return f"{self.name}: {len(self.train):,} training and {len(self.test):,} test pairs"


def encode(texts: Sequence[str], alphabet: str) -> tuple[Tensor, Tensor]:
    """Texts to int64 `(B, T)`, alphabet[i] as i + 1, padded with 0, and their lengths `(B,)`."""
    if isinstance(texts, str):
        raise TypeError(f"encode takes a list of texts: [{texts!r}], not one text")
    if not texts or not all(texts):
        raise ValueError("every text needs at least one character, and there must be a text")
    number = {c: i + 1 for i, c in enumerate(alphabet)}
    unknown = sorted(set("".join(texts)) - set(number))
    if unknown:
        raise ValueError(f"characters outside the alphabet: {''.join(unknown)!r}")
    rows = [torch.tensor([number[c] for c in text]) for text in texts]
    return pad_sequence(rows, batch_first=True), torch.tensor([len(row) for row in rows])


_LANGUAGES = ("en", "de", "nl", "sv", "fr", "es", "it", "pt", "pl", "fi")


def words(validation: bool = False) -> Words:
    """Names of countries and of languages in ten languages: which language is it?

    A name that several of the ten share is left out. One country or language in five is held
    out, in all ten languages at once, so that no test word has its twin among the training words;
    validation: and one more in five. Source: Unicode CLDR, as bundled with Babel.
    """
    from babel import Locale

    where: dict[str, set[int]] = {}  # word -> the languages that have it
    place: dict[str, int] = {}  # of five: 0 is the test's, 1 the validation's
    for label, code in enumerate(_LANGUAGES):
        locale = Locale(code)
        for names in (locale.territories, locale.languages):
            for key, name in names.items():
                if key.isdigit() or "(" in name:  # continents; "Chinese (simplified)"
                    continue
                where.setdefault(name.lower(), set()).add(label)
                place[name.lower()] = zlib.crc32(key.encode()) % 5
    own = sorted((word, *labels) for word, labels in where.items() if len(labels) == 1)
    parts = {"test": (0,), "train": (1, 2, 3, 4)}
    if validation:
        parts |= {"val": (1,), "train": (2, 3, 4)}
    fields = {}
    for part, places in parts.items():
        chosen = [(word, label) for word, label in own if place[word] in places]
        fields[part] = tuple(word for word, _ in chosen)
        fields[part + "_y"] = torch.tensor([label for _, label in chosen])
    english = Locale("en").languages
    return Words(
        name="words",
        **fields,
        classes=tuple(english[code] for code in _LANGUAGES),
        alphabet="".join(sorted({c for word, _ in own for c in word})),
        source="Unicode CLDR, as bundled with Babel",
        licence="Unicode-3.0",
    )


DATE_LOCALES = (*_LANGUAGES, "ca", "cs", "da", "hu", "id", "nb", "ro", "sk", "tr", "vi")


def dates(
    train_size: int = 10_000, test_size: int = 1_000, seed: int = 0, validation: bool = False
) -> Pairs:
    """Dates written out in twenty languages, each with its ISO form, as in
    ("jeudi 5 mai 1983", "1983-05-05"); no day is in two parts. validation: as many pairs as the
    test has. Source: Unicode CLDR's long and full formats, as bundled with Babel.
    """
    val_size = test_size if validation else 0
    count = train_size + val_size + test_size
    if train_size < 1 or test_size < 1 or count > 30_000:
        raise ValueError("sizes must be at least 1, and at most 30,000 together")
    rng = np.random.default_rng(seed)
    first = datetime.date(1950, 1, 1).toordinal()
    days = first + rng.choice(36_525, count, replace=False)  # to the year 2049
    pairs, parts = [], {}
    for day in days.tolist():
        date = datetime.date.fromordinal(day)
        style = ("long", "full")[rng.integers(2)]
        locale = DATE_LOCALES[rng.integers(len(DATE_LOCALES))]
        text, part = _written_out(date, style, locale)
        pairs.append((text, date.isoformat()))
        parts[text] = part
    return Pairs(
        name="dates",
        train=tuple(pairs[:train_size]),
        test=tuple(pairs[train_size : train_size + test_size]),
        val=tuple(pairs[train_size + test_size :]) or None,
        source_alphabet="".join(sorted({c for text, _ in pairs for c in text})),
        target_alphabet="-0123456789",
        source="Unicode CLDR, as bundled with Babel",
        licence="Unicode-3.0",
        parts=parts,
    )


_PART_OF = {"d": "d", "M": "m", "y": "y", "E": "w", "c": "w"}  # by the field in CLDR's pattern


def _written_out(date: datetime.date, style: str, code: str) -> tuple[str, str]:
    """A date in a language, lower case, and which part each of its characters belongs to."""
    from babel import Locale
    from babel.dates import DateTimeFormat, get_date_format, tokenize_pattern

    locale = Locale.parse(code)
    fields, text, parts = DateTimeFormat(date, locale), "", ""
    for kind, value in tokenize_pattern(get_date_format(style, locale).pattern):
        if kind == "field":
            field, count = value
            piece, part = fields[field * count].lower(), _PART_OF[field]
        else:
            piece, part = value.lower(), "."
        text, parts = text + piece, parts + part * len(piece)
    return text, parts
