"""Item 9: bits, of a model that is read at once."""

from __future__ import annotations

import copy
import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checks.calls import call, item
from checks.compare import fail, number
from checks.given import unforeseen
from checks.values import OneOf
from helpers.models import rnn


class Reader(nn.Module):
    """A language model with dropout that refuses long texts and notes how it was called.

    What its parts hold is not what it computes with: only its calls know that.
    """

    def __init__(self, cell: str, longest: int) -> None:
        super().__init__()
        self.net = rnn.LanguageModel(6, 5, 4, cell).double()
        self.own, drawn = [copy.deepcopy(self.net)], unforeseen()  # in a list: no part of it
        for p in self.own[0].parameters():  # a model with opinions
            p.data += torch.randn(p.shape, generator=drawn, dtype=p.dtype)
        self.dropout, self.longest, self.modes = nn.Dropout(0.5), longest, []
        self.note = self.modes.append  # what a copy calls too, of these same modes

    def forward(self, tokens: Tensor, state=None):
        if tokens.ndim != 2 or tokens.shape[0] != 1 or not 1 <= tokens.shape[1] <= self.longest:
            raise ValueError(
                f"tokens of shape {tuple(tokens.shape)}: this model reads one stream, (1, T), "
                f"of 1 to {self.longest} characters at a time"
            )
        self.note(self.training or self.dropout.training)
        (net,) = self.own
        for p, shown in zip(net.parameters(), self.net.parameters(), strict=True):
            p.requires_grad_(shown.requires_grad)  # a model that is frozen builds no graph
        h, state = net.layer(net.embedding(tokens), state)
        return net.readout(self.dropout(h)), state


def skipping(net: nn.Module, tokens: Tensor, T: int) -> float:
    """The mean in nats where each piece is cut by itself, and begins with the last one's target."""
    each, state = [torch.zeros(0, dtype=torch.float64)], None
    for piece in tokens.split(T):
        if len(piece) > 1:
            logits, state = net(piece[None, :-1], state)
            each.append(F.cross_entropy(logits[0], piece[1:], reduction="none"))
    return torch.cat(each).mean().item()


def windowed(net: nn.Module, tokens: Tensor, T: int) -> float:
    """The mean in nats where each character is told from the T before it, from a blank state."""
    ends = range(1, len(tokens))
    after = [net(tokens[None, max(0, k - T) : k])[0][0, -1] for k in ends]
    return F.cross_entropy(torch.stack(after), tokens[1:]).item()


def seam_mistakes(net: nn.Module, tokens: Tensor, T: int, judged: Tensor) -> dict[str, float]:
    """What comes of pieces that are cut, or begin, otherwise; judged: the bits of each character."""
    within = (
        torch.arange(1, len(tokens)) % T
    ).bool()  # (N - 1,), not the first of a piece of tokens
    return {
        "each character is given all before it: here the last T alone, from a blank state": (
            windowed(net, tokens, T) / math.log(2)
        ),
        "the first character of each later piece is not judged: cut tokens[1:] for the targets": (
            judged[within].mean().item()
        ),
        "each later piece begins with the last target: cut tokens[:-1] and tokens[1:] alike": (
            skipping(net, tokens, T) / math.log(2)
        ),
    }


def other_measures(each: Tensor, targets: Tensor, T: int) -> dict[str, float]:
    """each: the bits of each character that might come (N - 1, V)."""
    judged = each.gather(1, targets[:, None])
    ends = torch.stack([piece[-1] for piece in judged.split(T)])
    return {
        "the bits of the character that came, not the entropy of all that might": (
            (0.5**each * each).sum(1).mean().item()
        ),
        "every character of a piece is judged, not the last one alone": ends.mean().item(),
        "the bits of each character, not the share of right guesses": (
            (each.argmin(1) == targets).double().mean().item()
        ),
    }


def bit_mistakes(net: nn.Module, tokens: Tensor, T: int) -> dict[str, float]:
    N, ln2 = len(tokens), math.log(2)
    each = -net(tokens[None])[0][0].log_softmax(-1) / ln2  # (N, V)
    judged, itself = each[:-1].gather(1, tokens[1:, None]), each.gather(1, tokens[:, None])
    want, pieces = judged.mean().item(), [p.mean().item() for p in judged.split(T)]
    blank = torch.cat([net(piece[None])[0][0] for piece in tokens[:-1].split(T)])
    from_0 = net(F.pad(tokens[:-1], (1, 0))[None])[0][0]  # as the course's own measures
    found = seam_mistakes(net, tokens, T, judged) | other_measures(each[:-1], tokens[1:], T)
    return found | {
        "this is in nats: divide by ln 2": want * ln2,
        "multiplied by ln 2: divide": want * ln2**2,
        "the state is not carried from piece to piece": F.cross_entropy(blank, tokens[1:]).item()
        / ln2,
        "pieces differ in length: sum over characters, then divide once": sum(pieces) / len(pieces),
        "the last, shorter piece is left out": judged[: (N - 1) // T * T].mean().item(),
        "the logits after a character speak of the next one, not of itself": itself.mean().item(),
        "N - 1 characters are judged: the first has nothing before it": want * (N - 1) / N,
        "the first character is not judged: nothing stands before it": (
            F.cross_entropy(from_0, tokens).item() / ln2
        ),
        "the mean over the characters, not the sum": want * (N - 1),
        "the mean over the characters: divide by their number once": want / (N - 1),
        "cross_entropy takes logits: no softmax before it": (
            F.cross_entropy(0.5 ** each[:-1], tokens[1:]).item() / ln2
        ),
        "bits, not perplexity": 2**want,
        "the last piece is shorter: its mean counts its own characters, not T": OneOf(
            (sum(pieces) * T / (N - 1), want * (N - 1) / (T * len(pieces)))
        ),
        "the mean of the logarithms, not the logarithm of the mean": -math.log2(
            (0.5**judged).mean().item()
        ),
    }


@item("Item 9, bits_per_character")
def check_bits(bits_per_character, kind: str, N: int, T: int, training: bool) -> None:
    """A model that is read at once, and one that refuses to be."""
    torch.manual_seed(N + T)
    model, tokens = Reader(kind, T), torch.randint(6, (N,))
    with torch.no_grad():
        nats = F.cross_entropy(model.own[0](tokens[None, :-1])[0][0], tokens[1:])
    want = nats.item() / math.log(2)
    model.train(training)
    mode = "training" if training else "evaluation"
    tried = f"bits_per_character(a {kind} in {mode} mode, {N} characters, {T=})"
    without = (rnn.bits_per_character,)
    with torch.set_grad_enabled(training):  # as it was found, on or off
        came = call(bits_per_character, model, tokens, T, tried=tried, without=without, graph=False)
    if not model.modes:
        likely = "call model(x, state) itself, x of shape (1, T)"
        fail(tried, "a model that has been called", "it was never called", likely)
    if any(model.modes):
        likely = "dropout is at work in training mode: model.eval() first"
        fail(tried, "a model called in evaluation mode", "training mode", likely)
    with torch.no_grad():
        mistakes = bit_mistakes(model.own[0], tokens, T)
    # a mean in float32, the default of torch.tensor([...]), is right too
    number(came, want, tried, mistakes, tolerance=1e-6, plain=float)
