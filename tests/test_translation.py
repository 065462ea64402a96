"""helpers.diagnostics.translation: BLEU and chrF against sacrebleu's figures, and by hand."""

import math

import pytest

from helpers.diagnostics.translation import bleu, chrf, ngrams

# What sacrebleu 2.6.0 gives for what was written (h) and wanted (r), after `pip install sacrebleu`:
#   from sacrebleu.metrics import BLEU, CHRF
#   BLEU(tokenize="none", smooth_method="none").corpus_score(h, [r]).score
#   CHRF().corpus_score(h, [r]).score
# (It is no dependency of the tests: with what it needs it is larger than the rest of them.)
CASES = {
    "equal": (["za 5 dni i 3 mile"], ["za 5 dni i 3 mile"], 100.00000000000004, 100.0),
    "one word wrong": (
        ["za 5 dni i 3 mil"],
        ["za 5 dni i 3 mile"],
        75.98356856515926,
        91.09666585944807,
    ),
    "the brevity penalty": (
        ["za 5 dni i 3"],
        ["za 5 dni i 3 mile"],
        81.87307530779823,
        61.838423967164225,
    ),
    "too long, and no penalty": (
        ["za 5 dni i 3 mile i 3 mile"],
        ["za 5 dni i 3 mile"],
        58.73949094699213,
        88.58244340539596,
    ),
    "a word written too often": (
        ["the the the the the the cat"],
        ["the cat is on the mat"],
        0.0,
        30.180283655029438,
    ),
    "several texts, counted together": (
        ["za 5 dni i 3 mile", "4 lata temu", "2 jardów"],
        ["za 5 dni i 3 mile", "4 lata temu i 1 bar", "2 jardy"],
        71.89685483396543,
        76.9643890785342,
    ),
    "all shorter than four words": (["5 dni", "3 mile"], ["5 dni", "3 mile"], 0.0, 100.0),
    "one empty text among others": (
        ["", "za 5 dni i 3 mile"],
        ["2 jardy", "za 5 dni i 3 mile"],
        71.65313105737896,
        78.85061313167185,
    ),
    "nothing written": (["", ""], ["5 dni", "3 mile"], 0.0, 0.0),
    "nothing in common": (["abc"], ["xyz"], 0.0, 0.0),
    "a reference shorter than six letters": (
        ["3 kilometry", "5 dni i 3 mile"],
        ["3 m", "5 dni i 3 mile"],
        90.99882808096075,
        95.34220532319394,
    ),
    "blanks alone differ": (
        ["5dni i  3 mile temu"],
        ["5 dni i 3 mile temu"],
        54.75182535069452,
        100.0,
    ),
    "random 0": (
        [
            "żó abc bb ca abc żó bb abc",
            "ca bb żó",
            "bb żó cab a",
            "żó abc",
            "a bb",
            "ca żó",
            "bb bb cab bb bb bb",
            "a cab cab cab a",
        ],
        [
            "żó abc bb ca abc żó bb abc",
            "ca bb żó ca bb",
            "bb żó cab żó",
            "ca abc bb ca bb ca abc ca a",
            "a cab",
            "ca żó",
            "bb bb cab bb ca bb cab",
            "a cab cab cab abc bb bb a bb",
        ],
        48.300891626798624,
        56.66115711517764,
    ),
    "random 1": (
        [
            "żó bb żó a",
            "abc ca ca",
            "abc abc cab",
            "cab bb",
            "żó abc żó a",
            "ca",
            "a abc bb",
            "żó żó bb",
        ],
        [
            "cab bb żó ca",
            "a ca ca",
            "abc abc cab",
            "ca bb",
            "żó abc żó a",
            "ca ca",
            "a a bb abc a abc",
            "żó abc bb",
        ],
        44.44845729142762,
        53.576213018589456,
    ),
    "random 2": (
        [
            "abc abc ca a",
            "bb abc a bb cab",
            "abc żó",
            "żó",
            "cab abc",
            "a cab żó cab abc ca",
            "cab a a",
            "bb bb żó a żó",
        ],
        [
            "abc abc ca a bb abc",
            "bb abc żó żó cab",
            "abc żó",
            "żó żó a a żó abc cab cab",
            "cab abc",
            "cab a żó cab abc ca",
            "cab a a",
            "bb bb żó a żó ca a a",
        ],
        44.322280532785946,
        53.06309780678534,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_both_are_sacrebleus(name):
    written, wanted, by_words, by_letters = CASES[name]
    assert bleu(written, wanted) == pytest.approx(by_words, abs=1e-9)
    assert chrf(written, wanted) == pytest.approx(by_letters, abs=1e-9)


def test_bleu_worked_by_hand():
    """Precisions 5/5, 3/4, 2/3 and 1/2, and five words written for six: exp(1 - 6/5)."""
    found = bleu(["za 5 dni i mile"], ["za 5 dni i 3 mile"])
    precisions = [5 / 5, 3 / 4, 2 / 3, 1 / 2]
    assert found == pytest.approx(100 * math.exp(-0.2) * math.prod(precisions) ** 0.25)
    assert bleu(["a b"], ["a b"], orders=2) == pytest.approx(100)


def test_chrf_worked_by_hand():
    """Of "ab" three letters are wanted, "abc": precision 1 and 1, recall 2/3 and 1/2."""
    found = chrf(["ab"], ["abc"])
    precision, recall = 1, (2 / 3 + 1 / 2) / 2
    assert found == pytest.approx(100 * 5 * precision * recall / (4 * precision + recall))
    assert chrf(["a b"], ["ab"]) == pytest.approx(100)  # blanks do not count


def test_ngrams_are_runs_of_neighbours():
    assert ngrams("abab", 2) == {("a", "b"): 2, ("b", "a"): 1}
    assert not ngrams("ab", 3) and not ngrams("", 1)


@pytest.mark.parametrize("measure", [bleu, chrf])
def test_refuses(measure):
    for written, wanted in (("ab", ["ab"]), (["ab"], "ab"), (["ab"], ["ab", "c"])):
        with pytest.raises(ValueError, match="as many translations as references"):
            measure(written, wanted)
    assert measure([], []) == 0
