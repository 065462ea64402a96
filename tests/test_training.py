"""helpers.training: fit against an independent loop, exact resume, interrupts, clear errors."""

import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from helpers import training
from helpers.data import Dataset
from helpers.training.schedule import plateaus

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
    series = {k: v for k, v in history.series.items() if k != "seconds"}
    return vars(history) | {"series": series}


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
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it

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
    "plateau": {"schedule": "plateau", "lr": 0.3, "warm_up": 0.1},
    "averaged, in pieces, fused": {"ema": 0.9, "accumulate": 2, "fused": True},
    "bfloat16": {"precision": "bfloat16", "channels_last": True},
    "float16 with its scale": {"precision": "float16"},
}


class Enough(Exception):
    """Raised in the middle of an epoch, as a crash would be."""


def noise_until(batch: int):
    """Random noise as augmentation, which fails at the batch of that number."""
    count = 0

    def noise(x):
        nonlocal count
        count += 1
        if count == batch:
            raise Enough
        return x + 0.1 * torch.randn_like(x)

    return noise


@pytest.mark.parametrize("settings", RESUME_SETTINGS.values(), ids=RESUME_SETTINGS.keys())
def test_resume_is_bit_for_bit(tmp_path, settings):
    """Stopped in the third of five epochs of three batches; dropout and noise draw numbers."""
    settings = dict(epochs=5, batch_size=20, metrics={"largest": largest}) | settings
    whole = busy_net()
    expected = fit(whole, tiny_set(), augment=noise_until(-1), **settings)
    settings["checkpoint"] = tmp_path / "run.pt"
    parts = busy_net()  # made right before its run: making it seeds the random numbers
    with pytest.raises(Enough):
        fit(parts, tiny_set(), augment=noise_until(8), **settings)
    again = busy_net(seed=9)
    history = fit(again, tiny_set(), augment=noise_until(-1), **settings)
    assert numbers(history) == numbers(expected)
    assert equal_weights(weights(again), weights(whole))


def largest(logits, y) -> float:
    return logits.max()


def run_in_another_process(code: str, *arguments: object) -> int:
    """The exit status of a script that can use this file's names as t."""
    lines = f"import sys, torch\nsys.path.insert(0, {str(ROOT / 'tests')!r})\n"
    lines += "import test_training as t\ntorch.set_num_threads(1)\n"
    command = [sys.executable, "-c", lines + code, *map(str, arguments)]
    return subprocess.run(command, env=os.environ | {"OMP_NUM_THREADS": "1"}).returncode


KILLED_WRITING = """
import io, os, signal
save, count = torch.save, 0
def save_half(state, file):
    global count
    count += 1
    if count < 3:
        return save(state, file)
    whole = io.BytesIO()
    save(state, whole)
    file.write(whole.getvalue()[: len(whole.getvalue()) // 2])
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
torch.save = save_half
t.fit(t.busy_net(), t.tiny_set(), epochs=5, augment=t.noise_until(-1), checkpoint=sys.argv[1])
"""


def test_resume_after_sigkill_in_the_middle_of_a_write(tmp_path):
    """Killed with half of the third checkpoint written; this process goes on, bit for bit."""
    path = tmp_path / "run.pt"
    assert run_in_another_process(KILLED_WRITING, path) == -signal.SIGKILL
    assert path.with_name("run.pt.part").stat().st_size > 1000
    assert len(torch.load(path)["history"]["series"]["train_loss"]) == 2
    whole = busy_net()
    expected = fit(whole, tiny_set(), epochs=5, augment=noise_until(-1))
    again = busy_net(seed=9)
    history = fit(again, tiny_set(), epochs=5, augment=noise_until(-1), checkpoint=path)
    assert numbers(history) == numbers(expected)
    assert equal_weights(weights(again), weights(whole))


KILLED_ANYWHERE = """
t.fit(t.busy_net(), t.tiny_set(2000), epochs=12, augment=t.noise_until(-1), checkpoint=sys.argv[1])
torch.save(0, sys.argv[2])
"""


def test_resume_after_sigkill_anywhere(tmp_path):
    """Killed at moments that nobody chose, as soon as an epoch is done, until it has finished."""
    path, done = tmp_path / "run.pt", tmp_path / "done"
    code = f"import sys, torch\nsys.path.insert(0, {str(ROOT / 'tests')!r})\n"
    code += f"import test_training as t\ntorch.set_num_threads(1)\n{KILLED_ANYWHERE}"
    kills = 0
    while not done.exists() and kills < 3:
        before = path.stat().st_mtime_ns if path.exists() else 0
        process = subprocess.Popen([sys.executable, "-c", code, path, done])
        while process.poll() is None and (not path.exists() or path.stat().st_mtime_ns == before):
            time.sleep(0.002)
        time.sleep(0.03 * kills)  # at once, or some batches further on
        kills += process.poll() is None
        process.kill()
        process.wait()
    assert kills >= 1
    whole = busy_net()
    expected = fit(whole, tiny_set(2000), epochs=12, augment=noise_until(-1))
    again = busy_net(seed=9)
    history = fit(again, tiny_set(2000), epochs=12, augment=noise_until(-1), checkpoint=path)
    assert numbers(history) == numbers(expected)
    assert equal_weights(weights(again), weights(whole))


def test_a_checkpoint_of_other_settings_says_which(tmp_path):
    path = tmp_path / "run.pt"
    fit(linear(), tiny_set(), epochs=1, lr=0.1, checkpoint=path)
    with pytest.raises(training.TrainingError, match=r"with lr=0\.1, now 0\.2\); delete it"):
        fit(linear(), tiny_set(), epochs=2, lr=0.2, checkpoint=path)
    fit(linear(), tiny_set(), epochs=2, lr=0.1, checkpoint=path)  # more epochs go on


def test_a_checkpoint_that_cannot_be_written_keeps_the_old_one(tmp_path, monkeypatch):
    path, data = tmp_path / "run.pt", tiny_set()
    one = fit(linear(), data, epochs=1, checkpoint=path)
    old = path.read_bytes()

    def full(state, file):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(training.TrainingError, match="could not be written .*still whole"):
        fit(linear(), data, epochs=2, checkpoint=path)
    monkeypatch.undo()
    assert path.read_bytes() == old and len(list(tmp_path.iterdir())) == 1
    assert fit(linear(), data, epochs=1, checkpoint=path).train_loss == one.train_loss


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


def after_two_epochs(act):
    """An augmentation that acts on the batches from the third epoch of five batches on."""
    count = 0

    def augment(x):
        nonlocal count
        count += 1
        return act(x) if count > 10 else x

    return augment


def out_of_memory(x):
    return torch.empty(2**58, device=x.device)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda x: x * math.inf, r"the loss became nan in epoch 3: usually .* try a tenth of it"),
        (out_of_memory, "out of memory on cpu: try a smaller batch_size, or accumulate=2"),
        (lambda x: x[:3], r"augment was given .*\(10, 1, 6, 6\).* gave back .*\(3, 1, 6, 6\)"),
        (lambda x: x.to("meta"), "on cpu and gave back .* on meta: make its tensors with device="),
        (lambda x: x.double(), "augment was given torch.float32 .* gave back torch.float64"),
    ],
)
def test_after_a_failure_the_state_of_the_last_whole_epoch_is_there(tmp_path, act, message):
    data = tiny_set()
    whole = busy_net()
    expected = fit(whole, data, epochs=2, batch_size=10)
    model = busy_net()
    with pytest.raises(training.TrainingError, match=message) as caught:
        path = tmp_path / "run.pt"
        fit(model, data, epochs=4, batch_size=10, augment=after_two_epochs(act), checkpoint=path)
    assert "The model has the weights of epoch 2 again." in str(caught.value)
    assert numbers(caught.value.history) == numbers(expected)
    assert equal_weights(weights(model), weights(whole))
    assert not model.training
    assert len(fit(busy_net(), data, epochs=3, batch_size=10, checkpoint=path)) == 3


def test_an_error_of_the_users_own_code_is_left_as_it_is():
    def broken(x):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        fit(linear(), tiny_set(), augment=broken)


@pytest.mark.parametrize(
    "last", [nn.Linear(64, 2), nn.Unflatten(1, (8, 8)), nn.Unflatten(0, (1, -1))]
)
def test_logits_of_the_wrong_shape_are_named(last):
    model = busy_net()
    model[5] = last
    before = weights(model)
    with pytest.raises(training.TrainingError, match=r"must give logits of shape \(50, 3\)") as e:
        fit(model, tiny_set(), batch_size=50)
    assert "The model has the weights it began with again." in str(e.value)
    assert equal_weights(weights(model), before)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_a_device_that_is_not_here():
    with pytest.raises(ValueError, match="device cuda is not to be had here .* leave out device="):
        training.fit(linear(), tiny_set(), device="cuda")


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
        ({"optimiser": "rmsprop"}, "there are: sgd, adam, adamw, muon"),
        ({"precision": "half"}, "there are: auto, fast, float32, bfloat16, float16"),
        ({"accumulate": 0}, "accumulate must be at least 1, not 0"),
        ({"ema": 1.0}, "ema must lie from 0 to below 1, not 1.0"),
        ({"warm_up": -0.1}, "warm_up must lie from 0 to below 1, not -0.1"),
        ({"label_smoothing": 2}, "label_smoothing must lie from 0 to below 1, not 2"),
        ({"checkpoint": "nowhere/at/all.pt"}, "folder of the checkpoint nowhere/at/all.pt is not"),
        ({"batch_size": 0}, "batch_size must be at least 1, not 0"),
    ],
)
def test_wrong_arguments(settings, message):
    with pytest.raises(ValueError, match=message):
        fit(linear(), tiny_set(), **settings)


def test_data_that_is_no_data_set():
    with pytest.raises(TypeError, match=r"must be a helpers\.data\.Dataset, not list"):
        fit(linear(), [1, 2])


# ---------------------------------------------------------------- what can be added


def test_warm_up_climbs_then_follows_the_schedule():
    history = fit(
        linear(), tiny_set(20), epochs=10, batch_size=20, lr=1.0, warm_up=0.4, schedule="cosine"
    )
    cosine = [0.5 * (1 + math.cos(math.pi * t / 6)) for t in range(6)]
    assert history.learning_rate == pytest.approx([0.25, 0.5, 0.75, 1.0, *cosine])


def test_plateau_halves_after_two_epochs_without_a_lower_loss():
    assert plateaus([]) == 0
    assert plateaus([3, 2, 1]) == 0
    assert plateaus([3, 2, 2.5]) == 0
    assert plateaus([3, 2, 2.5, 2.5]) == 1
    assert plateaus([3, 2, 2.5, 2, 2.1, 1.9, 2, 2]) == 2
    assert plateaus([math.nan, math.nan]) == 1
    still = fit(linear(), tiny_set(), epochs=5, lr=0.0, schedule="plateau")
    assert set(still.test_loss) == {still.test_loss[0]} and still.learning_rate == [0.0] * 5
    data = tiny_set(train=20, test=200)
    history = fit(linear(), data, epochs=20, lr=0.4, optimiser="sgd", schedule="plateau")
    for epoch, rate in enumerate(history.learning_rate):
        assert rate == 0.4 * 0.5 ** plateaus(history.test_loss[:epoch])
    assert history.learning_rate[-1] < 0.4


def test_the_average_of_the_weights_is_what_is_tested_and_kept():
    """Against the average worked out from the weights seen after every step."""
    data, seen = tiny_set(), []
    plain = linear()
    fit(
        plain,
        data,
        epochs=2,
        batch_size=10,
        lr=0.1,
        augment=lambda x: seen.append(weights(plain)) or x,
    )
    seen.append(weights(plain))
    average = {k: v.double() for k, v in seen[0].items()}
    for step, now in enumerate(seen[1:], start=1):
        decay = min(0.8, (1 + step) / (10 + step))
        average = {k: decay * v + (1 - decay) * now[k] for k, v in average.items()}
    model = linear()
    history = fit(model, data, epochs=2, batch_size=10, lr=0.1, ema=0.8)
    for key, value in average.items():
        torch.testing.assert_close(model.state_dict()[key].double(), value, rtol=1e-5, atol=1e-6)
    assert training.evaluate(model, data)[0] == pytest.approx(history.test_loss[-1], rel=1e-6)
    assert not equal_weights(weights(model), weights(plain))


def test_metrics_of_torchmetrics_and_plain_functions():
    from torchmetrics.classification import MulticlassF1Score

    metrics = {"F1": MulticlassF1Score(num_classes=3, average="macro"), "largest": largest}
    data, model = tiny_set(), linear()
    history = fit(model, data, epochs=3, lr=0.01, metrics=metrics)
    assert {k: len(v) for k, v in history.metrics.items()} == {"F1": 3, "largest": 3}
    guess = training.predict(model, data).argmax(1)
    f1 = []
    for c in range(3):  # of the last epoch alone: nothing left from those before
        right = ((guess == c) & (data.test_y == c)).sum().item()
        f1.append(2 * right / ((guess == c).sum() + (data.test_y == c).sum()).item())
    assert history.metrics["F1"][-1] == pytest.approx(sum(f1) / 3, abs=1e-6)
    figure = history.plot_metrics("A tiny run")
    assert "metrics" in figure.axes[0].get_title() and len(figure.axes[0].lines) == 2


def test_tensorboard_gets_every_number_once_also_after_a_resume(tmp_path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    settings = dict(log_dir=tmp_path / "log", checkpoint=tmp_path / "run.pt", batch_size=20)
    fit(busy_net(), tiny_set(), epochs=4, augment=interrupt_at(8), **settings)
    history = fit(busy_net(), tiny_set(), epochs=4, metrics={"largest": largest}, **settings)
    events = EventAccumulator(str(tmp_path / "log")).Reload()
    assert [e.step for e in events.Scalars("test_loss")] == [1, 2, 3, 4]
    assert [e.value for e in events.Scalars("test_loss")] == pytest.approx(history.test_loss)
    assert {"train_loss", "learning_rate", "largest"} <= set(events.Tags()["scalars"])


def test_half_precision_is_close_to_float32():
    data = tiny_set()
    exact = fit(linear(), data, epochs=3, lr=0.05, batch_size=10, optimiser="sgd")
    for precision in ("bfloat16", "float16"):
        half = fit(
            linear(), data, epochs=3, lr=0.05, batch_size=10, optimiser="sgd", precision=precision
        )
        assert half.train_loss != exact.train_loss
        assert half.train_loss == pytest.approx(exact.train_loss, rel=0.05)


def test_float16_scales_the_loss_and_others_do_not(monkeypatch):
    scales = []
    scale = torch.amp.GradScaler.scale

    def watched(self, loss):
        scaled = scale(self, loss)
        scales.append((scaled / loss).item())
        return scaled

    monkeypatch.setattr(torch.amp.GradScaler, "scale", watched)
    model = linear()
    fit(model, tiny_set(), epochs=1, precision="float16")
    assert scales.pop() >= 1024
    fit(model, tiny_set(), epochs=1, precision="bfloat16")
    assert scales.pop() == 1


def test_a_float16_step_that_overflows_is_left_out_and_the_scale_lowered():
    """Gradients of 1e4 times the first scale, 65536, overflow: early steps must not count."""
    data, model = tiny_set(), linear()
    before = weights(model)
    fit(
        model,
        data,
        epochs=1,
        lr=0.1,
        batch_size=50,
        optimiser="sgd",
        precision="float16",
        augment=lambda x: 1e4 * x,
    )
    assert equal_weights(weights(model), before)
    assert all(torch.isfinite(p).all() for p in model.parameters())


@pytest.mark.parametrize("settings", [{"channels_last": True}, {"fused": True}])
def test_what_is_faster_on_the_hardware_changes_only_last_digits(settings):
    plain, model = busy_net(), busy_net()
    plain[3] = model[3] = nn.Identity()  # dropout follows the memory's order
    exact = fit(plain, tiny_set(), epochs=3, batch_size=20, lr=0.01)
    fast = fit(model, tiny_set(), epochs=3, batch_size=20, lr=0.01, **settings)
    assert fast.train_loss == pytest.approx(exact.train_loss, rel=1e-4)
    if "channels_last" in settings:
        assert model[0].weight.is_contiguous(memory_format=torch.channels_last)


def test_automatic_precision_and_memory_format_on_a_cpu_change_nothing():
    model = busy_net()
    auto = fit(model, tiny_set(), epochs=2)
    plain = fit(
        busy_net(), tiny_set(), epochs=2, precision="float32", channels_last=False, fused=False
    )
    assert numbers(auto) == numbers(plain)
    assert {p.dtype for p in model.parameters()} == {torch.float32}


@pytest.mark.slow
def test_compiled_equals_not_compiled():
    exact = fit(busy_net(), tiny_set(), epochs=2, batch_size=20)
    compiled = fit(busy_net(), tiny_set(), epochs=2, batch_size=20, compile=True)
    assert compiled.train_accuracy[0] == pytest.approx(exact.train_accuracy[0], abs=0.1)
    assert math.isfinite(compiled.train_loss[-1])


def test_a_compiler_that_is_missing_is_explained(monkeypatch):
    def refuse(model):
        kind = type("InductorError", (RuntimeError,), {"__module__": "torch._inductor.exc"})
        raise kind("no C++ compiler found")

    monkeypatch.setattr(torch, "compile", refuse)
    with pytest.raises(training.TrainingError, match="no C.. compiler found.*leave out compile"):
        fit(linear(), tiny_set(), compile=True)


def test_the_imports_of_training_are_those_of_torch():
    """No matplotlib, torchvision, torchmetrics, TensorBoard or tqdm until they are used."""
    code = (
        "import sys, torch; before = set(sys.modules)\n"
        "from helpers import training\n"
        "new = {name.split('.')[0] for name in set(sys.modules) - before}\n"
        "heavy = {'matplotlib', 'torchvision', 'torchmetrics', 'tensorboard', 'tqdm', 'sklearn',"
        " 'scipy', 'PIL', 'IPython', 'ipywidgets'}\n"
        "sys.exit(str(new & heavy) if new & heavy else 0)\n"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


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
