"""Items 4 and 5: projections, and the layout of the family, from networks built."""

from __future__ import annotations

import sys

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checks.calls import call, item
from checks.compare import begun, cause, fail, kind, tensor
from checks.values import OneOf, alike, as_number, listed
from helpers.models.resnet import BasicBlock, CifarResNet, make_shortcut


def shapes_of(module: nn.Module) -> list[tuple[int, ...]]:
    """The shapes of its parameters, largest number of axes first."""
    return sorted((tuple(p.shape) for p in module.parameters()), key=lambda s: (-len(s), s))


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
        likely = "nn.Identity() where nothing is to be done" if module is None else ""
        fail(tried, "an nn.Module", kind(module), likely)
    projects = option == "C" or S != 1 or C_in != C_out
    want = [(C_out, C_in, 1, 1), (C_out,), (C_out,)] if projects else []
    second = call(projection, C_in, C_out, S, option, tried=tried, without=own)
    if isinstance(second, nn.Module) and set(module.parameters()) & set(second.parameters()):
        likely = "build it anew in every call: blocks that share one module share its numbers"
        fail(f"{tried}, twice", "a module of its own each time", "the same parameters", likely)
    came, again = shapes_of(module), f"{tried}: shapes of its parameters"
    if came != want:
        mistakes = other_shapes(C_in, C_out, S, option, projects)
        likely = cause(came, want, mistakes)
        if any(isinstance(m, nn.BatchNorm2d) and not m.affine for m in module.modules()):
            likely = "the normalisation has a scale and an offset: affine=True, as it is by itself"
        fail(again, want or "no parameters", came, likely)
    x = torch.randn(4, C_in, H, W, dtype=torch.float64)
    numbers = fill(nn.Module.double(module), C_in, C_out) if projects else None
    for training in (False, True, False):  # at last with the statistics that training has left
        check_outputs(nn.Module.train(module, training), x, S, numbers, tried)


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
    tensor(call(module, x, tried=again), want, again, found, tolerance=1e-9)


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
        "every S-th pixel, not the mean of S x S": normal(
            torch.conv2d(F.avg_pool2d(x, S, ceil_mode=True), w)
        ),
    }  # fmt: skip
    want = normal(z)
    if module.training:
        F.batch_norm(z, mean, var, training=True)
    return want, found


def blocks_of(n: int, size: int, w: int) -> tuple[list[tuple], list[int]]:
    """The layout of a network that is run, and the side of each block's input."""
    net = CifarResNet(6 * n + 2, width=w).eval()
    layout, sides = [], []

    def note(block, inputs, output):
        conv = block.conv1
        sides.append(inputs[0].shape[2])
        layout.append((conv.in_channels, conv.out_channels, conv.stride[0], output.shape[2]))

    for block in net.modules():
        if isinstance(block, BasicBlock):
            block.register_forward_hook(note)
    with torch.no_grad():
        net(torch.zeros(1, 3, size, size))
    return layout, sides


@item("Item 5, layout")
def check_layout(layout, n: int, size: int, w: int) -> None:
    """Against the blocks of a network that is run."""
    want, sides = blocks_of(n, size, w)
    tried = f"layout({n=}, {size=}, {w=})"
    came = call(layout, n, size, w, tried=tried, by_hand=())
    begun(came, tried)
    came = listed(came)
    if came is None or len(came) != len(want):
        likely = {
            0: "n blocks in each stage, the first one included",
            3: "one list of all blocks, not one of the stages",
            6 * n: "a block is one tuple: its two convolutions are not listed apart",
            6 * n + 2: "blocks, not layers: each block has two of them",
            3 * n + 2: "the first convolution and the last layer are no blocks",
        }.get(len(came or []), "") if n > 1 else ""  # fmt: skip
        if came and alike(came[-len(want) :], want, 0):
            likely = "a list that is kept from an earlier call, such as a default [], has grown"
        found = f"{len(came)} parts" if came is not None else kind(came)
        fail(tried, f"a list of {3 * n} tuples", found, likely)
    for k, (block, part) in enumerate(zip(want, came, strict=True)):
        if not alike(part, block, 0):
            paper = blocks_of(n, 32, 16)[0]
            usual = slips(want, sides, k, n, came) | {
                "width and size are those that are given, not the paper's": paper[k],
                "the width is that which is given, not always 16": (*paper[k][:3], block[3]),
                "the size is that which is given, not always 32": (*block[:3], paper[k][3]),
                "from input to output, not back": want[-1 - k],
                "the stride is one number": (*block[:2], (block[2], block[2]), block[3]),
                "one list of all blocks, not one of the stages": [block],
            }
            again, likely = f"{tried}[{k}]", cause(part, block, usual, 0)
            fail(again, repr(block), kind(part), likely)
        if any(isinstance(as_number(number), float) for number in listed(part)):
            likely = "whole-number division is //"
            fail(f"{tried}[{k}]", f"{block!r}, whole numbers (int)", kind(part), likely)


def slips(layout: list[tuple], sides: list[int], k: int, n: int, came: list) -> dict:
    """What usual mistakes make of block k, from the blocks around it; came: all that was returned."""
    C_in, C_out, S, side = layout[k]
    w, first = layout[0][1], layout[n * (k // n)]
    found = {
        "the side of what the block gives, not of what it gets": (C_in, C_out, S, sides[k]),
        "first C_in, then C_out": (C_out, C_in, S, side),
        "the first block gets w channels, from the first convolution": (3, C_out, S, side),
        "each stage has twice the channels of the one before": (C_in, w * (k // n + 1), S, side),
        "half an odd number of steps is rounded down: //, not round()": (C_in, C_out, S, side + 1),
    }
    if k < n:
        found["the first stage keeps the size of the image"] = (C_in, C_out, 2, side // 2)
        if k == n - 1:
            text = "the first block of a stage changes the shape, not the last of the one before"
            found[text] = (C_in, 2 * C_out, 2, side // 2)
    elif k % n:
        text = "inside a stage the stride is 1: only its first block halves the map"
        found[text] = OneOf((C_in, C_out, step, side // 2) for step in (1, 2))
        text = "after the first block of a stage the blocks get its C_out channels"
        found[text] = (first[0], C_out, S, side)
    else:
        text = "the first block of a stage gets the channels of the stage before"
        found[text] = (C_out, C_out, S, side)
        halved = any(alike(list(part[2:3]), [2], 0) for part in map(listed, came) if part)
        found["n blocks in each stage: this one begins the next"] = (C_in, C_in, 1, sides[k])
        text = "the stages after the first halve the map"
        text += ", in their first block, which has the stride" * halved
        found[text] = (C_in, C_out, 1, sides[k])
    return found
