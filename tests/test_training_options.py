"""helpers.training: warm-up, plateau, averages, metrics, TensorBoard, precision, compile."""

import math
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from tiny import (
    busy_net,
    equal_weights,
    fit,
    interrupt_at,
    largest,
    linear,
    numbers,
    one_thread,  # noqa: F401 - a fixture
    tiny_set,
    weights,
)
from torch import nn

from helpers import training
from helpers.training.plan import plateaus

ROOT = Path(__file__).resolve().parent.parent


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
    assert len(history.F1) == len(history.largest) == 3
    guess = training.predict(model, data).argmax(1)
    f1 = []
    for c in range(3):  # of the last epoch alone: nothing left from those before
        right = ((guess == c) & (data.test_y == c)).sum().item()
        f1.append(2 * right / ((guess == c).sum() + (data.test_y == c).sum()).item())
    assert history.F1[-1] == pytest.approx(sum(f1) / 3, abs=1e-6)


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
