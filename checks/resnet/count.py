"""Item 6: the parameters of the family, by networks that are built."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import nn

from checks.calls import Case, item, judge
from checks.compare import KEPT, Wrong, whole
from checks.values import OneOf, alike
from helpers.models.resnet import BasicBlock, CifarResNet


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


def other_networks(want: int, n, option, C_in, w, classes) -> dict[str, int | None]:
    """What networks have that usual mistakes count in place of the one asked for."""

    def built(n=n, option=option, C_in=C_in, w=w, classes=classes) -> int:
        with torch.device("meta"):
            return total(network(n, option, C_in, w, classes))

    found = {
        "a network of 6n + 2 layers has 3n blocks: n in each stage": built(n=n + 1),
        "there are n blocks in each stage, not n - 1": built(n=n - 1) if n > 1 else None,
        "the images have C_in channels, not 3": built(C_in=3) if C_in != 3 else None,
        "there are as many biases in the last layer as classes, not 10": built(classes=10)
        if classes != 10 else None,
        "option B projects in the first block of a stage only": built(option="C")
        - n * (w * w + 2 * w) if option == "B" else None,
        "option B does not project in the first stage, whose blocks keep the shape": want
        + w * w + 2 * w if option == "B" else None,
    }  # fmt: skip
    others = {
        "A": f"this is the count for option A, not {option}: where are the projections?",
        "B": f"this is the count for B, not {option}: it projects where the shape changes",
        "C": f"this is the count for C, not {option}: it projects in every block",
    }
    return found | {others[o]: built(option=o) for o in others if o != option}


def shortcut_mistakes(net: CifarResNet, option: str) -> dict[str, int | None]:
    want, blocks = total(net), [m for m in net.modules() if isinstance(m, BasicBlock)]
    shortcuts = [b.downsample for b in blocks if option != "A" and b.downsample is not None]
    first = [layer[0].downsample for layer in (net.layer1, net.layer2, net.layer3)]
    kept, changing = (
        sum(total(s) for s in some if isinstance(s, nn.Module)) for some in (first, first[1:])
    )
    return {
        "option C projects in every block of the first stage": want
        - sum(total(b.downsample) for b in net.layer1[1:]) if option == "C" else None,
        "option C projects in every block, not in the first of each stage alone": want
        - sum(total(s) for s in shortcuts) + kept if option == "C" else None,
        "option C projects in the blocks of the first stage too": want
        - sum(total(b.downsample) for b in net.layer1) if option == "C" else None,
        "a projection runs from the channels before the block, not from its own, to its own": want
        + sum(total(s[0]) for s in first[1:]) if option == "C" else None,
        "a projection has its own normalisation": want - sum(total(s[1]) for s in shortcuts),
        "a projection is a 1x1 convolution, not 3x3": want
        + 8 * sum(total(s[0]) for s in shortcuts),
        "a projection is a 1x1 convolution, whatever its stride": want
        + 3 * sum(total(s[0]) for s in first[1:] if isinstance(s, nn.Sequential)),
        "option C projects in the first block of each stage too": want - kept
        if option == "C" else None,
        "option C projects in the very first block too": want - total(first[0])
        if option == "C" else None,
        "option C projects also where the shape changes, as B does": want - changing
        if option == "C" else None,
    }  # fmt: skip


def count_mistakes(net: CifarResNet, n, option, C_in, w, classes) -> dict[str, int | None]:
    """What usual mistakes count, by the parts of the network and by other networks."""
    want = total(net)
    modules = list(net.modules())
    blocks = [m for m in modules if isinstance(m, BasicBlock)]
    scales = sum(m.num_features for m in modules if isinstance(m, nn.BatchNorm2d))
    biases = sum(m.out_channels for m in modules if isinstance(m, nn.Conv2d))

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
        "the first convolution is 3x3: 9 C_in w weights": OneOf(
            want + (K * K - 9) * C_in * w for K in (1, 5, 7)
        ),
        "no normalisation stands before the last layer": want + 8 * w,
        "the first convolution is missing": want - total(net.conv1),
        "the first convolution and its normalisation are missing": want
        - total(net.conv1) - total(net.bn1),
        "the normalisation of the first convolution is missing": want - total(net.bn1),
        "the last linear layer is missing": want - total(net.fc),
        "the last linear layer has biases": want - classes,
        "the last linear layer has a bias for each class, not one": want - classes + 1,
        "as many biases in the last layer as classes, not ten": want - classes + 10,
        "the last linear layer gets 4 w channels": want - 3 * w * classes,
        "the last linear layer gets 4 w channels, not 8 w": want + 4 * w * classes,
        "the last linear layer gets 4 w channels, not always 64": want + (64 - 4 * w) * classes,
        "no block is counted: n is how many there are in each stage, not the depth": want
        - sum(map(total, blocks)),
        "a block has two convolutions, each with its normalisation": want
        - sum(total(b.conv2) + total(b.bn2) for b in blocks),
    }  # fmt: skip
    found |= shortcut_mistakes(net, option)
    return found | other_networks(want, n, option, C_in, w, classes)


BUILT = (nn.Module.__init__, nn.Parameter.__new__)  # layers, with or without their first numbers


def count_case(n: int, option: str, C_in: int, w: int, classes: int) -> Case:
    given = n, option, C_in, w, classes
    with torch.device("meta"):  # shapes without numbers
        net = network(*given)
    tried = f"count_parameters({n=}, {option=}, {C_in=}, {w=}, {classes=})"
    return Case(tried, given, total(net), lambda: count_mistakes(net, *given))


def where_right(count_parameters) -> str:
    """Of which arguments a count that is wrong is right, where that says where to look."""

    def right(*options: str, n=2, C_in=4, w=5, classes=7) -> bool:
        given = [(n, option, C_in, w, classes) for option in options or ("A", "B", "C")]
        try:
            return all(alike(count_parameters(*g), count_case(*g).want, 0) for g in given)
        except Exception:
            return False

    told = {"C_in": 3, "w": 16, "classes": 10}
    for name, value in told.items():
        if right(**{name: value}):
            return f"it is right where {name} is {value}: another {name} counts otherwise"
    if right(n=1):
        return "it is right where n is 1: what is wrong are the other blocks of a stage"
    fitting = [option for option in "ABC" if right(option)]
    if fitting:
        return (
            f"it is right for option {' and '.join(fitting)}: look at the shortcuts of the others"
        )
    return "it is right for the paper's numbers, C_in 3, w 16, ten classes" * right(**told)


@item("Item 6, count_parameters")
def check_count(count_parameters, n, option, C_in=3, w=16, classes=10) -> None:
    """Against the parameters of a network that is built."""
    sizes = (1, "A", 1, 2, 3), (1, "B", 2, 3, 2), (1, "C", 1, 2, 4), (2, "C", 2, 3, 5)
    sizes += (2, "A", 4, 5, 7), (3, "B", 1, 4, 6)
    probes = [count_case(*size) for size in sizes]
    case = count_case(n, option, C_in, w, classes)
    try:
        judge(count_parameters, case, probes, compare=whole, tolerance=0, by_hand=(), without=BUILT)
    except Wrong as wrong:
        if wrong.expected != "an answer by hand":
            wrong.likely = wrong.likely or where_right(count_parameters)
        raise
    given = {"n": n, "option": option, "C_in": C_in, "w": w, "classes": classes}
    others = {"C_in": C_in + 1, "w": w + 1, "classes": classes + 1} if n < 4 else {}
    for name, value in others.items():  # one of them another at a time
        other = replace(count_case(**given | {name: value}), edge=KEPT)
        judge(
            count_parameters,
            other,
            [*probes, case],
            compare=whole,
            tolerance=0,
            by_hand=(),
            without=BUILT,
        )
