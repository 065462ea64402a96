"""Item 7: a text in pieces, by the course's own streams of length 1."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from checks.calls import Case, item, judge
from checks.compare import begun, equal, fail, kind, pair
from checks.values import OneOf
from helpers.models import rnn

Pieces = list[tuple[Tensor, Tensor]]
FILLED = "the pieces are one and the same tensor, filled anew: make a new one for each"


def shown(pieces: Pieces) -> str:
    """'ab fg > bc gh | ...': the rows of x, > those of y, | the next piece."""

    def letter(n: int) -> str:
        return chr(n) if 32 < n < 127 else f"<{n}>"

    def rows(part: Tensor) -> str:
        return " ".join("".join(map(letter, row)) for row in part.tolist())

    return " | ".join(f"{rows(x)} > {rows(y)}" for x, y in pieces)


def split(x: Tensor, y: Tensor, T: int) -> Pieces:
    return list(zip(x.split(T, 1), y.split(T, 1), strict=True)) if x.numel() else []


def columns(tokens: Tensor, B: int) -> tuple[Tensor, Tensor]:
    """All that B streams read, and their targets, (B, M) each."""
    try:
        pairs = list(rnn.streams(tokens, B, 1))
    except ValueError:  # too few characters
        return tokens.new_zeros(B, 0), tokens.new_zeros(B, 0)
    return torch.cat([x for x, _ in pairs], 1), torch.cat([y for _, y in pairs], 1)


def cut_case(text: str, B: int, T: int) -> Case:
    tokens = torch.tensor(list(text.encode()), dtype=torch.uint8)
    x, y = columns(tokens, B)
    edge = "a text with too few characters gives an empty list: see to it first"
    return Case(
        f"cut({text!r} as tokens, {B=}, {T=})", (tokens, B, T), split(x, y, T),
        lambda: other_rows(tokens, B, T) | other_pieces(x, y, T) | joined(x, y, T), "" if x.numel() else edge,
    )  # fmt: skip


def other_rows(tokens: Tensor, B: int, T: int) -> dict[str, Pieces | None]:
    """Pieces of a text that is laid out in other rows."""
    M, longer = (len(tokens) - 1) // B, len(tokens) // B
    read, after, x = tokens[: B * M], tokens[1 : B * M + 1], columns(tokens, B)[0]
    whole, next_ = tokens[: B * longer], tokens.roll(-1)[: B * longer]
    ended = F.pad(tokens[1:], (0, 1))[: B * longer]  # a 0 behind the text
    interleaved = "each row is a stretch of the text: view(B, M), not view(M, B).T"

    def side_by_side(flat: Tensor) -> list[Tensor]:
        parts = flat.split([B * len(p) for p in torch.arange(M).split(T)])
        return [part.view(B, -1) for part in parts]

    pairs = zip(side_by_side(read), side_by_side(after), strict=True) if M else ()
    return {
        interleaved: split(read.view(M, B).T, after.view(M, B).T, T),
        interleaved + "; M = (N - 1) // B": split(
            whole.view(longer, B).T, next_.view(longer, B).T, T
        ),
        "row b of a piece goes on where row b of the last one ended": list(pairs),
        "the last character has no target: M = (N - 1) // B": OneOf(
            split(whole.view(B, longer), after.view(B, longer), T) for after in (next_, ended)
        ),
        "a target is found by its place: the same character may come again": OneOf(
            split(x, x.clone().apply_(after.get), T) for after in followers(tokens)
        ) if M else None,
        "row b begins at place b * M": split(
            whole.view(B, longer)[:, :M], next_.view(B, longer)[:, :M], T
        ),
        "M = (N - 1) // B: one character of each row is missing": OneOf(
            split(*columns(tokens[: B * size + 1], B), T) for size in (M - 1, M)
        ) if M > 1 else None,
        "row 0 begins with the first character: what is left over is at the end": split(
            *columns(tokens[len(tokens) - B * M - 1 :], B), T
        ) if M else None,
        "the target is the next character, not the one after it": OneOf(
            split(x, after[: B * M].view(B, M), T)
            for after in (tokens.roll(-2), F.pad(tokens[2:], (0, 2)))
        ) if M else None,
    }  # fmt: skip


def followers(tokens: Tensor) -> list[dict[int, int]]:
    """For each character what follows it, at its last place and at its first."""
    pairs = list(zip(tokens[:-1].tolist(), tokens[1:].tolist(), strict=True))
    return [dict(pairs), dict(pairs[::-1])]


def joined(x: Tensor, y: Tensor, T: int) -> dict[str, Pieces]:
    """The rest, where there is one, in one piece with the last that is full."""
    last = (x.shape[1] // T - 1) * T
    if last < 0 or not x.shape[1] % T:
        return {}
    pieces = [*split(x[:, :last], y[:, :last], T), (x[:, last:], y[:, last:])]
    return {"the last piece is the shorter rest, not joined to the one before it": pieces}


def other_pieces(x: Tensor, y: Tensor, T: int) -> dict[str, Pieces | None]:
    """The right rows with other targets, or cut in other places."""
    want, M = split(x, y, T), x.shape[1]
    last, number, sizes = slice(max(0, M - T), M), -(-M // T), [M % T] + [T] * (M // T)
    return {
        "what does not fill a piece is dropped: keep it as a shorter one": want[: M // T],
        "the target is the next character": split(x, x, T),
        "the target is the next character, not the one before": split(y, x, T),
        "the target is the next character of the text, not of the alphabet": split(x, x + 1, T),
        "the last target of a row is the first character of the next row": OneOf(
            split(x, torch.cat([x.roll(-1, 1).flatten()[:-1], end]).view_as(x), T)
            for end in (x[-1:, :1].flatten(), y[-1:, -1:].flatten())
        ) if M else None,
        "the last target of a row is that of the next row, not the first of all": split(
            x, x.flatten().roll(-1).view_as(x), T
        ),
        "no character is read twice: the last piece is shorter": [
            *want[: M // T], *([(x[:, last], y[:, last])] if M % T else []),
        ],
        "the last piece is the shorter one, not the first": list(
            zip(x.split(sizes, 1), y.split(sizes, 1), strict=True)
        ) if M % T else None,
        "each piece begins where the last one ended, T further on": OneOf(
            [(x[:, s : s + T], y[:, s : s + T]) for s in starts]
            for starts in (range(M), range(M - T + 1), range(0, M, T + 1), range(0, M, max(1, T - 1)))
        ) if M else None,
        "T characters at a time: this is all in one piece": [(x, y)] if M else None,
        "within a piece the last character has a target too": OneOf(
            [(a[:, :-1], a[:, 1:]) for a, _ in want if a.shape[1] > least] for least in (0, 1)
        ) if M else None,
        "x and y are (B, T), the steps along dim 1": [(a.T, b.T) for a, b in want] if M else None,
        "the last piece is shorter, not filled up": [
            (F.pad(a, (0, T - a.shape[1])), F.pad(b, (0, T - b.shape[1]))) for a, b in want
        ],
        "T may be longer than the text: the one piece is shorter then": [] if M < T else want,
        "pieces are T characters long and the last is shorter, not all alike": list(
            zip(x.tensor_split(number, 1), y.tensor_split(number, 1), strict=True)
        ) if M else None,
        "a text with too few characters gives an empty list": None if M else [(x, y)],
    }  # fmt: skip


def compare_pieces(came, want, tried) -> None:
    begun(came, tried)
    if not isinstance(came, list | tuple):
        fail(tried, "a list of pairs (x, y)", kind(came))
    plain = []
    for one in came:
        for part in pair(one, "(x, y)", tried):
            if not isinstance(part, Tensor) or part.dtype != torch.int64 or part.ndim != 2:
                likely = "an embedding and a loss need int64: .long()"
                if not isinstance(part, Tensor) or part.dtype == torch.int64:
                    lost = isinstance(part, Tensor) and part.ndim < 2
                    likely = "a dimension of size 1 is lost: no squeeze" * lost
                fail(tried, "torch.int64 (B, T) for x and for y", kind(part), likely)
        plain.append(tuple(one))
    mistakes = {FILLED: shown(filled_anew(want))}
    equal(shown(plain), shown(want), tried + ", shown as x > y, pieces between |", mistakes)


def filled_anew(pieces: list) -> list:
    """What these pairs hold in the end, if all of them are parts of the same two tensors."""
    both = [part.clone() for part in pieces[0]] if pieces else []
    for piece in pieces:
        for one, part in zip(both, piece, strict=True):
            one[:, : part.shape[1]] = part
    return [tuple(one[:, : x.shape[1]] for one in both) for x, _ in pieces]


@item("Item 7, cut")
def check_streams(cut, text: str, B: int, T: int) -> None:
    """The pieces of that text, of different characters best."""
    probes = [cut_case(*one) for one in (("abcdef", 2, 2), ("abcdefghijk", 2, 2), ("abcd", 1, 2))]
    judge(cut, cut_case(text, B, T), probes, compare_pieces, 0, without=(rnn.streams,))
