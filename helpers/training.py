"""Train a classifier, and keep what happened: `fit`, `evaluate`, `predict`, `History`."""

from __future__ import annotations

import copy
import math
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from helpers import distributed
from helpers.data import Dataset
from helpers.device import keep_freed_memory, pick
from helpers.muon import Muon


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
    metrics: dict[str, list[float]] = field(default_factory=dict)  # what the caller asked for

    def __len__(self) -> int:
        return len(self.train_loss)

    def plot(self, title: str = "Training", held_out: str = "test"):
        """Loss and accuracy against epoch, training and test: a matplotlib Figure.

        held_out: what the legend calls the images not trained on, such as "validation".
        """
        from helpers import plots

        return plots.history(self, title, held_out)

    def plot_metrics(self, title: str = "Training"):
        """The metrics that were asked for, against epoch: a matplotlib Figure."""
        from helpers import plots

        heading = f"{title}: metrics on the test images"
        return plots.lines(self.metrics, title=heading, xlabel="epoch", ylabel="value")

    def _series(self) -> dict[str, list[float]]:
        """Every list of one number per epoch, by name."""
        return {k: v for k, v in vars(self).items() if isinstance(v, list)} | self.metrics

    def _add(self, metrics: dict[str, float], **entry: float) -> None:
        for name, value in entry.items():
            getattr(self, name).append(value)
        for name, value in metrics.items():
            self.metrics.setdefault(name, []).append(value)

    def _cut(self) -> None:
        """Drop an entry that an interrupt left half made."""
        whole = min(len(values) for values in self._series().values())
        for values in self._series().values():
            del values[whole:]


class TrainingError(RuntimeError):
    """Training cannot start or go on: the message says why, and what to do about it.

    Where epochs were finished before, `history` holds them, and the model their weights.
    """

    history: History | None = None


SCHEDULES: dict[str, Callable[[float], float]] = {
    # progress from 0 to 1 -> factor on the learning rate
    "constant": lambda t: 1.0,
    "cosine": lambda t: 0.5 * (1 + math.cos(math.pi * t)),
    "linear": lambda t: 1 - t,
    "step": lambda t: 0.1 ** (int(t >= 0.5) + int(t >= 0.75)),  # He and others 2015, section 4.2
    "one_cycle": lambda t: t / 0.3 if t < 0.3 else 0.5 * (1 + math.cos(math.pi * (t - 0.3) / 0.7)),
}
PLATEAU = "plateau"  # halved after two epochs without a lower test loss: needs the history


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
    warm_up: float = 0.0,
    accumulate: int = 1,
    ema: float | None = None,
    metrics: Mapping[str, Callable[[Tensor, Tensor], float]] | None = None,
    log_dir: Path | str | None = None,
    channels_last: bool | None = None,
    fused: bool | None = None,
    compile: bool = False,
) -> History:
    """Train `model` on `data.train_x`, test it after each epoch; the model is changed in place.

    The whole set is moved to the device once; batches are normalised (and augmented, by a
    function from and to normalised `(B, C, H, W)`) there. With `patience`, training stops after
    so many epochs without a lower test loss, and the best weights are put back. With
    `checkpoint`, the state after each epoch is written to that file, and a file that is there is
    continued. An interrupt (Ctrl-C) ends training with the history so far. The model is left in
    eval mode. Under torchrun the processes share each batch: see `helpers.distributed`.

    optimiser: "sgd" (momentum 0.9), "adam", "adamw", or "muon" (see `helpers.muon`; with the
    same `lr` as AdamW or a few times more). clip: largest norm of the gradient.
    schedule: a name in SCHEDULES, or "plateau". warm_up: the share of all steps in which the
    learning rate first climbs to `lr`. accumulate: run each batch in so many pieces, for
    memory; the gradient is that of the whole batch (batch normalisation sees the pieces).
    ema: test, and end with, an exponential moving average of the weights, of this decay.
    metrics: functions of the test set's logits `(N, classes)` and labels `(N,)`, such as those
    of torchmetrics. log_dir: write every number for TensorBoard there.
    precision: "float32", "bfloat16" or "float16" (autocast; float16 with its loss scaled), or
    "auto": on an NVIDIA GPU bfloat16 if it has it, else float16; elsewhere float32.
    channels_last, fused (the optimiser's update in one kernel): None is yes on a GPU; on a
    CPU they are faster too, and change the last bits of results. compile: use torch.compile.

    Raises ValueError for a wrong argument, TrainingError where the loss is not finite, memory
    runs out, the model has nothing to train, or the checkpoint does not fit.
    """
    return _Run(model, data, SimpleNamespace(**locals())).train()


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
    if len(x) == 0:
        return torch.empty(0, len(data.classes))
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
    return _loss_and_accuracy(logits, data.test_y.cpu())


def _loss_and_accuracy(logits: Tensor, y: Tensor) -> tuple[float, float]:
    loss = F.cross_entropy(logits, y).item()
    return loss, (logits.argmax(1) == y).float().mean().item()


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


# ---------------------------------------------------------------- one call of fit


class _Run:
    """One call of fit: `o` holds its arguments; what changes while training is what is saved."""

    def __init__(self, model: nn.Module, data: Dataset, o: SimpleNamespace):
        self.model, self.data, self.o = model, data, o
        self.parameters = [p for p in model.parameters() if p.requires_grad]
        _check(self.parameters, data, o)
        self.device = _device(o.device)
        self.world = distributed.join(self.device)
        self.history, self.best = History(), _Best()
        self.order = torch.Generator().manual_seed(o.seed)
        self.steps = math.ceil(len(data.train_x) / o.batch_size)  # of one epoch
        self.kept: list[Tensor] = []

    def train(self) -> History:
        with ExitStack() as stack:
            stack.enter_context(distributed.explained(self.world))
            stack.enter_context(distributed.own_random_numbers(self.world))
            stack.callback(self.model.eval)
            stack.enter_context(self.failures_explained())
            self.prepare()
            if self.o.checkpoint is not None:
                self.resume(Path(self.o.checkpoint))
            self.keep_weights()
            self.batch_norm = stack.enter_context(
                distributed.SharedBatchNorm(self.model, self.world)
            )
            first = self.world.rank == 0
            done = len(self.history)
            bar = stack.enter_context(_progress_bar(self.o.epochs, done, first and self.o.progress))
            log = stack.enter_context(_logger(self.o.log_dir if first else None, done))
            self.epochs(bar, log)
        return self.history

    def prepare(self) -> None:
        """Model and data on the device, the optimiser over the model, the model as it is run."""
        o, device = self.o, self.device
        if device.type == "cpu":
            keep_freed_memory()
        fast = device.type != "cpu" if o.channels_last is None else o.channels_last
        self.model.to(device)
        if fast:
            self.model.to(memory_format=torch.channels_last)
        self.train_x, self.train_y = self.data.train_x.to(device), self.data.train_y.to(device)
        self.test_x = self.data.test_x.to(device)
        self.mean = torch.tensor(self.data.mean, device=device).view(1, -1, 1, 1)
        self.std = torch.tensor(self.data.std, device=device).view(1, -1, 1, 1)
        fused = device.type == "cuda" if o.fused is None else o.fused
        self.optimizer = _optimizer(o.optimiser, self.parameters, o.lr, o.weight_decay, fused)
        self.autocast = _autocast(o.precision, device)
        half = _dtype(o.precision, device) == torch.float16
        self.scaler = torch.amp.GradScaler(device.type, enabled=half)
        self.net = distributed.parallel(self.model, self.world, device)
        if o.compile:
            self.net = torch.compile(self.net)
        # after the processes took over the weights of process 0
        self.average = None if o.ema is None else _Average(self.parameters, o.ema)

    def epochs(self, bar, log) -> None:
        """Train and test, epoch by epoch, to the last one or until something stops it."""
        o, history = self.o, self.history
        try:
            while len(history) < o.epochs and not history.stopped:
                started = time.perf_counter()
                train_loss, train_accuracy, rate = self.epoch()
                with self.averaged():
                    test_loss, test_accuracy, metrics = self.test()
                    history._add(
                        metrics,
                        train_loss=train_loss,
                        train_accuracy=train_accuracy,
                        test_loss=test_loss,
                        test_accuracy=test_accuracy,
                        learning_rate=rate,
                        seconds=time.perf_counter() - started,
                    )
                    if o.patience is not None:
                        self.best.see(test_loss, len(history), self.model)
                if o.patience is not None and len(history) - self.best.epoch >= o.patience:
                    history.stopped = f"no lower test loss for {o.patience} epochs"
                if o.checkpoint is not None:
                    self.save(Path(o.checkpoint))
                self.keep_weights()
                _log_last(log, history)
                bar.update()
                bar.set_postfix_str(f"loss {train_loss:.3f}, test accuracy {test_accuracy:.1%}")
        except KeyboardInterrupt:
            if self.world.size > 1:
                raise  # the processes were interrupted at different places: all must end
            history._cut()
            history.stopped = "interrupted"
            weights = "keeps the weights it has now"
            if self.best.weights is not None or self.average is not None:
                weights = "gets its best or averaged weights so far"
            print(
                f"Interrupted in epoch {len(history) + 1} of {o.epochs}. The model {weights}; "
                f"the history holds the {len(history)} epochs that were finished."
            )
        if self.best.weights is not None:
            self.model.load_state_dict(self.best.weights)
        elif self.average is not None:
            self.average.swap()

    def epoch(self) -> tuple[float, float, float]:
        """One pass over the training set: mean loss, accuracy, and the last learning rate."""
        self.model.train()
        step = len(self.history) * self.steps
        totals = torch.zeros(2, device=self.device)  # sum of losses, right answers
        order = torch.randperm(len(self.train_x), generator=self.order).to(self.device)
        for rows in order.split(self.o.batch_size):
            rate = self.learning_rate(step)
            for group in self.optimizer.param_groups:
                group["lr"] = rate
            self.step(rows, totals)
            step += 1
        loss, correct = self.world.sum(totals).tolist()
        mean_loss = loss / len(self.train_x)
        if not math.isfinite(mean_loss):
            raise TrainingError(
                f"the loss became {mean_loss} in epoch {len(self.history) + 1}: usually the "
                f"learning rate is too high (it was {rate:g}); try a tenth of it, or clip=1.0"
            )
        return mean_loss, correct / len(self.train_x), rate

    def step(self, rows: Tensor, totals: Tensor) -> None:
        """One update by the mean loss over the images of these rows: in pieces, over all processes.

        Every piece and every process adds its part of the one gradient: the mean over its own
        images, weighted by their share of all. DistributedDataParallel takes the mean over the
        processes, hence the factor of their number.
        """
        pieces = [p for p in rows.tensor_split(self.o.accumulate) if len(p)]
        self.optimizer.zero_grad(set_to_none=True)
        for number, piece in enumerate(pieces):
            mine = self.world.share(piece)
            weight = self.world.size * len(mine) / len(rows)
            self.batch_norm.idle = len(mine) == 0
            if self.batch_norm.idle:  # fewer images than processes: run one that does not count
                mine = piece[:1]
            last = number == len(pieces) - 1
            with nullcontext() if last or self.world.size == 1 else self.net.no_sync():
                x, y = self.images(mine), self.train_y[mine]  # (B, C, H, W), (B,)
                with self.autocast():
                    logits = self.net(x)  # (B, classes)
                    _check_logits(logits, y, len(self.data.classes))
                    loss = F.cross_entropy(logits, y, label_smoothing=self.o.label_smoothing)
                self.scaler.scale(loss * weight).backward()
            if weight:
                totals[0] += loss.detach() * len(mine)
                totals[1] += (logits.detach().argmax(1) == y).sum()
        if self.o.clip is not None:
            self.scaler.unscale_(self.optimizer)
            nn.utils.clip_grad_norm_(self.parameters, self.o.clip)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        if self.average is not None:
            self.average.update()

    def images(self, rows: Tensor) -> Tensor:
        """The training images of these rows, normalised and augmented: float `(B, C, H, W)`."""
        x = self.train_x[rows].float().div_(255).sub_(self.mean).div_(self.std)
        if self.o.augment is None:
            return x
        changed = self.o.augment(x)
        if changed.device != x.device or len(changed) != len(x) or changed.dtype != x.dtype:
            raise TrainingError(
                f"augment was given {x.dtype} {tuple(x.shape)} on {x.device} and gave back "
                f"{changed.dtype} {tuple(changed.shape)} on {changed.device}: make its tensors "
                "with device=x.device, and keep the number of images and their type"
            )
        return changed

    def learning_rate(self, step: int) -> float:
        """The rate of that step: it climbs while warming up, then follows the schedule."""
        o, steps = self.o, self.steps * self.o.epochs
        warm = o.warm_up * steps
        if step < warm:
            return o.lr * min(1, (step + 1) / warm)
        if o.schedule == PLATEAU:
            return o.lr * 0.5 ** _plateaus(self.history.test_loss)
        return o.lr * SCHEDULES[o.schedule]((step - warm) / (steps - warm))

    def test(self) -> tuple[float, float, dict[str, float]]:
        """Loss, accuracy and metrics of the test set, of which each process runs its share."""
        part = predict(
            self.model,
            self.data,
            self.world.share(self.test_x),
            device=self.device,
            precision=self.o.precision,
        )
        logits, y = torch.cat(self.world.gather(part)), self.data.test_y.cpu()
        metrics = {}
        for name, metric in (self.o.metrics or {}).items():
            metrics[name] = float(metric(logits, y))
            if hasattr(metric, "reset"):  # torchmetrics adds up from call to call
                metric.reset()
        return *_loss_and_accuracy(logits, y), metrics

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """Run a block with the averaged weights, if there are any, in the model."""
        if self.average is None:
            yield
            return
        self.average.swap()
        try:
            yield
        finally:
            self.average.swap()

    def keep_weights(self) -> None:
        """Remember the weights that belong to the history, for the case of a failure."""
        self.kept = [t.detach().clone() for t in self.model.state_dict().values()]

    @torch.no_grad()
    def put_weights_back(self) -> None:
        for now, kept in zip(self.model.state_dict().values(), self.kept, strict=True):
            now.copy_(kept)

    @contextmanager
    def failures_explained(self) -> Iterator[None]:
        """Where training cannot go on: a clear error, and the state of the last whole epoch."""
        try:
            yield
        except Exception as error:
            failure = self.explanation(error)
            if failure is None:
                raise
            self.history._cut()
            failure.history = self.history
            if self.kept:
                self.put_weights_back()
                done = len(self.history)
                which = f"of epoch {done}" if done else "it began with"
                failure.args = (f"{failure} The model has the weights {which} again.",)
            raise failure from (None if failure is error else error)

    def explanation(self, error: Exception) -> TrainingError | None:
        """What to tell the user, or None where the error speaks for itself."""
        if isinstance(error, TrainingError):
            return error
        if _is_out_of_memory(error):
            return TrainingError(
                f"out of memory on {self.device}: try a smaller batch_size, or accumulate="
                f"{2 * self.o.accumulate} (the same batch in more pieces)"
                + (", or precision='bfloat16'" if self.device.type == "cuda" else "")
                + "; close other programs and notebooks that hold memory."
            )
        if self.o.compile and type(error).__module__.startswith("torch._"):
            first = str(error).strip().splitlines()[0]
            return TrainingError(
                f"torch.compile does not work here ({type(error).__name__}: {first}): "
                "leave out compile=True."
            )
        return None

    # what a checkpoint holds

    def _same(self) -> dict:
        """What must not change between a checkpoint and the run that goes on from it."""
        names = ("batch_size", "lr", "optimiser", "weight_decay", "schedule", "warm_up")
        names += ("label_smoothing", "clip", "ema", "seed")
        images = {"data": self.data.name, "images": len(self.data.train_x)}
        return {name: getattr(self.o, name) for name in names} | images

    def save(self, path: Path) -> None:
        """Process 0 writes the state after this epoch."""
        random = self.world.gather(_random_state(self.device))
        if self.world.rank == 0:
            state = {
                "same": self._same(),
                "model": self.model.state_dict(),
                "optimizer": self.optimizer.state_dict(),
                "scaler": self.scaler.state_dict(),
                "average": None if self.average is None else self.average.state(),
                "order": self.order.get_state(),
                "random": random,
                "history": vars(self.history),
                "best": vars(self.best),
            }
            _write_checkpoint(path, state)

    def resume(self, path: Path) -> None:
        """Go on from the file, if it is there; process 0 reads it for all."""
        state = self.world.from_first(_read_checkpoint(path) if self.world.rank == 0 else None)
        if state is None:
            return
        for name, value in self._same().items():
            if state["same"].get(name) != value:
                was = state["same"].get(name)
                raise _does_not_fit(path, f"it was written with {name}={was!r}, now {value!r}")
        try:
            self.model.load_state_dict(state["model"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.scaler.load_state_dict(state["scaler"])
            if self.average is not None:
                self.average.load(state["average"])
        except Exception as error:
            raise _does_not_fit(path, type(error).__name__) from error
        self.order.set_state(state["order"])
        if self.world.rank < len(state["random"]):  # else there are more processes now
            _set_random_state(state["random"][self.world.rank], self.device)
        vars(self.history).update(state["history"])
        vars(self.best).update(state["best"])


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


class _Average:
    """An exponential moving average of the weights, after each step: a <- d a + (1 - d) w.

    Early on d is smaller, (1 + step) / (10 + step), so that the first weights are soon forgotten.
    Source: the average of Polyak and Juditsky 1992, with geometric weights.
    """

    def __init__(self, parameters: list[nn.Parameter], decay: float):
        self.parameters, self.decay, self.steps = parameters, decay, 0
        self.weights = [p.detach().clone() for p in parameters]

    @torch.no_grad()
    def update(self) -> None:
        self.steps += 1
        kept = min(self.decay, (1 + self.steps) / (10 + self.steps))
        for average, p in zip(self.weights, self.parameters, strict=True):
            average.lerp_(p, 1 - kept)

    @torch.no_grad()
    def swap(self) -> None:
        """Exchange the average and the weights in the model."""
        for average, p in zip(self.weights, self.parameters, strict=True):
            now = p.detach().clone()
            p.copy_(average)
            average.copy_(now)

    def state(self) -> dict:
        return {"steps": self.steps, "weights": self.weights}

    def load(self, state: dict) -> None:
        self.steps = state["steps"]
        for average, saved in zip(self.weights, state["weights"], strict=True):
            average.copy_(saved)


def _check(parameters: list[nn.Parameter], data: Dataset, o: SimpleNamespace) -> None:
    """Raise a clear error for what cannot be trained, or a wrong argument of fit."""
    if not parameters:
        raise TrainingError("the model has no parameter that requires a gradient: nothing to train")
    if not isinstance(data, Dataset):
        raise TypeError(f"data must be a helpers.data.Dataset, not {type(data).__name__}")
    if len(data.train_x) == 0 or len(data.test_x) == 0:
        raise ValueError("the data set is empty: it needs training and test images")
    for name in ("epochs", "batch_size", "accumulate"):
        if getattr(o, name) < 1:
            raise ValueError(f"{name} must be at least 1, not {getattr(o, name)}")
    for name in ("warm_up", "label_smoothing", "ema"):
        if not 0 <= (getattr(o, name) or 0) < 1:
            raise ValueError(f"{name} must lie from 0 to below 1, not {getattr(o, name)}")
    for value, known in (
        (o.schedule, (*SCHEDULES, PLATEAU)),
        (o.optimiser, ("sgd", "adam", "adamw", "muon")),
        (o.precision, ("auto", *_PRECISIONS)),
    ):
        if value not in known:
            raise ValueError(f"unknown setting {value!r}; there are: {', '.join(known)}")
    if o.checkpoint is not None and not Path(o.checkpoint).parent.is_dir():
        raise ValueError(f"the folder of the checkpoint {o.checkpoint} is not there: make it first")


def _check_logits(logits: Tensor, y: Tensor, classes: int) -> None:
    if logits.ndim != 2 or len(logits) != len(y) or logits.shape[1] < classes:
        raise TrainingError(
            f"the model gave {tuple(logits.shape)} for {len(y)} images of {classes} classes: it "
            f"must give logits of shape ({len(y)}, {classes}); look at its last layer"
        )


def _device(device: torch.device | str | None) -> torch.device:
    """The device asked for, or the best one; under torchrun each process has its own GPU."""
    chosen = torch.device(device) if device is not None else pick()
    try:
        torch.empty(0, device=chosen)
    except (RuntimeError, AssertionError) as error:  # no driver; built without it
        raise ValueError(
            f"the device {chosen} is not to be had here ({str(error).splitlines()[0]}); "
            "leave out device= to take the best there is"
        ) from error
    return distributed.own_device(chosen)


def _optimizer(
    name: str, parameters, lr: float, weight_decay: float, fused: bool = False
) -> torch.optim.Optimizer:
    if name == "muon":
        return Muon(parameters, lr, weight_decay=weight_decay)
    one_kernel = {"fused": True} if fused else {}
    if name == "sgd":
        return torch.optim.SGD(
            parameters, lr, momentum=0.9, weight_decay=weight_decay, **one_kernel
        )
    kind = torch.optim.Adam if name == "adam" else torch.optim.AdamW
    return kind(parameters, lr, weight_decay=weight_decay, **one_kernel)


_PRECISIONS = {"float32": None, "bfloat16": torch.bfloat16, "float16": torch.float16}


def _dtype(precision: str, device: torch.device) -> torch.dtype | None:
    """The type that autocast computes in, or None for no autocast."""
    if precision != "auto":
        return _PRECISIONS[precision]
    if device.type != "cuda":
        return None
    native = torch.cuda.is_bf16_supported(including_emulation=False)
    return torch.bfloat16 if native else torch.float16


def _autocast(precision: str, device: torch.device):
    dtype = _dtype(precision, device)
    return nullcontext if dtype is None else lambda: torch.autocast(device.type, dtype)


def _plateaus(losses: list[float], wait: int = 2) -> int:
    """How often the loss has stood still: went `wait` epochs without a new lowest value."""
    best, since, count = math.inf, 0, 0
    for loss in losses:
        best, since = (loss, 0) if loss < best else (best, since + 1)
        if since == wait:
            count, since = count + 1, 0
    return count


def _progress_bar(total: int, done: int, progress: bool):
    from tqdm.auto import tqdm

    # tqdm's notebook bar does not look at TQDM_DISABLE, which turns every bar off, by itself
    hidden = not progress or os.environ.get("TQDM_DISABLE") == "1"
    return tqdm(total=total, initial=done, unit="epoch", leave=False, delay=2, disable=hidden)


def _logger(log_dir: Path | str | None, done: int):
    """A TensorBoard writer that goes on after `done` epochs; None where there is no folder."""
    if log_dir is None:
        return nullcontext()
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise TrainingError("log_dir needs TensorBoard: pip install tensorboard") from error
    return SummaryWriter(log_dir, purge_step=done + 1)


def _log_last(log, history: History) -> None:
    if log is not None:
        for name, values in history._series().items():
            log.add_scalar(name, values[-1], len(history))
        log.flush()


def _is_out_of_memory(error: BaseException) -> bool:
    kinds = (MemoryError, torch.OutOfMemoryError)
    return isinstance(error, kinds) or "can't allocate memory" in str(error)


def _random_state(device: torch.device) -> dict:
    """torch's own random numbers (dropout, augmentation), on the CPU and on the device."""
    state = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        state["cuda"] = torch.cuda.get_rng_state(device)
    return state


def _set_random_state(state: dict, device: torch.device) -> None:
    torch.set_rng_state(state["cpu"])
    if device.type == "cuda" and "cuda" in state:
        torch.cuda.set_rng_state(state["cuda"], device)


def _read_checkpoint(path: Path) -> dict | None:
    if not path.exists():
        return None
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        state["same"], state["model"]
    except Exception as error:
        raise _does_not_fit(path, f"{type(error).__name__}") from error
    return state


def _write_checkpoint(path: Path, state: dict) -> None:
    """Under a temporary name, renamed when it is whole: a kill leaves the old file as it was."""
    aside = path.with_name(path.name + ".part")
    try:
        with open(aside, "wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    except (OSError, RuntimeError) as error:  # torch reports a full disk as a RuntimeError
        aside.unlink(missing_ok=True)
        raise TrainingError(
            f"the checkpoint {path} could not be written ({str(error).splitlines()[0]}); "
            "if there was one of an earlier epoch, it is still whole. Is the disk full?"
        ) from error


def _does_not_fit(path: Path, why: str) -> TrainingError:
    return TrainingError(
        f"the checkpoint {path} does not fit this run, or is damaged ({why}); "
        "delete it to start afresh, or name another file"
    )


# ---------------------------------------------------------------- adversarial networks


@dataclass
class GANHistory:
    """What `fit_gan` recorded: one entry per record, each a number per copy `(S,)` or one `()`.

    Losses in nats (without unit for a critic); real and fake are mean logits on training and on
    generated examples; watched holds what `watch` returned. stopped: "" or why it ended early.
    """

    steps: list[int] = field(default_factory=list)
    discriminator_loss: list[Tensor] = field(default_factory=list)
    generator_loss: list[Tensor] = field(default_factory=list)
    real: list[Tensor] = field(default_factory=list)
    fake: list[Tensor] = field(default_factory=list)
    watched: list = field(default_factory=list)
    seconds: float = 0.0
    stopped: str = ""

    def __len__(self) -> int:
        return len(self.steps)


def fit_gan(
    generator: nn.Module,
    discriminator: nn.Module,
    x: Tensor,
    *,
    steps: int,
    loss: str = "non_saturating",
    critic_steps: int = 1,
    batch_size: int = 64,
    lr: float = 2e-4,
    betas: tuple[float, float] = (0.5, 0.999),
    penalty: float = 0.0,
    clip: float | None = None,
    seed: int = 0,
    every: int = 0,
    watch: Callable[[int], object] | None = None,
    device: torch.device | str | None = None,
    progress: bool = True,
) -> GANHistory:
    """Train the two against each other on examples x; both are changed in place.

    x: float `(N, ...)`, scaled as the generator's outputs are. Each of `steps` rounds is
    `critic_steps` steps of Adam for the discriminator, each on a fresh batch, and one for the
    generator. The learning rate is constant for the first half, then falls linearly to 0.
    loss: "minimax" (as published), "non_saturating", or "wasserstein", which needs either
    `penalty` (the weight of the gradient penalty), `clip` (every weight of the critic is kept
    within -clip to clip) or a critic with spectral normalisation. Networks that hold `copies`
    side by side train as that many independent runs. `every` so many steps the losses are
    recorded, and `watch(step)`, with both networks in training mode, is kept too.

    Raises ValueError for a wrong argument, TrainingError where a loss is not finite. An
    interrupt (Ctrl-C) ends training with the history so far.
    """
    from helpers.models import gan

    _check_gan(generator, discriminator, x, steps, loss, critic_steps, batch_size, every)
    device = _device(device)
    generator.to(device).train()
    discriminator.to(device).train()
    x = x.to(device)
    rng = torch.Generator(device).manual_seed(seed)
    copies = getattr(generator, "copies", None)
    shape = (batch_size,) if copies is None else (copies, batch_size)
    loss_d, loss_g = gan.LOSSES[loss]
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas)
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas)
    history = GANHistory()
    bar = _progress_bar(steps, 0, progress)
    bar.unit = "step"
    started = time.perf_counter()
    try:
        for step in range(1, steps + 1):
            for optimiser in (optimiser_d, optimiser_g):
                optimiser.param_groups[0]["lr"] = lr * min(1.0, 2 * (1 - (step - 1) / steps))
            for _ in range(critic_steps):
                real = x[torch.randint(len(x), shape, generator=rng, device=device)]
                with torch.no_grad():
                    fake = generator(gan.noise(generator, batch_size, rng, device))
                on_real, on_fake = discriminator(real), discriminator(fake)  # (..., B)
                d = loss_d(on_real, on_fake)
                if penalty:
                    share = torch.rand(shape, generator=rng, device=device)
                    d = d + penalty * gan.gradient_penalty(discriminator, real, fake, share)
                optimiser_d.zero_grad(set_to_none=True)
                d.sum().backward()  # the copies share nothing: the sum keeps them apart
                optimiser_d.step()
                if clip is not None:
                    with torch.no_grad():
                        for p in discriminator.parameters():
                            p.clamp_(-clip, clip)
            discriminator.requires_grad_(False)  # its gradients are not needed here
            g = loss_g(discriminator(generator(gan.noise(generator, batch_size, rng, device))))
            optimiser_g.zero_grad(set_to_none=True)
            g.sum().backward()
            optimiser_g.step()
            discriminator.requires_grad_(True)
            bar.update()
            if every and step % every == 0:
                _check_finite(d, g, step, lr)
                history.steps.append(step)
                history.discriminator_loss.append(d.detach().cpu())
                history.generator_loss.append(g.detach().cpu())
                history.real.append(on_real.detach().mean(-1).cpu())
                history.fake.append(on_fake.detach().mean(-1).cpu())
                if watch is not None:
                    history.watched.append(watch(step))
        _check_finite(d, g, step, lr)
    except KeyboardInterrupt:
        history.stopped = "interrupted"
        print(f"Interrupted in step {step} of {steps}; both networks keep the weights they have.")
    finally:
        bar.close()
        discriminator.requires_grad_(True)
        generator.eval()
        discriminator.eval()
        history.seconds = time.perf_counter() - started
    return history


def _check_finite(d: Tensor, g: Tensor, step: int, lr: float) -> None:
    if not (d.isfinite().all() and g.isfinite().all()):
        raise TrainingError(
            f"a loss is no longer finite at step {step}: discriminator {d.tolist()}, generator "
            f"{g.tolist()}; try a lower learning rate than {lr:g}, or keep the critic bounded by "
            "penalty, clip or spectral normalisation"
        )


def _check_gan(generator, discriminator, x, steps, loss, critic_steps, batch_size, every) -> None:
    from helpers.models import gan

    if loss not in gan.LOSSES:
        raise ValueError(f"unknown loss {loss!r}; there are: {', '.join(gan.LOSSES)}")
    if not isinstance(x, Tensor) or not x.is_floating_point() or len(x) == 0:
        what = f"{x.dtype} {tuple(x.shape)}" if isinstance(x, Tensor) else type(x).__name__
        raise ValueError(
            f"x must be float examples (N, ...), not {what}; for pixels 0 to 255 and a generator "
            "that ends in tanh: x.float() / 127.5 - 1"
        )
    if min(steps, critic_steps, batch_size) < 1 or every < 0:
        raise ValueError("steps, critic_steps and batch_size must be at least 1, every 0 or more")
    pair = getattr(generator, "copies", None), getattr(discriminator, "copies", None)
    if pair[0] != pair[1]:
        raise ValueError(f"the generator holds {pair[0]} copies and the discriminator {pair[1]}")
    normalised = any(
        isinstance(m, nn.modules.batchnorm._BatchNorm) for m in discriminator.modules()
    )
    if loss == "wasserstein" and normalised:
        raise ValueError(
            "a critic must not use batch normalisation: its slope at one example would depend on "
            "the rest of the batch; build it with norm='none' or norm='spectral'"
        )
