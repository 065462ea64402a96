"""Item 7: a residual network, whole: its layers, and its outputs with known numbers in them."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable

import torch
from torch import Tensor, nn

from checks.calls import call, item
from checks.compare import begun, fail, failing, kind, tensor
from checks.resnet.network import no_module, shapes_of
from checks.values import OneOf, alike, as_tensor
from helpers.models import resnet

# three logits of the first of two images: of the right network, and of those with one mistake
RIGHT = (2.0817, -1.3213, 2.1748)
IN_TRAINING = (5.4724, 1.9004, 1.5458)
MISTAKES = {
    "the shortcut takes the mean of 2x2 pixels, not one of them": (2.5222, -3.0594, 2.6051),
    "the shortcut takes the mean of 2x2 pixels, not the largest": (-3.2466, 0.2055, 4.4209),
    "the shortcut takes the mean of 2x2 pixels, not of 3x3": (  # the padding counts, or does not
        3.7107, -0.3551, 1.4394, 3.4736, -0.6012, 1.7357,
    ),
    "the shortcut takes the mean of 2x2 pixels, not of four in a row": (4.7377, -1.0343, 2.2322),
    "the ReLU comes after the addition": (-1.9386, -3.4744, -1.4614),
    "the ReLU after the addition is missing": (7.0776, -9.3713, 11.2538),
    "the ReLU between a block's two convolutions is missing": (2.4638, 0.2886, 3.4505),
    "the ReLU after the first convolution is missing": (4.8682, -1.6722, 5.1843),
    "the first convolution of a block has the stride, not the second": (3.5945, -0.0227, 1.2242),
    "the branch starts from x, with the stride, not from the mean of 2x2 pixels": (2.8991, 0.2476, 0.5151),
    "no ReLU on the shortcut": (3.2896, -1.2893, 2.2804),
    "the mean over all pixels at the end, not the largest": (7.2445, -3.8702, 6.5572),
    "the mean over all pixels at the end, not the sum": (8.3267, -8.2602, 11.6856),
    "the mean over all pixels at the end, not over the first row": (0.4297, -1.2679, 1.3239),
    "the mean over all pixels at the end, not over the first column": (-0.5129, -1.1427, 1.5174),
    "the mean over all pixels at the end, not the first one": (-0.4147, -2.8377, 2.0866),
    "logits: nothing follows the linear layer, no ReLU": (2.0817, 0.0000, 2.1748),
    "logits: nothing follows the linear layer, no softmax": (0.3982, 0.0132, 0.4371),
    "logits: nothing follows the linear layer, no log_softmax": (-0.9208, -4.3238, -0.8277),
    "block 1 adds x too": (1.1627, 1.0083, -0.0449),
    "there is no pooling after the first convolution": (10.7020, -7.0809, 3.0934),
    "ReLU has no upper end: this is ReLU6": (2.4126, -0.9956, 1.7766),
    "ReLU gives 0 below 0: this is a leaky one": (2.1537, -1.3767, 2.2857),
    "ReLU itself is asked for, not GELU": (1.7801, -1.4089, 2.0780),
    "ReLU itself is asked for, not SiLU": (1.5775, -0.6527, 1.6322),
    "ReLU itself is asked for, not ELU": (5.5518, -1.4246, 6.0929),
    "ReLU itself is asked for, not tanh": (2.1686, 1.3977, -0.7485),
    "one ReLU only, after the addition": (3.1303, -0.3388, 0.7024),
}  # fmt: skip
MISTAKES_IN_TRAINING = {
    "the shortcut takes the mean first: convolution and normalisation follow": (
        5.8502, 1.5969, 1.0315,
    ),
}  # fmt: skip


def ready_made() -> tuple[Callable, ...]:
    """The course's parts, and torchvision's where the answer has imported it."""
    theirs = sys.modules.get("torchvision.models.resnet")
    parts = (resnet.conv3x3, resnet.make_shortcut, resnet.make_stage)
    parts += (resnet.BasicBlock.forward, resnet.CifarResNet.forward)
    return parts + ((theirs.conv3x3, theirs.BasicBlock.forward) if theirs else ())


def wave(shape: tuple[int, ...], low: float, high: float) -> Tensor:
    steps = torch.arange(torch.Size(shape).numel(), dtype=torch.float64)
    return ((low + high) / 2 + (high - low) / 2 * torch.sin(1.7 * steps**1.5)).view(shape)


def fill(net: nn.Module) -> None:
    """Numbers that depend on a tensor's shape alone, so that the order of layers does not count."""
    for m in net.modules():
        if isinstance(m, nn.BatchNorm2d):
            c = m.num_features
            m.weight.data, m.bias.data = wave((c,), 0.5, 1.5), wave((c,), -0.5, 0.3)
            m.running_mean, m.running_var = wave((c,), -0.2, 0.4), wave((c,), 0.5, 2.0)
        elif isinstance(m, nn.Conv2d):
            bound = (6 / m.weight[0].numel()) ** 0.5
            m.weight.data = wave(m.weight.shape, -bound, bound)
        elif isinstance(m, nn.Linear):
            m.weight.data, m.bias.data = wave(m.weight.shape, -1, 1), wave(m.bias.shape, -1, 1)


def in_blocks(w: int) -> Counter:
    """How many parameters of each shape the three blocks have."""
    want = Counter({(w,): 4, (2 * w,): 6, (4 * w,): 6})
    for c, before in ((w, w), (2 * w, w), (4 * w, 2 * w)):
        want += Counter([(c, before, 3, 3), (c, c, 3, 3)])
    return want + Counter([(2 * w, w, 1, 1), (4 * w, 2 * w, 1, 1)])


def shapes(C_in: int, w: int, classes: int) -> Counter:
    """How many parameters of each shape the network has."""
    around = {(w, C_in, 3, 3): 1, (w,): 2, (classes, 4 * w): 1, (classes,): 1}
    return in_blocks(w) + Counter(around)


def runs(net: nn.Module) -> bool:
    """Does it give something for one image?"""
    try:
        first = next(m for m in net.modules() if isinstance(m, nn.Conv2d))
        nn.Module.float(net)  # layers that are not registered have stayed in float32
        return isinstance(net(torch.zeros(2, first.in_channels, 8, 8)), Tensor)
    except Exception:
        return False


def likely_shape(net: nn.Module, surplus: Counter, missing: Counter, w: int, classes: int) -> str:
    """The one cause that explains the difference, and nothing else does."""
    biased = [m.bias for m in net.modules() if isinstance(m, nn.Conv2d) and m.bias is not None]
    projections = Counter([(2 * w, w, 1, 1), (4 * w, 2 * w, 1, 1)])
    scales = Counter({(2 * w,): 2, (4 * w,): 2})
    if not list(net.parameters()):
        return "no layer is registered: make them attributes, or an nn.ModuleList, in __init__"
    if biased and not missing and surplus == Counter(tuple(b.shape) for b in biased):
        return "convolutions have bias=False: BatchNorm supplies the offset"
    if not surplus and missing == projections + scales:
        return "blocks 2 and 3 need a projection, registered in __init__"
    if not missing and surplus == Counter({(w, w, 1, 1): 1, (w,): 2}):
        return "block 1 keeps the shape: x itself is on its shortcut, no layer is made for it"
    if not surplus and missing == scales:
        return "the shortcut of blocks 2 and 3 ends with batch normalisation"
    norms = [tuple(m.weight.shape) for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
    if not surplus and missing == in_blocks(w) and runs(net):
        return "modules in a list or dict are not registered: nn.ModuleList, nn.Sequential"
    if not surplus and missing == Counter([(classes,)]):
        return "a linear layer has a bias"
    if not surplus and all(len(shape) == 1 for shape in missing):
        few = "after each convolution a batch norm of its own, which has a scale and an offset"
        return few + ", and no bias in the convolution" * bool(biased)
    if not missing:
        few = "a layer that the table does not have"
        return few + (": a batch norm" if all(s in norms for s in surplus) else "")
    return ""


def made(SmallResNet, C_in: int, w: int, classes: int) -> nn.Module:
    """The answer's network in float64, filled, with the parameters that it should have."""
    tried = f"SmallResNet({C_in=}, {w=}, {classes=})"
    net = call(SmallResNet, C_in, w, classes, tried=tried, without=ready_made())
    if not isinstance(net, nn.Module):
        fail(tried, "an nn.Module", kind(net), no_module(net))
    second = call(SmallResNet, C_in, w, classes, tried=tried, without=ready_made())
    if isinstance(second, nn.Module) and set(net.parameters()) & set(second.parameters()):
        likely = "make the layers in __init__: those of the class belong to all networks"
        fail(f"{tried}, twice", "two networks, each with layers of its own", "shared ones", likely)
    came, want = Counter(shapes_of(net, tried)), shapes(C_in, w, classes)
    nn.Module.double(net)
    surplus, missing = came - want, want - came
    if surplus or missing:
        few, many = (dict(some) or "none" for some in (missing, surplus))
        found = f"too few of {few}, too many of {many} (shape: how many)"
        likely = likely_shape(net, surplus, missing, w, classes)
        fail(tried + ": shapes of its parameters", "those of the table", found, likely)
    known = (nn.Conv2d, nn.BatchNorm2d, nn.Linear)
    for m in net.modules():
        if list(m.parameters(recurse=False)) and not isinstance(m, known):
            kinds = "nn.Conv2d, nn.BatchNorm2d, nn.Linear"
            likely = "no other kind of layer holds parameters here"
            fail(tried + ": layers", kinds, type(m).__name__, likely)
    fill(net)
    return net


def other_settings(net: nn.Module) -> str:
    """What is said of layers whose settings are not those that are asked for."""
    for m in net.modules():
        if isinstance(m, nn.Conv2d) and m.padding_mode != "zeros":
            return f"padded with zeros: padding_mode is {m.padding_mode!r} here"
        if isinstance(m, nn.Conv2d) and m.dilation != (1, 1):
            return f"a 3x3 convolution looks at neighbours: dilation is {m.dilation} here"
        for name in ("eps", "momentum", "track_running_stats") * isinstance(m, nn.BatchNorm2d):
            if (now := getattr(m, name)) != getattr(nn.BatchNorm2d(1), name):
                return f"normalisations keep their default settings: {name} is {now} here"
    return ""


def drawn(net: nn.Module, x: Tensor, came: Tensor) -> str:
    """What is said of a net that gives something else when it is called again."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        return "nothing is drawn by chance: no dropout" * (not alike(net(x), came))


def through(net: nn.Module, x: Tensor, tried: str):
    """What the net gives; where two of its maps do not fit together that is told."""
    likely = (
        "what is added are maps of one size: each 3x3 convolution has padding 1, each way stride "
    )
    likely += "2 (or the mean) once, along H and W, which may differ"
    with failing(likely, by="must match the size of tensor b .* dimension [23]"):
        return call(net, x, tried=tried, without=ready_made())


@item("Item 7, SmallResNet")
def check_used(SmallResNet, C_in, w, classes, H, W) -> None:
    """The output depends on every parameter, for one image as for two."""
    net = made(SmallResNet, C_in, w, classes)
    tried = f"SmallResNet({C_in=}, {w=}, {classes=}) on images {H}x{W}"
    for B in (1, 2):
        came = through(nn.Module.train(net, B > 1), wave((B, C_in, H, W), -1, 2), tried)
        begun(came, tried)
        if not isinstance(came, Tensor) or came.shape != (B, classes):
            alone = B == 1 and isinstance(came, Tensor) and came.shape == (classes,)
            likely = "the axis of the batch is lost where one image comes: squeeze(), an index"
            fail(tried, f"logits {(B, classes)}", kind(came), likely * alone)
    (came * wave((2, classes), -1, 1)).sum().backward()
    for name, p in net.named_parameters():
        if p.grad is None or not p.grad.any():
            likely = "a layer that is made and not used, or whose graph is cut"
            told = "not zero: the output depends on it"
            fail(f"{tried}: gradient of {name}", told, "none", likely)


@item("Item 7, SmallResNet")
def check_numbers(SmallResNet) -> None:
    """Three logits in both modes against those written down above."""
    net, x = made(SmallResNet, 1, 4, 5), wave((2, 1, 8, 8), -1, 2)
    modes = (False, RIGHT, MISTAKES), (True, IN_TRAINING, MISTAKES_IN_TRAINING)
    for training, want, mistakes in modes:
        mode = "training" if training else "evaluation"
        tried = f"SmallResNet(C_in=1, w=4, classes=5) on images 8x8, {mode} mode, logits 0 to 2"
        came = through(nn.Module.train(net, training), x, tried)
        wanted = torch.tensor(want).double()
        value = as_tensor(came, wanted)
        likely = other_settings(net) or drawn(net, x, came)
        came = value[0, :3] if value is not None and value.ndim == 2 else came
        wrong = {text: OneOf(torch.tensor(n).double().view(-1, 3)) for text, n in mistakes.items()}
        wrong = {likely: came} if likely else wrong
        tensor(came, wanted, tried, wrong, tolerance=1e-4)


def changed(C_in: int, w: int, classes: int) -> nn.Module:
    """The course's network with the projections of this item."""
    net = resnet.CifarResNet(8, classes, in_channels=C_in, width=w, shortcut="B").double()
    for block in (net.layer2[0], net.layer3[0]):
        block.downsample[0].stride = (1, 1)
        block.downsample.insert(0, nn.AvgPool2d(2))
    fill(net)
    return net


@item("Item 7, SmallResNet")
def check_net(SmallResNet, C_in, w, classes, H, W) -> None:
    """Outputs in both modes against the course's network, filled with the same numbers."""
    net, ours = made(SmallResNet, C_in, w, classes), changed(C_in, w, classes)
    x, last = wave((3, C_in, H, W), -1, 2), []
    ours.layer3.register_forward_hook(lambda module, inputs, output: last.append(output))
    for training in (False, True, False):  # at last with the statistics that training has left
        mode = "training" if training else "evaluation"
        tried = f"SmallResNet({C_in=}, {w=}, {classes=}) on images {H}x{W}, {mode} mode"
        came = through(nn.Module.train(net, training), x, tried)
        want = ours.train(training)(x).detach()
        seen, likely = last.pop(), "the mean over all pixels of the last map, whatever its size"
        parts = seen[:, :, :2, :2], seen[..., : seen.shape[2]], seen[:, :, : seen.shape[3]]
        corner = OneOf(ours.fc(part.mean((2, 3))).detach() for part in parts)
        other = other_settings(net)
        tensor(came, want, tried, {other: came} if other else {likely: corner})
    stored = ours.eval()(x[:1]).detach()
    tried = f"SmallResNet({C_in=}, {w=}, {classes=}) on one image {H}x{W}, training mode"
    came = through(nn.Module.train(net), x[:1], tried)
    likely = "one image has a mean and a variance of its own, over its pixels"
    tensor(came, ours.train()(x[:1]).detach(), tried, {likely: stored})
