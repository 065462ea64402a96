"""helpers.training: stopping, interrupts and kills, and exact resume."""

import io
import multiprocessing
import os
import signal
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


def test_ctrl_c_keeps_weights_and_history_and_the_run_goes_on(tmp_path, capsys):
    data, settings = tiny_set(), {"epochs": 4, "batch_size": 10}
    whole = busy_net()
    expected = fit(whole, data, **settings)
    settings["checkpoint"] = tmp_path / "run.pt"
    model = busy_net()
    history = fit(model, data, augment=interrupt_at(13), **settings)
    assert len(history) == 2 and history.stopped == "interrupted"
    assert history.train_loss == expected.train_loss[:2]
    assert not model.training
    assert "Interrupted in epoch 3 of 4" in capsys.readouterr().out
    assert training.evaluate(model, data)[0] > 0  # the model can be used
    again = busy_net(seed=99)
    assert numbers(fit(again, data, **settings)) == numbers(expected)
    assert equal_weights(weights(again), weights(whole))


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


def start(work, *arguments) -> multiprocessing.Process:
    """A process of its own, forked: it has imported everything already."""
    torch.set_num_threads(1)
    process = multiprocessing.get_context("fork").Process(target=work, args=arguments)
    process.start()
    return process


def status_of(work, *arguments) -> int:
    """How a process of its own ends: negative for a signal."""
    process = start(work, *arguments)
    process.join()
    return process.exitcode


def run(path: Path, images: int, epochs: int, seed: int = 0) -> None:
    noise = noise_until(-1)
    fit(busy_net(seed), tiny_set(images), epochs=epochs, augment=noise, checkpoint=path)


def run_killed_in_a_write(path: Path) -> None:
    """Half of the third checkpoint is written, then SIGKILL."""
    save, count = torch.save, 0

    def save_half(state, file):
        nonlocal count
        count += 1
        if count < 3:
            return save(state, file)
        whole = io.BytesIO()
        save(state, whole)
        file.write(whole.getvalue()[: len(whole.getvalue()) // 2])
        file.flush()
        os.kill(os.getpid(), signal.SIGKILL)

    torch.save = save_half
    run(path, 50, 5)


def ends_as_a_whole_run(path: Path, images: int, epochs: int) -> None:
    """Gone on with by another process, what the file holds is what a run without a break writes."""
    whole = path.with_name("whole.pt")
    assert status_of(run, path, images, epochs, 9) == 0
    assert status_of(run, whole, images, epochs) == 0
    ends = [torch.load(file) for file in (path, whole)]
    series = [end["history"]["series"] for end in ends]
    assert all(len(one.pop("seconds")) == epochs for one in series)
    assert series[0] == series[1]
    assert equal_weights(*(end["nets"]["model"] for end in ends))


def test_resume_after_sigkill_in_the_middle_of_a_write(tmp_path):
    """Another process goes on, bit for bit."""
    path = tmp_path / "run.pt"
    assert status_of(run_killed_in_a_write, path) == -signal.SIGKILL
    assert path.with_name("run.pt.part").stat().st_size > 1000
    assert len(torch.load(path)["history"]["series"]["train_loss"]) == 2
    ends_as_a_whole_run(path, 50, 5)


def test_resume_after_sigkill_anywhere(tmp_path):
    """Killed at moments that nobody chose, as soon as an epoch is done, until it has finished."""
    path, kills = tmp_path / "run.pt", 0
    while kills < 3:
        before = path.stat().st_mtime_ns if path.exists() else 0
        process = start(run, path, 2000, 12)
        while process.is_alive() and (not path.exists() or path.stat().st_mtime_ns == before):
            time.sleep(0.002)
        time.sleep(0.03 * kills)  # at once, or some batches further on
        if not process.is_alive():
            break  # finished before it could be killed
        kills += 1
        process.kill()
        process.join()
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


@pytest.mark.parametrize("patience", [None, 4])
def test_a_run_that_has_ended_is_not_trained_again(tmp_path, patience):
    data, epochs = tiny_set(train=20, test=200), 2 if patience is None else 60
    settings = dict(epochs=epochs, lr=0.3, optimiser="sgd", patience=patience, batch_size=4)
    model, again = linear(), linear(seed=7)
    history = fit(model, data, checkpoint=tmp_path / "run.pt", **settings)
    assert bool(history.stopped) == (patience is not None)
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
