"""What strangers hand to `fit`: frozen parts, odd models, numbers of numpy, wrapped models, parts."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from tiny import busy_net, equal_weights, fit, linear, numbers, tiny_set, weights
from torch import nn

from helpers import data, training
from helpers.models import gan
from helpers.training import TrainingError, hardware


def test_what_the_caller_froze_stays_frozen_also_the_second_time():
    model = busy_net()
    model[1].eval()
    model[0].weight.requires_grad_(False)
    before = weights(model)
    for _ in range(2):
        fit(model, tiny_set(), epochs=1, lr=0.1, weight_decay=0.1)
        after = weights(model)
        for name in ("1.running_mean", "1.running_var", "1.num_batches_tracked", "0.weight"):
            assert torch.equal(before[name], after[name]), name
        assert not torch.equal(before["5.weight"], after["5.weight"])
    model.train()  # thawed by the caller
    fit(model, tiny_set(), epochs=1)
    assert not torch.equal(before["1.running_mean"], weights(model)["1.running_mean"])


def test_a_frozen_layer_of_a_discriminator_stays_frozen():
    torch.manual_seed(0)
    g, d = gan.PointGenerator(1, width=8), gan.PointDiscriminator(1, 8)
    d.layers[0].requires_grad_(False)
    before = d.layers[0].weight.clone()
    x = torch.randn(50, 2)
    training.fit_gan(g, d, x, steps=3, batch_size=8, device="cpu", progress=False)
    assert torch.equal(d.layers[0].weight, before)
    assert not any(p.requires_grad for p in d.layers[0].parameters())
    assert all(p.requires_grad for p in g.parameters())


@pytest.mark.parametrize(
    ("wrap", "said"),
    [
        (lambda z: (z, z), "gave a tuple of 2: it must give the logits alone"),
        (lambda z: {"logits": z}, "gave a dict of logits: it must give the logits alone"),
    ],
)
def test_a_model_that_gives_more_than_logits_is_named(wrap, said):
    class Wrapped(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = linear()

        def forward(self, x):
            return wrap(self.net(x))

    for use in (fit, training.evaluate):
        with pytest.raises(TrainingError, match=said):
            use(Wrapped(), tiny_set())


def test_lazy_layers_take_their_shapes_from_the_data():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.LazyLinear(5), nn.LazyBatchNorm1d(), nn.LazyLinear(3))
    history = fit(model, tiny_set(), epochs=2)
    assert len(history) == 2 and model[1].weight.shape == (5, 36)


def vectors_net() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(36, 4), nn.BatchNorm1d(4), nn.Linear(4, 3))


def test_an_image_left_over_joins_the_batch_before_where_batch_normalisation_needs_it():
    seen = []
    settings = {"epochs": 1, "batch_size": 7, "augment": lambda x: seen.append(len(x)) or x}
    fit(vectors_net(), tiny_set(train=50), **settings)
    assert seen == [7] * 6 + [8]
    seen.clear()
    fit(linear(), tiny_set(train=50), **settings)
    assert seen == [7] * 7 + [1]
    seen.clear()
    fit(vectors_net(), tiny_set(train=50), **(settings | {"batch_size": 10, "accumulate": 6}))
    assert seen == [2] * 25
    with pytest.raises(TrainingError, match="batch_size=1: one image has no variance"):
        fit(vectors_net(), tiny_set(), batch_size=1)


def test_numbers_of_numpy_anywhere_resume(tmp_path):
    settings = {
        "lr": np.float64(0.01),
        "epochs": np.int64(3),
        "batch_size": np.int32(20),
        "clip": np.float32(1.0),
        "ema": np.array(0.5),
        "warm_up": torch.tensor(0.1),
        "label_smoothing": np.float64(0.1),
        "seed": np.int64(4),
        "weight_decay": np.float32(0.01),
        "metrics": {"largest": lambda logits, y: np.float32(logits.max())},
        "checkpoint": tmp_path / "run.pt",
    }
    torch.manual_seed(0)
    whole = fit(linear(), tiny_set(), **settings)
    settings["checkpoint"] = tmp_path / "again.pt"
    fit(linear(), tiny_set(), **(settings | {"epochs": 2}))
    again = fit(linear(), tiny_set(), **settings)
    assert again.train_loss[:2] != [] and len(again) == 3 and len(again.largest) == 3
    plain = {k: getattr(v, "item", lambda v=v: v)() for k, v in settings.items()}
    assert numbers(fit(linear(), tiny_set(), **plain)) == numbers(again)
    assert len(whole) == 3


def test_the_checkpoint_of_a_wrapped_or_compiled_model_loads_into_a_bare_one(tmp_path):
    inner = linear()
    wrapped = {
        "bare": linear(),
        "parallel": nn.DataParallel(linear()),
        "compiled": torch._dynamo.OptimizedModule(inner, torch._dynamo.disable),
    }
    expected = None
    for name, model in wrapped.items():
        path = tmp_path / f"{name}.pt"
        fit(model, tiny_set(), epochs=2, checkpoint=path)
        state = torch.load(path)["nets"]["model"]
        expected = expected or state
        assert equal_weights(state, expected), name
        bare = linear(seed=9)
        bare.load_state_dict(state)
        fit(bare, tiny_set(), epochs=2, checkpoint=path)
        assert equal_weights(bare.state_dict(), expected)


def test_bfloat16_where_it_is_slow_is_said_and_fast_does_not_take_it(monkeypatch):
    monkeypatch.setattr(hardware, "fast_bfloat16", lambda kind: False)
    with pytest.warns(UserWarning, match="bfloat16 is slow here"):
        slow = fit(linear(), tiny_set(), epochs=1, precision="bfloat16")
    fast = fit(linear(), tiny_set(), epochs=1, precision="fast")
    exact = fit(linear(), tiny_set(), epochs=1)
    assert slow.train_loss != exact.train_loss == fast.train_loss
    monkeypatch.setattr(hardware, "fast_bfloat16", lambda kind: True)
    assert fit(linear(), tiny_set(), epochs=1, precision="fast").train_loss == slow.train_loss


# ---------------------------------------------------------------- train, validation, test


def test_with_a_validation_part_nothing_is_chosen_by_the_test():
    """Another test part, with wrong labels: the same run, stopped at the same place."""
    parts = tiny_set(train=220, test=20).with_validation(0.9)
    shuffled = replace(parts, test_y=parts.test_y.flip(0))
    settings = dict(epochs=60, lr=0.3, optimiser="sgd", patience=4, batch_size=4)
    runs, models = [], []
    for part in (parts, shuffled):
        models.append(linear())
        runs.append(fit(models[-1], part, **settings))
    assert numbers(runs[0]) == numbers(runs[1]) and "lower validation loss" in runs[0].stopped
    best = min(runs[0].val_loss)
    assert training.evaluate(models[0], parts, "val")[0] == pytest.approx(best, rel=1e-6)
    assert training.evaluate(models[0], parts) != training.evaluate(models[1], shuffled)
    with pytest.raises(AttributeError, match="the test part is not looked at while training"):
        _ = runs[0].test_loss
    assert runs[0].plot().axes[0].get_legend().get_texts()[1].get_text() == "validation"
    with pytest.raises(ValueError, match="no validation part"):
        training.evaluate(models[0], tiny_set(), "val")


def test_digits_are_split_between_forms_that_writers_filled_in():
    parts = data.load("digits", validation=True)
    sizes = [len(parts.train_x), len(parts.val_x), len(parts.test_x)]
    assert sizes == [1157, 258, 382]
    for y in (parts.train_y, parts.val_y, parts.test_y):  # where a form begins
        assert y[:20].tolist() == 2 * list(range(10))


def test_no_font_file_name_or_day_is_in_two_parts():
    text, words, dates = (data.load(n, validation=True) for n in ("stdlib", "words", "dates"))
    whole = data.load("stdlib")
    assert len(text.train) + len(text.val) == len(whole.train) and torch.equal(
        text.test, whole.test
    )
    assert not set(words.val) & (set(words.train) | set(words.test)) and len(words.val_y) > 500
    days = [{iso for _, iso in part} for part in (dates.train, dates.val, dates.test)]
    assert len(set.union(*days)) == sum(map(len, days)) == 12_000
    with pytest.raises(ValueError, match="known density"):
        data.load("ring", validation=True)
