"""What usual mistakes make of a residual block, by the course's own with a part changed."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checks.values import OneOf
from helpers.models.resnet import BasicBlock, PreActBlock

SMOOTH = {f"softplus {beta}": partial(F.softplus, beta=beta) for beta in (1, 2, 5, 10, 20, 50, 100)}
SMOOTH |= {f.__name__: f for f in (F.elu, F.gelu, F.silu, F.selu, F.mish)}
CAPS = {f"up to {top}": partial(torch.clamp, min=0, max=top) for top in (1, 5, 10, 20, 50, 100)}
OTHER = {f.__name__: f for f in (torch.tanh, torch.sigmoid, torch.abs, torch.square)}
OTHER_ENDS = {
    "ReLU has no upper end: this is ReLU6": ("relu6",),
    "ReLU has no upper end: nothing is cut off above": tuple(CAPS),
    "ReLU itself is asked for, not another function": tuple(OTHER),
    "ReLU gives 0 below 0: this is a leaky one": ("leaky",),
    "ReLU itself is asked for, 0 below 0: this is a smooth relative of it": tuple(SMOOTH),
}
# what stands after a normalisation
END = {"relu": F.relu, "relu6": F.relu6, "leaky": F.leaky_relu} | SMOOTH | CAPS | OTHER


def passed_through(block: nn.Module, x: Tensor, *names: str) -> Tensor:
    """x through these of the block's modules, and ReLU where that is said."""
    other, z = copy.deepcopy(block), x
    for name in names:
        z = END[name](z) if name in END else getattr(other, name)(z)
    return z.detach()


def joined(passed: Tensor, branch: Tensor) -> dict[str, OneOf]:
    """Shortcut and branch put together otherwise, before whatever follows."""
    parts = (passed, branch)
    shares = (0.1, 0.2, 0.3, 0.5, 0.7, 0.5**0.5, 0.9, 2.0)
    return {
        "the shortcut is added to the branch: one sum": OneOf(
            (passed * branch, torch.maximum(*parts), torch.minimum(*parts), branch - passed,
             passed - branch, torch.cat(parts, 1), torch.cat(parts[::-1], 1))
        ),
        "shortcut and branch are added as they are, neither is scaled": OneOf(
            sum_ for s in shares for sum_ in (passed + s * branch, s * passed + branch,
                                              s * (passed + branch), s * passed + (1 - s) * branch)
        ),
    }  # fmt: skip


def alike_convolutions(block: BasicBlock) -> bool:
    return block.conv1.weight.shape == block.conv2.weight.shape and block.conv1.stride == (1, 1)


PARTS = ("", "bn1", "bn2", "downsample")


def turn(block: nn.Module, part: str, training: bool) -> None:
    """Put a part of a block, or all of it, into that mode."""
    if (module := getattr(block, part) if part else block) is not None:
        module.train(training)


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
        "leave the modules in the mode in which they are": OneOf(
            changed(partial(turn, part=part, training=not training)) for part in PARTS
        ),
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


def otherwise_ended(through: Callable, passed: Tensor, branch: Tensor) -> dict[str, OneOf]:
    """Other functions for ReLU, in one place or in both, and other sums."""
    found = {}
    for text, ends in OTHER_ENDS.items():
        pairs = [pair for e in ends for pair in ((e, e), (e, "relu"), ("relu", e))]
        found[text] = OneOf(
            END[last](passed + through("conv1", "bn1", end, "conv2", "bn2")) for end, last in pairs
        )
    return found | {t: OneOf(map(F.relu, wrong)) for t, wrong in joined(passed, branch).items()}


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
        "one ReLU, of the sum, not one of each part": passed.clamp_min(0) + branch.clamp_min(0),
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
    found |= otherwise_ended(through, passed, branch)
    if x.shape == branch.shape:
        found |= other_orders(through, passed)
    if block.downsample is not None and alike_convolutions(block):
        found["add what `shortcut` makes of x, not x itself"] = (x + branch).clamp_min(0)
        text = "the shortcut starts from x, not from the result of the branch"
        found[text] = F.relu(copy.deepcopy(block).downsample(branch).detach() + branch)
    return found


def other_orders(through: Callable, passed: Tensor) -> dict:
    """The block of 2015 with its layers in another order, where all maps are alike."""
    orders = {
        "this is the block of 2016: here convolution, BN and ReLU follow one another": (
            "bn1 relu conv1 bn2 relu conv2",
        ),
        "each BN follows its convolution, it does not stand before it": (
            "bn1 conv1 relu bn2 conv2", "bn1 conv1 bn2 relu conv2", "bn1 conv1 bn2 conv2",
        ),
        "no ReLU stands between conv2 and BN2": (
            "conv1 bn1 relu conv2 relu bn2", "conv1 relu bn1 conv2 relu bn2",
        ),
    }  # fmt: skip
    return {
        text: OneOf(
            end(passed + through(*names.split()))
            for names in several
            for end in (F.relu, Tensor.clone)
        )
        for text, several in orders.items()
    }


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


def rectified(
    block: PreActBlock, x: Tensor, first: str, second: str, begun: Tensor | None = None
) -> Tensor:
    """The block of 2016 with these in place of its two ReLU; begun: what stands for x after BN1."""
    through = partial(passed_through, block)
    opened = END[first](through(x, "bn1") if begun is None else begun)
    passed = through(opened, "downsample") if block.downsample is not None else x
    return passed + through(opened, "conv1", "bn2", second, "conv2")


def pre_block_mistakes(block: PreActBlock, x: Tensor, training: bool) -> dict:
    """The same for the block of 2016."""
    through = partial(passed_through, block)
    begun, others = through(x, "bn1"), [copy.deepcopy(block) for _ in PARTS]
    for other, part in zip(others, PARTS, strict=True):
        turn(other, part, not training)
    opened = begun.clamp_min(0)
    branch = through(x, "bn1", "relu", "conv1", "bn2", "relu", "conv2")
    projects = block.downsample is not None
    passed = through(opened, "downsample") if projects else x
    first = through(begun, "conv1", "bn2", "relu", "conv2")
    found = {
        "the shortcut is not added": branch,
        "nothing follows the addition: no ReLU there": (passed + branch).clamp_min(0),
        "nothing follows conv2 in the branch: no ReLU there": passed + branch.clamp_min(0),
        "the first ReLU is missing": (through(begun, "downsample") if projects else x) + first,
        "the first ReLU is missing in the branch": passed + first if projects else None,
        "the second ReLU is missing": passed + through(opened, "conv1", "bn2", "conv2"),
        "the second BN is missing": passed + through(opened, "conv1", "relu", "conv2"),
        "leave the modules in the mode in which they are": OneOf(o(x).detach() for o in others),
        "the first BN is missing": rectified(block, x, "relu", "relu", begun=x),
    } | joined(passed, branch)
    if begun.shape[1] == branch.shape[1]:
        found["bn1 stands before conv1 and bn2 before conv2: bn1 is used twice"] = passed + through(
            opened, "conv1", "bn1", "relu", "conv2"
        )
    for text, ends in OTHER_ENDS.items():
        found[text] = OneOf(
            rectified(block, x, first_end, last_end)
            for end in ends
            for first_end, last_end in ((end, end), (end, "relu"), ("relu", end))
        )
    if projects:
        s = through(x, "downsample")
        found["where there is a shortcut module, it starts after BN1 and ReLU"] = branch + s
        s = through(begun, "downsample")
        found["the shortcut starts after the first ReLU, not between BN1 and ReLU"] = branch + s
        return found
    return found | identity_mistakes(block, x, branch, begun)
