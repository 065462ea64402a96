"""Recurrent networks by hand: the steps, the cells, the layers.

Sources: Elman, Finding Structure in Time, Cognitive Science 14, 1990 (RNN); Hochreiter and
Schmidhuber, Long Short-Term Memory, Neural Computation 9(8), 1997, with the forget gate of Gers,
Schmidhuber and Cummins, Learning to Forget, 2000 (LSTM); Cho and others, Learning Phrase
Representations using RNN Encoder-Decoder, EMNLP 2014 (GRU).

Parameters are named, ordered and initialised as in `torch.nn`: each loads the other's state_dict.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

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

WEIGHTS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


class _Recurrent(nn.Module):
    """A step with weights. Its state is h `(..., B, H)`, or (h, c) for an LSTM; None is zeros."""

    step: Callable[..., tuple[Tensor, ...]]
    gates: int  # blocks of H rows in each weight
    parts: int  # tensors in the state

    def __init__(self, hidden_size: int) -> None:
        super().__init__()
        self.hidden_size = hidden_size

    def add_weights(self, input_size: int, suffix: str = "") -> None:
        rows, bound = self.gates * self.hidden_size, 1 / math.sqrt(self.hidden_size)
        shapes = ((rows, input_size), (rows, self.hidden_size), (rows,), (rows,))
        for name, shape in zip(WEIGHTS, shapes, strict=True):
            drawn = torch.empty(shape).uniform_(-bound, bound)
            self.register_parameter(name + suffix, nn.Parameter(drawn))

    def given(self, state, x: Tensor, *shape: int) -> tuple[Tensor, ...]:
        """The state as a tuple of tensors `(*shape, H)`, whatever it was given as."""
        if state is None:
            return tuple(x.new_zeros(*shape, self.hidden_size) for _ in range(self.parts))
        return (state,) if isinstance(state, Tensor) else tuple(state)


class _Cell(_Recurrent):
    """One step in time: x `(B, D)` and a state to the next state."""

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__(hidden_size)
        self.add_weights(input_size)

    def forward(self, x: Tensor, state=None):
        from_x = x @ self.weight_ih.mT + self.bias_ih
        state = self.given(state, x, len(x))
        return _pack_state(self.step(from_x, state, self.weight_hh, self.bias_hh))


class RNNCell(_Cell):
    step, gates, parts = staticmethod(rnn_step), 1, 1


class LSTMCell(_Cell):
    step, gates, parts = staticmethod(lstm_step), 4, 2


class GRUCell(_Cell):
    step, gates, parts = staticmethod(gru_step), 3, 1


# ---------------------------------------------------------------- layers: a cell along a sequence


class _Layer(_Recurrent):
    """Layers of cells along sequences: x `(B, T, D)` to every h of the top layer `(B, T, H)`.

    x may be a PackedSequence; the outputs then are one too. The state, given and returned, holds
    the last step of every layer: h `(num_layers, B, H)`, or (h, c) for an LSTM.
    """

    def __init__(self, input_size: int, hidden_size: int, num_layers: int = 1) -> None:
        super().__init__(hidden_size)
        self.num_layers = num_layers
        for k in range(num_layers):
            self.add_weights(input_size if k == 0 else hidden_size, f"_l{k}")

    def forward(self, x: Tensor | PackedSequence, state=None):
        if isinstance(x, Tensor):
            lengths = torch.full((len(x),), x.shape[1])
            h, state = self(pack_padded_sequence(x, lengths, batch_first=True), state)
            return pad_packed_sequence(h, batch_first=True)[0], state
        sizes = x.batch_sizes.tolist()  # how many sequences are alive at each step
        state = self.given(state, x.data, self.num_layers, sizes[0])
        if x.sorted_indices is not None:  # the longest sequence first
            state = map_state(lambda s: s[:, x.sorted_indices], state)
        rows, last = x.data, []
        for k in range(self.num_layers):
            rows, end = self.unroll(k, rows, sizes, tuple(s[k] for s in state))
            last.append(end)
        state = tuple(torch.stack(s) for s in zip(*last, strict=True))
        if x.unsorted_indices is not None:
            state = map_state(lambda s: s[:, x.unsorted_indices], state)
        return x._replace(data=rows), _pack_state(state)

    def unroll(self, k: int, x: Tensor, sizes: list[int], state: tuple[Tensor, ...]):
        """Layer k on rows `(sum of sizes, D)`, all sequences at step 1, at step 2, and so on.

        Gives every h, as such rows, and each sequence's last state. Those that have ended are
        always the last rows of a step.
        """
        W_ih, W_hh, b_ih, b_hh = (getattr(self, f"{name}_l{k}") for name in WEIGHTS)
        outputs, ended = [], []
        for from_x in (x @ W_ih.mT + b_ih).split(sizes):  # the product of all steps at once
            ended.append(tuple(s[len(from_x) :] for s in state))
            state = tuple(s[: len(from_x)] for s in state)
            state = self.step(from_x, state, W_hh, b_hh)
            outputs.append(state[0])
        parts = zip(state, *reversed(ended), strict=True)
        return torch.cat(outputs), tuple(torch.cat(p) for p in parts)


class RNN(_Layer):
    step, gates, parts = staticmethod(rnn_step), 1, 1


class LSTM(_Layer):
    step, gates, parts = staticmethod(lstm_step), 4, 2


class GRU(_Layer):
    step, gates, parts = staticmethod(gru_step), 3, 1


def _pack_state(state: tuple[Tensor, ...]):
    return state if len(state) == 2 else state[0]


def map_state(function: Callable[[Tensor], Tensor], state):
    """Apply a function to the state's one tensor, or to both of an LSTM's."""
    return function(state) if isinstance(state, Tensor) else tuple(function(s) for s in state)
