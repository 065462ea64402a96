"""Item 8: learning from a text piece by piece, by autograd.grad, with usual mistakes."""

from __future__ import annotations

import math
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checks.calls import call, item
from checks.compare import begun, fail, number, tensor
from checks.rnn.text import Pieces
from checks.values import alike, listed
from helpers.models import rnn


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
    "the norm of all gradients together is no sum of norms, nor their mean": ("norms", "mean"),
    "clip by the 2-norm of all numbers, not by the sum of their sizes": "sizes",
    "the norm is the root of the sum of squares": "squared",
    "the loss of each piece, not the mean or sum of all so far": ("running", "gathered"),
    "the optimiser takes the step: optimizer.step(), whatever kind it is": "own",
    "the gradients are scaled, not the rate: only with SGD that is the same": "rate",
    "one step of the optimiser for each piece, not two": "double",
    "all characters of a piece count, not the last ones alone": "end",
    "losses before the step, and the state as it was read then": "both",
    "clip by the 2-norm of all numbers, not by the largest of them": "peak",
    "of an LSTM's state both parts go on, h and c": "half",
    "a shorter piece has its own number of characters": "full",
    "the state goes on as it was read, before the step: no second reading": "again",
    "the targets stand as the characters do, (B, T): no transpose": "turned",
    "bits are nats divided by ln 2, not the logarithm of the loss": "log2",
}


def piece_loss(logits: Tensor, y: Tensor, fault: str, T: int = 1) -> Tensor:
    logits, y = (logits[:, -1:], y[:, -1:]) if fault == "end" else (logits, y)
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
    if fault in ("unclipped", "rate"):
        return slopes
    norms = torch.stack([g.norm(1 if fault == "sizes" else 2) for g in slopes])
    total = norms.max() if fault == "largest" else norms.norm()
    total = norms.sum() if fault in ("norms", "sizes") else total
    total = norms.mean() if fault == "mean" else total.square() if fault == "squared" else total
    total = torch.stack([g.abs().max() for g in slopes]).max() if fault == "peak" else total
    total = norms.clamp_min(1e-30) if fault == "each" else total.expand_as(norms)
    scale = tau / total if fault == "always" else (tau / total).clamp_max(1)
    return [s * g for s, g in zip(scale, slopes, strict=True)]


def stepped(optimizer, parameters: list[Tensor], slopes: list[Tensor], fault: str, tau) -> None:
    """One step, or what is taken for one."""
    group, rate = optimizer.param_groups[0], optimizer.param_groups[0]["lr"]
    if fault == "rate":
        group["lr"] = rate * min(1.0, tau / torch.stack([g.norm() for g in slopes]).norm().item())
    for p, slope in zip(parameters, slopes, strict=True):
        p.grad = slope
        if fault == "own":
            p.data -= rate * slope
    for _ in range({"still": 0, "own": 0, "double": 2}.get(fault, 1)):
        optimizer.step()
    group["lr"] = rate


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
        stepped(optimizer, parameters, slopes, fault, tau)
        if fault in ("after", "both"):
            loss = piece_loss(model(x, state)[0], y, fault)
        state = rnn.detach(model(x, state)[1] if fault in ("again", "both") else after)
        if fault == "half" and isinstance(state, tuple):
            state = (state[0], torch.zeros_like(state[1]))
        unit = {"nats": 1, "bits": 1, "times": 1 / math.log(2)}.get(fault, math.log(2))
        losses.append(loss.detach().log2() if fault == "log2" else loss.detach() / unit)
    so_far = torch.stack(losses).cumsum(0)
    if fault in ("running", "gathered"):
        losses = list(so_far / torch.arange(1, len(losses) + 1) if fault == "running" else so_far)
    return torch.stack(losses), nn.utils.parameters_to_vector(parameters).detach()


def first_wrong(losses: Tensor, want: Tensor, usual: list) -> str:
    """Of losses that no fault alone gives: what the first of them shows, before any step."""
    one, right = losses[:1], want[:1]
    if alike(one, right, 1e-5):
        return "the first loss is right: look at the step, and at the state that is handed on"
    found = {text for text, given in usual if alike(one, given[0][:1], 1e-5)}
    return f"the first loss shows it, before any step: {found.pop()}" if len(found) == 1 else ""


def several(faults: str | tuple[str, ...]) -> tuple[str, ...]:
    return (faults,) if isinstance(faults, str) else faults


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
    usual = [(t, learnt(make, pieces, tau, one)) for t, f in FAULTS.items() for one in several(f)]
    fitting = {t: m for t, m in usual if alike(both, m, 1e-4)}
    mistakes = [{t: m[k] for t, m in fitting.items()} for k in (0, 1)]
    if not fitting:
        mistakes[0] = {first_wrong(losses, want[0], usual): losses}
    tensor(losses, want[0], tried + ": the losses", mistakes[0], close)
    tensor(after, want[1], tried + ": the parameters afterwards", mistakes[1], 1e-4)
