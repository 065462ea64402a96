"""The text sets of helpers.data: stdlib, words, dates, quantities."""

import datetime
import io
import tokenize
import zlib

import pytest
import torch

from helpers import data
from helpers.data.words import DATE_LOCALES


@pytest.fixture(scope="module")
def corpus():
    return data.load("stdlib")


@pytest.fixture(scope="module")
def words():
    return data.load("words")


@pytest.fixture(scope="module")
def dates():
    return data.load("dates")


def test_corpus_is_large_and_within_its_vocabulary(corpus):
    assert corpus.train.dtype == corpus.test.dtype == torch.uint8
    assert len(corpus.train) > 3_000_000
    assert 0.02 < len(corpus.test) / len(corpus.train) < 0.2
    assert int(corpus.train.max()) < len(corpus.vocabulary) == 97
    assert corpus.vocabulary[0] == "\n" and len(set(corpus.vocabulary)) == 97
    assert (corpus.train == 96).float().mean() < 0.001  # hardly anything lies outside


def test_corpus_encodes_and_decodes(corpus):
    text = 'def f(x):\n    return "~"\n'
    assert corpus.decode(corpus.encode(text)) == text
    assert corpus.decode(corpus.encode("a\té€")) == "a" + "\N{REPLACEMENT CHARACTER}" * 3
    assert corpus.encode("").shape == (0,)
    piece = corpus.train[:500]
    assert torch.equal(corpus.encode(corpus.decode(piece)).to(torch.uint8), piece)


def test_corpus_test_text_is_whole_python_files(corpus):
    source = corpus.decode(corpus.test)
    kinds = {t.type for t in tokenize.generate_tokens(io.StringIO(source).readline)}
    assert {tokenize.NAME, tokenize.STRING, tokenize.COMMENT} <= kinds


def test_corpus_is_split_by_file_and_leaves_tests_out(tmp_path):
    names = [f"module{i}.py" for i in range(60)]
    for name in names:
        (tmp_path / name).write_text(f"# {name}\n")
    for left_out in ("test/a.py", "encodings/b.py", "site-packages/c.py", "config-3.11/d.py"):
        (tmp_path / left_out).parent.mkdir()
        (tmp_path / left_out).write_text("# never read\n")
    (tmp_path / "_sysconfigdata_x.py").write_text("# never read\n")
    made = data.stdlib(tmp_path)
    train, test = made.decode(made.train), made.decode(made.test)
    assert "never read" not in train + test
    for name in names:
        held_out = zlib.crc32(name.encode()) % 16 == 0
        assert (f"# {name}\n" in test) == held_out
        assert (f"# {name}\n" in train) != held_out


def test_corpus_without_source_says_where_it_looked(tmp_path):
    with pytest.raises(data.DataError, match=str(tmp_path)):
        data.stdlib(tmp_path)


def test_words_are_balanced_enough_and_apart(words):
    assert len(words.classes) == 10 and "Finnish" in words.classes
    assert len(words.train) > 2000 and len(words.test) > 500
    assert not set(words.train) & set(words.test)
    assert len(set(words.train)) == len(words.train)  # no word in two languages
    for y, texts in ((words.train_y, words.train), (words.test_y, words.test)):
        assert y.dtype == torch.int64 and len(y) == len(texts)
        share = torch.bincount(y, minlength=10) / len(y)
        assert share.min() > 0.04 and share.max() < 0.2
    known = {"deutschland": "German", "frankreich": "German", "tyskland": "Swedish"}
    labels = torch.cat([words.train_y, words.test_y]).tolist()
    label = dict(zip(words.train + words.test, labels, strict=True))
    for word, language in known.items():
        assert words.classes[label[word]] == language


def test_words_encode(words):
    tokens, lengths = words.encode(["brazil", "a"])
    assert tokens.shape == (2, 6) and lengths.tolist() == [6, 1]
    assert tokens[1, 1:].tolist() == [0] * 5 and (tokens[0] > 0).all()
    assert "".join(words.alphabet[i - 1] for i in tokens[0]) == "brazil"
    everything, _ = words.encode(words.train + words.test)
    assert int(everything.max()) == len(words.alphabet)


@pytest.mark.parametrize(
    ("texts", "error", "match"),
    [
        ([], ValueError, "at least one"),
        (["a", ""], ValueError, "at least one"),
        (["aQ"], ValueError, "outside the alphabet"),
        ("ab", TypeError, "a list of texts"),
    ],
)
def test_encode_refuses(words, texts, error, match):
    with pytest.raises(error, match=match):
        words.encode(texts)


def test_dates_say_the_same_day(dates):
    assert len(dates.train) == 10_000 and len(dates.test) == 1_000
    for text, iso in dates.test:
        day = datetime.date.fromisoformat(iso)
        assert str(day.year) in text and str(day.day) in text
    assert not {iso for _, iso in dates.train} & {iso for _, iso in dates.test}
    everything = dates.train + dates.test
    tokens, lengths = data.encode([text for text, _ in everything], dates.source_alphabet)
    assert tokens.shape[0] == 11_000 and int(lengths.min()) > 8
    data.encode([iso for _, iso in everything], dates.target_alphabet)


def test_dates_months_are_read_right(dates):
    english = {"january": 1, "february": 2, "october": 10, "december": 12}
    found = 0
    for text, iso in dates.train:
        for month, number in english.items():
            if month in text.split():
                found += 1
                assert int(iso[5:7]) == number
    assert found > 20


def test_dates_are_as_babel_writes_them_and_their_parts_are_known(dates):
    from babel.dates import format_date

    written = {style + code: set() for style in ("long", "full") for code in DATE_LOCALES}
    for text, iso in dates.test[:500]:
        date, parts = datetime.date.fromisoformat(iso), dates.parts[text]
        assert len(parts) == len(text)
        found = {p: "".join(c for c, q in zip(text, parts, strict=True) if p == q) for p in "dmyw"}
        assert int(found["d"]) == date.day and int(found["y"]) == date.year
        ways = {key: format_date(date, key[:4], locale=key[4:]).lower() for key in written}
        assert text in ways.values()
        locales = [key[4:] for key, way in ways.items() if way == text]
        months = {format_date(date, "MMMM", locale=code).lower() for code in locales}
        assert months == {found["m"]}
        for key, way in ways.items():
            if way == text:
                written[key].add(text)
    assert all(len(texts) > 4 for texts in written.values())  # every language and style occurs


def test_dates_are_seeded_and_sized():
    small = data.dates(20, 5, seed=3)
    assert (len(small.train), len(small.test)) == (20, 5)
    assert data.dates(20, 5, seed=3).train == small.train
    assert data.dates(20, 5, seed=4).train != small.train
    for sizes in ((0, 5), (30_000, 1)):
        with pytest.raises(ValueError, match="sizes"):
            data.dates(*sizes)


@pytest.mark.parametrize("language", ["pl", "de"])
def test_quantities_are_as_babel_writes_them_and_combinations_are_apart(language):
    from babel.lists import format_list
    from babel.units import format_unit

    found = data.quantities(800, 300, seed=1, language=language)
    said = {}  # English -> what the other language says, of one quantity
    for unit in ("length-mile", "volume-liter", "graphics-pixel", "duration-day"):
        for number in range(1, 100):
            english, other = (
                format_unit(number, unit, "long", locale=code).replace("\xa0", " ")
                for code in ("en", language)
            )
            said[english] = other
    seen = 0
    for english, other in found.train + found.test:
        parts = english.split(" and ")
        if set(parts) <= set(said):
            wanted = format_list([said[part] for part in parts], "standard", language)
            assert other == wanted.replace("\xa0", " ")
            seen += 1
    assert seen > 30
    things = [
        {tuple(part.split()) for text, _ in side for part in text.split(" and ")}
        for side in (found.train, found.test)
    ]
    assert not things[0] & things[1]
    words = {word for _, text in found.train for word in text.split()}
    assert {word for _, text in found.test for word in text.split()} <= words | set(
        map(str, range(100))
    )
    assert all(set(text.split()) - words - set(map(str, range(100))) for _, text in found.forms)


def test_quantities_keep_the_plural_of_2_of_some_units_apart_and_nothing_else():
    from babel import Locale

    plural = Locale("pl").plural_form
    found = data.quantities(3_000, 300)
    kept = {tuple(part.split()[-1:]) for _, text in found.forms for part in text.split(" i ")}
    assert len(kept) > 3
    for english, _ in found.forms:
        for part in english.split(" and "):
            number = next(int(word) for word in part.split() if word.isdigit())
            assert plural(number) == plural(2) == "few"
    texts = found.train + found.test + found.forms
    data.encode([english for english, _ in texts], found.source_alphabet)
    data.encode([other for _, other in texts], found.target_alphabet)


def test_quantities_are_seeded_and_refuse_what_cldr_does_not_say():
    small = data.quantities(20, 5, seed=3, validation=True)
    assert (len(small.train), len(small.test), len(small.val)) == (20, 5, 5)
    assert data.quantities(20, 5, seed=3, validation=True).train == small.train
    assert data.quantities(20, 5, seed=4).train != small.train
    with pytest.raises(ValueError, match="sizes"):
        data.quantities(0, 5)
    with pytest.raises(ValueError, match="no name for duration-second in 'ja'"):
        data.quantities(5, 5, language="ja")


def test_load_is_the_one_entrance():
    assert {"stdlib", "words", "dates", "quantities"} <= set(data.EMBEDDED)
    assert repr(data.load("words")).startswith("words: ")
    assert "training and 1,000 test pairs" in repr(data.load("dates"))
