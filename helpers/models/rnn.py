"""Recurrent networks: a language model, a classifier of sequences; their layers: `cells`."""

import math
from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

from helpers.models.cells import (  # noqa: F401 - names of this topic
    GRU,
    LSTM,
    RNN,
    GRUCell,
    LSTMCell,
    RNNCell,
    gru_step,
    lstm_step,
    map_state,
    rnn_step,
)
from helpers.models.modes import eval_mode
from helpers.models.sampling import adjusted
from helpers.training.history import History
from helpers.training.sources import Source
from helpers.training.train import train_language

# PyTorch's own layers: equal to those above (tests/test_rnn.py), with the loop in C++
LAYERS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


def _layer(cell: str, input_size: int, hidden_size: int, num_layers: int) -> nn.Module:
    if cell not in LAYERS:
        raise ValueError(f"unknown cell {cell!r}; there are: {', '.join(LAYERS)}")
    layer = LAYERS[cell](input_size, hidden_size, num_layers, batch_first=True)
    if cell == "lstm":
        # a forget gate that starts open (Jozefowicz, Zaremba and Sutskever, ICML 2015)
        for k in range(num_layers):
            getattr(layer, f"bias_ih_l{k}").data[hidden_size : 2 * hidden_size] += 1
    return layer


class LanguageModel(nn.Module):
    """Logits of the next character after every character: tokens `(B, T)` to `(B, T, V)`.

    Also returns the state after the last one; handed back, the text goes on from there.
    """

    def __init__(
        self,
        vocabulary: int,
        hidden_size: int = 128,
        embedding: int = 64,
        cell: str = "lstm",
        num_layers: int = 1,
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding)
        self.layer = _layer(cell, embedding, hidden_size, num_layers)
        self.readout = nn.Linear(hidden_size, vocabulary)

    def forward(self, tokens: Tensor, state=None):
        x = self.embedding(tokens)  # (B, T, embedding)
        h, state = self.layer(x, state)  # (B, T, H)
        return self.readout(h), state


def detach(state):
    """The same state, cut off from the graph that made it."""
    return map_state(Tensor.detach, state)


def side_by_side(tokens: Tensor, batch_size: int, length: int) -> tuple[Tensor, Tensor]:
    """A text as `batch_size` streams at least `length` long, and what comes next: `(B, N)` each."""
    if batch_size < 1 or length < 1 or len(tokens) <= batch_size * length:
        raise ValueError(
            f"{len(tokens)} characters are too few for {batch_size} streams of {length}; "
            "both must be at least 1"
        )
    used = (len(tokens) - 1) // batch_size * batch_size
    return tokens[:used].view(batch_size, -1), tokens[1 : used + 1].view(batch_size, -1)


def streams(tokens: Tensor, batch_size: int, length: int) -> Iterator[tuple[Tensor, Tensor]]:
    """A text cut into `batch_size` streams read side by side, `length` characters at a time.

    Yields x, y int64 `(B, length)`, y one character ahead of x. Row b of each x goes on where row
    b of the x before it ended, so the state can be carried over. What is left over is dropped.
    """
    x, y = side_by_side(tokens, batch_size, length)
    for start in range(0, x.shape[1] - length + 1, length):
        yield x[:, start : start + length].long(), y[:, start : start + length].long()


@torch.no_grad()
def bits_per_character(model: LanguageModel, tokens: Tensor, rows: int = 50) -> float:
    """Mean of -log2 P over every character of a text `(N,)`, in eval mode, which is put back.

    The text is read in `rows` pieces side by side, each from a blank state after a newline (0).
    """
    if len(tokens) == 0:
        raise ValueError("the text is empty: it has no mean")
    tokens = tokens.long()
    device = model.readout.weight.device
    pieces = tokens.split(math.ceil(len(tokens) / rows))
    x = nn.utils.rnn.pad_sequence([F.pad(p[:-1], (1, 0)) for p in pieces], batch_first=True)
    y = nn.utils.rnn.pad_sequence(pieces, batch_first=True, padding_value=-100)
    total, state = 0.0, None
    with eval_mode(model):
        for x_now, y_now in zip(x.split(500, 1), y.split(500, 1), strict=True):
            logits, state = model(x_now.to(device), state)
            total += F.cross_entropy(
                logits.flatten(0, 1), y_now.to(device).flatten(), ignore_index=-100, reduction="sum"
            ).item()
    return total / len(tokens) / math.log(2)


@torch.no_grad()
def sample(
    model: LanguageModel,
    prompt: Tensor,
    count: int,
    *,
    generator: torch.Generator | None = None,
    **filters,
) -> Tensor:
    """`count` characters drawn one by one after a prompt `(N,)`: int64 `(count,)`, on the CPU.

    filters: as for `sampling.adjusted`. The model is in eval mode meanwhile.
    """
    if len(prompt) == 0:
        raise ValueError("the prompt needs at least one character; a newline will do")
    device, drawn = model.readout.weight.device, []
    with eval_mode(model):
        logits, state = model(prompt.long()[None].to(device))
        for _ in range(count):
            p = adjusted(logits[0, -1].float().cpu(), **filters)
            drawn.append(torch.multinomial(p, 1, generator=generator))
            logits, state = model(drawn[-1][None].to(device), state)
    return torch.cat(drawn) if drawn else prompt.new_zeros(0, dtype=torch.int64)


class SequenceClassifier(nn.Module):
    """Logits `(B, classes)` of padded sequences of numbers `(B, T)` with their lengths `(B,)`.

    The sequences are packed: padding is never read, and the answer is read off the hidden state
    after each sequence's own last character.
    """

    def __init__(
        self,
        symbols: int,
        classes: int,
        hidden_size: int = 64,
        embedding: int = 32,
        cell: str = "gru",
    ) -> None:
        """symbols: how many numbers there are, the padding's 0 included."""
        super().__init__()
        self.embedding = nn.Embedding(symbols, embedding, padding_idx=0)
        self.layer = _layer(cell, embedding, hidden_size, 1)
        self.readout = nn.Linear(hidden_size, classes)

    def forward(self, tokens: Tensor, lengths: Tensor) -> Tensor:
        if len(lengths) != len(tokens) or (len(lengths) and int(lengths.min()) < 1):
            raise ValueError(
                "every sequence needs a length of at least 1: "
                f"{len(tokens)} sequences, lengths {lengths.tolist()[:5]}..."
            )
        x = self.embedding(tokens)  # (B, T, embedding)
        packed = pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)
        _, state = self.layer(packed)
        h = state[0] if isinstance(state, tuple) else state  # (1, B, H)
        return self.readout(h[-1])


class Text(Source):
    """A text read side by side in `batch_size` streams, again from the start when it ends.

    The state goes on from batch to batch, its gradient does not: truncated back-propagation.
    """

    changing = ("place", "states")

    def __init__(self, model: LanguageModel, tokens: Tensor, batch_size: int, length: int) -> None:
        self.model, self.batch_size, self.length = model, batch_size, length
        self.x, self.y = side_by_side(tokens, batch_size, length)
        self.updates = self.x.shape[1] // length
        self.place, self.states = -1, {}  # the state of a piece of the batch by its first stream

    def draw(self, order: torch.Generator) -> Tensor:
        self.place = (self.place + 1) % self.updates
        if self.place == 0:  # a state that knows nothing
            self.states = {}
        return torch.arange(self.batch_size)

    def batch(self, rows: Tensor) -> tuple[int, Tensor, Tensor]:
        first, last = int(rows[0]), int(rows[-1])  # always neighbours
        now = slice(self.place * self.length, (self.place + 1) * self.length)
        return first, *(t[first : last + 1, now].long() for t in (self.x, self.y))

    def step(self, batch: tuple[int, Tensor, Tensor]) -> Iterator[Tensor]:
        first, x, y = batch
        logits, state = self.model(x, self.states.get(first))
        self.states[first] = detach(state)  # here back-propagation is truncated
        yield F.cross_entropy(logits.flatten(0, 1), y.flatten())


def train_language_model(
    model: LanguageModel, tokens: Tensor, *, batch_size: int = 32, length: int = 64, **settings
) -> History:
    """Truncated back-propagation through time, `length` characters at a time, by Adam.

    The learning rate (lr, 5e-3) warms up over 50 steps and falls to zero along a cosine; the
    gradient is clipped to norm 1. settings: steps, watch and others, see `train_language`; `loss`
    is in bits per character.
    """
    text = Text(model, tokens, batch_size, length)
    usual = {"lr": 5e-3, "clip": 1.0, "optimiser": "adam", "schedule": _warm_cosine}
    same = {"batch_size": batch_size, "length": length, "characters": len(tokens)}
    history = train_language(text.step, text, model, same=same, **(usual | settings))
    history.updates["loss"] = [loss / math.log(2) for loss in history.loss]
    return history


def _warm_cosine(highest: float, update: int, updates: int) -> float:
    warm = min(1, (update + 1) / 50)
    return highest * warm * 0.5 * (1 + math.cos(math.pi * update / updates))
