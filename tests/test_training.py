"""helpers.training: what fit takes and gives; predict and evaluate. Its loop: test_loop.py."""

import math

import pytest
import torch
import torch.nn.functional as F
from tiny import (
    busy_net,
    fit,
    linear,
    numbers,
    one_thread,  # noqa: F401 - a fixture
    tiny_set,
)

from helpers import training

# ---------------------------------------------------------------- fit is gradient descent


def test_label_smoothing_is_in_the_training_loss_only():
    data = tiny_set()
    model = linear()
    before = F.cross_entropy(model(data.normalise(data.train_x)), data.train_y, label_smoothing=0.2)
    history = fit(model, data, epochs=1, batch_size=50, lr=0.0, label_smoothing=0.2)
    assert history.train_loss[0] == pytest.approx(before.item(), rel=1e-5)
    plain = F.cross_entropy(model(data.normalise(data.test_x)), data.test_y)
    assert history.test_loss[0] == pytest.approx(plain.item(), rel=1e-5)


def test_augment_sees_normalised_batches_in_training_only():
    data = tiny_set()
    seen = []

    def augment(x):
        seen.append(x)
        return x

    fit(linear(), data, epochs=1, batch_size=20, augment=augment)
    assert [len(x) for x in seen] == [20, 20, 10]
    everything = torch.cat(seen)
    assert everything.dtype == torch.float32
    assert abs(everything.mean()) < 1e-5 and abs(everything.std() - 1) < 1e-2


def test_the_seed_covers_the_order_and_torchs_own_numbers_the_rest():
    runs = []
    for order, own in ((1, 0), (1, 0), (2, 0), (1, 1)):  # dropout follows torch.manual_seed
        model = busy_net()
        torch.manual_seed(own)
        runs.append(fit(model, tiny_set(), epochs=2, seed=order))
    assert numbers(runs[0]) == numbers(runs[1])
    assert runs[0].train_loss not in (runs[2].train_loss, runs[3].train_loss)


@pytest.mark.parametrize("optimiser", ["sgd", "adam", "adamw", "muon"])
def test_every_optimiser_learns(optimiser):
    data = tiny_set(200, 60)
    lr = {"sgd": 0.05, "adam": 0.01, "adamw": 0.01, "muon": 0.01}[optimiser]
    history = fit(linear(), data, epochs=8, batch_size=20, lr=lr, optimiser=optimiser)
    assert history.train_loss[-1] < 0.5 * math.log(3)
    assert history.test_accuracy[-1] > 0.9


@pytest.mark.parametrize("name", ["constant", "cosine", "linear", "step", "one_cycle"])
def test_schedule_sets_the_learning_rate_of_every_step(name):
    data = tiny_set(train=40)
    history = fit(linear(), data, epochs=4, batch_size=20, lr=0.2, schedule=name)
    last_steps = [(2 * e + 1) / 8 for e in range(4)]  # of eight steps, the last of each epoch
    expected = [0.2 * training.SCHEDULES[name](t) for t in last_steps]
    assert history.learning_rate == pytest.approx(expected)


def test_schedules_at_known_places():
    s = training.SCHEDULES
    assert [s["step"](t) for t in (0, 0.49, 0.5, 0.75)] == pytest.approx([1, 1, 0.1, 0.01])
    assert [s["cosine"](t) for t in (0, 0.5, 1)] == pytest.approx([1, 0.5, 0])
    assert [s["one_cycle"](t) for t in (0, 0.15, 0.3, 1)] == pytest.approx([0, 0.5, 1, 0])


# ---------------------------------------------------------------- evaluate, predict, modes


def test_predict_and_evaluate_against_a_plain_forward_pass():
    data = tiny_set(test=33)
    model = busy_net().eval()
    with torch.no_grad():
        logits = model(data.normalise(data.test_x))
    torch.testing.assert_close(training.predict(model, data, batch_size=10), logits)
    loss, accuracy = training.evaluate(model, data)
    assert loss == pytest.approx(F.cross_entropy(logits, data.test_y).item(), rel=1e-6)
    assert accuracy == pytest.approx((logits.argmax(1) == data.test_y).float().mean().item())
    some = training.predict(model, data, data.train_x[:4])
    assert some.shape == (4, 3) and some.dtype == torch.float32 and not some.requires_grad


def test_every_mode_is_put_back_even_after_an_error():
    model = busy_net().train()
    model[1].eval()  # frozen batch statistics, as in fine-tuning
    modes = [m.training for m in model.modules()]
    with pytest.raises(RuntimeError, match="stop"), training.eval_mode(model):
        assert not any(m.training for m in model.modules())
        raise RuntimeError("stop")
    assert [m.training for m in model.modules()] == modes
    training.predict(model, tiny_set())
    assert [m.training for m in model.modules()] == modes


def test_fit_leaves_the_model_in_eval_mode():
    model = busy_net()
    fit(model, tiny_set(), epochs=1)
    assert not any(m.training for m in model.modules())


def test_history_plots_itself():
    history = fit(linear(), tiny_set(), epochs=2)
    figure = history.plot("A tiny run")
    assert [ax.get_xlabel() for ax in figure.axes] == ["epoch", "epoch"]
    assert all("A tiny run" in ax.get_title() for ax in figure.axes)
    assert len(figure.axes[0].lines[0].get_xdata()) == 2


def test_parameter_count():
    assert training.parameter_count(linear()) == 36 * 3 + 3
    model = linear()
    model[1].bias.requires_grad_(False)
    assert training.parameter_count(model) == 36 * 3
