"""Recurrent networks by hand: the steps, the cells, the layers.

Sources: Elman 1990 (RNN); Hochreiter and Schmidhuber 1997, with the forget gate of Gers,
Schmidhuber and Cummins 2000 (LSTM); Cho and others, EMNLP 2014 (GRU). Parameters are named, ordered
and initialised as in `torch.nn`: each loads the other's state_dict.
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


State = tuple[Tensor, ...]  # (h,) or, of an LSTM, (h, c)


def rnn_step(from_x: Tensor, state: State, W_hh: Tensor, b_hh: Tensor) -> State:
    """h' = tanh(W_ih x + b_ih + W_hh h + b_hh). state: (h,), h `(B, H)`."""
    (h,) = state
    return (torch.tanh(from_x + h @ W_hh.mT + b_hh),)


def lstm_step(from_x: Tensor, state: State, W_hh: Tensor, b_hh: Tensor) -> State:
    """The cell c keeps a share f of itself and takes in a share i of g. state: (h, c)."""
    h, c = state
    i, f, g, o = (from_x + h @ W_hh.mT + b_hh).chunk(4, -1)  # each (B, H)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    h = torch.sigmoid(o) * torch.tanh(c)
    return h, c


def gru_step(from_x: Tensor, state: State, W_hh: Tensor, b_hh: Tensor) -> State:
    """h keeps a share z of itself and takes 1 - z of the candidate n. state: (h,)."""
    (h,) = state
    r_x, z_x, n_x = from_x.chunk(3, -1)
    r_h, z_h, n_h = (h @ W_hh.mT + b_hh).chunk(3, -1)
    r = torch.sigmoid(r_x + r_h)
    z = torch.sigmoid(z_x + z_h)
    n = torch.tanh(n_x + r * n_h)
    return (z * h + (1 - z) * n,)


WEIGHTS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


class _Recurrent(nn.Module):
    """A step and its weights. The state is h `(..., B, H)`, (h, c) for an LSTM; None is zeros."""

    step: Callable[..., State]
    gates: int  # blocks of H rows in each weight
    parts: int  # tensors in the state

    def __init__(self, input_size: int, hidden_size: int, **more: int) -> None:
        super().__init__()
        sizes = {"input_size": input_size, "hidden_size": hidden_size, **more}
        for name, size in sizes.items():
            if not isinstance(size, int) or size < 1:
                raise ValueError(f"{name} must be a whole number of at least 1, not {size!r}")
            setattr(self, name, size)

    def add_weights(self, input_size: int, suffix: str = "") -> None:
        rows, bound = self.gates * self.hidden_size, 1 / math.sqrt(self.hidden_size)
        shapes = ((rows, input_size), (rows, self.hidden_size), (rows,), (rows,))
        for name, shape in zip(WEIGHTS, shapes, strict=True):
            drawn = torch.empty(shape).uniform_(-bound, bound)
            self.register_parameter(name + suffix, nn.Parameter(drawn))

    def check(self, x: Tensor, *names: str) -> None:
        if x.ndim != len(names) or x.shape[-1] != self.input_size or 0 in x.shape:
            raise ValueError(
                f"x must have shape ({', '.join(names)}) with D = {self.input_size} and nothing "
                f"empty, not {tuple(x.shape)}"
            )

    def unpack(self, state, x: Tensor, *leading: int) -> State:
        """h, (h, c) or None to a tuple of tensors `(*leading, H)`."""
        shape = (*leading, self.hidden_size)
        if state is None:
            return tuple(x.new_zeros(shape) for _ in range(self.parts))
        state = (state,) if isinstance(state, Tensor) else tuple(state)
        if len(state) != self.parts:
            wanted = "a pair (h, c)" if self.parts == 2 else "one tensor h"
            raise ValueError(f"the state must be {wanted}, not {len(state)} tensor(s)")
        for s in state:
            if s.shape != shape:
                raise ValueError(
                    f"the state has shape {tuple(s.shape)}, this input needs {shape}: "
                    "is it left over from a batch of another size?"
                )
        return state

    @staticmethod
    def pack(state: State):
        return state if len(state) == 2 else state[0]


class _Cell(_Recurrent):
    """One step in time: x `(B, D)` and a state to the next state."""

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__(input_size, hidden_size)
        self.add_weights(input_size)

    def forward(self, x: Tensor, state=None):
        self.check(x, "B", "D")
        from_x = x @ self.weight_ih.mT + self.bias_ih
        state = self.unpack(state, x, len(x))
        return self.pack(self.step(from_x, state, self.weight_hh, self.bias_hh))


class RNNCell(_Cell):
    step, gates, parts = staticmethod(rnn_step), 1, 1


class LSTMCell(_Cell):
    step, gates, parts = staticmethod(lstm_step), 4, 2


class GRUCell(_Cell):
    step, gates, parts = staticmethod(gru_step), 3, 1


class _Layer(_Recurrent):
    """Layers of cells along sequences: x `(B, T, D)` to every h of the top layer `(B, T, H)`.

    x may be a PackedSequence; the outputs then are one too. The state, given and returned, holds
    the last step of every layer: h `(num_layers, B, H)`, or (h, c) for an LSTM.
    """

    def __init__(self, input_size: int, hidden_size: int, num_layers: int = 1) -> None:
        super().__init__(input_size, hidden_size, num_layers=num_layers)
        for k in range(num_layers):
            self.add_weights(input_size if k == 0 else hidden_size, f"_l{k}")

    def forward(self, x: Tensor | PackedSequence, state=None):
        if isinstance(x, PackedSequence):
            return self.along(x, state)
        self.check(x, "B", "T", "D")
        lengths = torch.full((len(x),), x.shape[1])
        packed, state = self.along(pack_padded_sequence(x, lengths, batch_first=True), state)
        return pad_packed_sequence(packed, batch_first=True)[0], state

    def along(self, x: PackedSequence, state):
        """x.data `(rows, D)`: the sequences alive at step 1, those alive at step 2, and so on."""
        rows, batch_sizes, last = x.data, x.batch_sizes.tolist(), []
        self.check(rows, "rows", "D")
        state = self.unpack(state, rows, self.num_layers, batch_sizes[0])
        if x.sorted_indices is not None:
            state = tuple(s[:, x.sorted_indices] for s in state)
        for k in range(self.num_layers):
            rows, end = self.unroll(k, rows, batch_sizes, tuple(s[k] for s in state))
            last.append(end)
        state = tuple(torch.stack(s) for s in zip(*last, strict=True))
        if x.unsorted_indices is not None:
            state = tuple(s[:, x.unsorted_indices] for s in state)
        return x._replace(data=rows), self.pack(state)

    def unroll(self, k: int, rows: Tensor, batch_sizes: list[int], state: State):
        """Layer k, step after step: every h, as rows like those given, and the last states.

        The sequences are sorted, longest first, so those that have ended are always the last rows.
        """
        W_ih, W_hh, b_ih, b_hh = (getattr(self, f"{name}_l{k}") for name in WEIGHTS)
        from_x = rows @ W_ih.mT + b_ih  # of all steps at once
        outputs, ended = [], []
        for now in from_x.split(batch_sizes):
            if len(now) < len(state[0]):
                ended.append(tuple(s[len(now) :] for s in state))
                state = tuple(s[: len(now)] for s in state)
            state = self.step(now, state, W_hh, b_hh)
            outputs.append(state[0])
        parts = zip(state, *reversed(ended), strict=True)
        return torch.cat(outputs), tuple(torch.cat(p) for p in parts)


class RNN(_Layer):
    step, gates, parts = staticmethod(rnn_step), 1, 1


class LSTM(_Layer):
    step, gates, parts = staticmethod(lstm_step), 4, 2


class GRU(_Layer):
    step, gates, parts = staticmethod(gru_step), 3, 1


def map_state(function: Callable[[Tensor], Tensor], state):
    """Apply a function to the state's one tensor, or to both of an LSTM's."""
    return function(state) if isinstance(state, Tensor) else tuple(function(s) for s in state)
