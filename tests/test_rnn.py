"""helpers.models.rnn: cells, layers and gradients against torch.nn in float64."""

import math
import re

import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from helpers import diagnostics
from helpers.models import rnn

KINDS = ("RNN", "LSTM", "GRU")


pytestmark = pytest.mark.usefixtures("float64_seeded")


def flat(state) -> list[torch.Tensor]:
    return [state] if isinstance(state, torch.Tensor) else list(state)


def assert_close(a, b) -> None:
    torch.testing.assert_close(a, b, atol=1e-10, rtol=0)


def assert_same_gradients(ours: nn.Module, theirs: nn.Module) -> None:
    named = dict(theirs.named_parameters())
    for name, p in ours.named_parameters():
        assert p.grad is not None, name
        assert_close(p.grad, named[name].grad)


# ---------------------------------------------------------------- cells and layers


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("given_state", [False, True])
@pytest.mark.parametrize(("B", "D", "H"), [(3, 5, 4), (1, 1, 1), (2, 7, 1)])
def test_cell_equals_torch(kind, given_state, B, D, H):
    ours, theirs = getattr(rnn, kind + "Cell")(D, H), getattr(nn, kind + "Cell")(D, H)
    theirs.load_state_dict(ours.state_dict())
    parts = 2 if kind == "LSTM" else 1
    x = torch.randn(B, D)
    states = tuple(torch.randn(B, H) for _ in range(parts)) if given_state else None
    results = []
    for cell in (ours, theirs):
        x_in = x.clone().requires_grad_()
        state = states if parts == 2 or states is None else states[0]
        out = cell(x_in, state)
        sum((s**3).sum() for s in flat(out)).backward()
        results.append((*flat(out), x_in.grad))
    for a, b in zip(*results, strict=True):
        assert_close(a, b)
    assert_same_gradients(ours, theirs)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize("given_state", [False, True])
@pytest.mark.parametrize(("B", "T"), [(3, 6), (1, 1), (2, 17)])
def test_layer_equals_torch(kind, layers, given_state, B, T):
    D, H = 5, 4
    ours = getattr(rnn, kind)(D, H, layers)
    theirs = getattr(nn, kind)(D, H, layers, batch_first=True)
    theirs.load_state_dict(ours.state_dict())
    parts = 2 if kind == "LSTM" else 1
    x = torch.randn(B, T, D)
    states = [torch.randn(layers, B, H) for _ in range(parts)]
    weights = torch.randn(B, T, H)
    results = []
    for layer in (ours, theirs):
        x_in = x.clone().requires_grad_()
        first = [s.clone().requires_grad_() for s in states]
        given = (tuple(first) if parts == 2 else first[0]) if given_state else None
        out, state = layer(x_in, given)
        ((out * weights).sum() + sum((s**2).sum() for s in flat(state))).backward()
        grads = [s.grad for s in first] if given_state else []
        results.append((out, *flat(state), x_in.grad, *grads))
    for a, b in zip(*results, strict=True):
        assert_close(a, b)
    assert_same_gradients(ours, theirs)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("enforce_sorted", [False, True])
def test_packed_layer_equals_torch_and_unpadded(kind, enforce_sorted):
    D, H, lengths = 3, 4, [7, 5, 5, 2, 1] if enforce_sorted else [2, 7, 1, 5, 5]
    ours = getattr(rnn, kind)(D, H, 2)
    theirs = getattr(nn, kind)(D, H, 2, batch_first=True)
    theirs.load_state_dict(ours.state_dict())
    x = torch.randn(5, 7, D)
    parts = 2 if kind == "LSTM" else 1
    states = tuple(torch.randn(2, 5, H) for _ in range(parts))
    given = states if parts == 2 else states[0]
    results = []
    for layer in (ours, theirs):
        layer.zero_grad()
        packed = pack_padded_sequence(x, torch.tensor(lengths), True, enforce_sorted)
        out, state = layer(packed, given)
        padded, back = pad_packed_sequence(out, batch_first=True)
        assert back.tolist() == lengths
        (padded**2).sum().backward()
        results.append((padded, *flat(state)))
    for a, b in zip(*results, strict=True):
        assert_close(a, b)
    assert_same_gradients(ours, theirs)
    for b, n in enumerate(lengths):  # each sequence alone, without padding
        one = tuple(s[:, b : b + 1] for s in states)
        out, state = ours(x[b : b + 1, :n], one if parts == 2 else one[0])
        assert_close(out[0], results[0][0][b, :n])
        for s, whole in zip(flat(state), results[0][1:], strict=True):
            assert_close(s[:, 0], whole[:, b])


@pytest.mark.parametrize("kind", KINDS)
def test_steps_take_a_stack_of_models(kind):
    step = getattr(rnn, kind.lower() + "_step")
    gates, parts = {"RNN": (1, 1), "LSTM": (4, 2), "GRU": (3, 1)}[kind]
    S, B, H = 3, 2, 4
    from_x, W, b = torch.randn(S, B, gates * H), torch.randn(S, gates * H, H), torch.randn(S, 1, 1)
    b = b.expand(S, 1, gates * H)
    state = tuple(torch.randn(S, B, H) for _ in range(parts))
    together = step(from_x, state, W, b)
    for s in range(S):
        alone = step(from_x[s], tuple(part[s] for part in state), W[s], b[s, 0])
        for a, t in zip(alone, together, strict=True):
            assert_close(a, t[s])


def test_initialisation_is_pytorchs_in_size():
    ours, theirs = rnn.LSTM(50, 100), nn.LSTM(50, 100, batch_first=True)
    assert set(ours.state_dict()) == set(theirs.state_dict())
    for name, p in theirs.named_parameters():
        q = getattr(ours, name)
        assert q.shape == p.shape
        assert q.abs().max() <= 0.1 and abs(q.std() - p.std()) < 0.01


@pytest.mark.parametrize("kind", KINDS)
def test_bad_input_is_named(kind):
    cell, layer = getattr(rnn, kind + "Cell")(3, 4), getattr(rnn, kind)(3, 4)
    with pytest.raises(ValueError, match="D = 3"):
        cell(torch.randn(2, 5))
    with pytest.raises(ValueError, match="D = 3"):
        layer(torch.randn(2, 7, 5))
    with pytest.raises(ValueError, match="nothing empty"):
        layer(torch.randn(2, 0, 3))
    with pytest.raises(ValueError, match="nothing empty"):
        layer(torch.randn(0, 7, 3))
    _, state = layer(torch.randn(2, 7, 3))
    with pytest.raises(ValueError, match="batch of another size"):
        layer(torch.randn(3, 7, 3), state)
    packed = nn.utils.rnn.pack_sequence([torch.randn(k, 3) for k in (2, 7, 5)], False)
    with pytest.raises(ValueError, match="batch of another size"):
        layer(packed, state)
    wrong = torch.zeros(1, 2, 4) if kind == "LSTM" else (torch.zeros(1, 2, 4),) * 2
    with pytest.raises(ValueError, match="the state must be"):
        layer(torch.randn(2, 7, 3), wrong)
    with pytest.raises(ValueError, match="hidden_size"):
        getattr(rnn, kind)(3, 0)


# ---------------------------------------------------------------- gradient against lag


@pytest.mark.parametrize("kind", KINDS)
def test_gradient_against_lag_equals_finite_differences(kind):
    cell = getattr(rnn, kind + "Cell")(3, 4)
    x, direction = torch.randn(2, 6, 3), torch.randn(4)
    found = diagnostics.gradient_against_lag(cell, x, lambda h: h @ direction)
    assert set(found) == ({"h", "c"} if kind == "LSTM" else {"h"})
    for place, name in enumerate(found):
        assert found[name].shape == (6,)
        for t in range(6):
            states, state = [], None
            for k in range(6):
                state = cell(x[:, k], state)
                states.append(tuple(s.detach() for s in flat(state)))

            def end(nudged, t=t, place=place, states=states):
                parts = list(states[t])
                if place == 1:  # h_t is made from c_t, with the output gate o_t
                    parts[0] = parts[0] / parts[1].tanh() * nudged.tanh()
                parts[place] = nudged
                state = tuple(parts) if kind == "LSTM" else parts[0]
                for k in range(t + 1, 6):
                    state = cell(x[:, k], state)
                return flat(state)[0] @ direction

            start, h = states[t][place], 1e-6
            gradient = torch.zeros(2, 4)
            for j in range(4):
                e = torch.zeros(4)
                e[j] = h
                gradient[:, j] = (end(start + e) - end(start - e)).detach() / (2 * h)
            want = gradient.norm(dim=1).mean()
            assert found[name][5 - t].item() == pytest.approx(want.item(), rel=1e-5, abs=1e-9)


def test_gradient_against_lag_of_a_linear_recurrence_is_a_power():
    cell = rnn.RNNCell(1, 3)
    with torch.no_grad():
        for p in cell.parameters():
            p.zero_()
        cell.weight_hh.copy_(0.9 * torch.eye(3))
    found = diagnostics.gradient_against_lag(cell, torch.zeros(1, 8, 1), lambda h: h.sum(1))["h"]
    assert_close(found, math.sqrt(3) * 0.9 ** torch.arange(8.0))  # tanh'(0) = 1


def test_gradient_against_lag_takes_pytorchs_cells_and_leaves_no_trace():
    cell = nn.LSTMCell(3, 4)
    ours = rnn.LSTMCell(3, 4)
    ours.load_state_dict(cell.state_dict())
    x = torch.randn(2, 6, 3)
    for a, b in zip(
        diagnostics.gradient_against_lag(cell, x).values(),
        diagnostics.gradient_against_lag(ours, x).values(),
        strict=True,
    ):
        assert_close(a, b)
    assert all(p.grad is None for p in cell.parameters())
    with pytest.raises(ValueError, match=re.escape("(B, T, D)")):
        diagnostics.gradient_against_lag(cell, x[0])
