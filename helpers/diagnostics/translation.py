"""How near a translation comes to the reference: BLEU by words, chrF by letters.

Sources: Papineni and others, BLEU: a Method for Automatic Evaluation of Machine Translation, 2002;
Popović, chrF: character n-gram F-score for automatic MT evaluation, 2015. Both go from 0 to 100.
"""

import math
from collections import Counter
from collections.abc import Sequence


def ngrams(text: Sequence[str], n: int) -> Counter:
    """How often each run of n neighbours occurs in a text of words or of letters."""
    return Counter(tuple(text[i : i + n]) for i in range(len(text) - n + 1))


def _counts(written: Sequence, wanted: Sequence, orders: int, within: bool = False) -> list:
    """For each n: how many n-grams are in both, in what was written, in what was wanted.

    within: do not count what was written where the reference is shorter than n.
    """
    if len(written) != len(wanted):
        raise ValueError("give as many translations as references, each a list of texts")
    counts = []
    for n in range(1, orders + 1):
        shared = made = asked = 0
        for ours, theirs in zip(written, wanted, strict=True):
            a, b = ngrams(ours, n), ngrams(theirs, n)
            shared += (a & b).total()  # of each n-gram, no more than the reference has
            made += a.total() if b or not within else 0
            asked += b.total()
        counts.append((shared, made, asked))
    return counts


def bleu(written: Sequence[str], wanted: Sequence[str], orders: int = 4) -> float:
    """BLEU of texts, words being what blanks part: 0 unless an n-gram of each order is right.

    The geometric mean of their precisions, times exp(1 - r / c) where c words are too few for r.
    """
    words = [[text.split() for text in texts] for texts in (written, wanted)]
    counts = _counts(*words, orders)
    if min(shared for shared, _, _ in counts) == 0:
        return 0.0
    _, c, r = counts[0]
    precision = math.fsum(math.log(shared / made) for shared, made, _ in counts) / orders
    return 100 * math.exp(precision + min(0, 1 - r / c))


def chrf(written: Sequence[str], wanted: Sequence[str], orders: int = 6, beta: float = 2) -> float:
    """chrF of texts, without their blanks: precision and recall of 1- to 6-grams of letters.

    Both are means over the orders that occur on both sides; the F-score counts recall beta^2 times.
    As in sacrebleu, a text counts for n-grams only where its reference has n letters.
    """
    letters = [["".join(text.split()) for text in texts] for texts in (written, wanted)]
    counts = [c for c in _counts(*letters, orders, within=True) if c[1] and c[2]]
    if not any(shared for shared, _, _ in counts):
        return 0.0
    precision = math.fsum(shared / made for shared, made, _ in counts) / len(counts)
    recall = math.fsum(shared / asked for shared, _, asked in counts) / len(counts)
    return 100 * (1 + beta**2) * precision * recall / (beta**2 * precision + recall)
