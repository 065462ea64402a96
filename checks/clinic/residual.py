"""Item 6: the block, against torchvision's."""

from __future__ import annotations

from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchvision.models.resnet import BasicBlock

from checks.calls import call, gradient, item
from checks.compare import fail, failing, kind, tensor

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
        elif name == "conv3.weight" and name in found and name in shapes:
            likely = "the projection is a 1x1 convolution from in_channels to out_channels"
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
        for norm in self.modules() if change == "running" else ():
            norm.eval()
        if change == "unnormed":
            self.bn1 = self.bn2 = nn.Identity()
            self.downsample = conv if projection is not None else None
        if change == "stride":
            self.conv1.stride, self.conv2.stride = self.conv2.stride, self.conv1.stride
        if change == "bare" and projection is not None:
            self.downsample = conv
        self.change = change

    def forward(self, x: Tensor) -> Tensor:
        x = x.relu() if self.change == "before" else x
        if self.change in ("", "stride", "bare", "before", "batch", "running", "unnormed"):
            return super().forward(x)
        z = self.bn1(self.conv1(x))
        z = self.conv2(z if self.change == "no inner" else z.relu())
        z = (self.bn1 if self.change == "one bn" else self.bn2)(z)
        shortcut = x if self.downsample is None else self.downsample(x)
        if self.change == "pooled" and self.downsample is not None:
            x = F.avg_pool2d(x, self.downsample[0].stride, ceil_mode=True)
            shortcut = self.downsample[1](F.conv2d(x, self.downsample[0].weight))
        if self.change == "bent" and self.downsample is not None:
            shortcut = shortcut.relu()
        if self.change == "both":
            return (shortcut + z.relu()).relu()
        if self.change == "first":
            return shortcut + z.relu()
        if self.change == "branch":
            return z.relu()
        return shortcut + z if self.change == "open" else (shortcut + z).relu()


CHANGES = {
    "in training mode a normalisation goes by the batch, also by a single image": "running",
    "every convolution is followed by its normalisation, also for a single image": "unnormed",
    "the ReLU comes after the addition, not before": "first",
    "no ReLU on the branch after bn2: the branch may also take away": "both",
    "bn2 follows conv2, not bn1 a second time": "one bn",
    "the projection takes single places, stride apart: no pooling before it": "pooled",
    "a ReLU stands between bn1 and conv2": "no inner",
    "a ReLU follows the addition": "open",
    "in evaluation mode a normalisation goes by its running statistics: keep them": "batch",
    "with a silent branch (bn2 gives 0) x has to come through: nothing is added, or x passes bn2 too": "branch",
    "the projection is normalised too, by bn3": "bare",
    "nothing follows bn3: no ReLU on the shortcut": "bent",
    "no ReLU on x: it is the block before that ends with one": "before",
    "the stride is that of the first convolution, not of the second": "stride",
}


def against(block, p, x, stride, training, tried, changes: dict[str, str]) -> None:
    likely = "both paths get the stride that is given, whatever it is" * (stride > 1)
    with failing(likely, "size of tensor"):
        came = call(block, x, tried=tried)
    want, mistakes = Variant(p, stride, training)(x).detach(), {}
    for text, change in changes.items():
        try:
            mistakes[text] = Variant(p, stride, training, change)(x).detach()
        except RuntimeError:  # with the strides exchanged, the shapes may not fit
            continue
    eps = {m.eps for m in block.modules() if isinstance(m, nn.BatchNorm2d)} - {1e-5}
    if eps:
        mistakes = {f"normalisation is PyTorch's, with its own eps: here it is {eps.pop():g}": came}
    if isinstance(came, Tensor) and came.shape != want.shape:
        other = [n for n in (1, 2, 4) if came.shape[2:] == (x[:, :, ::n, ::n]).shape[2:]]
        so = f"this is a stride of {other[0]}: both paths get" if other else "both paths get"
        likely = f"{so} the one that is given, and no pooling inside a block"
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
