"""Items 2 and 3: both blocks, against the course's own."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable

import torch
from torch import Tensor, nn

from checks.calls import call, gradient, item
from checks.compare import Wrong, fail, tensor
from checks.resnet.slips import block_mistakes, pre_block_mistakes
from checks.values import alike
from helpers.models.resnet import BasicBlock, Bottleneck, PreActBlock


def ready_made() -> tuple[Callable, ...]:
    """The course's blocks, and torchvision's where the answer has imported them."""
    theirs = sys.modules.get("torchvision.models.resnet")
    blocks = (BasicBlock, Bottleneck, PreActBlock)
    blocks += (theirs.BasicBlock, theirs.Bottleneck) if theirs else ()
    return tuple(block.forward for block in blocks)


def as_if_trained(net: nn.Module) -> None:
    """Numbers of both signs in every batch normalisation, seen by its statistics too."""
    for bn in (m for m in net.modules() if isinstance(m, nn.BatchNorm2d)):
        nn.init.uniform_(bn.weight, 0.5, 1.5)
        nn.init.uniform_(bn.running_var, 0.5, 2.0)
        nn.init.normal_(bn.bias)
        nn.init.normal_(bn.running_mean)


def check_one(answer, name: str, block: nn.Module, layers: tuple, mistakes: Callable, H, W) -> None:
    """Result, gradient, and what is left in the modules, against one call of the block."""
    training, C_in = block.training, block.conv1.in_channels
    x = 10 * torch.randn(3, C_in, H, W, dtype=torch.float64)  # ReLU has no upper end

    def parts(block: nn.Module) -> list:
        return [getattr(block, layer) for layer in layers]

    after, given = copy.deepcopy(block), copy.deepcopy(block)
    want = after(x).detach()  # and after has the running statistics that it should have
    mode = "training" if training else "evaluation"
    kind = "no shortcut module" if block.downsample is None else "a shortcut module"
    S, C_out = block.conv1.stride[0], block.conv2.out_channels
    tried = f"{name}(x {tuple(x.shape)}, ...) in {mode} mode, {C_out=}, {S=}, {kind}"
    try:
        came = call(answer, x, *parts(given), tried=tried, without=ready_made())
        tensor(came, want, tried, lambda: mistakes(block, x, training), tolerance=1e-9)
    except Wrong as wrong:
        if block.downsample is not None and "must match the size of tensor" in str(wrong.came):
            wrong.likely = (
                "where there is a module, its result is added: x itself has another shape"
            )
        wrong.likely = special(answer, block, x, parts) or wrong.likely
        raise
    likely = "each module is called once, also to look at a shape, and in its own mode"
    check_left(given, after, f"{tried}: " + "{} afterwards", likely, block)
    used = copy.deepcopy(block)
    gradient(
        lambda x: answer(x, *parts(used)), lambda x: copy.deepcopy(block)(x),
        (x,), tried, without=ready_made(), mistakes={
            "a gradient goes through the shortcut too: nothing is detached": lambda x: cut(block, x),
            "a gradient goes through the branch too: nothing is detached": lambda x: cut_branch(
                block, x
            ),
        },
    )  # fmt: skip
    likely = "the backward pass has called the modules again, as a checkpoint does"
    check_left(used, after, f"{tried}: " + "{} after a backward pass", likely, block)


def special(answer, block: nn.Module, x: Tensor, parts: Callable) -> str:
    """What an answer that is wrong has not seen, or does that it should not; "" if nothing shows."""
    C_in, S = block.conv1.in_channels, block.conv1.stride[0]
    if S > 1 and C_in == block.conv2.out_channels:
        return "a stride alone changes the shape too: there is a module wherever `shortcut` is not None"
    two = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        try:
            two.append(call(answer, x, *parts(copy.deepcopy(block)), tried="again"))
        except Wrong:
            return ""
    same = alike(two[0], two[1], 1e-9) or not alike(two[0], two[0])
    return "" if same else "each call gives another result: nothing is drawn by chance, no dropout"


def check_left(given: nn.Module, after: nn.Module, told: str, likely: str, block) -> None:
    """The modules' statistics are those that one call of each leaves; block: as it was before."""
    now, before = given.state_dict(), block.state_dict()
    for key, value in after.state_dict().items():
        if not torch.allclose(now[key], value, rtol=1e-9, atol=1e-12):
            name = key.rpartition(".")[0] + ".num_batches_tracked"
            if now[name] < after.state_dict()[name]:
                likely = "call the module itself, and leave what it notes: a batch is not counted"
            elif torch.equal(now[key], before[key]):
                likely = "what a module notes when it is called stays: its statistics are put back"
            fail(told.format(key), "what one call of each module leaves", "another", likely)


def cut(block: nn.Module, x: Tensor) -> Tensor:
    """The same numbers, no gradient through what is added to the branch."""
    other, passed = copy.deepcopy(block), []
    if block.downsample is not None:
        other.downsample.register_forward_hook(lambda m, i, output: output.detach())
        return other(x)
    ends = other.conv2 if isinstance(block, PreActBlock) else other.bn2
    ends.register_forward_hook(lambda m, i, output: passed.append(output))
    want = other(x)
    whole = passed[0] + x.detach()
    return whole if isinstance(block, PreActBlock) else torch.where(want > 0, whole, 0 * whole)


def cut_branch(block: nn.Module, x: Tensor) -> Tensor:
    """The same numbers, no gradient through the branch."""
    other = copy.deepcopy(block)
    ends = other.conv2 if isinstance(block, PreActBlock) else other.bn2
    ends.register_forward_hook(lambda module, inputs, output: output.detach())
    return other(x)


@item("Item 2, basic_block")
def check_block(basic_block, C_in, C_out, S, H, W, training, project=False) -> None:
    """Against the course's block, with numbers as if trained."""
    torch.manual_seed(C_in * H + W)
    block = BasicBlock(C_in, C_out, S, "B")
    if project:
        block.downsample = nn.Sequential(nn.Conv2d(C_in, C_out, 1, S), nn.BatchNorm2d(C_out))
    as_if_trained(block)
    block.double().train(training)
    layers = ("conv1", "bn1", "conv2", "bn2", "downsample")
    check_one(basic_block, "basic_block", block, layers, block_mistakes, H, W)


@item("Item 3, pre_block")
def check_pre_block(pre_block, C_in, C_out, S, H, W, training, option="B") -> None:
    """Against the course's pre-activation block, with numbers as if trained."""
    torch.manual_seed(C_in * H + W)
    block = PreActBlock(C_in, C_out, S, option)
    as_if_trained(block)
    block.double().train(training)
    layers = ("bn1", "conv1", "bn2", "conv2", "downsample")
    check_one(pre_block, "pre_block", block, layers, pre_block_mistakes, H, W)
