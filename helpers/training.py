"""Train a classifier, and keep what happened: `fit`, `evaluate`, `predict`, `History`."""

from __future__ import annotations

import copy
import math
import os
import time
from collections.abc import Callable
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from helpers import data as data_module
from helpers.data import Dataset
from helpers.device import pick


@dataclass
class History:
    """One entry per epoch: losses in nats, accuracies as fractions, learning rate, seconds."""

    train_loss: list[float] = field(default_factory=list)
    train_accuracy: list[float] = field(default_factory=list)
    test_loss: list[float] = field(default_factory=list)
    test_accuracy: list[float] = field(default_factory=list)
    learning_rate: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    stopped: str = ""  # why training ended before its last epoch; "" if it did not

    def __len__(self) -> int:
        return len(self.train_loss)

    def plot(self, title: str = "Training"):
        """Loss and accuracy against epoch, training and test: a matplotlib Figure."""
        from helpers import plots

        return plots.history(self, title)


class TrainingError(RuntimeError):
    """Training cannot start or go on: the message says why, and what to do about it."""


SCHEDULES: dict[str, Callable[[float], float]] = {
    # progress from 0 to 1 -> factor on the learning rate
    "constant": lambda t: 1.0,
    "cosine": lambda t: 0.5 * (1 + math.cos(math.pi * t)),
    "step": lambda t: 0.1 ** (int(t >= 0.5) + int(t >= 0.75)),  # He and others 2015, section 4.2
    "one_cycle": lambda t: t / 0.3 if t < 0.3 else 0.5 * (1 + math.cos(math.pi * (t - 0.3) / 0.7)),
}


def fit(
    model: nn.Module,
    data: Dataset,
    *,
    epochs: int = 5,
    batch_size: int = 64,
    lr: float = 1e-3,
    optimiser: str = "adamw",
    weight_decay: float = 0.0,
    schedule: str = "constant",
    augment: Callable[[Tensor], Tensor] | None = None,
    label_smoothing: float = 0.0,
    clip: float | None = None,
    patience: int | None = None,
    seed: int = 0,
    device: torch.device | str | None = None,
    precision: str = "auto",
    checkpoint: Path | str | None = None,
    progress: bool = True,
) -> History:
    """Train `model` on `data.train_x`, test it after each epoch; the model is changed in place.

    The whole set is moved to the device once; batches are normalised (and augmented, by a
    function from and to normalised `(B, C, H, W)`) there. With `patience`, training stops after
    so many epochs without a lower test loss, and the best weights are put back. With
    `checkpoint`, the state after each epoch is written to that file, and a file that is there is
    continued. An interrupt (Ctrl-C) ends training with the history so far.

    precision: "float32", "bfloat16" (autocast), or "auto": bfloat16 on a GPU that has it.
    Raises ValueError for a wrong argument, TrainingError where the loss is not finite or the
    model has nothing to train.
    """
    device = torch.device(device) if device is not None else pick()
    parameters = [p for p in model.parameters() if p.requires_grad]
    _check_arguments(parameters, data, epochs, batch_size, schedule, optimiser, precision)
    model.to(device)
    if device.type != "cpu":
        model.to(memory_format=torch.channels_last)
    train_x, train_y = data.train_x.to(device), data.train_y.to(device)
    optimizer = _optimizer(optimiser, parameters, lr, weight_decay)
    autocast = _autocast(precision, device)
    steps = epochs * math.ceil(len(train_x) / batch_size)
    generator = torch.Generator().manual_seed(seed)
    history, best = History(), _Best()

    if checkpoint is not None and Path(checkpoint).exists():
        _resume(Path(checkpoint), model, optimizer, generator, history, best)
    bar = _progress_bar(epochs, len(history), progress)
    step = len(history) * (steps // epochs)
    try:
        while len(history) < epochs and not history.stopped:
            started = time.perf_counter()
            model.train()
            loss_sum = torch.zeros((), device=device)
            correct = torch.zeros((), device=device)
            for x, y in data_module.batches(train_x, train_y, batch_size, generator=generator):
                rate = lr * SCHEDULES[schedule](step / steps)
                for group in optimizer.param_groups:
                    group["lr"] = rate
                x = data.normalise(x)
                if augment is not None:
                    x = augment(x)
                with autocast():
                    logits = model(x)
                    loss = F.cross_entropy(logits, y, label_smoothing=label_smoothing)
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                if clip is not None:
                    nn.utils.clip_grad_norm_(parameters, clip)
                optimizer.step()
                loss_sum += loss.detach() * len(y)
                correct += (logits.detach().argmax(1) == y).sum()
                step += 1
            train_loss = loss_sum.item() / len(train_x)
            if not math.isfinite(train_loss):
                raise TrainingError(
                    f"the loss became {train_loss} in epoch {len(history) + 1}: usually the "
                    f"learning rate is too high (it was {rate:g}); try a tenth of it, or clip=1.0"
                )
            test_loss, test_accuracy = evaluate(model, data, device=device, precision=precision)
            history.train_loss.append(train_loss)
            history.train_accuracy.append(correct.item() / len(train_x))
            history.test_loss.append(test_loss)
            history.test_accuracy.append(test_accuracy)
            history.learning_rate.append(rate)
            history.seconds.append(time.perf_counter() - started)
            bar.update()
            bar.set_postfix_str(f"loss {train_loss:.3f}, test accuracy {test_accuracy:.1%}")
            if patience is not None:
                best.see(test_loss, len(history), model)
                if len(history) - best.epoch >= patience:
                    history.stopped = f"no lower test loss for {patience} epochs"
            if checkpoint is not None:
                _save(Path(checkpoint), model, optimizer, generator, history, best)
    except KeyboardInterrupt:
        history.stopped = "interrupted"
        print(
            f"Interrupted in epoch {len(history) + 1} of {epochs}. The model keeps the weights it "
            f"has now; the history holds the {len(history)} epochs that were finished."
        )
    finally:
        bar.close()
        model.eval()
    if best.weights is not None:
        model.load_state_dict(best.weights)
    return history


@torch.no_grad()
def predict(
    model: nn.Module,
    data: Dataset,
    x: Tensor | None = None,
    *,
    device: torch.device | str | None = None,
    precision: str = "float32",
    batch_size: int = 500,
) -> Tensor:
    """Logits float32 `(N, classes)`, on the CPU, of uint8 images x (default: the test images).

    The model is in eval mode meanwhile; its mode is put back.
    """
    x = data.test_x if x is None else x
    device = torch.device(device) if device is not None else next(model.parameters()).device
    autocast = _autocast(precision, device)
    with eval_mode(model), autocast():
        parts = [model(data.normalise(part.to(device))).float() for part in x.split(batch_size)]
    return torch.cat(parts).cpu()


def evaluate(
    model: nn.Module,
    data: Dataset,
    *,
    device: torch.device | str | None = None,
    precision: str = "float32",
) -> tuple[float, float]:
    """Mean cross-entropy in nats and accuracy as a fraction, on the test images, in eval mode."""
    logits = predict(model, data, device=device, precision=precision)
    loss = F.cross_entropy(logits, data.test_y).item()
    return loss, (logits.argmax(1) == data.test_y).float().mean().item()


@contextmanager
def eval_mode(model: nn.Module):
    """Run a block with the model in eval mode; every module's own mode is put back afterwards."""
    modes = {module: module.training for module in model.modules()}
    model.eval()
    try:
        yield model
    finally:
        for module, training in modes.items():
            module.training = training


def parameter_count(model: nn.Module) -> int:
    """How many numbers training can change."""
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


# ---------------------------------------------------------------- pieces of fit


@dataclass
class _Best:
    """The weights with the lowest test loss so far."""

    loss: float = math.inf
    epoch: int = 0
    weights: dict[str, Tensor] | None = None

    def see(self, loss: float, epoch: int, model: nn.Module) -> None:
        if loss < self.loss:
            self.loss, self.epoch = loss, epoch
            self.weights = copy.deepcopy(model.state_dict())


def _check_arguments(parameters, data, epochs, batch_size, schedule, optimiser, precision) -> None:
    if not parameters:
        raise TrainingError("the model has no parameter that requires a gradient: nothing to train")
    if not isinstance(data, Dataset):
        raise TypeError(f"data must be a helpers.data.Dataset, not {type(data).__name__}")
    if len(data.train_x) == 0 or len(data.test_x) == 0:
        raise ValueError("the data set is empty: it needs training and test images")
    for name, number in (("epochs", epochs), ("batch_size", batch_size)):
        if number < 1:
            raise ValueError(f"{name} must be at least 1, not {number}")
    for value, known in (
        (schedule, SCHEDULES),
        (optimiser, ("sgd", "adam", "adamw")),
        (precision, ("auto", "float32", "bfloat16")),
    ):
        if value not in known:
            raise ValueError(f"unknown setting {value!r}; there are: {', '.join(known)}")


def _optimizer(name: str, parameters, lr: float, weight_decay: float) -> torch.optim.Optimizer:
    if name == "sgd":
        return torch.optim.SGD(parameters, lr, momentum=0.9, weight_decay=weight_decay)
    kind = torch.optim.Adam if name == "adam" else torch.optim.AdamW
    return kind(parameters, lr, weight_decay=weight_decay)


def _autocast(precision: str, device: torch.device):
    if precision == "auto":
        on_gpu = device.type == "cuda" and torch.cuda.is_bf16_supported()
        precision = "bfloat16" if on_gpu else "float32"
    if precision == "float32":
        return nullcontext
    return lambda: torch.autocast(device.type, torch.bfloat16)


def _progress_bar(total: int, done: int, progress: bool):
    from tqdm.auto import tqdm

    # tqdm's notebook bar does not look at TQDM_DISABLE, which turns every bar off, by itself
    hidden = not progress or os.environ.get("TQDM_DISABLE") == "1"
    return tqdm(total=total, initial=done, unit="epoch", leave=False, delay=2, disable=hidden)


def _save(path: Path, model, optimizer, generator, history: History, best: _Best) -> None:
    """Write the state under a temporary name and rename it: a kill leaves the old file whole."""
    state = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "order": generator.get_state(),
        "torch": torch.get_rng_state(),
        "history": vars(history),
        "best": vars(best),
    }
    aside = path.with_name(path.name + ".part")
    with open(aside, "wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, path)


def _resume(path: Path, model, optimizer, generator, history: History, best: _Best) -> None:
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
    except Exception as error:
        raise TrainingError(
            f"the checkpoint {path} does not fit this model and optimiser, or is damaged "
            f"({type(error).__name__}); delete it to start afresh"
        ) from error
    generator.set_state(state["order"])
    torch.set_rng_state(state["torch"])
    vars(history).update(state["history"])
    vars(best).update(state["best"])
