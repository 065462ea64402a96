"""Items 9 and 10: silent branches, and a network without one of its blocks."""

from __future__ import annotations

import copy
from collections.abc import Callable

import torch
from torch import Tensor, nn

from checks.calls import call, item
from checks.compare import Wrong, fail, tensor
from checks.resnet.blocks import as_if_trained
from helpers.models.resnet import BasicBlock, CifarResNet, PreActBlock

RAN = "it was run in training mode, if only to look: its stored statistics move"

REPLACED = (
    "change the numbers in place (zero_(), nn.init.zeros_), do not replace .weight, or the layer"
)


def trained_net(depth: int, training: bool, seed: int, **named) -> CifarResNet:
    torch.manual_seed(seed)
    net = CifarResNet(depth, in_channels=2, width=4, **named)
    as_if_trained(net)
    return net.double().train(training)


def branch_of(block: nn.Module, x: Tensor, training: bool) -> Tensor:
    """What the branch of a block gives for x, without its shortcut."""
    alone = copy.deepcopy(block).train(training)
    alone.residual, alone.downsample = False, None
    given = []
    ends = alone.conv2 if isinstance(alone, PreActBlock) else alone.bn2
    ends.register_forward_hook(lambda module, inputs, output: given.append(output.detach()))
    type(alone).forward(alone, x)
    return given[0]


@item("Item 9, silence")
def check_silence(silence, depth, shortcut, pre_activation, training) -> None:
    """The branches give 0, nothing else has changed, and the silenced layers can be trained."""
    net = trained_net(depth, training, depth, shortcut=shortcut, pre_activation=pre_activation)
    before, objects = copy.deepcopy(net.state_dict()), dict(net.named_parameters())
    kind = "PreActBlock" if pre_activation else "BasicBlock"
    tried = f"silence(net of {depth} layers of {kind}, option {shortcut})"
    try:
        with torch.set_grad_enabled(training):  # as it was found, on or off
            call(silence, net, tried=tried)
    except Wrong as wrong:
        if str(wrong.expected).startswith(("hooks", "forward")):
            wrong.likely = (
                "the numbers are to change: a hook leaves them, and lets nothing be learnt"
            )
        elif any(now is not objects.get(name) for name, now in net.named_parameters()):
            wrong.likely = REPLACED
        raise
    now = dict(net.named_parameters())
    for name, p in objects.items():
        if now.get(name) is not p:
            found, likely = ("none", "") if name not in now else ("another object", REPLACED)
            fail(f"{tried}: {name}", "the same parameter", found, likely)
    if set(now) != set(objects) or set(net.state_dict()) != set(before):
        likely = "set numbers to 0, add no modules and parameters"
        fail(f"{tried}: parameters and buffers", "those that were there", "more of them", likely)
    last = "conv2.weight" if pre_activation else "bn2."
    for name, value in net.state_dict().items():
        in_branch = name.startswith("layer") and last in name and "downsample" not in name
        may_change = in_branch and name.endswith(("weight", "bias"))
        if not may_change and not torch.equal(value, before[name]):
            likely = role(name, ran(before, net.state_dict()))
            fail(f"{tried}: {name}", "left as it was", "it was changed", likely)
    check_silent(net, tried)
    net.train()(torch.randn(8, 2, 8, 8, dtype=torch.float64)).square().sum().backward()
    for name, p in net.named_parameters():
        if name.startswith("layer") and last in name and not p.grad.any():
            likely = "another layer of the branch gives 0 too: nothing comes back to learn from"
            fail(f"{tried}: gradient of {name}", "not zero", "zero", likely)


def ran(before: dict, after: dict) -> bool:
    """Has a batch gone through in training mode, by what the normalisations count?"""
    counts = [name for name in before if name.endswith("num_batches_tracked")]
    return any(name in after and after[name] > before[name] for name in counts)


def role(name: str, has_run: bool) -> str:
    """What a tensor of that name is, where that tells what went wrong."""
    if has_run and ("running" in name or "num_batches" in name):
        return RAN
    parts = {
        "downsample": "the shortcut is not part of the branch: leave its layers alone",
        "running": "leave stored statistics alone: scale and offset suffice",
        "bn1": "only the last layer of the branch: this is its first normalisation",
        "conv1": "only the last layer of the branch: this is an earlier one",
        "bn2": "the last layer of a PreActBlock's branch is conv2",
        "conv2": "the last layer of a BasicBlock's branch is bn2",
    }
    if not name.startswith("layer"):
        return "change the blocks only, not what stands before and after them"
    return next(text for part, text in parts.items() if part in name)


def check_silent(net: CifarResNet, tried: str) -> None:
    for name, block in net.named_modules():
        if not isinstance(block, BasicBlock | PreActBlock):
            continue
        x = torch.randn(4, block.conv1.in_channels, 8, 8, dtype=torch.float64)
        for training in (False, True):
            branch = branch_of(block, x, training)
            if branch.any():
                flat = torch.equal(branch, branch[:1, :, :1, :1].expand_as(branch))
                likely = "a BN whose scale is 0 still gives its offset (bias)" if flat else ""
                if branch.abs().max() < 1e-2:
                    likely = "0 itself, not a small number"
                elif (
                    not likely
                    and (block.conv2 if isinstance(block, PreActBlock) else block.bn2).weight.all()
                ):
                    likely = "the last layer of this block's branch is not set to 0"
                mode = "training" if training else "evaluation"
                where = f"{tried}: branch of {name} in {mode} mode"
                fail(where, "0 everywhere", f"up to {branch.abs().max():.3g}", likely)


def as_it_is(net: nn.Module) -> dict:
    """Everything about a network that a lesion must leave alone."""
    modules = list(net.named_modules())
    hooks = [len(m._forward_hooks) + len(m._forward_pre_hooks) for _, m in modules]
    return {
        "the modules in their places": [(name, id(m)) for name, m in modules],
        "every module's mode (training or evaluation)": [m.training for _, m in modules],
        "its own forward in every module": [vars(m).get("forward") for _, m in modules],
        "the hooks on the modules": hooks,
        "the parameters": {name: (id(p), p.tolist()) for name, p in net.named_parameters()},
        "requires_grad of the parameters": [p.requires_grad for p in net.parameters()],
        "running statistics": {name: value.tolist() for name, value in net.named_buffers()},
        "the gradients (none)": [p.grad is None for p in net.parameters()],
    }


def check_left_alone(net: nn.Module, before: dict, tried: str) -> None:
    after = as_it_is(net)
    for what, value in before.items():
        if after[what] != value:
            likely = "put back what was there, the same objects, in a `finally` for errors too"
            if what == "running statistics" and ran(value, after[what]):
                likely = RAN
            fail(f"{tried}: what is left behind", f"{what}, unchanged", "changed", likely)


def lesion_net(depth: int, shortcut: str, training: bool, seed: int = 0) -> CifarResNet:
    net = trained_net(depth, training, seed, shortcut=shortcut)
    net.bn1.eval()  # modes need not be alike
    return net


@item("Item 10, logits_without")
def check_lesion_error(logits_without, shortcut, stage, k, channels) -> None:
    """An error, after which the network, which takes 2 channels, is as it was.

    A ValueError if the block is at fault, any error if the images are.
    """
    tried = f"logits_without(net, {stage!r}, {k}, x of {channels} channels), shortcut={shortcut!r}"
    net = lesion_net(20, shortcut, training=True)
    x = torch.randn(3, channels, 8, 8, dtype=torch.float64)
    before, raised, due = as_it_is(net), [], Exception if channels != 2 else ValueError
    likely = "look whether the block keeps the shape, and raise ValueError, before the net runs"

    def noted(*given):
        try:
            return logits_without(*given)
        except Exception as error:
            raised.append(error)
            if isinstance(error, NotImplementedError):
                raise
            return "an error"

    try:
        call(noted, net, stage, k, x, tried=tried)
    finally:
        if raised and isinstance(raised[0], due):
            check_left_alone(net, before, tried + ", after the error")
    if not raised or not isinstance(raised[0], due):
        came = f"{type(raised[0]).__name__}: {raised[0]}" if raised else "no error"
        if channels != 2:
            likely = "an `except` without `raise`, or a `return` in `finally`, swallows an error"
        fail(tried, "an error" if channels != 2 else "ValueError", came, likely)


def silenced(net: CifarResNet, stage: str, k: int, whole: bool = False) -> CifarResNet:
    """With a silent branch and x >= 0, a block gives ReLU(x) = x; whole: 0 in place of x."""
    other = copy.deepcopy(net)
    bn = getattr(other, stage)[k].bn2
    bn.weight.data.zero_(), bn.bias.data.fill_(-1e9 if whole else 0)
    return other


def lesion_mistakes(net: CifarResNet, stage: str, k: int, x: Tensor) -> Callable[[], dict]:
    def logits(other: nn.Module) -> Tensor:
        return copy.deepcopy(other)(x).detach()

    def mistakes() -> dict:
        still, cut = copy.deepcopy(net).eval(), silenced(net, stage, k)
        found = {
            "no block is left out": logits(still),
            "evaluation mode: net.eval() first, not net.train()": logits(cut.train()),
            "the block passes x on: it does not give 0": logits(silenced(still, stage, k, True)),
        }
        cut = silenced(net, stage, k)
        found["evaluation mode: net.eval() first"] = logits(cut) if net.training else None
        for other in ("layer1", "layer2", "layer3"):
            if other != stage and not (other != "layer1" and k == 0):
                if k < len(getattr(net, other)):
                    text = f"block {k} of {stage}, not of {other}"
                    found[text] = logits(silenced(still, other, k))
        for other in range(0 if stage == "layer1" else 1, len(getattr(net, stage))):
            if other != k:
                text = f"k counts from 0: this is without block {other}, not {k}"
                found[text] = logits(silenced(still, stage, other))
        return found

    return mistakes


@item("Item 10, logits_without")
def check_lesion(logits_without, depth, stage, k, training) -> None:
    """Against a network in which the block's branch is silent."""
    net = lesion_net(depth, "A", training)
    x = torch.randn(5, 2, 8, 8, dtype=torch.float64)
    want = silenced(net, stage, k).eval()(x).detach()
    given = copy.deepcopy(net)
    tried = f"logits_without(net of {depth} layers, {stage!r}, {k}, x)"
    tried += " of a net in training mode" if training else ""
    before = as_it_is(given)
    try:
        with torch.set_grad_enabled(training):  # as it was found, on or off
            came = call(logits_without, given, stage, k, x, tried=tried)
    except Wrong as wrong:
        if str(wrong.came).startswith("ValueError"):
            wrong.likely = "this block keeps the shape: it can go"
        raise
    try:
        tensor(came, want, tried, lesion_mistakes(net, stage, k, x))
    except Wrong as wrong:
        if ran(dict(net.named_buffers()), dict(given.named_buffers())):
            wrong.likely = wrong.likely or RAN
        raise
    check_left_alone(given, before, tried)
    others = {"float32 images, a float64 net": x.float(), "None in place of images": None}
    for told, images in others.items():  # errors of two kinds, though an answer may cast images
        try:
            call(logits_without, given, stage, k, images, tried=tried)
        except Wrong as wrong:
            if str(wrong.came).startswith("ValueError"):  # the network raises others
                likely = "what the network raises reaches the caller: another error hides it"
                fail(f"{tried}: {told}", "the network's own error", wrong.came, likely)
        check_left_alone(given, before, f"{tried}, after an error: {told}")


@item("Item 10, logits_without")
def check_plain(logits_without, stage, k) -> None:
    """Against a plain network that never had the block."""
    net = lesion_net(20, "none", training=True, seed=1)
    x = torch.randn(5, 2, 8, 8, dtype=torch.float64)
    never = copy.deepcopy(net).eval()
    del getattr(never, stage)[k]
    tried = f"logits_without(plain net of 20 layers, {stage!r}, {k}, x)"
    before = as_it_is(net)
    likely = "a silent branch passes x on only where x is added: replace the block itself"
    silent = silenced(net, stage, k).eval()(x).detach()
    came = call(logits_without, net, stage, k, x, tried=tried)
    tensor(came, never(x).detach(), tried, {likely: silent})
    check_left_alone(net, before, tried)
