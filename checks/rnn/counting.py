"""Item 10: counts, against the course's n-gram model."""

from __future__ import annotations

import math
import re

import torch

from checks.calls import Case, call, item, judge
from checks.compare import Wrong, number
from checks.values import OneOf
from helpers.models.ngram import NGram

KEPT_COUNTS = (
    "counts of an earlier text are kept from call to call: count in the text that is given"
)


def followers(text: str, contexts: list[str]) -> list[str]:
    """What stands after each context in the text, everywhere."""
    starts = [[k for k in range(len(text)) if text.startswith(h, k)] for h in contexts]
    return [
        "".join(text[k + len(h)] for k in places if k + len(h) < len(text))
        for h, places in zip(contexts, starts, strict=True)
    ]


def matched(text: str, contexts: list[str], escape: bool, flags: int = 0) -> list[str]:
    """The same by regular expressions, for which . + ( and a new line are no plain characters."""
    try:
        patterns = [f"(?={re.escape(h) if escape else h}(.))" for h in contexts]
        return ["".join(re.findall(pattern, text, flags)) for pattern in patterns]
    except (re.error, TypeError):  # a bracket that does not close, a group more
        return followers(text, contexts)


def mixed(levels: list[tuple[float, float, float]], below: float, fault: str = "") -> float:
    """Of (c(h, w), c(h), T(h)), the shortest context first, in usual wrong ways."""
    p = below
    for pair_, total, different in levels:
        if not total:
            p = 0.0 if fault == "unseen" else p
        elif fault == "bare" and not pair_:
            continue
        elif fault == "seen" and pair_:
            p = pair_ / (total + different)
        elif fault == "apart":
            p = pair_ / total + different / (total + different) * p
        elif fault == "added":
            p = pair_ / (total + different) + p
        else:
            p = (pair_ + different * p) / (total + different)
    return p


def count_mistakes(text: str, context: str, w: str, V: int) -> dict[str, float]:
    contexts = [context[k:] for k in range(len(context), -1, -1)]
    after = followers(text, contexts)

    def levels(after=after, total=len, T=lambda a: len(set(a)), pair_=lambda a, h: a.count(w)):
        return [(pair_(a, h), total(a), T(a)) for a, h in zip(after, contexts, strict=True)]

    plain, low = levels(), 1 / V
    letters = text.count(w) / len(text)
    once = [sum(text.count(h + v) for v in set(text)) for h in contexts]
    at_end = [(c, n + (h != "" and text.endswith(h)), t)
              for (c, n, t), h in zip(plain, contexts, strict=True)]  # fmt: skip
    overlap = [(text.count(h + w), n, t)
               for h, n, (_, _, t) in zip(contexts, once, plain, strict=True)]  # fmt: skip
    above = [(text.count(h + w), n, t) for h, (_, n, t) in zip(contexts, plain, strict=True)]
    found = other_levels(text, contexts, levels, low) | other_texts(text, contexts, w, levels, low)
    return found | {
        "the shorter context is not mixed in": next(
            (c / n for c, n, _ in reversed(plain) if n), low),
        "this adds one to every count: another method": OneOf((
            next(((c + 1) / (n + V) for c, n, _ in reversed(plain) if n), low),
            (plain[-1][0] + 1) / (plain[-1][1] + V))),
        "below h stands P(w | h'), mixed in turn, not 1 / V": mixed(plain[-1:], low),
        "the empty context counts letters: 1 / V stands below it, not in its place": mixed(
            plain[1:], low),
        "the empty context is mixed too: T(h) / V stands in its numerator": mixed(
            plain[1:], letters),
        "a context never seen gives P(w | h'), not 0": mixed(plain, low, "unseen"),
        "str.count leaves out places that overlap": mixed(overlap, low),
        "c(h, w) too counts places that overlap: not by str.count": mixed(above, low),
        "an h at the very end of the text is followed by nothing: c(h) sums c(h, w)": mixed(
            at_end, low),
        "T(h) counts the different characters after h, each once: this mixes half and half": mixed(
            levels(T=len), low),
        "T(h) counts the characters seen after h, not all V, nor all of the text": OneOf(
            mixed(levels(T=lambda a, n=n: n), low) for n in (V, len(set(text)))),
        "P(w | h') is weighted by T(h) / (c(h) + T(h))": mixed(plain, low, "added"),
    }  # fmt: skip


def before(text: str, contexts: list[str]) -> list[str]:
    """What stands before each context in the text."""
    places = [[k for k in range(1, len(text)) if text.startswith(h, k)] for h in contexts]
    return ["".join(text[k - 1] for k in several) for several in places]


def as_bytes(text: str) -> str:
    """A character for each byte."""
    return text.encode().decode("latin-1")


def halves(n: int) -> list[int]:
    """n, its half, the half of that, down to 0, the shortest first."""
    return [*halves(n // 2), n] if n else [0]


def other_levels(text: str, contexts: list[str], levels, low: float) -> dict[str, float]:
    plain = levels()
    seen = [level for level in plain if level[1]]
    return {
        "h' is h without its first character, one step at a time, not the empty one at once": mixed(
            plain if plain[-1][1] else plain[:1], low),
        "P(w | h') is mixed in turn, not P of the empty context in its place": mixed(
            [*plain[:1], *seen[1:][-1:]], low),
        "below the empty context stands 1 / V, not 1 over the characters of the text": mixed(
            plain, 1 / len(set(text))),
        "a context that is never followed gives P(w | h'), not 1 / V at once": (
            mixed(plain, low) if plain[-1][1] else low),
        "P(w | h') is mixed in where w was seen too": mixed(plain, low, "seen"),
        "where w never follows h P(w | h') has its share, T(h) of c(h) + T(h)": mixed(
            plain, low, "bare"),
        "h' is one character shorter than h, not half of it": mixed(
            [plain[n] for n in halves(len(contexts) - 1)], low),
        "T(h) may be 1": mixed(levels(T=lambda a: max(2, len(set(a)))), low),
        "both shares have the same divisor, c(h) + T(h)": mixed(plain, low, "apart"),
        "the context may have any length: only its last characters are used": OneOf(
            mixed(plain[:k], low) for k in range(2, len(plain) + 1)),
    }  # fmt: skip


def other_texts(text: str, contexts: list[str], w: str, levels, low: float) -> dict[str, float]:
    """What comes where something else is counted than that text after these contexts."""
    plain = levels()
    line_by_line = [followers(line, contexts) for line in text.splitlines()]
    found = matched(text, contexts, True)
    lines = found, [text, *found[1:]], ["".join(a) for a in zip(*line_by_line, strict=True)]
    patterns = [mixed(levels(matched(text, contexts, False, how)), low) for how in (re.DOTALL, 0)]
    if patterns[1] == mixed(levels(found), low):  # then it is the new line alone
        patterns.pop()
    ends = [contexts[-1][:k] for k in range(len(contexts))]
    both = [(text.count(h + w), text.count(h) if h else len(text), t)
            for h, (_, _, t) in zip(contexts, plain, strict=True)]  # fmt: skip
    return {
        "str.count leaves out places that overlap, and counts the one at the end": mixed(both, low),
        "h' is h without its first character, not its last": mixed(
            levels(followers(text, ends)), low),
        "return P itself, not its bits": -math.log2(mixed(plain, low)),
        "the first character follows the empty context too": mixed(
            levels([text[1:], *followers(text, contexts)[1:]]), low),
        "a context is plain characters, not a regular expression: re.escape": OneOf(patterns),
        "a new line is a character like any other: re.DOTALL, no splitlines()": OneOf(
            mixed(levels(after), low) for after in lines),
        "characters are counted, not bytes": mixed(
            levels(followers(as_bytes(text), [as_bytes(h) for h in contexts]),
                   pair_=lambda a, h: a.count(as_bytes(w))), low),
        "a capital is another character: no lower()": mixed(
            levels(followers(text.lower(), [h.lower() for h in contexts]),
                   pair_=lambda a, h: a.count(w.lower())), low),
        "the text counts as it is, with the spaces at its ends: no strip()": mixed(
            levels(followers(text.strip(), contexts)), low),
        "the last character of the text follows too": mixed(
            levels(followers(text[:-1], contexts)), low),
        "w stands after h, not before it": mixed(levels(before(text, contexts)), low),
        "places may overlap: text.split(h) finds some of them": mixed(
            levels([text, *("".join(p[:1] for p in text.split(h)[1:]) for h in contexts[1:])]), low),
        "a character that the text does not hold is drawn too, by T(h) / V": (
            0.0 if w not in text else mixed(plain, low)),
        "a character that the text does not hold is mixed as any other": (
            low if w not in text else mixed(plain, low)),
    }  # fmt: skip


def count_case(text: str, context: str, w: str, V: int) -> Case:
    letters = sorted(set(text + context + w))
    tokens = {letter: number for number, letter in enumerate(letters)}
    model = NGram(torch.tensor([tokens[a] for a in text]), len(context) + 1, V)
    at = torch.tensor([tokens[a] for a in context], dtype=torch.int64)
    want = model.next_distribution(at)[tokens[w]].item()
    tried = f"witten_bell({text!r}, {context!r}, {w!r}, {V=})"
    given = (text, context, w, V)
    return Case(tried, given, want, lambda: count_mistakes(*given))


def compare_probability(came, want, tried, tolerance) -> None:
    number(came, want, tried, tolerance=tolerance, plain=float)


def kept(witten_bell) -> str:
    """What is said of an answer that gives the same for texts in which all counts differ."""
    texts = ("xyxzzx", "xyxyxyxzzxz")
    try:
        came = [call(witten_bell, text, "x", "y", 4, tried="another text") for text in texts]
    except Wrong:
        return ""
    return KEPT_COUNTS * (came[0] == came[1])


@item("Item 10, witten_bell")
def check_counting(witten_bell, text: str, V: int, pairs: list[tuple[str, str]]) -> None:
    """P of each (context, character) against the course's own n-gram model."""
    more = (("abab", "a", "b", 3), ("aaab", "aa", "a", 3), ("abcab", "qa", "b", 5))
    more += (("abcabcbca", "abc", "a", 4), ("abcab", "a", "c", 4))
    probes = [count_case(*one) for one in more]
    for context, w in pairs:
        case = count_case(text, context, w, V)
        try:
            judge(witten_bell, case, probes, compare_probability, 1e-9, without=(NGram.__init__,))
        except Wrong as wrong:
            wrong.likely = wrong.likely or kept(witten_bell)
            raise


@item("Item 10, witten_bell")
def check_many_counts(witten_bell, text: str, V: int) -> None:
    """Contexts of no to seven characters from all over the text, and some that it does not hold."""
    contexts = {text[k : k + n] for n in (0, 1, 2, 3, 4, 7) for k in (1, 4, len(text) - n)}
    pairs = [(h, w) for h in sorted(contexts | {"q", "sq", "qas", "ssis"})
             for w in sorted({text[2], text[5], "i", "#"})
             if len(set(text + h + w)) <= V]  # fmt: skip
    check_counting(witten_bell, text, V, pairs)
