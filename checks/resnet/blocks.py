"""Items 2 and 3: both blocks, against the course's own."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checks.calls import call, gradient, item
from checks.compare import Wrong, fail, tensor
from checks.values import OneOf, alike
from helpers.models.resnet import BasicBlock, Bottleneck, PreActBlock

SMOOTH = {f"softplus {beta}": partial(F.softplus, beta=beta) for beta in (1, 2, 5, 10, 20, 50, 100)}
SMOOTH |= {f.__name__: f for f in (F.elu, F.gelu, F.silu, F.selu, F.mish)}
OTHER_ENDS = {
    "ReLU has no upper end: this is ReLU6": ("relu6",),
    "ReLU gives 0 below 0: this is a leaky one": ("leaky",),
    "ReLU itself is asked for, 0 below 0: this is a smooth relative of it": tuple(SMOOTH),
}
# what stands after a normalisation
END = {"relu": F.relu, "relu6": F.relu6, "leaky": F.leaky_relu} | SMOOTH


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


def passed_through(block: nn.Module, x: Tensor, *names: str) -> Tensor:
    """x through these of the block's modules, and ReLU where that is said."""
    other, z = copy.deepcopy(block), x
    for name in names:
        z = END[name](z) if name in END else getattr(other, name)(z)
    return z.detach()


def alike_convolutions(block: BasicBlock) -> bool:
    return block.conv1.weight.shape == block.conv2.weight.shape and block.conv1.stride == (1, 1)


def changed_mistakes(block: BasicBlock, x: Tensor, training: bool) -> dict:
    """What a block gives of which one module is another, or in another mode."""

    def changed(change: Callable) -> Tensor:
        other = copy.deepcopy(block)
        change(other)
        return other(x).detach()

    found = {
        "the second BN is missing": changed(lambda b: setattr(b, "bn2", nn.Identity())),
        "the first BN is missing": changed(lambda b: setattr(b, "bn1", nn.Identity())),
        "bn1 follows conv1 and bn2 follows conv2: bn1 is used twice": changed(
            lambda b: setattr(b, "bn2", b.bn1)
        ),
        "leave the modules in the mode in which they are": changed(lambda b: b.train(not training)),
        "bn1 follows conv1 and bn2 follows conv2: they are exchanged": changed(
            lambda b: (setattr(b, "bn1", block.bn2), setattr(b, "bn2", block.bn1))
        ),
        "x comes as it is: no ReLU before the block": copy.deepcopy(block)(x.relu()).detach(),
    }
    if alike_convolutions(block):
        found["conv1 comes first and conv2 second: conv1 is used twice"] = changed(
            lambda b: setattr(b, "conv2", b.conv1)
        )
    return found


def block_mistakes(block: BasicBlock, x: Tensor, training: bool) -> dict:
    """What usual mistakes make of x, by the course's block with a part changed or left out."""
    through = partial(passed_through, block, x)
    branch, other_bn2 = through("conv1", "bn1", "relu", "conv2", "bn2"), copy.deepcopy(block.bn2)
    plain = through("conv1", "bn1", "conv2", "bn2")
    passed = x if block.downsample is None else through("downsample")
    found = changed_mistakes(block, x, training) | {
        "the shortcut is not added": branch.clamp_min(0),
        "the shortcut is not added, and the last ReLU is missing": branch,
        "the ReLU after the addition is missing": passed + branch,
        "the last ReLU comes after the addition, not before it": passed + branch.clamp_min(0),
        "the branch ends with BN: one ReLU only, after the addition": (
            passed + branch.clamp_min(0)
        ).clamp_min(0),
        "the ReLU between the two convolutions is missing": (passed + plain).clamp_min(0),
        "the second BN stands before the addition": other_bn2(
            passed + through("conv1", "bn1", "relu", "conv2")
        ).detach().clamp_min(0),
        "the branch is not added: this is the shortcut alone": passed.clamp_min(0),
        "the shortcut is added as it is: no ReLU on s(x)": F.relu(passed.clamp_min(0) + branch),
        "the shortcut is added, not subtracted": (branch - passed).clamp_min(0),
        "a ReLU follows bn1 in the branch, it does not stand before it": (
            passed + through("conv1", "relu", "bn1", "conv2", "bn2")
        ).clamp_min(0),
        "a ReLU follows bn1 in the branch, and no other stands before it": (
            passed + through("conv1", "relu", "bn1", "relu", "conv2", "bn2")
        ).clamp_min(0),
        "the shortcut starts from x itself, without a ReLU before it": (
            (through("relu", "downsample") if block.downsample is not None else x) + branch
        ).clamp_min(0),
    }  # fmt: skip
    for text, ends in OTHER_ENDS.items():
        found[text] = OneOf(
            END[end](passed + through("conv1", "bn1", end, "conv2", "bn2")) for end in ends
        )
    if block.downsample is not None and alike_convolutions(block):
        found["add what `shortcut` makes of x, not x itself"] = (x + branch).clamp_min(0)
        text = "the shortcut starts from x, not from the result of the branch"
        found[text] = F.relu(copy.deepcopy(block).downsample(branch).detach() + branch)
    return found


def identity_mistakes(block: PreActBlock, x: Tensor, branch: Tensor, begun: Tensor) -> dict:
    """Where x itself is added; begun: x after BN1."""
    through, opened = partial(passed_through, block), begun.clamp_min(0)
    z = through(x, "conv1", "bn1", "relu", "conv2", "bn2") if x.shape == branch.shape else x
    old = "this is the block of 2015: here BN and ReLU come before each convolution"
    both = through(x, "relu", "bn1", "conv1", "relu", "bn2", "conv2")
    return {
        "x itself is added, as it came in: not after BN and ReLU": branch + opened,
        "x itself is added, as it came in: not after BN": branch + begun,
        "nothing is on the path of x: no ReLU there": branch + x.clamp_min(0),
        old: (x + z).clamp_min(0),
        f"{old}, and nothing follows the addition": x + z,
        f"{old}, none after it": x + z.clamp_min(0),
        "BN1 comes before the first ReLU, not after it": x
        + through(x, "relu", "bn1", "conv1", "bn2", "relu", "conv2"),
        "BN comes before ReLU in both places, not after it": x + both,
    }


def pre_block_mistakes(block: PreActBlock, x: Tensor, training: bool) -> dict:
    """The same for the block of 2016."""
    through = partial(passed_through, block)
    begun, other = through(x, "bn1"), copy.deepcopy(block).train(not training)
    opened = begun.clamp_min(0)
    branch = through(x, "bn1", "relu", "conv1", "bn2", "relu", "conv2")
    projects = block.downsample is not None
    passed = through(opened, "downsample") if projects else x
    first = through(begun, "conv1", "bn2", "relu", "conv2")
    found = {
        "the shortcut is not added": branch,
        "the shortcut is added, not subtracted": branch - passed,
        "nothing follows the addition: no ReLU there": (passed + branch).clamp_min(0),
        "nothing follows conv2 in the branch: no ReLU there": passed + branch.clamp_min(0),
        "the first ReLU is missing": (through(begun, "downsample") if projects else x) + first,
        "the first ReLU is missing in the branch": passed + first if projects else None,
        "the second ReLU is missing": passed + through(opened, "conv1", "bn2", "conv2"),
        "the second BN is missing": passed + through(opened, "conv1", "relu", "conv2"),
        "leave the modules in the mode in which they are": other(x).detach(),
    }
    if projects:
        s = through(x, "downsample")
        found["where there is a shortcut module, it starts after BN1 and ReLU"] = branch + s
        s = through(begun, "downsample")
        found["the shortcut starts after the first ReLU, not between BN1 and ReLU"] = branch + s
        return found
    return found | identity_mistakes(block, x, branch, begun)


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
        wrong.likely = special(answer, block, x, parts) or wrong.likely
        raise
    likely = "each module is called once, also to look at a shape, and in its own mode"
    check_left(given, after, f"{tried}: " + "{} afterwards", likely, block)
    used = copy.deepcopy(block)
    gradient(
        lambda x: answer(x, *parts(used)), lambda x: copy.deepcopy(block)(x),
        (x,), tried, without=ready_made(), mistakes={
            "a gradient goes through the shortcut too: nothing is detached": lambda x: cut(block, x)
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
