"""The language model and the classifier of sequences, against definitions."""

import math

import pytest
import torch
from test_rnn import KINDS, assert_close

from helpers.models import rnn

pytestmark = pytest.mark.usefixtures("float64_seeded")


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
    for batch_size, length in ((4, 26), (0, 6), (4, 0)):
        with pytest.raises(ValueError, match="too few"):
            next(rnn.streams(text, batch_size, length))


def test_detach_cuts_the_graph_for_tensor_and_pair():
    h = torch.ones(1, requires_grad=True) * 2
    assert not rnn.detach(h).requires_grad
    assert [s.requires_grad for s in rnn.detach((h, h))] == [False, False]


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
