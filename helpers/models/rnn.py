"""Recurrent networks: the steps, cells and layers by hand, a language model, a classifier.

Sources: Elman, Finding Structure in Time, Cognitive Science 14, 1990 (RNN); Hochreiter and
Schmidhuber, Long Short-Term Memory, Neural Computation 9(8), 1997, with the forget gate of Gers,
Schmidhuber and Cummins, Learning to Forget, 2000 (LSTM); Cho and others, Learning Phrase
Representations using RNN Encoder-Decoder, EMNLP 2014 (GRU).

Parameters are named, ordered and initialised as in `torch.nn`, so each loads the other's
`state_dict`. Sequences are batch first: x `(B, T, D)`, hidden state `(B, H)`.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence

from helpers.training import TrainingError, eval_mode

# ---------------------------------------------------------------- one step in time
# from_x (B, gates * H) is W_ih x + b_ih, the input's share of every gate: it needs no recurrence,
# so a layer computes it for all steps at once. All three also take a stack of models:
# from_x (S, B, gates * H), h (S, B, H), W_hh (S, gates * H, H), b_hh (S, 1, gates * H).


def rnn_step(from_x: Tensor, state: tuple[Tensor], W_hh: Tensor, b_hh: Tensor) -> tuple[Tensor]:
    """h' = tanh(W_ih x + b_ih + W_hh h + b_hh). state: (h,), h `(B, H)`."""
    (h,) = state
    return (torch.tanh(from_x + h @ W_hh.mT + b_hh),)


def lstm_step(
    from_x: Tensor, state: tuple[Tensor, Tensor], W_hh: Tensor, b_hh: Tensor
) -> tuple[Tensor, Tensor]:
    """The cell c keeps a share f of itself and takes in a share i of g. state: (h, c)."""
    h, c = state
    i, f, g, o = (from_x + h @ W_hh.mT + b_hh).chunk(4, -1)  # each (B, H)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    h = torch.sigmoid(o) * torch.tanh(c)
    return h, c


def gru_step(from_x: Tensor, state: tuple[Tensor], W_hh: Tensor, b_hh: Tensor) -> tuple[Tensor]:
    """h keeps a share z of itself and takes 1 - z of the candidate n. state: (h,)."""
    (h,) = state
    r_x, z_x, n_x = from_x.chunk(3, -1)
    r_h, z_h, n_h = (h @ W_hh.mT + b_hh).chunk(3, -1)
    r = torch.sigmoid(r_x + r_h)
    z = torch.sigmoid(z_x + z_h)
    n = torch.tanh(n_x + r * n_h)
    return (z * h + (1 - z) * n,)


# ---------------------------------------------------------------- cells: a step with its weights


class _Cell(nn.Module):
    """One step in time: x `(B, D)` and a state to the next state.

    The state is h `(B, H)`, or (h, c) for an LSTM; None stands for zeros.
    """

    step: Callable[..., tuple[Tensor, ...]]
    gates: int  # blocks of H rows in each weight
    parts: int  # tensors in the state

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        _check_sizes(input_size=input_size, hidden_size=hidden_size)
        self.input_size, self.hidden_size = input_size, hidden_size
        rows = self.gates * hidden_size
        self.weight_ih = _uniform(hidden_size, rows, input_size)
        self.weight_hh = _uniform(hidden_size, rows, hidden_size)
        self.bias_ih = _uniform(hidden_size, rows)
        self.bias_hh = _uniform(hidden_size, rows)

    def forward(self, x: Tensor, state=None):
        _check_input(x, self.input_size, ("B", "D"))
        state = _unpack_state(state, self.parts, (len(x), self.hidden_size), x)
        from_x = x @ self.weight_ih.mT + self.bias_ih
        return _pack_state(self.step(from_x, state, self.weight_hh, self.bias_hh))


class RNNCell(_Cell):
    step, gates, parts = staticmethod(rnn_step), 1, 1


class LSTMCell(_Cell):
    step, gates, parts = staticmethod(lstm_step), 4, 2


class GRUCell(_Cell):
    step, gates, parts = staticmethod(gru_step), 3, 1


# ---------------------------------------------------------------- layers: a cell along a sequence


class _Layer(nn.Module):
    """Layers of cells along sequences: x `(B, T, D)` to every h of the top layer `(B, T, H)`.

    x may be a PackedSequence; the outputs then are one too. The state, given and returned, holds
    the last step of every layer: h `(num_layers, B, H)`, or (h, c) for an LSTM.
    """

    step: Callable[..., tuple[Tensor, ...]]
    gates: int
    parts: int

    def __init__(self, input_size: int, hidden_size: int, num_layers: int = 1) -> None:
        super().__init__()
        _check_sizes(input_size=input_size, hidden_size=hidden_size, num_layers=num_layers)
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        rows = self.gates * hidden_size
        for k in range(num_layers):
            width = input_size if k == 0 else hidden_size
            self.register_parameter(f"weight_ih_l{k}", _uniform(hidden_size, rows, width))
            self.register_parameter(f"weight_hh_l{k}", _uniform(hidden_size, rows, hidden_size))
            self.register_parameter(f"bias_ih_l{k}", _uniform(hidden_size, rows))
            self.register_parameter(f"bias_hh_l{k}", _uniform(hidden_size, rows))

    def forward(self, x: Tensor | PackedSequence, state=None):
        if isinstance(x, PackedSequence):
            return self._forward_packed(x, state)
        _check_input(x, self.input_size, ("B", "T", "D"))
        B, T, _ = x.shape
        rows = x.transpose(0, 1).reshape(T * B, -1)  # step after step, as if packed
        rows, state = self._run(rows, [B] * T, state)
        return rows.view(T, B, -1).transpose(0, 1), state

    def _forward_packed(self, x: PackedSequence, state):
        if state is not None and x.sorted_indices is not None:
            state = _map_state(lambda s: s[:, x.sorted_indices], state)
        rows, state = self._run(x.data, x.batch_sizes.tolist(), state)
        if x.unsorted_indices is not None:
            state = _map_state(lambda s: s[:, x.unsorted_indices], state)
        return x._replace(data=rows), state

    def _run(self, rows: Tensor, batch_sizes: list[int], state):
        """rows `(sum of batch_sizes, D)`: the sequences alive at step 1, at step 2, and so on."""
        _check_input(rows, self.input_size, ("rows", "D"))
        shape = (self.num_layers, batch_sizes[0], self.hidden_size)
        given = _unpack_state(state, self.parts, shape, rows)
        last = []
        for k in range(self.num_layers):
            W_ih, W_hh, b_ih, b_hh = (
                getattr(self, f"{name}_l{k}")
                for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
            )
            from_x = rows @ W_ih.mT + b_ih  # all steps at once
            start = tuple(s[k] for s in given)
            rows, end = unroll(self.step, from_x, batch_sizes, start, W_hh, b_hh)
            last.append(end)
        return rows, _pack_state(tuple(torch.stack(s) for s in zip(*last, strict=True)))


class RNN(_Layer):
    step, gates, parts = staticmethod(rnn_step), 1, 1


class LSTM(_Layer):
    step, gates, parts = staticmethod(lstm_step), 4, 2


class GRU(_Layer):
    step, gates, parts = staticmethod(gru_step), 3, 1


def unroll(
    step: Callable[..., tuple[Tensor, ...]],
    from_x: Tensor,
    batch_sizes: Sequence[int],
    state: tuple[Tensor, ...],
    W_hh: Tensor,
    b_hh: Tensor,
) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Take the steps one after another; every h as rows like from_x, and each sequence's last state.

    batch_sizes: how many sequences are alive at each step, never rising. The sequences are sorted
    by length, longest first, so those that have ended are always the last rows.
    """
    outputs, ended = [], []
    for now in from_x.split(list(batch_sizes)):
        if len(now) < len(state[0]):
            ended.append(tuple(s[len(now) :] for s in state))
            state = tuple(s[: len(now)] for s in state)
        state = step(now, state, W_hh, b_hh)
        outputs.append(state[0])
    parts = zip(state, *reversed(ended), strict=True)
    return torch.cat(outputs), tuple(torch.cat(p) for p in parts)


def _uniform(hidden_size: int, *shape: int) -> nn.Parameter:
    bound = 1 / math.sqrt(hidden_size)
    return nn.Parameter(torch.empty(shape).uniform_(-bound, bound))


def _check_sizes(**sizes: int) -> None:
    for name, size in sizes.items():
        if not isinstance(size, int) or size < 1:
            raise ValueError(f"{name} must be a whole number of at least 1, not {size!r}")


def _check_input(x: Tensor, size: int, names: tuple[str, ...]) -> None:
    if x.ndim != len(names) or x.shape[-1] != size or 0 in x.shape:
        raise ValueError(
            f"x must have shape ({', '.join(names)}) with D = {size} and nothing empty, "
            f"not {tuple(x.shape)}"
        )


def _unpack_state(state, parts: int, shape: tuple[int, ...], x: Tensor) -> tuple[Tensor, ...]:
    """h, (h, c) or None to a tuple of tensors of that shape."""
    if state is None:
        return tuple(x.new_zeros(shape) for _ in range(parts))
    state = (state,) if isinstance(state, Tensor) else tuple(state)
    if len(state) != parts:
        wanted = "a pair (h, c)" if parts == 2 else "one tensor h"
        raise ValueError(f"the state must be {wanted}, not {len(state)} tensor(s)")
    for s in state:
        if tuple(s.shape) != shape:
            raise ValueError(
                f"the state has shape {tuple(s.shape)}, this input needs {shape}: "
                "is it left over from a batch of another size?"
            )
    return state


def _pack_state(state: tuple[Tensor, ...]):
    return state if len(state) == 2 else state[0]


def _map_state(function: Callable[[Tensor], Tensor], state):
    """Apply a function to the state's one tensor, or to both of an LSTM's."""
    return function(state) if isinstance(state, Tensor) else tuple(function(s) for s in state)


# ---------------------------------------------------------------- a language model

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
    return _map_state(Tensor.detach, state)


def streams(tokens: Tensor, batch_size: int, length: int) -> Iterator[tuple[Tensor, Tensor]]:
    """A text cut into `batch_size` streams read side by side, `length` characters at a time.

    Yields x, y int64 `(B, length)`, y one character ahead of x. Row b of each x goes on where row
    b of the x before it ended, so the state can be carried over. What is left over is dropped.
    """
    each = (len(tokens) - 1) // batch_size
    if batch_size < 1 or length < 1 or each < length:
        raise ValueError(
            f"{len(tokens)} characters are too few for {batch_size} streams of {length}; "
            "both must be at least 1"
        )
    x = tokens[: batch_size * each].view(batch_size, each)
    y = tokens[1 : batch_size * each + 1].view(batch_size, each)
    for start in range(0, each - length + 1, length):
        yield x[:, start : start + length].long(), y[:, start : start + length].long()


@dataclass
class LanguageHistory:
    """Per step: loss in bits per character, gradient norm before clipping. CPU seconds in all."""

    loss: list[float] = field(default_factory=list)
    gradient_norm: list[float] = field(default_factory=list)
    cpu_seconds: float = 0.0


def train_language_model(
    model: LanguageModel,
    tokens: Tensor,
    *,
    steps: int,
    batch_size: int = 32,
    length: int = 64,
    lr: float = 5e-3,
    clip: float = 1.0,
    bfloat16: bool = False,
    watch: Callable[[int, float], None] | None = None,
    watch_every: int = 200,
) -> LanguageHistory:
    """Truncated back-propagation through time, `length` characters at a time, by Adam.

    The state goes on from batch to batch, its gradient does not. The learning rate warms up over
    50 steps and falls to zero along a cosine. tokens `(N,)` are read again from the start when
    they end. watch(step, seconds): called every `watch_every` steps, with the CPU
    time of the training so far, in which its own is not counted.
    Raises TrainingError where the loss is not finite.
    """
    from tqdm.auto import tqdm

    optimizer = torch.optim.Adam(model.parameters(), lr)
    history, state, batches = LanguageHistory(), None, iter(())
    model.train()
    started = time.process_time()
    hidden = os.environ.get("TQDM_DISABLE") == "1"  # which tqdm's notebook bar does not look at
    bar = tqdm(range(1, steps + 1), unit="step", leave=False, delay=2, disable=hidden)
    for step in bar:
        batch = next(batches, None)
        if batch is None:  # the text has ended: start again, with a state that knows nothing
            batches, state = streams(tokens, batch_size, length), None
            batch = next(batches)
        x, y = (part.to(model.readout.weight.device) for part in batch)
        rate = lr * min(1, step / 50) * 0.5 * (1 + math.cos(math.pi * (step - 1) / steps))
        for group in optimizer.param_groups:
            group["lr"] = rate
        with torch.autocast(x.device.type, torch.bfloat16, enabled=bfloat16):
            logits, state = model(x, state)
            loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        state = detach(state)  # here back-propagation is truncated
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimizer.step()
        history.loss.append(loss.item() / math.log(2))
        history.gradient_norm.append(norm.item())
        if not math.isfinite(history.loss[-1]):
            raise TrainingError(
                f"the loss became {history.loss[-1]} at step {step}: usually the learning rate is "
                f"too high (it was {rate:g}); try a tenth of it"
            )
        if watch is not None and step % watch_every == 0:
            paused = time.process_time()
            watch(step, paused - started)
            started += time.process_time() - paused
    history.cpu_seconds = time.process_time() - started
    return history


@torch.no_grad()
def bits_per_character(model: LanguageModel, tokens: Tensor, rows: int = 50) -> float:
    """Mean of -log2 P over every character of a text `(N,)`, in eval mode, which is put back.

    The text is read in `rows` pieces side by side, each from a blank state after a newline
    (number 0), so each piece begins a little worse than a single long reading would.
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


def adjusted(logits: Tensor, temperature: float = 1.0, top_k: int | None = None) -> Tensor:
    """Probabilities `(..., V)` from logits: softmax of logits / temperature over the best top_k."""
    if not temperature > 0:
        raise ValueError(
            f"the temperature must be above 0, not {temperature}; "
            "for the likeliest character every time use top_k=1"
        )
    if top_k is not None:
        if top_k < 1:
            raise ValueError(f"top_k must be at least 1, not {top_k}")
        least = logits.topk(min(top_k, logits.shape[-1])).values[..., -1:]
        logits = logits.masked_fill(logits < least, -math.inf)
    return F.softmax(logits / temperature, -1)


@torch.no_grad()
def sample(
    model: LanguageModel,
    prompt: Tensor,
    count: int,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    generator: torch.Generator | None = None,
) -> Tensor:
    """`count` characters drawn one by one after a prompt `(N,)`: int64 `(count,)`, on the CPU.

    The model is in eval mode meanwhile; its mode is put back.
    """
    if len(prompt) == 0:
        raise ValueError("the prompt needs at least one character; a newline will do")
    device, drawn = model.readout.weight.device, []
    with eval_mode(model):
        logits, state = model(prompt.long()[None].to(device))
        for _ in range(count):
            p = adjusted(logits[0, -1].float().cpu(), temperature, top_k)
            drawn.append(torch.multinomial(p, 1, generator=generator))
            logits, state = model(drawn[-1][None].to(device), state)
    return torch.cat(drawn) if drawn else prompt.new_zeros(0, dtype=torch.int64)


# ---------------------------------------------------------------- a classifier of sequences


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
