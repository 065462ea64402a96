"""Item 1: the training loop, by steps worked out by hand."""

from __future__ import annotations

import functools
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checks.calls import call, item
from checks.compare import begun, fail, number, tensor
from checks.values import OneOf

AUTOCAST = "under autocast the loss has 16 bits: nothing of that is asked"


class Whole(nn.Flatten):
    """Flattens examples of one shape; refuses others, those flattened already too."""

    def __init__(self, *size: int) -> None:
        super().__init__()
        self.size = size

    def forward(self, x: Tensor) -> Tensor:
        if x.shape[1:] != self.size:
            wants = f"(B, {', '.join(map(str, self.size))})"
            last = "; channels are still last: permute moves them, view and reshape do not"
            last *= len(self.size) == 3 and x.shape[1:] == (*self.size[1:], self.size[0])
            raise ValueError(
                f"x of shape {tuple(x.shape)}: this net takes {wants}, as it is given{last}"
            )
        return x.flatten(1)


class Watched(nn.Linear):
    """A linear layer behind examples of 2x2, which notes in which mode it is used."""

    modes = ()

    def __init__(self, *size: int, **named) -> None:
        super().__init__(*size, **named)
        self.inner = nn.Identity()  # a part, with a mode of its own

    def forward(self, x: Tensor) -> Tensor:
        self.modes += (self.training and self.inner.training,)
        return nn.Linear.forward(self, Whole(2, 2)(x))


def descend(theta, batches, lr, momentum, rule, kept):
    """theta (C, D + 1), biases last, after one step per batch, and the batches' losses, by hand."""
    velocity = late = torch.zeros_like(theta)
    losses = []
    for index, (x, y) in enumerate(batches):
        x = torch.cat([x.flatten(1), torch.ones(len(x), 1, dtype=x.dtype)], 1)
        p = (x @ theta.T).softmax(1)
        losses.append(-p[torch.arange(len(y)), y].log().mean().item())
        p[torch.arange(len(y)), y] -= 1
        gradient = p.T @ x / len(x)
        kept = kept + gradient
        if rule.startswith("clip"):
            gradient = gradient * min(1.0, float(rule.split()[1]) / (gradient.norm().item() + 1e-6))
        chosen = {
            "own": gradient,
            rule: gradient,
            "kept": kept,
            "late": late,
            "sum": gradient * len(x),
        }
        chosen = chosen["own" if index and rule == "first" else rule.replace("first", "kept")]
        velocity = momentum * velocity + chosen
        theta, late = theta - lr * velocity, gradient
    return theta, losses, kept


def epoch_mistakes(theta, batches, momentum, stale) -> dict[str, Tensor]:
    def steps(rule: str) -> Tensor:
        return descend(theta, batches, 0.5, momentum, rule, torch.full_like(theta, stale))[0]

    _, _, whole = descend(theta, batches, 0.0, 0.0, "own", torch.zeros_like(theta))
    mistakes = {
        "nothing has been learnt: backward() and step() for every batch, and no zero_grad() between": theta,
        "one step per batch: this is one step for all of them": theta - 0.5 * whole,
        "one step per batch: this is one step with the mean of their losses": (
            theta - 0.5 * whole / len(batches)
        ),
        "each step is along the gradient itself: nothing is clipped": OneOf(
            steps(f"clip {most}") for most in (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5)
        ),
        "the gradient of the sum over the batch: cross_entropy takes the mean": steps("sum"),
        "each step uses the gradient of the batch before: backward() comes before step()": steps(
            "late"
        ),
    }
    if momentum:
        plain = descend(theta, batches, 0.5, 0.0, "own", torch.full_like(theta, stale))[0]
        mistakes["the optimiser that is given makes the steps: another has no momentum"] = plain
    if not stale:
        text = "cross_entropy takes logits: no softmax before it"
        mistakes[text] = stepped(theta, batches, momentum, twice_softmax)
        mistakes |= {
            text: OneOf(stepped(theta, batches, momentum, loss_of) for loss_of in losses)
            for text, losses in other_losses([len(y) for _, y in batches]).items()
        }
    if stale:
        likely = "a gradient from before is still in the first step: zero_grad() before backward()"
        mistakes[likely] = steps("first")
    if len(batches) > 1:
        likely = "gradients of earlier batches are still in it: zero_grad(), and no sum of losses"
        mistakes[likely] = steps("kept")
    return mistakes


def in_16_bits(layer: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        return F.cross_entropy(layer(x), y)


def twice_softmax(layer: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    return F.cross_entropy(layer(x).softmax(1), y)


def other_losses(sizes: list[int]) -> dict[str, list]:
    """Losses that are not the mean cross-entropy."""

    def smoothed(layer, x, y, share: float) -> Tensor:
        return F.cross_entropy(layer(x), y, label_smoothing=share)

    def scaled(layer, x, y, by: float, power: int = 0) -> Tensor:
        return by * len(y) ** -power * F.cross_entropy(layer(x), y)

    def bound(layer, x, y, by: float) -> Tensor:
        return F.cross_entropy(layer(x), y) + by * sum((p**2).sum() for p in layer.parameters())

    return {
        "the labels are as they are: nothing is smoothed": [
            partial(smoothed, share=share) for share in (0.05, 0.1, 0.2, 0.3)
        ],
        "the mean of each batch, divided by nothing more": [
            partial(scaled, by=1 / len(sizes)), partial(scaled, by=1, power=1)
        ],
        "each batch's own mean: divide by its size, not by that of another or of all": [
            partial(scaled, by=1 / n, power=-1) for n in (sizes[0], max(sizes), sizes[-1], sum(sizes))
        ],
        "the cross-entropy and nothing else: no penalty on the weights": [
            partial(bound, by=f * 10.0**-k) for k in range(1, 6) for f in (0.5, 1, 5)
        ],
        "the cross-entropy, not the distance from one-hot labels": [
            lambda layer, x, y: F.mse_loss(layer(x), F.one_hot(y, 3).to(x)),
            lambda layer, x, y: F.mse_loss(layer(x).softmax(1), F.one_hot(y, 3).to(x)),
        ],
    }  # fmt: skip


def stepped(theta: Tensor, batches, momentum: float, loss_of) -> Tensor:
    """theta after a step per batch along the gradient of another loss."""
    layer, velocity = nn.Linear(theta.shape[1] - 1, len(theta)), 0
    for x, y in batches:
        layer.weight.data, layer.bias.data = theta[:, :-1].clone(), theta[:, -1].clone()
        loss = loss_of(layer, x.flatten(1), y)
        weight, bias = torch.autograd.grad(loss, (layer.weight, layer.bias))
        velocity = momentum * velocity + torch.cat([weight, bias[:, None]], 1)
        theta = theta - 0.5 * velocity
    return theta


def mean_mistakes(losses: list[float], sizes: tuple) -> dict[str, float]:
    weighted = sum(B * loss for B, loss in zip(sizes, losses, strict=True))
    so_far = sum(B * sum(losses[: k + 1]) for k, B in enumerate(sizes))
    return {
        "divide by the number of examples: batches need not be of one size": (
            OneOf(weighted / (len(sizes) * B) for B in (sizes[0], sizes[-1]))
            if len(set(sizes)) > 1
            else None
        ),
        "each batch adds its own loss, not that of all before it too": so_far / sum(sizes),
        "nothing was ever added to the running loss": 0.0,
        "divide by the number of examples, not of batches": weighted / len(sizes),
        "this is the sum over the batches": sum(losses),
        "this is the sum over all examples: divide by their number": weighted,
        "this is the loss of the last batch": losses[-1],
        "a mean of all alike, not one in which old losses fade": OneOf(
            functools.reduce(lambda a, b, k=k: k * a + (1 - k) * b, losses)
            for k in (0.5, 0.9, 0.95, 0.98, 0.99)
        )
        if len(losses) > 1
        else None,
        "batches differ in size: weigh each loss by its examples": sum(losses) / len(losses),
        "divide the batches' mean losses by batches or weigh them, then divide by examples": (
            sum(losses) / sum(sizes)
        ),
    }


@item("Item 1, train_epoch")
def check_epoch(
    train_epoch, sizes, momentum=0.0, stale=0.0, training=True, once=False, dtype="float64"
) -> None:
    """stale: gradients left from before; once: the batches come from a generator."""
    g, dtype = torch.Generator().manual_seed(sum(sizes)), getattr(torch, dtype)
    theta = torch.randn(3, 5, generator=g, dtype=torch.float64).to(dtype)
    batches = [
        (torch.randn(B, 2, 2, generator=g, dtype=torch.float64).to(dtype),
         torch.randint(3, (B,), generator=g))
        for B in sizes
    ]  # fmt: skip
    net = Watched(4, 3, dtype=dtype)
    net.weight.data, net.bias.data = theta[:, :4].clone(), theta[:, 4].clone()
    for p in net.parameters() if stale else ():
        p.grad = torch.full_like(p, stale)
    optimiser = torch.optim.SGD(net.train(training).parameters(), 0.5, momentum)
    tried = f"train_epoch on batches of {', '.join(map(str, sizes))} examples"
    tried += f", momentum {momentum}" * (momentum > 0) + ", from a generator" * once
    tried += ", gradients left over from before" * (stale > 0)
    tried += ", in float32" * (dtype == torch.float32)
    given = (batch for batch in batches) if once else list(batches)
    begun(train_epoch, tried)
    came = call(lambda other: train_epoch(net, given, other), optimiser, tried=tried)
    if len(net.modes) != len(sizes):
        likely = "a batch is left out, or was lost to a loop over them before this one"
        if len(net.modes) > len(sizes):
            likely = "each batch goes through the net once: its loss is that of before the step"
        fail(tried, f"the net used {len(sizes)} times", f"{len(net.modes)} times", likely)
    if not all(net.modes):
        fail(tried, "training mode", "evaluation mode", "net.train() before the first batch")
    single = dtype == torch.float32
    rounded = {AUTOCAST: stepped(theta, batches, momentum, in_16_bits)} if single else {}
    mistakes = rounded or partial(epoch_mistakes, theta, batches, momentum, stale)
    want, losses, _ = descend(theta, batches, 0.5, momentum, "own", torch.full_like(theta, stale))
    after = torch.cat([net.weight, net.bias[:, None]], 1)
    tensor(after, want, tried + ": weight and bias afterwards", mistakes, 1e-5 if single else 1e-9)
    mean = sum(B * loss for B, loss in zip(sizes, losses, strict=True)) / sum(sizes)
    tried, slips = tried + ": the mean loss", mean_mistakes(losses, sizes)
    number(came, mean, tried, slips, 1e-5 if single else 1e-6, plain=float)
