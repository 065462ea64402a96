"""Items 1 and 2: the training loop, by steps worked out by hand; a net's size and head."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checks.calls import call, item
from checks.compare import begun, fail, kind, number, tensor
from checks.values import OneOf, alike

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
        "nothing has been learnt: backward() and step() for every batch": theta,
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
    mistakes = rounded or epoch_mistakes(theta, batches, momentum, stale)
    want, losses, _ = descend(theta, batches, 0.5, momentum, "own", torch.full_like(theta, stale))
    after = torch.cat([net.weight, net.bias[:, None]], 1)
    tensor(after, want, tried + ": weight and bias afterwards", mistakes, 1e-5 if single else 1e-9)
    mean = sum(B * loss for B, loss in zip(sizes, losses, strict=True)) / sum(sizes)
    tried, slips = tried + ": the mean loss", mean_mistakes(losses, sizes)
    number(came, mean, tried, slips, 1e-5 if single else 1e-6, plain=float)


def reference_net(channels: int, height: int, width: int, classes: int) -> nn.Sequential:
    """The published net as layers of torch's, without what follows its last layer."""
    net = nn.Sequential(
        nn.Conv2d(channels, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.LazyLinear(128), nn.ReLU(), nn.Linear(128, classes),
    ).double()  # fmt: skip
    net(torch.zeros(1, channels, height, width, dtype=torch.float64))
    return net


def same_parameters(net: nn.Module, want: dict[str, tuple], tried: str) -> dict[str, Tensor]:
    """The parameters of net by name; fails unless names and shapes are these."""
    found = dict(nn.Module.named_parameters(net))
    if sorted(found) != sorted(want):
        likely = "keep the names conv1, conv2, fc1, fc2, and add no other layer with parameters"
        missing = set(want) - set(found)
        if not set(found) - set(want) and all(name.endswith(".bias") for name in missing):
            likely = "all four layers have a bias"
        fail(tried, f"the parameters {', '.join(want)}", ", ".join(found), likely)
    for name, shape in want.items():
        if nn.parameter.is_lazy(found[name]) or tuple(found[name].shape) == shape:
            continue
        likely = "each 3x3 convolution without padding takes two rows and two columns off, and "
        likely += "pooling halves what is left, rounding down; height and width may differ"
        came = f"shape {tuple(found[name].shape)}"
        if name == "fc1.weight" and tuple(found[name].shape) == (128, 64 * 6 * 6):
            likely = "fc1 takes what comes out at this size: nothing is pooled to that of 32x32"
        if name != "fc1.weight" or found[name].shape[0] != shape[0]:
            likely = "the widths are 32, 64 and 128; channels and classes are those that are given"
        fail(f"{tried}: {name}", f"shape {shape}", came, likely)
    return found


def cnn_mistakes(reference, x) -> tuple[Tensor, dict[str, Tensor]]:
    """The right logits of x, and those of usual mistakes."""
    with torch.no_grad():
        z = reference(x)
        linear = reference[9](reference[:8](x))
        small = OneOf(reference(part) for part in (x / 255, x / 256, x / x.abs().max()))
        last = reference[7:](reference[:6](x).permute(0, 2, 3, 1).flatten(1))
        pool = nn.AvgPool2d(2)
        mean = reference[6:](pool(reference[3:5](pool(reference[:2](x)))))
    mistakes = {
        "flatten(1) as it comes, channel by channel: here the channels stand last": last,
        "softmax is in the loss already: return the logits": z.softmax(1),
        "softmax is in the loss already, and no ReLU: return the logits": z.relu().softmax(1),
        "log_softmax is in the loss already: return the logits": z.log_softmax(1),
        "no ReLU after the last layer: logits may be negative": z.relu(),
        "nothing may follow the last layer: a sigmoid does": z.sigmoid(),
        "nothing may follow the last layer: tanh does": z.tanh(),
        "the ReLU between fc1 and fc2 is needed": linear,
        "images come as they are to be read: nothing is divided": small,
        "the largest of each 2x2, as published, not their mean": mean,
    }
    return z, mistakes


@item("Item 2, ConvNet")
def check_cnn(ConvNet, channels, height, width, classes, training=True, B=4) -> None:
    """Parameters by name and shape; the output against torch's layers with the same parameters."""
    tried = f"ConvNet({channels=}, {height=}, {width=}, {classes=})"
    torch.manual_seed(height)
    net = call(ConvNet, channels, height, width, classes, tried=tried)
    if not isinstance(net, nn.Module):
        fail(tried, "an nn.Module", kind(net))
    nn.Module.double(net)
    reference = reference_net(channels, height, width, classes)
    names = [f"{n}.{part}" for n in ("conv1", "conv2", "fc1", "fc2") for part in ("weight", "bias")]
    shapes = [tuple(p.shape) for p in reference.parameters()]
    want = dict(zip(names, shapes, strict=True))
    found = same_parameters(net, want, tried)
    x = 3 * torch.randn(B, channels, height, width, dtype=torch.float64)
    nn.Module.train(net, training)
    tried += f" on {B} image{'s' * (B > 1)} {height}x{width}"
    tried += ", in evaluation mode" * (not training)
    if any(map(nn.parameter.is_lazy, found.values())):  # they are made by the first call
        call(net, x, tried=tried)
        found = same_parameters(net, want, tried)
    for name, p in zip(names, reference.parameters(), strict=True):
        p.data.copy_(found[name].data)
    came = call(net, x, tried=tried)
    torch.manual_seed(1)
    if isinstance(came, Tensor) and not alike(call(net, x, tried=tried), came):
        likely = "nothing is drawn: no dropout"
        fail(f"{tried}, twice", "the same logits", "others", likely)
    same_parameters(net, want, tried)
    z, mistakes = cnn_mistakes(reference, x)
    tensor(came, z, tried, mistakes)
