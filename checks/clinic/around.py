"""Item 7: the net around blocks, by a block that notes its calls."""

from __future__ import annotations

import operator

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checks.calls import call, item
from checks.compare import equal, fail, kind, tensor
from checks.values import OneOf


def block_calls(widths: tuple) -> tuple[list, dict[str, list]]:
    """How block(in, out, stride) is to be called, and how usual mistakes call it."""
    before, strides = [widths[0], *widths[:-1]], [1] + [2] * (len(widths) - 1)

    def rows(*columns) -> list:
        return list(zip(*columns, strict=True))

    ones, twos = [1] * len(widths), [2] * len(widths)
    right = rows(before, widths, strides)
    return right, {
        "a call for every block, also where two are alike": list(dict.fromkeys(right)),
        "in_channels come first, then out_channels": rows(widths, before, strides),
        "in_channels come first, and the stride is not passed on": rows(widths, before, ones),
        "the stride is not passed on": rows(before, widths, ones),
        "the first block has stride 1": rows(before, widths, twos),
        "all blocks but the first have stride 2, not twice that of the block before": rows(
            before, widths, [2**k for k in range(len(widths))]
        ),
        "all blocks but the first have stride 2, not every second one": rows(
            before, widths, [1 + k % 2 for k in range(len(widths))]
        ),
        "every block but the first has stride 2, also where the width stays or falls": OneOf(
            rows(before, widths, [1 + odd(b, w) for b, w in zip(before, widths, strict=True)])
            for odd in (operator.ne, operator.lt)
        ),
        "each block takes what the one before gives": rows(widths, widths, strides),
        "each block takes what the one before gives, not widths[0]": rows(
            [widths[0]] * len(widths), widths, strides
        ),
        "the last block has stride 2 too": rows(before, widths, [*strides[:-1], 1]),
        "the block that is handed over makes all blocks: it was not called": [],
    }


class Around:
    """A student's net around single convolutions, its parameters drawn at random."""

    def __init__(self, ResNet, widths, classes, channels) -> None:
        self.asked, self.made, self.widths = [], [], widths
        self.tried = f"ResNet(block, {widths=}, {classes=}, {channels=})"
        self.net = call(ResNet, self.block, widths, classes, channels, tried=self.tried)
        if not isinstance(self.net, nn.Module):
            fail(self.tried, "an nn.Module", kind(self.net))
        want, mistakes = block_calls(widths)
        equal(self.in_order(), want, f"{self.tried}: the calls block(in, out, stride)", mistakes)
        shapes = [(widths[0], channels, 3, 3), (widths[0],), (widths[0],)]
        shapes += [s for b, w, _ in want for s in ((w, b, 3, 3), (w,))]
        self.shapes = [*shapes, (classes, widths[-1]), (classes,)]
        self.check_shapes()

    def block(self, in_channels, out_channels, stride=1) -> nn.Conv2d:
        self.asked.append((in_channels, out_channels, stride))
        self.made.append(nn.Conv2d(in_channels, out_channels, 3, stride, padding=1))
        return self.made[-1]

    def in_order(self) -> list[tuple]:
        """The calls as the blocks follow each other in the net; as they came if some are not in it."""
        places = {module: place for place, module in enumerate(nn.Module.modules(self.net))}
        if not places.keys() >= set(self.made):
            return self.asked
        pairs = zip(self.made, self.asked, strict=True)
        return [asked for _, asked in sorted(pairs, key=lambda pair: places[pair[0]])]

    def check_shapes(self) -> None:
        parameters = list(nn.Module.parameters(self.net))
        if any(map(nn.parameter.is_lazy, parameters)):
            likely = "after the mean there is one number per channel of the last block: nn.Linear"
            fail(self.tried, "a net that knows all its shapes", "a lazy layer", likely)
        found = [tuple(p.shape) for p in parameters]
        if found == self.shapes:
            return
        likely = ""
        if found == self.shapes[:3] + self.shapes[-2:]:
            likely = "the blocks are in a plain list, which hides them: nn.ModuleList"
        elif found and found[0] != self.shapes[0]:
            likely = "the stem is a 3x3 convolution from `channels` to the first width"
        elif found[:-2] == self.shapes[:-2] and found[-1] != self.shapes[-1]:
            likely = "fc gives a logit for each of the `classes`"
        elif found[:-2] == self.shapes[:-2]:
            likely = "fc takes one number for each channel of the last block"
        elif found[2:] == self.shapes[1:] and found[1:2] == [(self.widths[0],)]:
            likely = "the stem has no bias: bn has one"
        elif sorted(found) == sorted(self.shapes):
            likely = "stem (no bias), bn, blocks, fc in this order"
        fail(self.tried + ": shapes of the parameters", self.shapes, found, likely)


def net_outputs(p: list[Tensor], widths: tuple, x: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
    """The output by torch's operations with the parameters p, and by usual mistakes."""
    z = F.batch_norm(F.conv2d(x, p[0], None, padding=1), 0 * p[1], 0 * p[1] + 1, p[1], p[2])

    def rest(a: Tensor, relu: bool = False) -> Tensor:
        for index in range(len(widths)):
            w, b = p[3 + 2 * index], p[4 + 2 * index]
            a = F.conv2d(a, w, b, 1 if index == 0 else 2, padding=1)
            a = a.relu() if relu else a
        return a

    def head(a: Tensor, pool=F.adaptive_avg_pool2d) -> Tensor:
        return F.linear(pool(a, 1).flatten(1), p[-2], p[-1])

    a = rest(z.relu())
    want = head(a)
    return want, {
        "the mean over all places, not the largest value": head(a, F.adaptive_max_pool2d),
        "the mean over all places, not their sum": head(a.sum((2, 3), keepdim=True)),
        "the mean over all places, not one of them": head(a[:, :, :1, :1]),
        "the mean over all places, not those of one row or column": OneOf(
            head(part) for part in (a[:, :, :1], a[..., :1])
        ),
        "the mean over all places, whatever the size of the map": OneOf(
            head(a[:, :, :k, :k]) for k in range(2, max(a.shape[2:]))
        ),
        "a ReLU stands between the stem and the blocks": head(rest(z)),
        "the blocks follow the stem at once: no pooling before them": OneOf(
            head(rest(pool(z.relu(), *how)))
            for how in ((3, 2, 1), (2,))
            for pool in (F.max_pool2d, F.avg_pool2d)
        ),
        "nothing follows the last layer": want.relu(),
        "logits, not probabilities": want.softmax(1),
        "what follows a block is the next block: no ReLU of your own": head(a.relu()),
        "what follows a block is the next block: no ReLU of your own after each": head(
            rest(z.relu(), True)
        ),
    }


@item("Item 7, ResNet")
def check_resnet(ResNet, widths, classes, channels, H, W, B=2) -> None:
    """How it calls the blocks, its parameters, and its output in evaluation mode."""
    of = Around(ResNet, widths, classes, channels)
    net = of.net
    nn.Module.double(net)
    nn.Module.eval(net)
    g = torch.Generator().manual_seed(H + W)
    p = [torch.randn(s, generator=g, dtype=torch.float64) for s in of.shapes]
    for parameter, value in zip(nn.Module.parameters(net), p, strict=True):
        parameter.data.copy_(value)
    x = torch.randn(B, channels, H, W, generator=g, dtype=torch.float64)
    want, mistakes = net_outputs(p, widths, x)
    tensor(call(net, x, tried=f"{of.tried} on x {tuple(x.shape)}"), want,
           f"{of.tried} on x {tuple(x.shape)}", mistakes)  # fmt: skip
