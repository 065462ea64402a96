"""Item 3: tokens shown as they come, by Python's own decoder."""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Callable

from checks.calls import Case, item, judge
from checks.compare import equal
from checks.values import OneOf
from helpers.data.bpe import BPE


def pieces_of(text: str | bytes, sizes: list[int]) -> list[bytes]:
    """Its bytes, cut after so many each time."""
    data, found = text.encode() if isinstance(text, str) else text, []
    for size in sizes:
        found.append(data[:size])
        data = data[size:]
    return [*found, data] if data else found


def streamed(pieces: list[bytes], errors: str = "replace", end: bool = True) -> list[str]:
    decoder, last = codecs.getincrementaldecoder("utf-8")(errors), len(pieces) - 1
    return [decoder.decode(piece, end and k == last) for k, piece in enumerate(pieces)]


def held_back(pieces: list[bytes], until: str) -> list[str]:
    """Shown when all bytes so far make whole characters, or when none at the end is U+FFFD."""
    found, shown = [], ""
    for k in range(1, len(pieces) + 1):
        text = b"".join(pieces[:k]).decode(errors="replace")
        ready = k == len(pieces) or not text.endswith("\ufffd")
        if until == "never U+FFFD":
            ready = k == len(pieces) or "\ufffd" not in text
        found.append(text[len(shown) :] if ready else "")
        shown = text if ready else shown
    return found


def at_once(pieces: list[bytes]) -> list[str]:
    """What waits is shown when all of it makes whole characters."""
    found, waiting = [], b""
    for k, piece in enumerate(pieces, 1):
        waiting += piece
        try:
            found.append(waiting.decode())
            waiting = b""
        except UnicodeDecodeError:
            found.append("" if k < len(pieces) else waiting.decode(errors="replace"))
    return found


def signs_wait(pieces: list[bytes]) -> list[str]:
    """Every U+FFFD at the end is taken for the beginning of a character."""
    found, shown = [], 0
    for k in range(1, len(pieces) + 1):
        text = b"".join(pieces[:k]).decode(errors="replace")
        text = text if k == len(pieces) else text.rstrip("\ufffd")
        found.append(text[shown:])
        shown = max(shown, len(text))
    return found


def by_first_byte(pieces: list[bytes], longest: int) -> list[str]:
    """The first byte of a character taken to say how many there are, at most so many."""
    found, waiting = [], b""
    for piece in pieces:
        waiting, shown = waiting + piece, ""
        while waiting:
            size = min(longest, 1 + sum(waiting[0] >= least for least in (0x80, 0xE0, 0xF0)))
            if len(waiting) < size:
                break
            shown, waiting = shown + waiting[:size].decode(errors="replace"), waiting[size:]
        found.append(shown)
    return [*found[:-1], found[-1] + "\ufffd"] if waiting else found


def looked_back(pieces: list[bytes], most: int) -> list[str]:
    """The longest beginning that is whole is shown, if at most so many bytes stand behind it."""
    found, waiting = [], b""
    for piece in pieces:
        waiting += piece
        whole = waiting.decode(errors="ignore").encode()
        fits = len(waiting) - len(whole) <= most and waiting.startswith(whole)
        found.append(whole.decode() if fits else "")
        waiting = waiting[len(whole) :] if fits else waiting
    return [*found[:-1], found[-1] + waiting.decode(errors="replace")] if found else []


def given_up(pieces: list[bytes], most: int) -> list[str]:
    """Where more than so many bytes wait, all of them are shown as they are."""
    found, waiting = [], b""
    for piece in pieces:
        waiting += piece
        ends = range(len(waiting), max(-1, len(waiting) - most - 1), -1)
        whole = next((n for n in ends if _whole(waiting[:n])), len(waiting))
        found.append(waiting[:whole].decode(errors="replace"))
        waiting = waiting[whole:]
    return [*found[:-1], found[-1] + "\ufffd"] if waiting else found


def by_number(pieces: list[bytes]) -> list[str]:
    """The text is taken to end wherever the last token stands."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    return [decoder.decode(piece, piece == pieces[-1]) for piece in pieces]


def _whole(data: bytes) -> bool:
    return data.decode(errors="ignore").encode() == data


CHANGES: tuple[Callable[[str], str], ...] = (
    str.strip, lambda s: s.replace("\r\n", "\n"), lambda s: s.replace("\x00", ""),
    lambda s: s.replace("\ufeff", ""), lambda s: unicodedata.normalize("NFC", s),
    lambda s: s.replace("\r", ""), lambda s: "".join(filter(str.isprintable, s)),
)  # fmt: skip


def waiting_mistakes(pieces: list[bytes]) -> dict[str, list[str]]:
    want, whole = streamed(pieces), b"".join(pieces)
    left = len(whole) - len(whole.decode(errors="ignore").encode())
    bare = [part.replace("\ufffd", "") for part in streamed(pieces, end=False)]
    early = streamed(pieces, end=False)
    last = max((k for k, p in enumerate(pieces) if p), default=0)
    early[last : last + 1] = [part + "\ufffd" * (left > 0) for part in early[last : last + 1]]
    return {
        "one U+FFFD stands behind the last string's characters, not in their place": (
            [*want[:-1], "\ufffd"] if left else None
        ),
        "the sign stands in the last string, also if the last token has no bytes": OneOf(
            (early, streamed(pieces, end=pieces[-1:] != [b""]))
        ),
        "the sign may be in the text, and is shown there too": OneOf(
            [*bare[:-1], *end]
            for end in ([part + "\ufffd" * (left > 0) for part in bare[-1:]],
                        [whole.decode(errors="replace")[len("".join(bare[:-1])) :]])
        ),
        "characters are shown as they are, white space, NUL and the like too": OneOf(
            [change(part) for part in want] for change in CHANGES
        ),
        "up to three bytes may wait behind a character that is complete": OneOf(
            looked_back(pieces, most) for most in (1, 2)
        ),
        "up to three bytes may wait: they are shown when they make a character, not before": OneOf(
            given_up(pieces, most) for most in (1, 2)
        ),
        "what waits is shown up to the last whole character, not only when all of it is whole": (
            at_once(pieces)
        ),
        "only incomplete bytes wait, not every U+FFFD at the end: it may be in the text": (
            signs_wait(pieces)
        ),
        "a character has up to four bytes": by_first_byte(pieces, 3),
        "what is left of a character at the end becomes one U+FFFD, not one for each byte": [
            *want[:-1], *(part + "\ufffd" * max(0, left - 1) for part in want[-1:]),
        ],
    }  # fmt: skip


def stream_mistakes(pieces: list[bytes]) -> dict[str, list[str] | None]:
    want, open_end = streamed(pieces), streamed(pieces, end=False)
    whole = b"".join(pieces)
    return waiting_mistakes(pieces) | {
        "a character may lie in two tokens: join their bytes before they are decoded": [
            piece.decode(errors="replace") for piece in pieces
        ],
        "a character may lie in two tokens: its parts must not be thrown away": [
            piece.decode(errors="ignore") for piece in pieces
        ],
        "what is left of a character at the end becomes one U+FFFD": open_end,
        "what is left of a character at the end becomes one U+FFFD, in the last string": (
            None if want == open_end else [*open_end, "\ufffd"]
        ),
        "each string is what is new, not all so far": [
            "".join(want[: k + 1]) for k in range(len(want))
        ],
        "only incomplete bytes wait, not all that ends with U+FFFD, which may be in the text": (
            held_back(pieces, "no U+FFFD at the end")
        ),
        "U+FFFD may be in the text: what comes after it is shown too": held_back(
            pieces, "never U+FFFD"
        ),
        "show whole characters as soon as they are complete, not the whole text at the end": [
            *[""] * (len(want) - 1), *([whole.decode(errors="replace")] if want else []),
        ],
        "the end is the last place of the list, not wherever the last token's number stands": (
            by_number(pieces)
        ),
        "a byte is no character: decode UTF-8": [piece.decode("latin-1") for piece in pieces],
        "a string for every token, also an empty one": OneOf(
            (
                [part for part in want if part],
                [part for part, piece in zip(want, pieces, strict=True) if piece],
            )
        ),
        "a list of strings, not the whole text": "".join(want),
    }  # fmt: skip


def stream_case(text: str | bytes, sizes: list[int], order: int = 1) -> Case:
    parts = pieces_of(text, sizes)
    known = sorted(set(parts) | {b"\xff", b"q"})[::order]
    tokens = [known.index(part) for part in parts]
    edge = "" if parts else "no tokens give no strings: see to it first"
    return Case(
        f"stream(tokens of the bytes {parts})", (tokens, known), streamed(parts),
        lambda: stream_mistakes(parts), edge,
    )  # fmt: skip


@item("Item 3, stream")
def check_stream(stream, text: str | bytes, sizes: list[int]) -> None:
    """That text in tokens of so many bytes; the last token has the rest."""
    few = (b"a\xe5\x9c", [1]), (b"ab\xf0\x9f\x98", [3]), ("\ufffdabc", [3, 1, 1]), ("ab", [1])
    few += (("\U0001f600x", [3, 1]), ("\u5730x", [2]), ("b\u5730", [2]), ("\U0001f600x", [2, 2]))
    probes = [stream_case(*one, order=-1) for one in few]
    judge(stream, stream_case(text, sizes), probes, equal, 0, without=(BPE.decode,))
