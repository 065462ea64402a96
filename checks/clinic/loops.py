"""Items 1 to 3: the training loop, by steps worked out by hand; a net's head; floors of losses."""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checks.calls import call, item
from checks.compare import begun, fail, kind, number, tensor
from checks.values import alike, as_number


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
        chosen = {"own": gradient, "kept": kept, "late": late, "sum": gradient * len(x)}
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
        "the gradient of the sum over the batch: cross_entropy takes the mean": steps("sum"),
        "each step uses the gradient of the batch before: backward() comes before step()": steps(
            "late"
        ),
    }
    if stale:
        likely = "a gradient from before is still in the first step: zero_grad() before backward()"
        mistakes[likely] = steps("first")
    if len(batches) > 1:
        likely = "gradients of earlier batches are still in it: zero_grad(), and no sum of losses"
        mistakes[likely] = steps("kept")
    return mistakes


def mean_mistakes(losses: list[float], sizes: tuple) -> dict[str, float]:
    weighted = sum(B * loss for B, loss in zip(sizes, losses, strict=True))
    return {
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
def check_epoch(train_epoch, sizes, momentum=0.0, stale=0.0, training=True, once=False) -> None:
    """stale: gradients left from before; once: the batches come from a generator."""
    g = torch.Generator().manual_seed(sum(sizes))
    theta = torch.randn(3, 5, generator=g, dtype=torch.float64)
    batches = [
        (
            torch.randn(B, 2, 2, generator=g, dtype=torch.float64),
            torch.randint(3, (B,), generator=g),
        )
        for B in sizes
    ]
    net = Watched(4, 3, dtype=torch.float64)
    with torch.no_grad():
        net.weight.copy_(theta[:, :4])
        net.bias.copy_(theta[:, 4])
    for p in net.parameters() if stale else ():
        p.grad = torch.full_like(p, stale)
    optimiser = torch.optim.SGD(net.train(training).parameters(), 0.5, momentum)
    tried = f"train_epoch on batches of {', '.join(map(str, sizes))} examples"
    tried += f", momentum {momentum}" * (momentum > 0) + ", from a generator" * once
    tried += ", gradients left over from before" * (stale > 0)
    given = (batch for batch in batches) if once else list(batches)
    begun(train_epoch, tried)
    came = call(lambda: train_epoch(net, given, optimiser), tried=tried)
    if len(net.modes) != len(sizes):
        likely = "a batch is left out, or was lost to a loop over them before this one"
        if len(net.modes) > len(sizes):
            likely = "each batch goes through the net once: its loss is that of before the step"
        fail(tried, f"the net used {len(sizes)} times", f"{len(net.modes)} times", likely)
    if not all(net.modes):
        fail(tried, "training mode", "evaluation mode", "net.train() before the first batch")
    mistakes = epoch_mistakes(theta, batches, momentum, stale)
    want, losses, _ = descend(theta, batches, 0.5, momentum, "own", torch.full_like(theta, stale))
    after = torch.cat([net.weight, net.bias[:, None]], 1)
    tensor(after, want, tried + ": weight and bias afterwards", mistakes, 1e-9)
    mean = sum(B * loss for B, loss in zip(sizes, losses, strict=True)) / sum(sizes)
    number(came, mean, tried + ": the mean loss", mean_mistakes(losses, sizes), 1e-6, plain=float)


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
        fail(tried, f"the parameters {', '.join(want)}", ", ".join(found), likely)
    for name, shape in want.items():
        if nn.parameter.is_lazy(found[name]) or tuple(found[name].shape) == shape:
            continue
        likely = "each 3x3 convolution without padding takes two rows and two columns off, and "
        likely += "pooling halves what is left, rounding down; height and width may differ"
        came = f"shape {tuple(found[name].shape)}"
        wrong_size = name == "fc1.weight" and found[name].shape[0] == shape[0]
        fail(f"{tried}: {name}", f"shape {shape}", came, likely * wrong_size)
    return found


def cnn_mistakes(reference, x) -> tuple[Tensor, dict[str, Tensor]]:
    """The right logits of x, and those of usual mistakes."""
    with torch.no_grad():
        z = reference(x)
        linear = reference[9](reference[:8](x))
        last = reference[7:](reference[:6](x).permute(0, 2, 3, 1).flatten(1))
    mistakes = {
        "flatten(1) as it comes, channel by channel: here the channels stand last": last,
        "softmax is in the loss already: return the logits": z.softmax(1),
        "softmax is in the loss already, and no ReLU: return the logits": z.relu().softmax(1),
        "log_softmax is in the loss already: return the logits": z.log_softmax(1),
        "no ReLU after the last layer: logits may be negative": z.relu(),
        "nothing may follow the last layer: a sigmoid does": z.sigmoid(),
        "nothing may follow the last layer: tanh does": z.tanh(),
        "the ReLU between fc1 and fc2 is needed": linear,
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


HEADS = {  # name: (loss of logits and label, the sign of the wrong logits, C, its explanation)
    "cross_entropy(softmax(z)), C = 10": (lambda z, y: F.cross_entropy(z.softmax(1), y), 10),
    "cross_entropy(softmax(z)), C = 100": (lambda z, y: F.cross_entropy(z.softmax(1), y), 100),
    "cross_entropy(sigmoid(z)), C = 10": (lambda z, y: F.cross_entropy(z.sigmoid(), y), 10),
    "cross_entropy(tanh(z)), C = 10": (lambda z, y: F.cross_entropy(z.tanh(), y), 10),
    "cross_entropy(log_softmax(z)), C = 10": (
        lambda z, y: F.cross_entropy(z.log_softmax(1), y), 10,
    ),
    "nll_loss(softmax(z)), C = 10": (lambda z, y: F.nll_loss(z.softmax(1), y), 10),
    "cross_entropy(relu(z)), C = 10, where every z is negative": (
        lambda z, y: F.cross_entropy((-z.abs()).relu(), y), 10,
    ),
}  # fmt: skip


@item("Item 3, floors")
def check_floors_form(floors) -> None:
    """A number under each key."""
    begun(floors, "floors")
    if not isinstance(floors, Mapping) or set(floors) != set(HEADS):
        fail("floors", "the dict given above, with its seven keys", kind(floors))
    for name, came in floors.items():
        if came is None or came is Ellipsis:
            fail(f"floors[{name!r}]", "a number", repr(came), "still to be answered")
        value = as_number(came)
        if value is None or value != value:
            fail(f"floors[{name!r}]", "a number", kind(came), "a float, by .item() or by hand")


@item("Item 3, floors")
def check_floors(floors) -> None:
    """Against the loss at extreme logits; an error of 0.001 is allowed."""
    check_floors_form(floors)
    y = torch.tensor([0])

    def limit(name: str, others: float = -1e4, more: int = 0) -> float:
        loss, C = HEADS[name]
        z = torch.full((1, C + more), others, dtype=torch.float64)
        z[0, 0] = 1e4
        return loss(z, y).item()

    limits = {name: limit(name) for name in HEADS}
    ten = limits["cross_entropy(softmax(z)), C = 10"]
    for name, want in limits.items():
        chance = F.cross_entropy(torch.zeros(1, HEADS[name][1]), y).item()
        others = {
            "tanh": "tanh goes down to -1, not to 0, for the wrong classes",
            "100": "99 wrong classes, each with e to the power 0",
            "log_softmax": "log_softmax(z) goes as far down as z, and a second one changes nothing",
            "relu": "the right logit is below 0 as well: relu makes all of them 0",
        }
        given = "this would be the floor if the loss got the logits themselves"
        if "nll" in name:
            given = "nll_loss gives minus the number at the label, which may go down to -1"
        mistakes = {text: ten for part, text in others.items() if part in name}
        mistakes |= {
            "this is the loss of guessing": chance,
            given: 0.0,
            "the wrong logits may lie as far below 0 as you like, not at 0": (
                want if "tanh" in name else limit(name, 0.0)
            ),
            "C - 1 classes are wrong, not C": limit(name, more=1),
            "in nats, not in bits": want / math.log(2),
        }
        if not abs(as_number(floors[name]) - want) <= 1e-3:
            expected, likely = "the loss at its limit, to 0.001", _why(floors[name], mistakes, want)
            fail(f"floors[{name!r}]", expected, kind(floors[name]), likely)


def _why(came, mistakes: dict[str, float], want: float) -> str:
    found = [t for t, v in mistakes.items() if abs(as_number(came) - v) < 1e-3 and v != want]
    return found[0] if len(found) == 1 else ""
