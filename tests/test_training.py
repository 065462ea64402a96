"""helpers.training: fit against an independent loop, exact resume, interrupts, clear errors."""

import math
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from helpers import training
from helpers.data import Dataset

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def one_thread():
    """Bits repeat on one thread; the count is put back."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def tiny_set(train: int = 50, test: int = 20, classes: int = 3, seed: int = 0) -> Dataset:
    """Noise images 1x6x6 whose brightness tells the class: quick to learn, never all right."""
    g = torch.Generator().manual_seed(seed)
    y = torch.randint(classes, (train + test,), generator=g)
    noise = torch.randint(0, 120, (train + test, 1, 6, 6), generator=g)
    x = (noise + 60 * y.view(-1, 1, 1, 1)).clamp(0, 255).to(torch.uint8)
    return Dataset(
        name="tiny",
        train_x=x[:train],
        train_y=y[:train],
        test_x=x[train:],
        test_y=y[train:],
        classes=tuple("abcdefgh"[:classes]),
        source="made here",
        licence="CC BY 4.0",
    )


def linear(seed: int = 0) -> nn.Module:
    torch.manual_seed(seed)
    return nn.Sequential(nn.Flatten(), nn.Linear(36, 3))


def busy_net(seed: int = 0) -> nn.Module:
    """Everything that carries state: batch statistics, dropout's random numbers, two layers."""
    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Conv2d(1, 4, 3),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.Dropout(0.3),
        nn.Flatten(),
        nn.Linear(64, 3),
    )


def fit(model, data, **settings):
    return training.fit(model, data, progress=False, device="cpu", **settings)


def numbers(history) -> dict:
    """All of a history but the seconds, which no two runs share."""
    return {k: v for k, v in vars(history).items() if k != "seconds"}


def weights(model) -> dict:
    return {k: v.clone() for k, v in model.state_dict().items()}


def equal_weights(a: dict, b: dict) -> bool:
    return a.keys() == b.keys() and all(torch.equal(a[k], b[k]) for k in a)


# ---------------------------------------------------------------- fit is gradient descent


def test_one_epoch_equals_a_loop_written_out():
    """SGD with momentum in float64 by hand: the same weights, the uneven last batch included."""
    data = tiny_set(train=50)
    model, by_hand = linear(), linear()
    history = fit(model, data, epochs=2, batch_size=16, lr=0.1, optimiser="sgd", seed=5)

    by_hand = by_hand.double()
    x = data.normalise(data.train_x).double()
    order = torch.Generator().manual_seed(5)
    velocity = [torch.zeros_like(p) for p in by_hand.parameters()]
    losses = []
    for _ in range(2):
        total = 0.0
        for index in torch.randperm(50, generator=order).split(16):
            loss = F.cross_entropy(by_hand(x[index]), data.train_y[index])
            gradients = torch.autograd.grad(loss, list(by_hand.parameters()))
            with torch.no_grad():
                for p, v, g in zip(by_hand.parameters(), velocity, gradients, strict=True):
                    v.mul_(0.9).add_(g)
                    p -= 0.1 * v
            total += loss.item() * len(index)
        losses.append(total / 50)
    assert history.train_loss == pytest.approx(losses, rel=1e-5)
    for p, q in zip(model.parameters(), by_hand.parameters(), strict=True):
        torch.testing.assert_close(p.double(), q, rtol=1e-4, atol=1e-6)


def test_label_smoothing_is_in_the_training_loss_only():
    data = tiny_set()
    model = linear()
    before = F.cross_entropy(model(data.normalise(data.train_x)), data.train_y, label_smoothing=0.2)
    history = fit(model, data, epochs=1, batch_size=50, lr=0.0, label_smoothing=0.2)
    assert history.train_loss[0] == pytest.approx(before.item(), rel=1e-5)
    plain = F.cross_entropy(model(data.normalise(data.test_x)), data.test_y)
    assert history.test_loss[0] == pytest.approx(plain.item(), rel=1e-5)


def test_clip_bounds_the_step():
    data = tiny_set()
    model = linear()
    before = torch.cat([p.detach().flatten().clone() for p in model.parameters()])
    fit(model, data, epochs=1, batch_size=50, lr=1.0, optimiser="sgd", clip=1e-3)
    after = torch.cat([p.detach().flatten() for p in model.parameters()])
    assert (after - before).norm() == pytest.approx(1e-3, rel=1e-3)


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


def test_same_seed_same_bits_and_another_seed_another_order():
    data = tiny_set()
    runs = [fit(busy_net(), data, epochs=2, seed=s) for s in (1, 1, 2)]
    assert numbers(runs[0]) == numbers(runs[1])
    assert runs[0].train_loss != runs[2].train_loss


@pytest.mark.parametrize("optimiser", ["sgd", "adam", "adamw"])
def test_every_optimiser_learns(optimiser):
    data = tiny_set(200, 60)
    lr = {"sgd": 0.05, "adam": 0.01, "adamw": 0.01}[optimiser]
    history = fit(linear(), data, epochs=8, batch_size=20, lr=lr, optimiser=optimiser)
    assert history.train_loss[-1] < 0.5 * math.log(3)
    assert history.test_accuracy[-1] > 0.9


@pytest.mark.parametrize("name", ["constant", "cosine", "step", "one_cycle"])
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


# ---------------------------------------------------------------- stopping


def test_patience_stops_and_puts_the_best_weights_back():
    data = tiny_set(train=20, test=200)
    model = linear()
    history = fit(model, data, epochs=60, lr=0.3, optimiser="sgd", patience=4, batch_size=4)
    best = min(history.test_loss)
    assert 4 < len(history) < 60
    assert "4 epochs" in history.stopped
    assert history.test_loss.index(best) == len(history) - 5
    assert training.evaluate(model, data)[0] == pytest.approx(best, rel=1e-6)
    assert history.test_loss[-1] > best


def interrupt_at(batch: int):
    """An augmentation that is interrupted, as by Ctrl-C, at the batch of that number."""
    count = 0

    def augment(x):
        nonlocal count
        count += 1
        if count == batch:
            signal.raise_signal(signal.SIGINT)
        return x

    return augment


def test_ctrl_c_keeps_weights_and_history(capsys):
    data = tiny_set(train=50)
    whole = fit(busy_net(), data, epochs=2, batch_size=10)
    model = busy_net()
    history = fit(model, data, epochs=9, batch_size=10, augment=interrupt_at(13))
    assert len(history) == 2 and history.stopped == "interrupted"
    assert history.train_loss == whole.train_loss
    assert not model.training
    assert "Interrupted in epoch 3 of 9" in capsys.readouterr().out
    assert training.evaluate(model, data)[0] > 0  # the model can be used


def test_ctrl_c_then_resume_equals_the_whole_run(tmp_path):
    data = tiny_set()
    whole = busy_net()
    expected = fit(whole, data, epochs=4, batch_size=10)
    path = tmp_path / "run.pt"
    fit(busy_net(), data, epochs=4, batch_size=10, augment=interrupt_at(13), checkpoint=path)
    model = busy_net(seed=99)
    history = fit(model, data, epochs=4, batch_size=10, checkpoint=path)
    assert numbers(history) == numbers(expected)
    assert equal_weights(weights(model), weights(whole))


# ---------------------------------------------------------------- checkpoint and exact resume

RESUME_SETTINGS = {
    "plain": {},
    "cosine and clip": {"schedule": "cosine", "clip": 0.5, "optimiser": "sgd", "lr": 0.05},
    "patience": {"patience": 3},
}


@pytest.mark.parametrize("settings", RESUME_SETTINGS.values(), ids=RESUME_SETTINGS.keys())
def test_resume_in_another_process_is_bit_for_bit(tmp_path, settings):
    """Two epochs, then another Python process goes on to five; random noise in the augmentation."""
    script = tmp_path / "script.py"
    script.write_text(
        f"import sys, torch; sys.path.insert(0, {str(ROOT / 'tests')!r})\n"
        "import test_training as t\n"
        "torch.set_num_threads(1)\n"
        f"settings = {settings!r}\n"
        "stop = int(sys.argv[1])\n"
        "class Enough(Exception): pass\n"
        "count = 0\n"
        "def noise(x):\n"
        "    global count\n"
        "    if count == stop: raise Enough\n"
        "    count += 1\n"
        "    return x + 0.1 * torch.randn_like(x)\n"
        "model = t.busy_net()\n"
        "try:\n"
        "    t.fit(model, t.tiny_set(), epochs=5, batch_size=20, augment=noise,\n"
        "          checkpoint=sys.argv[2], **settings)\n"
        "except Enough: pass\n"
        "torch.save(model.state_dict(), sys.argv[3])\n"
    )

    def run(stop, checkpoint, out):
        command = [sys.executable, script, str(stop), tmp_path / checkpoint, tmp_path / out]
        subprocess.run(command, check=True, env=os.environ | {"OMP_NUM_THREADS": "1"})
        return torch.load(tmp_path / out)

    whole = run(-1, "whole.pt", "a")
    run(7, "parts.pt", "b")  # in the third of five epochs of three batches
    again = run(-1, "parts.pt", "c")
    assert equal_weights(whole, again)
    states = [torch.load(tmp_path / name)["history"] for name in ("whole.pt", "parts.pt")]
    for state in states:
        del state["seconds"]
    assert states[0] == states[1]


def test_a_finished_run_is_not_trained_again(tmp_path):
    data = tiny_set()
    model = busy_net()
    history = fit(model, data, epochs=2, checkpoint=tmp_path / "run.pt")
    again = busy_net(seed=7)
    assert vars(fit(again, data, epochs=2, checkpoint=tmp_path / "run.pt")) == vars(history)
    assert equal_weights(weights(model), weights(again))


def test_a_run_stopped_by_patience_stays_stopped(tmp_path):
    data = tiny_set(train=20, test=200)
    settings = dict(epochs=60, lr=0.3, optimiser="sgd", patience=4, batch_size=4)
    model, again = linear(), linear(seed=7)
    history = fit(model, data, checkpoint=tmp_path / "run.pt", **settings)
    assert vars(fit(again, data, checkpoint=tmp_path / "run.pt", **settings)) == vars(history)
    assert equal_weights(weights(model), weights(again))


@pytest.mark.parametrize("damage", ["empty", "cut", "noise", "another model"])
def test_a_checkpoint_that_does_not_fit_says_so(tmp_path, damage):
    path = tmp_path / "run.pt"
    fit(linear(), tiny_set(), epochs=1, checkpoint=path)
    whole = path.read_bytes()
    path.write_bytes({"empty": b"", "cut": whole[:900], "noise": b"x" * 999}.get(damage, whole))
    model = busy_net() if damage == "another model" else linear()
    with pytest.raises(training.TrainingError, match="delete it to start afresh"):
        fit(model, tiny_set(), epochs=2, checkpoint=path)


# ---------------------------------------------------------------- clear errors


def test_a_loss_that_is_not_finite_is_named():
    with pytest.raises(training.TrainingError, match=r"loss became .* learning rate is too high"):
        fit(linear(), tiny_set(), epochs=3, lr=1e38, optimiser="sgd", batch_size=10)


def test_a_model_with_nothing_to_train():
    model = linear().requires_grad_(False)
    with pytest.raises(training.TrainingError, match="nothing to train"):
        fit(model, tiny_set())


@pytest.mark.parametrize("sizes", [(0, 5), (5, 0)])
def test_an_empty_data_set(sizes):
    data = tiny_set(10, 10)
    train, test = sizes
    fields = dict(name="e", classes=data.classes, source="", licence="")
    empty = Dataset(
        train_x=data.train_x[:train],
        train_y=data.train_y[:train],
        test_x=data.test_x[:test],
        test_y=data.test_y[:test],
        **fields,
    )
    with pytest.raises(ValueError, match="data set is empty"):
        fit(linear(), empty)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epochs": 0}, "epochs must be at least 1, not 0"),
        ({"schedule": "cosin"}, "unknown setting 'cosin'; there are: constant, cosine"),
        ({"optimiser": "rmsprop"}, "there are: sgd, adam, adamw"),
        ({"precision": "half"}, "there are: auto, float32, bfloat16"),
        ({"batch_size": 0}, "batch_size must be at least 1, not 0"),
    ],
)
def test_wrong_arguments(settings, message):
    with pytest.raises(ValueError, match=message):
        fit(linear(), tiny_set(), **settings)


def test_data_that_is_no_data_set():
    with pytest.raises(TypeError, match=r"must be a helpers\.data\.Dataset, not list"):
        fit(linear(), [1, 2])


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
