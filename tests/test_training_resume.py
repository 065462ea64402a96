"""helpers.training: stopping, interrupts and kills, and exact resume."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from tiny import (
    Enough,
    busy_net,
    equal_weights,
    fit,
    interrupt_at,
    largest,
    linear,
    noise_until,
    numbers,
    one_thread,  # noqa: F401 - a fixture
    tiny_set,
    weights,
)

from helpers import training

ROOT = Path(__file__).resolve().parent.parent


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


def run_in_another_process(code: str, *arguments: object) -> int:
    """The exit status of a script that can use this file's names as t."""
    lines = f"import sys, torch\nsys.path.insert(0, {str(ROOT / 'tests')!r})\n"
    lines += "import tiny as t\ntorch.set_num_threads(1)\n"
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
    """Killed with half of the third checkpoint written; another process goes on, bit for bit."""
    path = tmp_path / "run.pt"
    assert run_in_another_process(KILLED_WRITING, path) == -signal.SIGKILL
    assert path.with_name("run.pt.part").stat().st_size > 1000
    assert len(torch.load(path)["history"]["series"]["train_loss"]) == 2
    ends_as_a_whole_run(path, 50, 5)


def ends_as_a_whole_run(path: Path, images: int, epochs: int) -> None:
    """Gone on with by another process, what the file holds is what a run without a break writes."""
    run = (
        f"t.tiny_set({images}), epochs={epochs}, augment=t.noise_until(-1), checkpoint=sys.argv[1]"
    )
    whole = path.with_name("whole.pt")
    assert run_in_another_process(f"t.fit(t.busy_net(seed=9), {run})", path) == 0
    assert run_in_another_process(f"t.fit(t.busy_net(), {run})", whole) == 0
    ends = [torch.load(file) for file in (path, whole)]
    series = [end["history"]["series"] for end in ends]
    assert all(len(one.pop("seconds")) == epochs for one in series)
    assert series[0] == series[1]
    assert equal_weights(*(end["nets"]["model"] for end in ends))


KILLED_ANYWHERE = """
t.fit(t.busy_net(), t.tiny_set(2000), epochs=12, augment=t.noise_until(-1), checkpoint=sys.argv[1])
torch.save(0, sys.argv[2])
"""


def test_resume_after_sigkill_anywhere(tmp_path):
    """Killed at moments that nobody chose, as soon as an epoch is done, until it has finished."""
    path, done = tmp_path / "run.pt", tmp_path / "done"
    code = f"import sys, torch\nsys.path.insert(0, {str(ROOT / 'tests')!r})\n"
    code += f"import tiny as t\ntorch.set_num_threads(1)\n{KILLED_ANYWHERE}"
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
    ends_as_a_whole_run(path, 2000, 12)


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
