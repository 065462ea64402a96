"""Item 2: a net's size and head, against torch's layers with the same parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checks.calls import call, item
from checks.compare import fail, kind, tensor
from checks.values import OneOf, alike

NORMS = (nn.modules.batchnorm._NormBase, nn.GroupNorm, nn.LayerNorm, nn.LocalResponseNorm)


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
            likely = "fc1 takes what comes out at this size: here it is sized for images of 32x32"
        if name != "fc1.weight" or found[name].shape[0] != shape[0]:
            likely = "the widths are 32, 64 and 128; channels and classes are those that are given"
        fail(f"{tried}: {name}", f"shape {shape}", came, likely)
    return found


@torch.no_grad()
def cnn_mistakes(reference, x, z: Tensor) -> dict[str, Tensor]:
    """z: the right logits of x."""
    linear = reference[9](reference[:8](x))
    each = [
        (x - x.mean(d, keepdim=True)) / x.std(d, keepdim=True) for d in ((0, 1, 2, 3), (1, 2, 3))
    ]
    small = OneOf(map(reference, (x / 255, x / 256, x / x.abs().max(), *each)))
    maps = reference[:6](x)
    last = reference[7:](maps.permute(0, 2, 3, 1).flatten(1))
    found = {
        "flatten(1) as it comes, channel by channel: here the channels stand last": last,
        "softmax is in the loss already: return the logits": z.softmax(1),
        "softmax is in the loss already, and no ReLU: return the logits": z.relu().softmax(1),
        "log_softmax is in the loss already: return the logits": z.log_softmax(1),
        "no ReLU after the last layer: logits may be negative": z.relu(),
        "nothing may follow the last layer: a sigmoid does": z.sigmoid(),
        "nothing may follow the last layer: tanh does": z.tanh(),
        "the ReLU between fc1 and fc2 is needed": linear,
        "images come as they are to be read: nothing is divided": small,
        "flatten(1) as it comes, row by row: here height and width have changed places": (
            reference[7:](maps.transpose(2, 3).flatten(1))
        ),
        "the logits as fc2 gives them: nothing is taken off or divided": OneOf((
            z - z.amax(1, keepdim=True), z - z.mean(1, keepdim=True), z / z.norm(dim=1, keepdim=True),
            z - z.amax(), z / z.shape[1] ** 0.5, z / 128**0.5,
            *(z.clamp(-k, k) for k in (1, 5, 10, 20, 30, 50, 100)),
        )),
        "nothing is added: no normalisation": OneOf(normed(reference, x)),
        "a ReLU follows each convolution": OneOf(
            through(reference, x, places, lambda a: a) for places in ({1}, {4}, {1, 4})
        ),
        "ReLU, as published, not another function": OneOf(
            through(reference, x, {1, 4, 8}, by)
            for by in (F.gelu, F.silu, F.leaky_relu, F.elu, torch.tanh, torch.sigmoid)
        ),
    }  # fmt: skip
    return found | other_pools(reference, x)


@torch.no_grad()
def other_pools(reference: nn.Sequential, x: Tensor) -> dict[str, OneOf]:
    """The logits, with other pooling after one convolution or both."""

    def adaptive(pool: Callable) -> Callable:
        return lambda a: pool(a, (a.shape[2] // 2, a.shape[3] // 2))

    def pooled(*pools: Callable) -> OneOf:
        return OneOf(through(reference, x, at, by) for by in pools for at in ({2, 5}, {2}, {5}))

    largest, mean = adaptive(F.adaptive_max_pool2d), adaptive(F.adaptive_avg_pool2d)
    return {
        "the largest of each 2x2, as published, not their mean": pooled(nn.AvgPool2d(2)),
        "the largest of each 2x2, as published: adaptive pooling takes other windows": pooled(
            largest, mean
        ),
    }


@torch.no_grad()
def through(reference: nn.Sequential, x: Tensor, places: set[int], by: Callable) -> Tensor:
    """The logits, with `by` in place of the layers of these numbers."""
    for number, layer in enumerate(reference):
        x = by(x) if number in places else layer(x)
    return x


@torch.no_grad()
def normed(reference: nn.Sequential, x: Tensor) -> Iterator[Tensor]:
    """The logits, with a normalisation without parameters before or after a ReLU."""
    for norm in (batch, F.instance_norm, lambda a: F.layer_norm(a, a.shape[1:])):
        for before in ({1}, {4}, {1, 4}):
            yield through(reference, x, before, lambda a, norm=norm: norm(a).relu())
            yield through(reference, x, before, lambda a, norm=norm: norm(a.relu()))


def batch(a: Tensor) -> Tensor:
    return F.batch_norm(a, None, None, training=True)


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
    with torch.no_grad():
        z = reference(x)
    mistakes = partial(cnn_mistakes, reference, x, z)
    if any(isinstance(module, NORMS) for module in net.modules()):
        mistakes = {"nothing is added: no normalisation": came}
    tensor(came, z, tried, mistakes)
