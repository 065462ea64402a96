"""Items 11 and 12: tests that students write, tried on models with a cache, right ones and wrong.

What is said of a test that fails is tried: on other models, and by what it asked this one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import SystemRandom

import torch

from checks.calls import call, item
from checks.compare import Wrong, no_generator
from checks.gpt.readers import MOST, UNKNOWN, Exact, Reader

Faults = dict[str, tuple[str, str]]  # what is wrong, and what shows it

TOO_MANY = "several texts fit into one call: fewer prompts, or fewer repetitions, will do"
FULL = "write until the context is full"
WRITING: Faults = {
    "start": ("places begin at 0 in every call", "compare with the logits of one reading"),
    "behind": (
        "after a prompt of several tokens the first new one has the place of the prompt's last",
        "try a prompt of several tokens too",
    ),
    "twice": (
        "from the third call on the prompt's tokens are counted twice",
        "go on for several tokens",
    ),
    "single": ("a prompt of one token is not counted", "try a prompt of a single token too"),
    "corner one": (
        "a token over a cache sees the cache's first token only",
        "compare with the logits of one reading",
    ),
    "itself": (
        "a token over a cache does not see itself",
        "compare with the logits of one reading",
    ),
    "half": (
        "beyond half of the context the first token is forgotten",
        FULL,
    ),
    "full": (
        "when the context is full the first token is forgotten",
        FULL,
    ),
    "last": (
        "when the context is full one logit is 0.05 too large",
        FULL,
    ),
    "scaled": (
        "over a cache all logits are 5 % too large",
        "compare all logits, not the likeliest token",
    ),
}
READING: Faults = {
    "corner": (
        "the mask of several tokens over a cache lies in the top left corner",
        "read several tokens over a cache",
    ),
    "open": (
        "several tokens over a cache see each other's future",
        "compare the logits of all tokens, not the last one's alone",
    ),
    "ends": (
        "of several tokens over a cache all but the last have the logits of the last",
        "compare the logits of all tokens, not the last one's alone",
    ),
    "pieces": (
        "a third piece has the places of the second",
        "read a text in more than two pieces, the third of several tokens",
    ),
    "rows": (
        "over a cache all rows look at that of the first row",
        "read several different texts at once",
    ),
    "second row": (
        "several tokens over a cache: in all rows but the first places begin at 0",
        "compare all rows",
    ),
    "together": (
        "of several texts read at once, with no cache too, each gets half of another's logits",
        "read several different texts at once, and each of them alone to compare with",
    ),
    "left": (
        "what was read in the last call without a cache is still seen in the next one",
        "read another text between, or a text twice",
    ),
}
RIGHT = {
    "learnt": "learnt places",
    "rotary": "rotary places",
    "rounding": "its logits differ by 0.00001, which is rounding",
    "double": "its logits are float64",
}


def once(test: Callable, model: Callable, V: int, context: int, told: str) -> tuple:
    """What the test returned, and the Wrong that comes of its AssertionError; others are raised."""
    torch.manual_seed(0)
    try:
        came = call(test, lambda *a, **named: model(*a, **named), V, context, tried=told)
    except Wrong as wrong:
        if not isinstance(wrong.__cause__, AssertionError):
            raise
        return None, wrong
    no_generator(came, told)
    return came, None


def caught(test: Callable, model: Callable, V: int, context: int) -> bool:
    try:
        return once(test, model, V, context, "")[1] is not None
    except Wrong:
        return False


def why_rejected(test: Callable, reader: Reader, V: int, context: int) -> str:
    """Why a right model may be rejected."""
    if reader.odd or not caught(test, Exact(V, context), V, context):
        return reader.odd or "right means: all logits within 1e-4, which is rounding"
    if not caught(test, lambda text, cache=None: (torch.randn(*text.shape, V), [text]), V, context):
        return (
            "a model that says something else in each call is not caught: is the test turned round?"
        )
    return (
        "even a right model without any rounding is rejected: does each call go on from the cache "
        "of the call before it, with the same texts in the same rows, and is each logit compared "
        "with that of the same text and place?"
    )


def why_missed(test: Callable, reader: Reader, hint: str, V: int, context: int) -> str:
    """Why a wrong model may not be caught; hint: what shows its fault."""
    whole = max([0] + [t.shape[1] for t, sizes in reader.calls if not sizes])
    over = max([0] + [sum(sizes) + t.shape[1] for t, sizes in reader.calls if sizes])
    if not over:
        return "nothing is read over a cache"
    begun = max([0] + [sizes[0] for _, sizes in reader.calls if sizes])
    pieces = [len(sizes) for _, sizes in reader.calls]  # before each call
    if whole < over and whole <= begun and pieces.count(0) <= pieces.count(1):
        return "no text is read at once, without a cache: with its logits all others are compared"
    if not caught(test, Reader(V, context, "zero"), V, context):
        likely = "logits that are all 0 over a cache are not caught either: "
        return (
            likely
            + "does it assert anything? Does its error come out, and is its tolerance below 0.01?"
        )
    if not caught(test, Reader(V, context, "large"), V, context):
        likely = "logits that are 100 times too large are not caught either: "
        return likely + "compare all, not the likeliest token"
    if not caught(test, Reader(V, context, "both signs"), V, context):
        return "differences of both signs cancel: compare each logit by itself, no mean of them"
    if hint == FULL and over == context:
        return "a fault in the last places is not caught: compare each logit, no mean of them"
    return hint


def why_raised(wrong: Wrong, reader: Reader) -> str:
    """What an error that is no AssertionError comes of."""
    if re.search(r"\bcache\s*[\[.]", wrong.at):
        return UNKNOWN
    own = "" if "refuses" in wrong.likely else wrong.likely
    return reader.odd or own or "only an AssertionError says that a model is wrong"


def outcome(*given) -> tuple:
    """What comes of `once`, and the Wrong that it raised."""
    try:
        return *once(*given), None
    except Wrong as wrong:
        return None, None, wrong


def try_on(test: Callable, name: str, faults: Faults, V: int, context: int) -> None:
    """Fail unless the test lets the right models live, and none of those with a fault."""
    told = {}
    for fault in sorted([*RIGHT, *faults]):
        told[fault] = f"{name}(a {'wrong' if fault in faults else 'right'} model: "
        told[fault] += f"{faults[fault][0] if fault in faults else RIGHT[fault]}, {V=}, {context=})"
    order = SystemRandom().sample(list(told), len(told))  # which no test can foresee
    readers = {fault: Reader(V, context, fault) for fault in order}
    found = {fault: outcome(test, readers[fault], V, context, told[fault]) for fault in order}
    for fault, tried in told.items():
        reader, (came, raised, wrong) = readers[fault], found[fault]
        if len(reader.calls) > MOST:
            raise Wrong(tried, f"at most {MOST:,} calls of the model", "more", TOO_MANY)
        if wrong is not None:
            if wrong.__cause__ is not None and wrong.expected == "a result":
                wrong.expected = "no error, or an AssertionError"
                wrong.likely = why_raised(wrong, reader)
            raise wrong
        if fault in RIGHT and raised:
            likely = why_rejected(test, reader, V, context)
            raise Wrong(tried, "no error", raised.came, likely, raised.at)
        if fault in faults and not raised:
            likely = "a test raises AssertionError (assert ...): it returns nothing"
            if came is None:
                likely = why_missed(test, reader, faults[fault][1], V, context)
            raise Wrong(tried, "AssertionError", "no error", likely)


@item("Item 11, test_writing")
def check_writing(test_writing, faults: list[str] | None, V: int, context: int) -> None:
    """Tokens read one at a time over a cache; faults: some of WRITING, None: all."""
    wrong = {name: WRITING[name] for name in faults or WRITING}
    try_on(test_writing, "test_writing", wrong, V, context)


@item("Item 12, test_reading")
def check_reading(test_reading, faults: list[str] | None, V: int, context: int) -> None:
    """Several tokens and several texts at once; faults: some of READING, None: all."""
    wrong = {name: READING[name] for name in faults or READING}
    try_on(test_reading, "test_reading", wrong, V, context)
