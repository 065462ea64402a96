"""Item 9: what a unit sees, by trying every pixel."""

from __future__ import annotations

from copy import deepcopy

import torch
from torch import Generator, Tensor, nn

from checks.calls import Case, item, judge
from checks.compare import equal, fail
from checks.values import OneOf
from helpers import diagnostics

OWN = (diagnostics.receptive_field,)


@torch.no_grad()
def reached(net, size: tuple, channel=None, output=None, place=None, least=1e-8) -> Tensor:
    """Which pixels (H, W), changed one by one, change the middle (or another) unit of the output.

    channel: of the image, output: of the result; None: all of them. least: a change that counts.
    """
    C, H, W = size
    net, x = deepcopy(net).double(), torch.rand(1, *size, generator=Generator().manual_seed(1))
    x, pixels = x.double(), torch.eye(H * W).double().view(H * W, 1, H, W)
    change = pixels * torch.linspace(1, 2, C).view(1, C, 1, 1)
    if channel is not None:
        change[:, [c for c in range(C) if c != channel]] = 0
    y, base = net(x + change), net(x)
    place = place or (y.shape[2] // 2, y.shape[3] // 2)
    if place[0] >= y.shape[2] or place[1] >= y.shape[3]:
        return torch.zeros(H, W, dtype=torch.bool)
    middle = (y - base)[:, :, place[0], place[1]].abs()  # (H*W, O)
    middle = middle.amax(1) if output is None else middle[:, output]
    return (middle > least).view(H, W)


def rectangle(seen: Tensor) -> tuple[int, int]:
    if not seen.any():
        return 0, 0
    rows, columns = seen.any(1).nonzero(), seen.any(0).nonzero()
    return int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1


def narrowed(net: nn.Sequential) -> None:
    """Let only a middle channel of the image, and of the result, see with whole kernels."""
    with torch.no_grad():
        for layer, axis in ((net[0], 1), (net[-1], 0)):
            for number in range(layer.weight.shape[axis]):
                kernels = layer.weight.select(axis, number)
                centre = [k // 2 for k in kernels.shape[1:]]
                if number != 1:
                    kept = kernels[:, centre[0], centre[1]].clone()
                    kernels.zero_()
                    kernels[:, centre[0], centre[1]] = kept


class Square(nn.Module):
    """Its slope at 0 is 0."""

    def forward(self, x: Tensor) -> Tensor:
        return x**2


def altered(net: nn.Sequential, how: str) -> str:
    """Change the net so that it is harder to measure; returns what an answer may have missed."""
    first = net[0].weight.data
    if how == "one channel":
        narrowed(net)
    elif how == "blind":  # so that the layers' attributes say too much
        first[..., 0] = 0
    elif how == "faint":
        first[:, :, 0] *= 1e-5
    elif how == "cross":  # of each channel of the image a line
        first[:, 0, 1:] = 0
        first[:, 1, :, 1:] = 0
    elif how == "apart":  # channels of the image, and of the result, see other pixels
        row, column = first[0, 0, 0, :2].clone(), first[1:, 1, -2:, -1].clone()
        first.zero_()
        first[0, 0, 0, :2], first[1:, 1, -2:, -1] = row, column
    elif how == "opposite":
        first[:, 1:] = -first[:, :1]
        return "gradients of channels may cancel when they are added: take their sizes first"
    elif how == "squares":
        net[0].bias = None
        net.insert(1, Square())
        return "a random image: at 0 this net, which squares, has no slope"
    return ""


def channel_mistakes(net, size: tuple) -> dict[str, tuple[int, int]]:
    """The fields of some channels alone."""
    found = {}
    own = [reached(net, size, channel=number) for number in range(size[0])]
    one, of_one = rectangle(own[0]), reached(net, size, output=0)
    every = rectangle(torch.stack(own).all(0))
    likely = "all channels of the image count, not the first only"
    found[likely + ", and not only where all have a gradient" * (one == every)] = one
    if one != every:
        found["one channel with a gradient is enough: here all must have one"] = every
    if size[0] > 1:
        text = "a pixel counts if any channel has a gradient there: this is one channel's field"
        found[text] = rectangle(own[1])
    found["all channels of the result count, not the first only"] = rectangle(of_one)
    outputs = (reached(net, size, output=k) for k in range(net[-1].weight.shape[0]))
    sides = [[rectangle(seen) for seen in several] for several in (own, outputs)]
    text = "one rectangle around what all channels see, not the largest of their own"
    found[text] = OneOf(tuple(map(max, zip(*some, strict=True))) for some in sides)
    return found


def measured_mistakes(net, size, layers, want, how, edge) -> dict:
    seen = reached(net, size)
    rows, columns = seen.any(1).nonzero(), seen.any(0).nonzero()
    found = {
        "height first, then width": want[::-1],
        "from the first row to the last there are last - first + 1": (want[0] - 1, want[1] - 1),
        "a side may be even: twice as far as from the middle to the end, and 1, is odd": tuple(
            side - 1 + side % 2 for side in want
        ),
        "height and width each by itself, not the larger or smaller of both twice": OneOf(
            [(max(want),) * 2, (min(want),) * 2]
        ),
        "look at the middle unit only: the sum over all of them sees everything": size[1:],
        "this is the unit in the corner, where padding hides a part of its field": rectangle(
            reached(net, size, place=(0, 0))
        ),
        "the field has holes: take the rectangle around it, not a count": (
            len(rows), len(columns),
        ),
        "this is the kernel of the last layer": layers[-1][2],
        "from the first pixel of the rectangle, not of the image": (
            int(rows[-1]) + 1, int(columns[-1]) + 1,
        ),
    }  # fmt: skip
    middle = reached(net, size, place=(size[1] // 2, size[2] // 2))
    found["the middle of the output, not of the image"] = rectangle(middle)
    found |= channel_mistakes(net, size)
    other = deepcopy(net)
    for parameter in other.parameters():
        parameter.data.fill_(1)
    found["a weight of 0 lets nothing through: measure this net, not one of other weights"] = (
        rectangle(reached(other, size))
    )
    found |= gradient_mistakes(net, size, want)
    if how == "faint":
        text = "a gradient that is small is not zero: compare with 0 itself"
        found[text] = rectangle(reached(net, size, least=1e-3))
    if how == "opposite" or how == "squares":
        found[edge] = (0, 0)
    return found


def gradient_mistakes(net, size: tuple, want: tuple) -> dict:
    """What may be read off the gradient itself."""
    x = torch.randn(1, *size).requires_grad_()
    y = net(x)
    y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum().backward()
    above = (0, 1e-12, 1e-8, 1e-6, 1e-5, 1e-4, 1e-3)
    return {
        "a gradient below 0 is not zero either": OneOf(
            rectangle((x.grad[0] > least).any(0)) for least in above
        ),
        "the gradient is (1, C, H, W): rows and columns are its axes 2 and 3": OneOf(
            [(size[0], want[0]), (1, size[0])]
        ),
    }


def measured_case(size, layers, want, how="") -> Case:
    torch.manual_seed(0)
    net = nn.Sequential(
        *(nn.Conv2d(C, O, K, stride=S, padding=P, dilation=D) for C, O, K, S, P, D in layers)
    )
    edge = altered(net, how)
    if max(size[1:]) > 2 * min(size[1:]):
        edge = edge or "row H_out // 2, column W_out // 2: each by its own side"
    net[-1].weight.requires_grad_(False)  # which is to stay so
    kinds = "; ".join(
        f"{C} -> {O} channels, {K[0]}x{K[1]}, {S=}, {P=}, {D=}" for C, O, K, S, P, D in layers
    )
    kinds += f"; {how}" * bool(how)
    return Case(
        f"measured_field(net, {size=}), net: {kinds}",
        (net, size),
        want,
        lambda: measured_mistakes(net, size, layers, want, how, edge),
        edge,
    )


@item("Item 9, measured_field")
def check_measured(measured_field, size, layers, want, how="") -> None:
    """layers: (C, O, (K_h, K_w), S, P, D) of each convolution; how: see `altered`."""
    stacks = [((1, 9, 7), [(1, 1, (3, 2), 1, 0, 1)], (3, 2))]
    stacks += [((1, 13, 15), [(1, 1, (3, 1), 1, 0, 2), (1, 1, (2, 3), 1, 1, 3)], (8, 7))]
    probes = (measured_case(*stack) for stack in stacks)
    case = measured_case(size, layers, want, how)
    net, before = case.arguments[0], deepcopy(case.arguments[0].state_dict())
    try:
        judge(measured_field, case, probes, compare=equal, tolerance=0, without=OWN)
    finally:
        after = net.state_dict()
        if any(
            not torch.equal(after[n].double(), v.double()) for n, v in before.items() if n in after
        ):
            likely = "to measure is to change nothing: work on a copy, copy.deepcopy(net)"
            fail(case.tried, "the numbers of the net as they were", "they changed", likely)
