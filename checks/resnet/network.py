"""Items 4 to 6: projections, the layout of the family and its parameters, from networks built."""

from __future__ import annotations

import sys

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checks.calls import Case, call, item, judge
from checks.compare import begun, cause, fail, kind, tensor, whole
from checks.values import alike, as_number, listed
from helpers.models.resnet import BasicBlock, CifarResNet, make_shortcut


def shapes_of(module: nn.Module) -> list[tuple[int, ...]]:
    """The shapes of its parameters, largest number of axes first."""
    return sorted((tuple(p.shape) for p in module.parameters()), key=lambda s: (-len(s), s))


def other_shapes(C_in, C_out, S, option, projects) -> dict:
    """The shapes of the parameters that usual mistakes give."""
    kernel, scales = (C_out, C_in, 1, 1), [(C_out,), (C_out,)]
    if not projects:
        return {"option B: where the shape stays, nothing is to be done": [kernel, *scales]}
    missing = "option C: a projection in every block"
    if option == "B":
        missing = "option B: a change of size, of channels, or both needs a projection"
    return {
        "BatchNorm supplies the offset: the convolution has bias=False": sorted(
            [kernel, *scales, (C_out,)], key=lambda s: (-len(s), s)
        ),
        "batch normalisation is missing": [kernel],
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
    came, again = shapes_of(module), f"{tried}: shapes of its parameters"
    if came != want:
        mistakes = other_shapes(C_in, C_out, S, option, projects)
        fail(again, want or "no parameters", came, cause(came, want, mistakes))
    x = torch.randn(4, C_in, H, W, dtype=torch.float64)
    numbers = fill(nn.Module.double(module), C_in, C_out) if projects else None
    for training in (False, True):
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
            leaf.weight.data, leaf.bias.data = gamma.clone(), beta.clone()
            leaf.running_mean.data, leaf.running_var.data = mean.clone(), var.clone()
    return w, mean, var, gamma, beta


def check_outputs(module: nn.Module, x: Tensor, S: int, numbers: tuple | None, tried: str) -> None:
    """What it gives for x in the mode that it is in."""
    want, training = x, module.training

    def normal(z: Tensor, like: Tensor) -> Tensor | None:
        if z.shape[1] != like.shape[0]:
            return None
        w, mean, var, gamma, beta = numbers
        return F.batch_norm(z, mean.clone(), var.clone(), gamma, beta, training)

    found = {}
    if numbers is not None:
        w, mean = numbers[:2]
        z, first = torch.conv2d(x, w, stride=S), normal(x, mean)
        want = normal(z, mean)
        found = {
            "first the convolution, then the normalisation": None
            if first is None else torch.conv2d(first, w, stride=S),
            "the normalisation is built and not used": z,
            "the convolution is built and not used": first,
            "the stride is not used": normal(torch.conv2d(x, w), mean),
            "every S-th pixel, not the mean of S x S": normal(
                torch.conv2d(F.avg_pool2d(x, S, ceil_mode=True), w), mean
            ),
        }  # fmt: skip
    found["no ReLU on the shortcut"] = want.clamp_min(0)
    found["x itself does not pass: this is its projection alone"] = x + want if not found else None
    mode = "training" if training else "evaluation"
    again = f"{tried} in {mode} mode on x {tuple(x.shape)}"
    tensor(call(module, x, tried=again), want, again, found, tolerance=1e-9)


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
            6 * n: "a block is one tuple: its two convolutions are not listed apart",
            6 * n + 2: "blocks, not layers: each block has two of them",
            3 * n + 2: "the first convolution and the last layer are no blocks",
        }.get(len(came or []), "") if n > 1 else ""  # fmt: skip
        found = f"{len(came)} parts" if came is not None else kind(came)
        fail(tried, f"a list of {3 * n} tuples", found, likely)
    for k, (block, part) in enumerate(zip(want, came, strict=True)):
        if not alike(part, block, 0):
            paper = blocks_of(n, 32, 16)[0]
            usual = slips(want, sides, k, n) | {
                "width and size are those that are given, not the paper's": paper[k],
                "the width is that which is given, not always 16": (*paper[k][:3], block[3]),
            }
            again, likely = f"{tried}[{k}]", cause(part, block, usual, 0)
            fail(again, repr(block), kind(part), likely)
        if any(isinstance(as_number(number), float) for number in listed(part)):
            likely = "whole-number division is //"
            fail(f"{tried}[{k}]", f"{block!r}, whole numbers (int)", kind(part), likely)


def slips(layout: list[tuple], sides: list[int], k: int, n: int) -> dict:
    """What usual mistakes make of block k, from the blocks around it."""
    C_in, C_out, S, side = layout[k]
    w, first = layout[0][1], layout[n * (k // n)]
    found = {
        "the side of what the block gives, not of what it gets": (C_in, C_out, S, sides[k]),
        "first C_in, then C_out": (C_out, C_in, S, side),
        "the first block gets w channels, from the first convolution": (3, C_out, S, side),
        "each stage has twice the channels of the one before": (C_in, w * (k // n + 1), S, side),
    }
    if k < n:
        found["the first stage keeps the size of the image"] = (C_in, C_out, 2, side // 2)
        if k == n - 1:
            text = "the first block of a stage changes the shape, not the last of the one before"
            found[text] = (C_in, 2 * C_out, 2, side // 2)
    elif k % n:
        text = "inside a stage the stride is 1: only its first block halves the map"
        found[text] = (C_in, C_out, 2, side // 2)
        text = "after the first block of a stage the blocks get its C_out channels"
        found[text] = (first[0], C_out, S, side)
    else:
        text = "the first block of a stage gets the channels of the stage before"
        found[text] = (C_out, C_out, S, side)
        found["the stages after the first halve the map"] = (C_in, C_out, 1, sides[k])
    return found


def total(net: nn.Module) -> int:
    return sum(p.numel() for p in net.parameters())


def network(n: int, option: str, C_in: int, w: int, classes: int) -> CifarResNet:
    """The network of 6n + 2 layers; option C is B with a projection in the other blocks too."""
    shortcut = "A" if option == "A" else "B"
    net = CifarResNet(6 * n + 2, classes, in_channels=C_in, width=w, shortcut=shortcut)
    for block in net.modules():
        if option == "C" and isinstance(block, BasicBlock) and block.downsample is None:
            c = block.bn2.num_features
            block.downsample = nn.Sequential(nn.Conv2d(c, c, 1, bias=False), nn.BatchNorm2d(c))
    return net


def count_case(n: int, option: str, C_in: int, w: int, classes: int) -> Case:
    with torch.device("meta"):  # shapes without numbers
        net = network(n, option, C_in, w, classes)
    want = total(net)
    modules = list(net.modules())
    blocks = [m for m in modules if isinstance(m, BasicBlock)]
    shortcuts = [b.downsample for b in blocks if option != "A" and b.downsample is not None]
    scales = sum(m.num_features for m in modules if isinstance(m, nn.BatchNorm2d))
    biases = sum(m.out_channels for m in modules if isinstance(m, nn.Conv2d))

    def built(n=n, option=option, C_in=C_in, w=w, classes=classes) -> int:
        with torch.device("meta"):
            return total(network(n, option, C_in, w, classes))

    def mistakes() -> dict:
        first = [layer[0].downsample for layer in (net.layer1, net.layer2, net.layer3)]
        kept, changing = (
            sum(total(s) for s in some if isinstance(s, nn.Module)) for some in (first, first[1:])
        )
        wide = sum(total(stage[0].conv1) for stage in (net.layer2, net.layer3))
        found = {
            "batch normalisation has a scale and an offset per channel; they are missing": want
            - 2 * scales,
            "batch normalisation has two parameters per channel": want - scales,
            "stored means and variances are no parameters: two per channel, not four": want
            + 2 * scales,
            "the convolutions have no bias": want + biases,
            "the first convolution of a new stage gets the channels of the stage before": want
            + wide,
            "the first convolution is missing": want - total(net.conv1),
            "the first convolution and its normalisation are missing": want
            - total(net.conv1) - total(net.bn1),
            "the normalisation of the first convolution is missing": want - total(net.bn1),
            "the last linear layer is missing": want - total(net.fc),
            "the last linear layer has biases": want - classes,
            "the last linear layer gets 4 w channels": want - 3 * w * classes,
            "a block has two convolutions, each with its normalisation": want
            - sum(total(b.conv2) + total(b.bn2) for b in blocks),
            "a projection has its own normalisation": want - sum(total(s[1]) for s in shortcuts),
            "a projection is a 1x1 convolution, not 3x3": want
            + 8 * sum(total(s[0]) for s in shortcuts),
            "a network of 6n + 2 layers has 3n blocks: n in each stage": built(n=n + 1),
            "there are n blocks in each stage, not n - 1": built(n=n - 1) if n > 1 else None,
            "the images have C_in channels, not 3": built(C_in=3) if C_in != 3 else None,
            "there are as many biases in the last layer as classes, not 10": built(classes=10)
            if classes != 10 else None,
            "as many biases in the last layer as classes, not ten": want - classes + 10,
            "option C projects in the first block of each stage too": want - kept
            if option == "C" else None,
            "option C projects also where the shape changes, as B does": want - changing
            if option == "C" else None,
        }  # fmt: skip
        others = {
            "A": f"this is the count for option A, not {option}: where are the projections?",
            "B": f"this is the count for B, not {option}: it projects where the shape changes",
            "C": f"this is the count for C, not {option}: it projects in every block",
        }
        return found | {others[o]: built(option=o) for o in others if o != option}

    tried = f"count_parameters({n=}, {option=}, {C_in=}, {w=}, {classes=})"
    return Case(tried, (n, option, C_in, w, classes), want, mistakes)


@item("Item 6, count_parameters")
def check_count(count_parameters, n, option, C_in=3, w=16, classes=10) -> None:
    """Against the parameters of a network that is built."""
    sizes = (1, "A", 1, 2, 3), (1, "B", 2, 3, 2), (1, "C", 1, 2, 4), (2, "C", 2, 3, 5)
    sizes += (2, "A", 4, 5, 7), (3, "B", 1, 4, 6)
    probes = (count_case(*size) for size in sizes)
    case = count_case(n, option, C_in, w, classes)
    judge(count_parameters, case, probes, compare=whole, tolerance=0, by_hand=())
