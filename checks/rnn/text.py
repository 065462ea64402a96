"""Items 7 and 8: a text in pieces, by the course's own streams of length 1; learning from them."""

from __future__ import annotations

import math
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checks.calls import Case, call, item, judge
from checks.compare import begun, equal, fail, kind, number, pair, tensor
from checks.values import OneOf, alike, listed
from helpers.models import rnn

Pieces = list[tuple[Tensor, Tensor]]


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
        lambda: other_rows(tokens, B, T) | other_pieces(x, y, T), "" if x.numel() else edge,
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
        "M = (N - 1) // B: one character of each row is missing": split(
            *columns(tokens[: B * (M - 1) + 1], B), T
        ) if M > 1 else None,
    }  # fmt: skip


def followers(tokens: Tensor) -> list[dict[int, int]]:
    """For each character what follows it, at its last place and at its first."""
    pairs = list(zip(tokens[:-1].tolist(), tokens[1:].tolist(), strict=True))
    return [dict(pairs), dict(pairs[::-1])]


def other_pieces(x: Tensor, y: Tensor, T: int) -> dict[str, Pieces | None]:
    """The right rows with other targets, or cut in other places."""
    want, M = split(x, y, T), x.shape[1]
    last, number = slice(max(0, M - T), M), -(-M // T)
    return {
        "what does not fill a piece is dropped: keep it as a shorter one": want[: M // T],
        "the target is the next character": split(x, x, T),
        "the target is the next character, not the one before": split(y, x, T),
        "the target is the next character of the text, not of the alphabet": split(x, x + 1, T),
        "the last target of a row is the first character of the next row": split(
            x, x.roll(-1, 1), T
        ),
        "the last target of a row is that of the next row, not the first of all": split(
            x, x.flatten().roll(-1).view_as(x), T
        ),
        "no character is read twice: the last piece is shorter": [
            *want[: M // T], *([(x[:, last], y[:, last])] if M % T else []),
        ],
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
    equal(shown(plain), shown(want), tried + ", shown as x > y, pieces between |")


@item("Item 7, cut")
def check_streams(cut, text: str, B: int, T: int) -> None:
    """The pieces of that text, of different characters best."""
    probes = [cut_case(*one) for one in (("abcdef", 2, 2), ("abcdefghijk", 2, 2), ("abcd", 1, 2))]
    judge(cut, cut_case(text, B, T), probes, compare_pieces, 0, without=(rnn.streams,))


class Careful(rnn.LanguageModel):
    """5 characters, 4 units, weights of plain arithmetic; refuses a state with a graph behind it."""

    def __init__(self, cell: str) -> None:
        super().__init__(5, 4, 3, cell)
        self.double()
        for k, p in enumerate(self.parameters(), 1):
            p.data.copy_(torch.sin(k * torch.arange(1.0, p.numel() + 1)).view_as(p))
            p.grad = torch.ones_like(p)  # left over from another use

    def forward(self, tokens: Tensor, state=None):
        if isinstance(state, list):
            state = tuple(state)
        parts = () if state is None else state if isinstance(state, tuple) else (state,)
        if any(part.requires_grad for part in parts):
            raise RuntimeError(
                "the state still holds the graph of the last piece: detach it (both parts)"
            )
        return super().forward(tokens, state)


def text_pieces(B: int, lengths: list[int]) -> Pieces:
    """Pieces of the text 012012..., each going on where the last one ended."""
    M = sum(lengths)
    tokens = torch.arange(B * M + 1) % 3
    x, y = tokens[:-1].view(B, M), tokens[1:].view(B, M)
    pieces = zip(x.split(lengths, 1), y.split(lengths, 1), strict=True)
    return [(a.contiguous(), b.contiguous()) for a, b in pieces]


FAULTS = {
    "each piece starts from a blank state: hand the last state on": "blank",
    "the loss is in nats: divide by ln 2": "nats",
    "the loss is in nats: divide by ln 2, not multiply": "times",
    "the mean over the characters of a piece, not their sum": "sum",
    "the mean over all characters of a piece, not the sum over its steps": "steps",
    "each piece goes on from the state before, a shorter one too": "short",
    "cross_entropy takes logits: no softmax before it": "softmax",
    "time and characters are mixed up: transpose(1, 2), not view": "axes",
    "back-propagate the cross-entropy itself; bits are for the report": "bits",
    "the gradients are not clipped (or only after the step)": "unclipped",
    "each parameter is clipped for itself: one norm of all together": "each",
    "the values are clipped: scale all by one factor": "values",
    "a norm below tau is left as it is: scale by min(1, tau / norm)": "always",
    "gradients left over from before count: zero_grad() before each backward()": "leftover",
    "gradients add up from piece to piece: zero_grad() before each backward()": "uncleared",
    "gradients add up from piece to piece: zero_grad() before each backward(), not once": "piled",
    "the mean over the characters of a piece is back-propagated, not their sum": "summed",
    "the mean over all characters of a piece is back-propagated, not a sum over steps": "rows",
    "no step was taken, or the gradients were cleared between backward() and step()": "still",
    "the loss is measured before the step, not after it": "after",
    "the norm is that of all gradients: clip by the 2-norm, not the largest one": "largest",
    "clip by the 2-norm of all numbers, not by the largest of them": "peak",
    "of an LSTM's state both parts go on, h and c": "half",
    "a shorter piece has its own number of characters": "full",
    "the state goes on as it was read, before the step: no second reading": "again",
    "the targets stand as the characters do, (B, T): no transpose": "turned",
    "bits are nats divided by ln 2, not the logarithm of the loss": "log2",
}


def piece_loss(logits: Tensor, y: Tensor, fault: str, T: int = 1) -> Tensor:
    rows = logits.flatten(0, 1)
    if fault == "axes":
        rows = logits.view(len(y), -1, y.shape[1]).transpose(1, 2).flatten(0, 1)
    rows = rows.softmax(1) if fault == "softmax" else rows
    y = y.T.reshape(y.shape) if fault == "turned" else y
    loss = F.cross_entropy(rows, y.flatten())
    loss = loss * y.numel() if fault == "sum" else loss
    loss = loss * y.shape[1] / T if fault == "full" else loss
    loss = loss * y.shape[1] if fault == "steps" else loss
    return loss / math.log(2) if fault == "bits" else loss


def clipped(slopes: list[Tensor], tau: float, fault: str) -> list[Tensor]:
    if fault == "values":
        return [g.clamp(-tau, tau) for g in slopes]
    if fault == "unclipped":
        return slopes
    norms = torch.stack([g.norm() for g in slopes])
    total = norms.max() if fault == "largest" else norms.norm()
    total = torch.stack([g.abs().max() for g in slopes]).max() if fault == "peak" else total
    total = norms.clamp_min(1e-30) if fault == "each" else total.expand_as(norms)
    scale = tau / total if fault == "always" else (tau / total).clamp_max(1)
    return [s * g for s, g in zip(scale, slopes, strict=True)]


def learnt(make, pieces: Pieces, tau: float, fault: str = "") -> tuple[Tensor, Tensor]:
    """The losses and the parameters afterwards, by autograd.grad, with one part gone wrong."""
    model, optimizer = make()
    parameters, losses, state = list(model.parameters()), [], None
    left = [p.grad * (fault in ("leftover", "uncleared")) for p in parameters]
    for x, y in pieces:
        short = fault == "short" and x.shape != pieces[0][0].shape
        logits, after = model(x, None if fault == "blank" or short else state)
        loss = piece_loss(logits, y, fault, pieces[0][1].shape[1])
        times = {"summed": y.numel(), "rows": y.shape[1]}.get(fault, 1)
        slopes = torch.autograd.grad(loss * times, parameters)
        slopes = clipped([a + b for a, b in zip(left, slopes, strict=True)], tau, fault)
        left = [g * (fault in ("uncleared", "piled")) for g in slopes]
        for p, slope in zip(parameters, slopes, strict=True):
            p.grad = slope
        if fault != "still":
            optimizer.step()
        if fault == "after":
            loss = piece_loss(model(x, state)[0], y, fault)
        state = rnn.detach(model(x, state)[1] if fault == "again" else after)
        if fault == "half" and isinstance(state, tuple):
            state = (state[0], torch.zeros_like(state[1]))
        unit = {"nats": 1, "bits": 1, "times": 1 / math.log(2)}.get(fault, math.log(2))
        losses.append(loss.detach().log2() if fault == "log2" else loss.detach() / unit)
    return torch.stack(losses), nn.utils.parameters_to_vector(parameters).detach()


def fresh(cell: str, optimiser: str) -> tuple[Careful, torch.optim.Optimizer]:
    model = Careful(cell)
    make = getattr(torch.optim, optimiser)
    return model, make(model.parameters(), 0.05 if optimiser == "Adam" else 0.4)


@item("Item 8, learn")
def check_learn(
    learn, kind: str, B: int, lengths: list[int], tau: float, optimiser: str = "SGD"
) -> None:
    """The losses and the parameters afterwards."""
    pieces, make = text_pieces(B, lengths), partial(fresh, kind, optimiser)
    model, steps = make()
    tried = f"learn({kind}, {B=}, pieces of {lengths} characters, {optimiser}, {tau=:g})"
    came = call(learn, model, pieces, steps, tau, tried=tried, without=(rnn.train_language_model,))
    begun(came, tried)
    losses = listed(came) if isinstance(came, list | tuple) else None
    if losses is None or len(losses) != len(pieces):
        found = "" if losses is None else f"{len(losses)} of them"
        likely = "one loss for every piece, gathered in a list"
        told = f"a list of {len(pieces)} losses, one a piece"
        fail(tried, told, found or f"{came!r:.60}", likely)
    for loss in losses:
        number(loss, 0.0, tried, tolerance=math.inf, plain=float)
    losses = torch.tensor(losses, dtype=torch.float64)
    after = nn.utils.parameters_to_vector(model.parameters()).detach()
    want = learnt(make, pieces, tau)
    close, both = 1e-5, (losses, after)
    if alike(losses, want[0], close) and alike(after, want[1], 1e-4):
        return
    usual = {text: learnt(make, pieces, tau, fault) for text, fault in FAULTS.items()}
    fitting = {t: m for t, m in usual.items() if alike(both, m, 1e-4)}
    mistakes = [{t: m[k] for t, m in fitting.items()} for k in (0, 1)]
    tensor(losses, want[0], tried + ": the losses", mistakes[0], close)
    tensor(after, want[1], tried + ": the parameters afterwards", mistakes[1], 1e-4)
