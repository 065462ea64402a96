"""Items 6 and 7: the block, against torchvision's, and the net around blocks."""

from __future__ import annotations

from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchvision.models.resnet import BasicBlock

from checks.calls import call, gradient, item
from checks.compare import Wrong, equal, fail, kind, tensor
from checks.values import OneOf

PROJECTION = ("conv3", "bn3.w", "bn3.b")


def block_shapes(i: int, o: int, stride: int) -> dict[str, tuple]:
    shapes = {"conv1.weight": (o, i, 3, 3), "bn1.weight": (o,), "bn1.bias": (o,)}
    shapes |= {"conv2.weight": (o, o, 3, 3), "bn2.weight": (o,), "bn2.bias": (o,)}
    if stride != 1 or i != o:
        shapes |= {"conv3.weight": (o, i, 1, 1), "bn3.weight": (o,), "bn3.bias": (o,)}
    return shapes


def missing(Block, tried: str) -> str:
    """Why a block has no projection: does one whose stride and channels both change have one?"""
    both = call(Block, 2, 3, 2, tried=tried)
    modules = isinstance(both, nn.Module)
    names = {name for name, _ in nn.Module.named_parameters(both)} if modules else ()
    if "conv3.weight" in names and "bn3.weight" in names:
        return "another stride or other channels: each of them alone needs the projection"
    return "the projection has to be kept as self.conv3 and self.bn3, or it is thrown away"


def make_block(Block, i, o, stride) -> tuple[nn.Module, dict[str, Tensor], str]:
    """The student's block in float64, its parameters drawn at random; the parameters by name."""
    tried = f"Block(in_channels={i}, out_channels={o}, {stride=})"
    block = call(Block, i, o, stride, tried=tried)
    if not isinstance(block, nn.Module):
        fail(tried, "an nn.Module", kind(block))
    shapes = block_shapes(i, o, stride)
    found = {n: tuple(p.shape) for n, p in nn.Module.named_parameters(block)}
    for name in sorted({*shapes, *found}):
        if shapes.get(name) == found.get(name):
            continue
        likely = ""
        if name not in found and name.startswith(PROJECTION):
            likely = missing(Block, tried)
        elif name.endswith(".bias") and name.startswith("conv"):
            likely = "bias=False: the normalisation after it has a bias"
        elif name not in shapes and name.startswith(PROJECTION):
            likely = "where the shape stays, the shortcut is x itself: no projection"
        elif name == "conv2.weight" and found.get(name) in ((i, o, 3, 3), (o, i, 3, 3)):
            likely = "the second convolution takes out_channels and gives out_channels"
        want, came = (d.get(name, "no such parameter") for d in (shapes, found))
        fail(f"{tried}: {name}", want, came, likely)
    nn.Module.double(block)
    g, p = torch.Generator().manual_seed(i + o), {}
    for name, parameter in nn.Module.named_parameters(block):
        p[name] = torch.randn(parameter.shape, generator=g, dtype=torch.float64)
        parameter.data.copy_(p[name])
    return block, p, tried


class Variant(BasicBlock):
    """torchvision's block, with these parameters, and with some of its parts changed."""

    def __init__(self, p: dict[str, Tensor], stride: int, training: bool, change: str = "") -> None:
        o, i = p["conv1.weight"].shape[:2]
        projection = None
        if "conv3.weight" in p:
            conv = nn.Conv2d(i, o, 1, stride, bias=False)
            projection = nn.Sequential(OrderedDict(conv3=conv, bn3=nn.BatchNorm2d(o)))
        super().__init__(i, o, stride, projection)
        names = {n: n.replace("downsample.", "") for n, _ in self.named_parameters()}
        state = {n: p[short] for n, short in names.items()}
        self.double().load_state_dict(state, strict=False)
        self.train(training)
        for norm in self.modules() if change == "batch" else ():
            norm.train(isinstance(norm, nn.BatchNorm2d))
        if change == "stride":
            self.conv1.stride, self.conv2.stride = self.conv2.stride, self.conv1.stride
        if change == "bare" and projection is not None:
            self.downsample = conv
        self.change = change

    def forward(self, x: Tensor) -> Tensor:
        x = x.relu() if self.change == "before" else x
        if self.change in ("", "stride", "bare", "before", "batch"):
            return super().forward(x)
        z = self.bn1(self.conv1(x))
        z = self.conv2(z if self.change == "no inner" else z.relu())
        z = (self.bn1 if self.change == "one bn" else self.bn2)(z)
        shortcut = x if self.downsample is None else self.downsample(x)
        if self.change == "pooled" and self.downsample is not None:
            x = F.avg_pool2d(x, self.downsample[0].stride, ceil_mode=True)
            shortcut = self.downsample[1](F.conv2d(x, self.downsample[0].weight))
        if self.change == "both":
            return (shortcut + z.relu()).relu()
        if self.change == "first":
            return shortcut + z.relu()
        if self.change == "branch":
            return z.relu()
        return shortcut + z if self.change == "open" else (shortcut + z).relu()


CHANGES = {
    "the ReLU comes after the addition, not before": "first",
    "no ReLU on the branch after bn2: the branch may also take away": "both",
    "bn2 follows conv2, not bn1 a second time": "one bn",
    "the projection takes single places, stride apart: no pooling before it": "pooled",
    "a ReLU stands between bn1 and conv2": "no inner",
    "a ReLU follows the addition": "open",
    "in evaluation mode a normalisation goes by its running statistics: keep them": "batch",
    "nothing is added: with a silent branch x has to come through": "branch",
    "the projection is normalised too, by bn3": "bare",
    "no ReLU on x: it is the block before that ends with one": "before",
    "the stride is that of the first convolution, not of the second": "stride",
}


def against(block, p, x, stride, training, tried, changes: dict[str, str]) -> None:
    try:
        came = call(block, x, tried=tried)
    except Wrong as wrong:
        if stride > 1 and "size of tensor" in str(wrong.came):
            wrong.likely = "both paths get the stride that is given, whatever it is"
        raise
    want, mistakes = Variant(p, stride, training)(x).detach(), {}
    for text, change in changes.items():
        try:
            mistakes[text] = Variant(p, stride, training, change)(x).detach()
        except RuntimeError:  # with the strides exchanged, the shapes may not fit
            continue
    if isinstance(came, Tensor) and came.shape != want.shape:
        likely = "the stride has to reach both paths; and no pooling inside a block"
        fail(tried, f"shape {tuple(want.shape)}", f"shape {tuple(came.shape)}", likely)
    tensor(came, want, tried, mistakes)


@item("Item 6, Block")
def check_silent(Block, i, o, stride, H=6, W=4) -> None:
    """With the branch silenced, the block gives ReLU(shortcut(x))."""
    block, p, tried = make_block(Block, i, o, stride)
    for name, parameter in nn.Module.named_parameters(block):
        if name.startswith("bn2"):
            p[name] = parameter.data.zero_().clone()
    nn.Module.eval(block)
    g = torch.Generator().manual_seed(H)
    x = torch.randn(2, i, H, W, generator=g, dtype=torch.float64)
    seen = ("open", "branch", "bare", "before", "one bn", "pooled", "batch")
    changes = {text: change for text, change in CHANGES.items() if change in seen}
    tried += f" on x {tuple(x.shape)}, bn2 set to zero"
    against(block, p, x, stride, False, tried, changes)


@item("Item 6, Block")
def check_block(Block, i, o, stride, H, W, B=3) -> None:
    """Output in both modes, and the gradient by x in evaluation mode."""
    for training in (False, True):
        block, p, tried = make_block(Block, i, o, stride)
        nn.Module.train(block, training)
        g = torch.Generator().manual_seed(H + W)
        x = torch.randn(B, i, H, W, generator=g, dtype=torch.float64)
        tried += f" on x {tuple(x.shape)}, {'training' if training else 'evaluation'} mode"
        against(block, p, x, stride, training, tried, CHANGES)
        if not training:
            gradient(block, Variant(p, stride, False), (x,), tried)


def block_calls(widths: tuple) -> tuple[list, dict[str, list]]:
    """How block(in, out, stride) is to be called, and how usual mistakes call it."""
    before, strides = [widths[0], *widths[:-1]], [1] + [2] * (len(widths) - 1)

    def rows(*columns) -> list:
        return list(zip(*columns, strict=True))

    ones, twos = [1] * len(widths), [2] * len(widths)
    return rows(before, widths, strides), {
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
        "every block but the first has stride 2, also where the width stays": rows(
            before, widths, [1 + (b != w) for b, w in zip(before, widths, strict=True)]
        ),
        "each block takes what the one before gives": rows(widths, widths, strides),
    }


class Around:
    """A student's net around single convolutions, its parameters drawn at random."""

    def __init__(self, ResNet, widths, classes, channels) -> None:
        self.asked, self.widths = [], widths
        self.tried = f"ResNet(block, {widths=}, {classes=}, {channels=})"
        self.net = call(ResNet, self.block, widths, classes, channels, tried=self.tried)
        if not isinstance(self.net, nn.Module):
            fail(self.tried, "an nn.Module", kind(self.net))
        want, mistakes = block_calls(widths)
        equal(self.asked, want, f"{self.tried}: the calls block(in, out, stride)", mistakes)
        shapes = [(widths[0], channels, 3, 3), (widths[0],), (widths[0],)]
        shapes += [s for b, w, _ in want for s in ((w, b, 3, 3), (w,))]
        self.shapes = [*shapes, (classes, widths[-1]), (classes,)]
        self.check_shapes()

    def block(self, in_channels, out_channels, stride=1) -> nn.Conv2d:
        self.asked.append((in_channels, out_channels, stride))
        return nn.Conv2d(in_channels, out_channels, 3, stride, padding=1)

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
        elif found[:-2] == self.shapes[:-2]:
            likely = "fc takes one number per channel, whatever the size of the map"
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
    if B == 1 or classes == 1:
        text = "squeeze() without a dimension drops every dimension of length 1, the batch too"
        mistakes[text] = want.squeeze(0)
    tensor(call(net, x, tried=f"{of.tried} on x {tuple(x.shape)}"), want,
           f"{of.tried} on x {tuple(x.shape)}", mistakes)  # fmt: skip
