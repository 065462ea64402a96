"""Item 4: projections, with known numbers in them."""

from __future__ import annotations

import sys

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checks.calls import call, item
from checks.compare import Wrong, cause, fail, kind, tensor
from checks.values import OneOf, alike
from helpers.models.resnet import make_shortcut


def shapes_of(module: nn.Module, tried: str) -> list[tuple[int, ...]]:
    """The shapes of its parameters, largest number of axes first."""
    if any(isinstance(p, nn.parameter.UninitializedParameter) for p in module.parameters()):
        likely = "no lazy layer: how many channels it gets is known here"
        fail(f"{tried}: shapes of its parameters", "shapes", "none before a first call", likely)
    return sorted((tuple(p.shape) for p in module.parameters()), key=lambda s: (-len(s), s))


def no_module(came) -> str:
    """What is said of something that should have been a module."""
    if isinstance(came, list | tuple):
        return "nn.Sequential(*layers) makes one module of several"
    if isinstance(came, type):
        return "an object, not its class: nn.Identity() with its brackets"
    return "nn.Identity() where nothing is to be done" * (came is None or callable(came))


def other_shapes(C_in, C_out, S, option, projects) -> dict:
    """The shapes of the parameters that usual mistakes give."""
    kernel, scales = (C_out, C_in, 1, 1), [(C_out,), (C_out,)]
    if not projects:
        text = "option B: where the shape stays, nothing is to be done, with no parameters"
        return {text: OneOf(([kernel, *scales], [kernel], [kernel, (C_out,)]))}
    missing = "option C: a projection in every block"
    if option == "B":
        missing = "option B: a change of size, of channels, or both needs a projection"
    return {
        "BatchNorm supplies the offset: the convolution has bias=False": sorted(
            [kernel, *scales, (C_out,)], key=lambda s: (-len(s), s)
        ),
        "batch normalisation is missing": [kernel],
        "the convolution runs from all channels to all, not from each to one (groups)": sorted(
            [(C_out, 1, 1, 1), *scales], key=lambda s: (-len(s), s)
        ),
        "batch normalisation is missing; the bias would be its offset": [kernel, (C_out,)],
        "the kernel is 1x1, not 3x3": [(C_out, C_in, 3, 3), *scales],
        "the kernel is 1x1; S is the stride": [(C_out, C_in, S, S), *scales],
        "normalisation follows the convolution: it has C_out channels": [kernel, (C_in,), (C_in,)],
        "the convolution runs from C_in to C_out channels": [(C_in, C_out, 1, 1), *scales],
        missing: [],
    }


@item("Item 4, projection")
def check_projection(projection, C_in, C_out, S, option, H=6, W=6) -> None:
    """Its parameters' shapes; with known numbers in them, its outputs in both modes."""
    torch.manual_seed(C_in + 10 * S + H)
    tried = f"projection({C_in=}, {C_out=}, {S=}, {option=})"
    theirs = sys.modules.get("torchvision.models.resnet")  # if the answer has imported it
    own = (make_shortcut,) + ((theirs.ResNet._make_layer,) if theirs else ())
    module = call(projection, C_in, C_out, S, option, tried=tried, without=own)
    if not isinstance(module, nn.Module):
        fail(tried, "an nn.Module", kind(module), no_module(module))
    projects = option == "C" or S != 1 or C_in != C_out
    want = [(C_out, C_in, 1, 1), (C_out,), (C_out,)] if projects else []
    second = call(projection, C_in, C_out, S, option, tried=tried, without=own)
    if isinstance(second, nn.Module) and set(module.parameters()) & set(second.parameters()):
        likely = "build it anew in every call: blocks that share one module share its numbers"
        fail(f"{tried}, twice", "a module of its own each time", "the same parameters", likely)
    came, again = shapes_of(module, tried), f"{tried}: shapes of its parameters"
    if came != want:
        mistakes = other_shapes(C_in, C_out, S, option, projects)
        likely = cause(came, want, mistakes)
        if any(isinstance(m, nn.BatchNorm2d) and not m.affine for m in module.modules()):
            likely = "the normalisation has a scale and an offset: affine=True, as it is by itself"
        if not came and works(module, C_in, C_out):
            likely = "layers are made once, in __init__, not anew in each forward"
        fail(again, want or "no parameters", came, likely)
    x = torch.randn(4, C_in, H, W, dtype=torch.float64)
    nn.Module.double(module)
    numbers = fill(module, C_in, C_out) if projects else None
    for training in (False, True, False):  # at last with the statistics that training has left
        check_outputs(nn.Module.train(module, training), x, S, numbers, tried)


def works(module: nn.Module, C_in: int, C_out: int) -> bool:
    """Does it give something else than x, with the channels that are asked for?"""
    x = torch.randn(2, C_in, 6, 6, dtype=torch.float64)
    try:
        came = call(module, x, tried="a forward")
    except Wrong:
        return False
    return isinstance(came, Tensor) and came.shape[1] == C_out and not alike(came, x)


def fill(module: nn.Module, C_in: int, C_out: int) -> tuple[Tensor, ...]:
    """Put numbers into its convolution and normalisation; returns them."""
    w = torch.randn(C_out, C_in, 1, 1, dtype=torch.float64)
    gamma, var = torch.rand(2, C_out, dtype=torch.float64) + 0.5
    beta, mean = torch.randn(2, C_out, dtype=torch.float64)
    leaves = [m for m in module.modules() if list(m.parameters(recurse=False))]
    kinds = [[isinstance(m, kind) for m in leaves] for kind in (nn.Conv2d, nn.BatchNorm2d)]
    if [len(leaves), *map(sum, kinds)] != [2, 1, 1]:
        names = ", ".join(sorted(type(m).__name__ for m in leaves))
        likely = "these two layers, no others, hold the parameters"
        fail("the layers of the projection", "an nn.Conv2d and an nn.BatchNorm2d", names, likely)
    for leaf in module.modules():
        if isinstance(leaf, nn.Conv2d):
            leaf.weight.data = w.clone()
        elif isinstance(leaf, nn.BatchNorm2d):
            if leaf.running_mean is None:
                likely = "track_running_stats=True, as it is by itself"
                fail("the normalisation of the projection", "stored statistics", "none", likely)
            leaf.weight.data, leaf.bias.data = gamma.clone(), beta.clone()
            leaf.running_mean.data, leaf.running_var.data = mean.clone(), var.clone()
    return w, mean, var, gamma, beta


def check_outputs(module: nn.Module, x: Tensor, S: int, numbers: tuple | None, tried: str) -> None:
    """What it gives for x in the mode that it is in."""
    want, found = x, {}
    if numbers is not None:
        want, found = projected(module, x, S, numbers)
    found["no ReLU on the shortcut"] = want.clamp_min(0)
    found["x itself does not pass: this is its projection alone"] = None if numbers else x + want
    mode = "training" if module.training else "evaluation"
    again = f"{tried} in {mode} mode on x {tuple(x.shape)}"
    came = call(module, x, tried=again)
    if numbers is None and (names := [type(m).__name__ for m in module.modules() if does(m)]):
        found = {f"where the shape stays, x comes back as it is: no {names[0]}": came}
    try:
        tensor(came, want, again, found, tolerance=1e-9)
    except Wrong as wrong:
        sides = isinstance(came, Tensor) and came.shape[2:] == x.shape[2:] != want.shape[2:]
        wrong.likely = wrong.likely or "the stride is not used" * sides or other_layers(module, S)
        raise


def other_layers(module: nn.Module, S: int) -> str:
    """What is said of a projection whose layers are not those asked for, or set otherwise."""
    for m in module.modules():
        if isinstance(m, nn.Conv2d):
            if m.padding not in ((0, 0), "valid", "same"):
                return f"a 1x1 kernel needs no padding: here it is {m.padding}"
            if m.stride not in ((S, S), (1, 1)):
                return f"the stride is S along both axes: here it is {m.stride}"
        elif does(m) and not isinstance(m, nn.BatchNorm2d):
            return f"nothing but a convolution and its normalisation: no {type(m).__name__}"
    return ""


def does(m: nn.Module) -> bool:
    """Is it a layer of torch's that may do something?"""
    idle = nn.Identity | nn.Sequential | nn.ModuleList | nn.ModuleDict
    return type(m).__module__.startswith("torch.nn") and not isinstance(m, idle)


def projected(module: nn.Module, x: Tensor, S: int, numbers: tuple) -> tuple[Tensor, dict]:
    """What a projection with these numbers gives, and what usual mistakes do; notes a batch."""
    w, mean, var, gamma, beta = numbers
    own = [m for m in module.modules() if isinstance(m, nn.BatchNorm2d)][0]

    def normal(z: Tensor, mean=mean, var=var, eps=1e-5) -> Tensor | None:
        if z.shape[1] != len(mean):
            return None
        return F.batch_norm(z, mean.clone(), var.clone(), gamma, beta, module.training, eps=eps)

    z, whole, first = torch.conv2d(x, w, stride=S), torch.conv2d(x, w), normal(x)
    kept = "the normalisation keeps its default settings: here {} is {}"
    found = {
        kept.format("eps", own.eps): normal(z, eps=own.eps),
        kept.format("momentum", own.momentum): None
        if own.momentum == 0.1 else normal(z, own.running_mean, own.running_var),
        "first the convolution, then the normalisation": None
        if first is None else torch.conv2d(first, w, stride=S),
        "the normalisation is built and not used": z,
        "the convolution is built and not used": first,
        "the stride is not used": normal(whole),
        "the stride is S, not always 2": normal(whole[:, :, ::2, ::2]),
        "the stride is the convolution's: pixels are dropped before normalising": normal(whole)[
            :, :, ::S, ::S
        ],
        "every S-th pixel, not the mean of S x S": OneOf(
            normal(torch.conv2d(F.avg_pool2d(x, S, ceil_mode=up), w)) for up in (True, False)
        ),
        "every S-th pixel, not the largest of S x S": OneOf(
            normal(torch.conv2d(F.max_pool2d(x, S, ceil_mode=up), w)) for up in (True, False)
        ),
        "no ReLU before the projection": normal(torch.conv2d(x.relu(), w, stride=S)),
    }  # fmt: skip
    want = normal(z)
    if module.training:
        F.batch_norm(z, mean, var, training=True)
    return want, found
