"""Item 7: the loss of a pair of sequences, with a model that notes what it was given."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checks.calls import call, item
from checks.compare import begun, fail, number
from checks.given import Notes
from checks.values import OneOf, cut_short
from helpers.models import seq2seq

V = 7  # symbols


class Writer(nn.Module):
    """Logits of the next symbol from the source's sum and what has been written so far."""

    def __init__(self, size: float = 1.0) -> None:
        super().__init__()
        self.source, self.target = nn.Embedding(V, 5), nn.Embedding(V, 5)
        self.readout = nn.Linear(5, V)
        for k, p in enumerate(self.parameters(), 1):  # weights of plain arithmetic
            p.data = 2 * torch.sin(k * torch.arange(1.0, p.numel() + 1)).view_as(p).double()
        self.readout.weight.data *= size  # how far its logits lie apart
        self.notes = Notes()

    def forward(self, source: Tensor, written: Tensor) -> Tensor:
        for name, tokens in (("source", source), ("written", written)):
            if tokens.ndim != 2 or tokens.dtype != torch.int64:
                raise ValueError(f"{name} must be int64 (B, T), not {tokens.dtype} {tuple(tokens.shape)}")  # fmt: skip
        self.notes.append(written.tolist())
        h = torch.cumsum(self.target(written), 1) / 2 + self.source(source).sum(1, keepdim=True)
        return self.readout(h.tanh())


def guesses(model: Writer, source: Tensor, target: Tensor, start: int) -> Tensor:
    """What stands before each token if the model reads its own likeliest ones."""
    written = torch.full_like(target[:, :1], start)
    while written.shape[1] < target.shape[1]:
        likeliest = model(source, written)[:, -1:].argmax(-1)
        written = torch.cat([written, likeliest], 1)
    return written


def of_logits(logits: Tensor, target: Tensor, start: int, pad: int) -> dict:
    """What is made of the right logits (B, T, V)."""
    each, real = F.cross_entropy(logits.mT, target, reduction="none"), target != pad
    spoilt = [torch.tensor(n) for n in (math.nan, math.inf, -math.inf)]
    never = torch.isin(torch.arange(V), torch.tensor([start, pad]))
    return {
        "logits are (B, T, V): transpose(1, 2), for reshape mixes places and tokens": F.cross_entropy(
            logits.reshape(len(target), V, -1), target, ignore_index=pad
        ),
        "however small P is, nothing is added to it, and it is not cut off": cut_short(each[real]),
        "exp of a large logit is infinite, of a low one 0: log_softmax, which subtracts the largest "
        "of each place": OneOf(spoilt) if each.max() > 700 else None,
        "a token of which the model is certain counts too, though its loss is 0": (
            each[real & (each > 0)].mean()
        ),
        "a row may be longer than the first one": each[real & real[0]].mean(),
        "no label is smoothed": F.cross_entropy(
            logits.mT, target, ignore_index=pad, label_smoothing=0.1
        ),
        "every token has its share in the softmax, start and pad too": F.cross_entropy(
            logits.masked_fill(never, -1e4).mT, target, ignore_index=pad
        ),
    }


def started(model: Writer, source: Tensor, target: Tensor, start: int, pad: int) -> dict:
    """Something else stands in front, or other places count."""

    def mean(written: Tensor, real: Tensor) -> Tensor:
        each = F.cross_entropy(model(source, written).mT, target, reduction="none")
        return (each * real).sum() / real.sum()

    written, real = F.pad(target[:, :-1], (1, 0), value=start), target != pad
    others = (F.pad(target[:, :-1], (1, 0), value=n) for n in range(V) if n != start)
    return {
        "before the first token stands start, whatever number that is": OneOf(
            mean(other, real).item() for other in others
        ),
        "start stands once in front: this is shifted twice": mean(
            F.pad(written[:, :-1], (1, 0), value=start), real
        ).item(),
        "what is padding in the target does not count, not in what is read": mean(
            written, written != pad
        ).item(),
    }


def other_losses(model: Writer, source: Tensor, target: Tensor, start: int, pad: int) -> dict:
    written = F.pad(target[:, :-1], (1, 0), value=start)
    real = target != pad
    lengths = real.sum(1)

    def per_token(written: Tensor, aim: Tensor) -> Tensor:
        logits = model(source, written)
        return F.cross_entropy(logits.flatten(0, 1), aim.flatten(), reduction="none").view_as(aim)

    each, leak = per_token(written, target), per_token(target, target)
    late = per_token(target[:, :-1], target[:, 1:])
    twice = per_token(written[:, :-1], target[:, 1:])
    rolled = per_token(target.roll(1, 1), target)
    soft = model(source, written).softmax(-1)
    soft = F.cross_entropy(soft.flatten(0, 1), target.flatten(), reduction="none").view_as(target)
    guessed = per_token(guesses(model, source, target, start), target)
    total, count, within = (each * real).sum(), real.sum(), real[:, 1:]
    return of_logits(model(source, written), target, start, pad) | {
        "the model reads the token that it is to predict: shift the target": (
            (leak * real).sum() / count
        ),
        "the first token is to be predicted too, from start": OneOf(
            (some * within).sum() / within.sum() for some in (late, each[:, 1:])
        ),
        "shifted twice: this predicts the token after the next": (twice * within).sum()
        / within.sum(),
        "what stands before is true, not what the model guesses": (guessed * real).sum() / count,
        "rolled, not shifted: before the first token stands start": (rolled * real).sum() / count,
        "the padding is counted: it is pad, whatever number that is": each.mean(),
        "the padding is in the divisor": total / real.numel(),
        "the mean over all tokens of the batch, not of the sequences' means": (
            (each * real).sum(1) / lengths
        ).mean(),
        "the mean over the tokens, not their sum": total,
        "divide by the number of tokens, not of sequences": total / len(target),
        "start is no padding: only pad is left out": each[real & (target != start)].mean(),
        "cross_entropy takes logits: no softmax before it": (soft * real).sum() / count,
        "in nats: no division by ln 2": total / count / torch.tensor(2.0).log(),
        "the sign is turned": -total / count,
    }


def batch(lengths: list[int], T: int, pad: int, start: int) -> tuple[Tensor, Tensor]:
    B, symbols = len(lengths), torch.tensor([n for n in range(V) if n not in (pad, start)])
    place = torch.arange(B * T).view(B, T)
    target = symbols[(place * place + place // 3 + 2) % len(symbols)]
    target = torch.where(torch.arange(T) < torch.tensor(lengths)[:, None], target, pad)
    source = symbols[(torch.arange(B * 3).view(B, 3) * 2 + 1) % len(symbols)]
    return source, target


@item("Item 7, pair_loss")
def check_loss(pair_loss, lengths: list[int], T: int, start: int, pad: int, size=1.0) -> None:
    """The mean over all tokens, and its gradient for every parameter."""
    model = Writer(size).train(len(lengths) > 2)  # in either mode
    source, target = batch(lengths, T, pad, start)
    tried = f"pair_loss on targets of {lengths} tokens in {T} places, {start=}, {pad=}"
    tried += ", logits of some hundred" * (size > 1)
    given = (model, source, target, start, pad)
    for p in model.parameters():
        p.grad = torch.ones_like(p)
    came = call(pair_loss, *given, tried=tried, without=(seq2seq.fit_pairs,))
    if not all(p.grad is not None and bool((p.grad == 1).all()) for p in model.parameters()):
        likely = "zero_grad() and backward() belong to the training that the loss is for"
        fail(f"{tried}: what is left behind", "the gradients that were there", "others", likely)
    begun(came, tried)
    logits = model(source, seq2seq.before(target, start))
    want = F.cross_entropy(logits.transpose(1, 2), target, ignore_index=pad)
    usual = other_losses(*given) | started(*given)
    number(came, want.item(), tried, usual, 1e-6)
    if not isinstance(came, Tensor) or not came.requires_grad:
        likely = "return the loss itself: no .item(), no .detach()"
        fail(tried, "a loss with a graph, for backward()", f"{came!r:.60}", likely)
    leaves = list(model.parameters())
    slopes = torch.autograd.grad(came, leaves, allow_unused=True)
    for p, slope, right in zip(leaves, slopes, torch.autograd.grad(want, leaves), strict=True):
        if slope is None or not torch.allclose(slope, right, atol=1e-6):
            shown = f"the parameter of shape {tuple(p.shape)}"
            fail(f"{tried}: backward()", f"the gradient of {shown}", "another", "part of the graph is cut")  # fmt: skip
