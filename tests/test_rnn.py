"""helpers.models.rnn and ngram against torch.nn in float64, and against definitions."""

import math
import re

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from helpers import diagnostics
from helpers.models import ngram, rnn
from helpers.training import TrainingError

KINDS = ("RNN", "LSTM", "GRU")


@pytest.fixture(autouse=True)
def _float64_seeded():
    torch.manual_seed(0)
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


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
def test_gradient_against_finite_differences(kind):
    layer = getattr(rnn, kind)(2, 3)
    x = torch.randn(2, 4, 2, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: layer(x)[0], (x,))


@pytest.mark.parametrize("kind", KINDS)
def test_carried_state_equals_one_long_reading(kind):
    layer = getattr(rnn, kind)(3, 4)
    x = torch.randn(2, 9, 3)
    whole, _ = layer(x)
    first, state = layer(x[:, :4])
    second, _ = layer(x[:, 4:], state)
    assert_close(torch.cat([first, second], 1), whole)


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
    wrong = torch.zeros(1, 2, 4) if kind == "LSTM" else (torch.zeros(1, 2, 4),) * 2
    with pytest.raises(ValueError, match="the state must be"):
        layer(torch.randn(2, 7, 3), wrong)
    with pytest.raises(ValueError, match="hidden_size"):
        getattr(rnn, kind)(3, 0)


# ---------------------------------------------------------------- the language model


def tiny(cell="lstm", **sizes) -> rnn.LanguageModel:
    return rnn.LanguageModel(5, hidden_size=6, embedding=4, cell=cell, **sizes)


@pytest.mark.parametrize("kind", KINDS)
def test_our_layer_can_stand_in_the_language_model(kind):
    model = tiny(kind.lower(), num_layers=2)
    ours = getattr(rnn, kind)(4, 6, 2)
    ours.load_state_dict(model.layer.state_dict())
    tokens = torch.randint(5, (3, 7))
    want, _ = model(tokens)
    model.layer = ours
    assert_close(model(tokens)[0], want)


def test_forget_gate_starts_open():
    model = tiny()
    bias = model.layer.bias_ih_l0 + model.layer.bias_hh_l0
    gates = bias.view(4, 6).mean(1)
    assert gates[1] > gates[[0, 2, 3]].max() + 0.3


def test_unknown_cell():
    with pytest.raises(ValueError, match="rnn, lstm, gru"):
        tiny("transformer")


def test_streams_go_on_where_they_ended_and_y_is_one_ahead():
    text = torch.arange(103)
    parts = list(rnn.streams(text, 4, 6))
    assert len(parts) == 4 and all(x.shape == y.shape == (4, 6) for x, y in parts)
    assert all((y == x + 1).all() for x, y in parts)
    together = torch.cat([x for x, _ in parts], 1)
    assert (together.diff(dim=1) == 1).all()  # no gap between one batch and the next
    assert together[:, 0].tolist() == [0, 25, 50, 75]
    with pytest.raises(ValueError, match="too few"):
        next(rnn.streams(text, 4, 26))


def test_detach_cuts_the_graph_for_tensor_and_pair():
    h = torch.ones(1, requires_grad=True) * 2
    assert not rnn.detach(h).requires_grad
    assert [s.requires_grad for s in rnn.detach((h, h))] == [False, False]


def test_training_carries_the_state_over():
    """With a zero learning rate, each step's loss is that of one long reading of the streams."""
    model, text = tiny(), torch.randint(5, (241,))
    run = rnn.train_language_model(model, text, steps=3, batch_size=2, length=40, lr=0.0)
    x, y = text[:240].view(2, 120), text[1:241].view(2, 120)
    logits, _ = model(x)
    each = nn.functional.cross_entropy(logits.transpose(1, 2), y, reduction="none") / math.log(2)
    want = each.view(2, 3, 40).mean((0, 2))
    np.testing.assert_allclose(run.loss, want.detach(), atol=1e-9)
    assert len(run.gradient_norm) == 3 and run.cpu_seconds >= 0


def test_training_learns_and_starts_the_text_again():
    model, text = tiny(), torch.arange(400) % 5
    seen, seconds = [], []

    def watch(step, cpu_seconds):
        seen.append(step)
        seconds.append(cpu_seconds)

    run = rnn.train_language_model(
        model, text, steps=120, batch_size=4, length=20, lr=5e-2, watch=watch, watch_every=40
    )
    assert seen == [40, 80, 120]
    assert 0 <= seconds[0] <= seconds[1] <= seconds[2] <= run.cpu_seconds
    assert run.loss[0] > 2 and run.loss[-1] < 0.3
    assert rnn.bits_per_character(model, text, rows=2) < 0.3


def test_training_stops_on_a_loss_that_is_not_finite():
    model = tiny()
    model.readout.weight.data.fill_(math.nan)
    with pytest.raises(TrainingError, match="learning rate"):
        rnn.train_language_model(model, torch.randint(5, (400,)), steps=2, batch_size=2, length=9)


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_bits_per_character_equals_a_reading_piece_by_piece(rows):
    model, text = tiny(), torch.randint(5, (1301,))
    total = 0.0
    for piece in text.split(math.ceil(len(text) / rows)):
        logits, _ = model(torch.cat([torch.zeros(1, dtype=torch.int64), piece[:-1]])[None])
        total -= logits[0].log_softmax(-1).gather(1, piece[:, None]).sum().item()
    got = rnn.bits_per_character(model, text.to(torch.uint8), rows)
    assert got == pytest.approx(total / len(text) / math.log(2), abs=1e-9)
    with pytest.raises(ValueError, match="empty"):
        rnn.bits_per_character(model, text[:0])


def test_adjusted_temperature_and_top_k():
    logits = torch.tensor([2.0, 1.0, 0.0, -1.0])
    assert_close(rnn.adjusted(logits), logits.softmax(0))
    assert_close(rnn.adjusted(logits, 0.5), (logits * 2).softmax(0))
    p = rnn.adjusted(logits, 1.0, top_k=2)
    assert_close(p, torch.cat([logits[:2].softmax(0), torch.zeros(2)]))
    assert_close(rnn.adjusted(logits, 1.0, top_k=9), logits.softmax(0))
    assert rnn.adjusted(logits, 1e-3)[0] == 1
    for bad in (0, -1, math.nan):
        with pytest.raises(ValueError, match="top_k=1"):
            rnn.adjusted(logits, bad)
    with pytest.raises(ValueError, match="at least 1"):
        rnn.adjusted(logits, 1.0, 0)


@pytest.mark.parametrize("training", [True, False])
def test_sampling_puts_every_mode_back(training):
    model = tiny().train(training)
    model.readout.train(not training)  # a module in another mode than the rest
    before = [m.training for m in model.modules()]
    rnn.sample(model, torch.tensor([0]), 5)
    assert [m.training for m in model.modules()] == before
    with pytest.raises(ValueError):
        rnn.sample(model, torch.tensor([0]), 5, temperature=0)
    assert [m.training for m in model.modules()] == before


def test_sampling_repeats_with_a_generator_and_follows_the_model():
    model, text = tiny(), torch.arange(400) % 5
    rnn.train_language_model(model, text, steps=120, batch_size=4, length=20, lr=5e-2)
    draw = [
        rnn.sample(model, text[:5], 20, generator=torch.Generator().manual_seed(1)).tolist()
        for _ in range(2)
    ]
    assert draw[0] == draw[1]
    assert rnn.sample(model, text[:5], 20, top_k=1).tolist() == text[5:25].tolist()
    assert rnn.sample(model, text[:5], 0).tolist() == []
    with pytest.raises(ValueError, match="prompt"):
        rnn.sample(model, text[:0], 3)


# ---------------------------------------------------------------- the classifier


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_classifier_never_reads_padding(cell):
    model = rnn.SequenceClassifier(9, 3, hidden_size=6, embedding=4, cell=cell)
    lengths = torch.tensor([2, 7, 1, 5])
    tokens = torch.randint(1, 9, (4, 7))
    mask = torch.arange(7) < lengths[:, None]
    packed = model(tokens * mask, lengths)
    assert_close(packed, model(tokens, lengths))  # rubbish in place of padding
    for b, n in enumerate(lengths):
        assert_close(model(tokens[b : b + 1, :n], lengths[b : b + 1])[0], packed[b])


def test_classifier_refuses_empty_sequences():
    model = rnn.SequenceClassifier(9, 3)
    with pytest.raises(ValueError, match="at least 1"):
        model(torch.ones(2, 3, dtype=torch.int64), torch.tensor([3, 0]))
    with pytest.raises(ValueError, match="2 sequences"):
        model(torch.ones(2, 3, dtype=torch.int64), torch.tensor([3]))


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


# ---------------------------------------------------------------- n-grams


def by_definition(text: list[int], history: tuple[int, ...], w: int, V: int) -> float:
    """Witten-Bell straight from the formula, with loops over the text."""
    n = len(history) + 1
    if n == 1:
        followers = text
        lower = 1 / V
    else:
        places = range(len(text) - n + 1)
        followers = [text[i + n - 1] for i in places if tuple(text[i : i + n - 1]) == history]
        lower = by_definition(text, history[1:], w, V)
    if not followers:
        return lower
    different = len(set(followers))
    return (followers.count(w) + different * lower) / (len(followers) + different)


@pytest.mark.parametrize("seed", range(3))
def test_ngram_equals_its_definition(seed):
    generator = torch.Generator().manual_seed(seed)
    V, order = 4, 4
    text = torch.randint(V, (60,), generator=generator)
    held_out = torch.randint(V, (25,), generator=generator)
    model = ngram.NGram(text.to(torch.uint8), order, V)
    p = model.probabilities(held_out)
    assert p.shape == (order, 25)
    for n in range(1, order + 1):
        for i in range(25):
            history = tuple(held_out[max(i - n + 1, 0) : i].tolist())
            want = by_definition(text.tolist(), history, int(held_out[i]), V)
            assert p[n - 1, i].item() == pytest.approx(want, abs=1e-12)
    bits = model.bits(held_out)
    assert bits == pytest.approx((-p.log2().mean(1)).tolist())


@pytest.mark.parametrize("order", [1, 2, 5, 8])
@pytest.mark.parametrize("context", ["", "a", "the c", "zzzzzzzzzz", "the cat sat on the m"])
def test_ngram_probabilities_sum_to_one(order, context):
    text = torch.tensor([ord(c) - 97 if c != " " else 26 for c in "the cat sat on the mat " * 3])
    model = ngram.NGram(text, order, 27)
    before = torch.tensor([ord(c) - 97 if c != " " else 26 for c in context], dtype=torch.int64)
    p = model.next_distribution(before)
    assert p.shape == (27,) and (p > 0).all()
    assert p.sum().item() == pytest.approx(1, abs=1e-12)


def test_ngram_of_a_periodic_text_is_nearly_sure():
    text = torch.arange(3000) % 3
    bits = ngram.NGram(text, 3, 3).bits(text[:300])
    assert bits[0] == pytest.approx(math.log2(3), abs=0.01)
    assert bits[1] < 0.02 and bits[2] < bits[1]


def test_ngram_counts_what_it_stores():
    model = ngram.NGram(torch.tensor([0, 1, 0, 1, 2]), 3, 3)
    assert model.sizes == [3, 3, 3]  # 0 1 2; 01 10 12; 010 101 012


def test_ngram_bad_input():
    text = torch.tensor([0, 1, 2])
    with pytest.raises(ValueError, match="at least 1"):
        ngram.NGram(text, 0, 3)
    with pytest.raises(ValueError, match="too few"):
        ngram.NGram(text, 4, 3)
    with pytest.raises(ValueError, match="too high"):
        ngram.NGram(torch.zeros(50, dtype=torch.int64), 12, 97)
    with pytest.raises(ValueError, match="from 0 to 1"):
        ngram.NGram(text, 2, 2)
    with pytest.raises(ValueError, match="integers"):
        ngram.NGram(text.double(), 2, 3)
    with pytest.raises(ValueError, match="empty"):
        ngram.NGram(text, 2, 3).bits(text[:0])
