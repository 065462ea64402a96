"""Train a classifier of images: `fit`, ten lines around the loop; `predict` and `evaluate`."""

import copy
from collections.abc import Callable, Iterator, Mapping
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from helpers.data import Dataset
from helpers.device import preserved_rng
from helpers.models.modes import eval_mode
from helpers.training.checkpoint import number
from helpers.training.hardware import Hardware
from helpers.training.history import History, TrainingError
from helpers.training.loop import Loop
from helpers.training.numbers import Loss
from helpers.training.plan import Plan, at_least_one, below_one
from helpers.training.sources import Shuffled


def fit(
    model: nn.Module,
    data: Dataset,
    *,
    epochs: int = 5,
    batch_size: int = 64,
    augment: Callable[[Tensor], Tensor] | None = None,
    label_smoothing: float = 0.0,
    metrics: Mapping[str, Callable[[Tensor, Tensor], float]] | None = None,
    seed: int = 0,
    **settings,
) -> History:
    """Train `model` on `data.train_x`, in place, and judge it after each epoch.

    It is judged on the validation part (`val_loss`) or, where there is none, on the test part, and
    left in eval mode; what is frozen stays so. augment: from and to normalised `(B, C, H, W)`.
    metrics: by name, functions of held-out logits and labels. seed: of the order of the images; the
    rest is drawn by torch's own generator. settings, as lr=, patience=, checkpoint=: see `Plan`.
    """
    epochs, batch_size, label_smoothing = map(number, (epochs, batch_size, label_smoothing))
    _check(data, epochs, batch_size, label_smoothing)
    plan = Plan.of(**settings)
    if any(map(nn.parameter.is_lazy, model.parameters())):
        predict(model, data, data.train_x[:2])  # shapes, before an optimiser asks for them
    alone = _may_be_alone(model, data, batch_size, plan.updating.accumulate)
    change = partial(_ready, data, augment)
    images = Shuffled(data.train_x, data.train_y, batch_size=batch_size, change=change, alone=alone)
    same = {"batch_size": batch_size, "label_smoothing": label_smoothing, "data": data.name}
    same["images"] = len(data.train_x)

    def step(batch: tuple[Tensor, Tensor]) -> Iterator[Loss]:
        x, y = batch
        logits = model(x)  # (B, classes)
        _check_logits(logits, y, len(data.classes))
        loss = F.cross_entropy(logits, y, label_smoothing=label_smoothing)
        yield Loss(loss, sums={"right": (logits.detach().argmax(1) == y).sum()})

    judge = partial(_judge, model, data, metrics or {})
    loop = Loop(step, images, model, plan, seed=seed, unit="epoch", same=same)
    return loop.run(epochs * images.updates, images.updates, judge)


def _ready(data: Dataset, augment, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """A batch of images, on the device, normalised and augmented; its labels as they are."""
    x = data.normalise(x)
    if augment is not None:
        changed = augment(x)
        if changed.device != x.device or len(changed) != len(x) or changed.dtype != x.dtype:
            raise TrainingError(
                f"augment was given {x.dtype} {tuple(x.shape)} on {x.device} and gave back "
                f"{changed.dtype} {tuple(changed.shape)} on {changed.device}: make its tensors "
                "with device=x.device, and keep the number of images and their type"
            )
        x = changed
    return x, y


def _judge(model: nn.Module, data: Dataset, metrics: Mapping, loop: Loop) -> dict[str, float]:
    """What is recorded after each epoch; each process runs its share of the held-out images."""
    part = "test" if data.val_x is None else "val"
    x, y = getattr(data, f"{part}_x"), getattr(data, f"{part}_y").cpu()
    mine, precision = loop.world.share(x), loop.plan.hardware.precision
    logits = predict(model, data, mine, device=loop.device, precision=precision)
    logits = torch.cat(loop.world.gather(logits))
    loss, accuracy = _loss_and_accuracy(logits, y)
    found = {"train_loss": loop.means["loss"], "train_accuracy": loop.means["right"]}
    found |= {f"{part}_loss": loss, f"{part}_accuracy": accuracy}
    for name, metric in metrics.items():
        found[name] = float(metric(logits, y))
        if hasattr(metric, "reset"):  # torchmetrics adds up from call to call
            metric.reset()
    return found


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
    """Logits float32 `(N, classes)`, in eval mode, on the CPU, of images x (or the test's)."""
    x = data.test_x if x is None else x
    if len(x) == 0:
        return torch.empty(0, len(data.classes))
    device = torch.device(device) if device is not None else next(model.parameters()).device
    with eval_mode(model), Hardware(precision=precision).autocast(device):
        parts = []
        for part in x.split(batch_size):
            logits = model(data.normalise(part.to(device)))
            _check_logits(logits, part, len(data.classes))
            parts.append(logits.float())
    return torch.cat(parts).cpu()


def evaluate(model: nn.Module, data: Dataset, part: str = "test") -> tuple[float, float]:
    """Mean cross-entropy in nats and accuracy as a fraction, in eval mode, on a part of the data.

    part: "test", which is for the end, once all is chosen; "val" or "train".
    """
    x, y = getattr(data, f"{part}_x"), getattr(data, f"{part}_y")
    if x is None:
        raise ValueError(f"{data.name} has no validation part: data.with_validation() makes one")
    return _loss_and_accuracy(predict(model, data, x), y.cpu())


def _loss_and_accuracy(logits: Tensor, y: Tensor) -> tuple[float, float]:
    loss = F.cross_entropy(logits, y).item()
    return loss, (logits.argmax(1) == y).float().mean().item()


def _check(data: Dataset, epochs: int, batch_size: int, label_smoothing: float) -> None:
    if not isinstance(data, Dataset):
        raise TypeError(f"data must be a helpers.data.Dataset, not {type(data).__name__}")
    if len(data.train_x) == 0 or len(data.test_x) == 0:
        raise ValueError("the data set is empty: it needs training and test images")
    at_least_one(epochs=epochs, batch_size=batch_size)
    below_one(label_smoothing=label_smoothing)


def _check_logits(logits: Tensor, y: Tensor, classes: int) -> None:
    if not isinstance(logits, Tensor):
        listed = isinstance(logits, tuple | list)
        parts = len(logits) if listed else ", ".join(map(str, logits))
        what = f"{type(logits).__name__} of {parts}"
        raise TrainingError(
            f"the model gave a {what}: it must give the logits alone, one tensor "
            f"({len(y)}, {classes}); wrap it in a module that picks them out"
        )
    if logits.ndim != 2 or len(logits) != len(y) or logits.shape[1] < classes:
        raise TrainingError(
            f"the model gave {tuple(logits.shape)} for {len(y)} images of {classes} classes: it "
            f"must give logits of shape ({len(y)}, {classes}); look at its last layer"
        )


def _may_be_alone(model: nn.Module, data: Dataset, batch_size: int, pieces: int) -> bool:
    """Whether one image may be a batch or a piece: batch normalisation of vectors takes none."""
    never = batch_size > 1 and len(data.train_x) % batch_size != 1 and pieces == 1
    kind = nn.modules.batchnorm._BatchNorm
    if never or not any(isinstance(m, kind) for m in model.modules()):
        return True
    x = data.train_x[:1].to(next(model.parameters()).device)
    try:
        with torch.no_grad(), preserved_rng(0):
            copy.deepcopy(model).train()(data.normalise(x))
    except Exception as error:
        if "more than 1 value" not in str(error):
            return True  # whatever else is wrong is said where training begins
        if batch_size == 1:
            raise TrainingError(
                "batch normalisation cannot be trained with batch_size=1: one image has no variance"
            ) from None
        return False
    return True
