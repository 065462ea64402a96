"""Train the nets of lecture 04's copy task from other starts, as many as show what luck does.

python benchmarks/copy_task.py --starts 20

Every kind of net in the lecture's table, and two more that part what an orthogonal start means:
drawn and scaled to a spectral radius ρ of 1, orthogonal and scaled to a ρ of 0.58. Prints how many
nets learnt each lag, and writes copy_task.json. For the reasons it also keeps how much of the
symbol reaches the logits of fresh nets, ρ of the RNNs, and how open the LSTM's forget gates are.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import torch
import torch.nn.functional as F
from common import arguments, table, timed, write
from torch import Generator, Tensor

from helpers.models import rnn

LAGS, BEFORE, UNITS, BATCH = (8, 16, 32, 64), 8, 24, 8
T_COPY = BEFORE + 1 + max(LAGS)
LEARNT = 0.9  # right more often than that, over the last 20 batches
SEED = 1  # the lecture's own is 0


def as_drawn(W_hh: Tensor, b: Tensor, generator: Generator) -> None:
    """Nothing is changed: uniform, as in PyTorch."""


def orthogonal(W_hh: Tensor, b: Tensor, generator: Generator, scale: float = 1.0) -> None:
    drawn = torch.randn(W_hh.shape, generator=generator, dtype=torch.float64)
    W_hh.copy_(scale * torch.linalg.qr(drawn)[0])


def short(W_hh: Tensor, b: Tensor, generator: Generator) -> None:
    """Every direction is kept equally, and ρ is about what a drawn matrix has."""
    orthogonal(W_hh, b, generator, 0.58)


def radius_one(W_hh: Tensor, b: Tensor, generator: Generator) -> None:
    """ρ is 1, and most directions shrink nevertheless."""
    W_hh.div_(radius(W_hh)[..., None, None])


def remember(W_hh: Tensor, b: Tensor, generator: Generator) -> None:
    """Gates set to remember for about as long as the sequence lasts."""
    u = torch.rand(*b.shape[:-1], UNITS, generator=generator, dtype=torch.float64)
    u = (1 + u * (T_COPY - 2)).log()
    b[..., UNITS : 2 * UNITS], b[..., :UNITS] = u, -u


CELLS = (  # step, gates, what is done to a drawn net
    (
        rnn.rnn_step,
        1,
        {
            "RNN": as_drawn,
            "RNN, orthogonal": orthogonal,
            "RNN, drawn, ρ = 1": radius_one,
            "RNN, orthogonal, ρ = 0.58": short,
        },
    ),
    (rnn.gru_step, 3, {"GRU": as_drawn}),
    (rnn.lstm_step, 4, {"LSTM": as_drawn, "LSTM, set to remember": remember}),
)


def radius(W_hh: Tensor) -> Tensor:
    return torch.linalg.eigvals(W_hh.detach().double()).abs().amax(-1)


def batch(starts: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """x one-hot (T, lags, 1, starts, B, 6), y (lags, 1, starts, B): as in the lecture."""
    shape = (len(LAGS), 1, starts, BATCH)
    y = torch.randint(4, shape, generator=generator)
    numbers = torch.randint(4, 6, (T_COPY, *shape), generator=generator)
    numbers[BEFORE] = y
    return F.one_hot(numbers, 6).float(), y


def weights(gates: int, prepare: list[Callable], starts: int, generator: Generator) -> list[Tensor]:
    """W_ih, W_hh, b, W_out, each (lags, kinds, starts, ...); drawn in double precision."""
    G = gates * UNITS
    drawn = [
        (torch.rand(len(LAGS), starts, *s, generator=generator, dtype=torch.float64) * 2 - 1)
        / UNITS**0.5
        for s in ((G, 6), (G, UNITS), (1, G), (4, UNITS))
    ]
    kinds = [[w.clone() for w in drawn] for _ in prepare]
    for change, (_, W_hh, b, _) in zip(prepare, kinds, strict=True):
        change(W_hh, b, generator)
    return [torch.stack(w, 1).float() for w in zip(*kinds, strict=True)]


def read(step: Callable, stack: list[Tensor], x: Tensor) -> Tensor:
    """The logits of every net at the end of its own lag: (lags, kinds, starts, B, 4).

    A net that has been read is not run on, which changes no logit and no gradient.
    """
    W_ih, W_hh, b, W_out = stack
    _, kinds, starts = W_hh.shape[:3]
    zeros = torch.zeros(len(LAGS), kinds, starts, x.shape[-2], UNITS)
    state = (zeros, zeros) if step is rnn.lstm_step else (zeros,)
    ends, t = [], 0
    for i, lag in enumerate(LAGS):
        last = BEFORE + 1 + lag
        for from_x in (x[t:last, i:] @ W_ih[i:].mT).unbind():
            state = step(from_x, state, W_hh[i:], b[i:])
        ends.append(state[0][0])
        state, t = tuple(part[1:] for part in state), last
    return torch.stack(ends) @ W_out.mT


def clip_each(stack: list[Tensor], tau: float = 1.0) -> None:
    """Clip every net's gradient at norm tau, each for itself."""
    norm = sum(w.grad.square().sum((-2, -1), keepdim=True) for w in stack).sqrt()
    for w in stack:
        w.grad *= tau / norm.clamp_min(tau)


def train(step: Callable, stack: list[Tensor], starts: int, steps: int, generator: Generator):
    """Share of right answers over the last 20 batches: (lags, kinds, starts)."""
    stack = [w.requires_grad_() for w in stack]
    optimizer, right = torch.optim.Adam(stack, 5e-3), []
    for _ in range(steps):
        x, y = batch(starts, generator)  # every kind reads the same
        logits = read(step, stack, x)
        y = y.expand(logits.shape[:-1])
        loss = F.cross_entropy(logits.flatten(0, -2), y.flatten(), reduction="sum") / BATCH
        optimizer.zero_grad()
        loss.backward()  # a sum over the nets: each gets its own gradient
        clip_each(stack)
        optimizer.step()
        right.append((logits.argmax(-1) == y).float().mean(-1))
    return torch.stack(right[-20:]).mean(0)


@torch.no_grad()
def reaching(step: Callable, stack: list[Tensor], starts: int) -> Tensor:
    """How far the logits differ between the four symbols, all else alike: (lags, kinds, starts)."""
    x, _ = batch(starts, Generator().manual_seed(SEED))
    x = x[..., :1, :].repeat(1, 1, 1, 1, 4, 1)
    x[BEFORE] = torch.eye(4, 6)
    return read(step, stack, x).std(-2).mean(-1)


@torch.no_grad()
def forgetting(stack: list[Tensor], starts: int) -> Tensor:
    """The forget gates' mean over a net's units and the steps of its lag: (lags, kinds, starts)."""
    W_ih, W_hh, b, _ = stack
    x, _ = batch(starts, Generator().manual_seed(SEED))
    state, opened = (torch.zeros(*W_hh.shape[:3], BATCH, UNITS),) * 2, []
    for from_x in (x @ W_ih.mT).unbind():
        gates = (from_x + state[0] @ W_hh.mT + b)[..., UNITS : 2 * UNITS].sigmoid()
        opened.append(gates.mean((-2, -1)))
        state = rnn.lstm_step(from_x, state, W_hh, b)
    opened = torch.stack(opened)[BEFORE + 1 :]
    return torch.stack([opened[:lag, i].mean(0) for i, lag in enumerate(LAGS)])


def listed(values: Tensor, digits: int = 3) -> list[list[float]]:
    return [[float(f"{v:.{digits}g}") for v in row] for row in values.tolist()]


def one_cell(step: Callable, gates: int, kinds: dict, starts: int, steps: int) -> dict:
    """Per kind: the share of right answers by lag and start, and what was looked at besides."""
    generator = Generator().manual_seed(SEED)
    stack = weights(gates, list(kinds.values()), starts, generator)
    look = {"symbol in the logits, fresh": reaching(step, stack, starts)}
    if step is rnn.rnn_step:
        look["ρ, fresh"] = radius(stack[1])
    right = train(step, stack, starts, steps, generator)
    if step is rnn.rnn_step:
        look["ρ, trained"] = radius(stack[1])
    if step is rnn.lstm_step:
        look["forget gates, trained"] = forgetting(stack, starts)
    return {
        name: {
            "learnt": (right[:, k] > LEARNT).sum(-1).tolist(),
            "right": listed(right[:, k]),
            **{what: listed(values[:, k]) for what, values in look.items()},
        }
        for k, name in enumerate(kinds)
    }


def main() -> None:
    torch.set_num_threads(1)
    options = arguments(__doc__.splitlines()[0], starts=20)
    starts, steps = (2, 2) if options.toy else (options.starts, 250)
    found, seconds = {}, 0.0
    for step, gates, kinds in CELLS:
        wall, cpu, result = timed(lambda c=(step, gates, kinds): one_cell(*c, starts, steps))
        found |= result
        seconds += cpu
        print(f"{', '.join(result)}: {wall:.0f} s, CPU {cpu:.0f} s", flush=True)
    rows = [[name, *kind["learnt"]] for name, kind in found.items()]
    print(table(rows, [f"learnt, of {starts}", *(f"lag {lag}" for lag in LAGS)]))
    command = f"python benchmarks/copy_task.py --starts {options.starts}"
    result = {"command": command, "CPU seconds": round(seconds), "starts": starts, "lags": LAGS}
    write("copy_task", {**result, "kinds": found}, options.toy)


if __name__ == "__main__":
    main()
