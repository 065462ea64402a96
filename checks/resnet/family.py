"""Item 5: the layout of the family, from networks that are run."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import torch

from checks.calls import call, item
from checks.compare import FLOAT, Wrong, begun, cause, fail, kind
from checks.values import OneOf, alike, as_number, listed
from helpers.models.resnet import BasicBlock, CifarResNet


def blocks_of(n: int, size: int, w: int) -> tuple[list[tuple], list[int]]:
    """The layout of a network that is run, and the side of each block's input."""
    net = CifarResNet(6 * n + 2, width=w).eval()
    layout, sides = [], []

    def note(block, inputs, output):
        conv = block.conv1
        sides.append(inputs[0].shape[2])
        layout.append((conv.in_channels, conv.out_channels, conv.stride[0], output.shape[2]))

    for block in net.modules():
        if isinstance(block, BasicBlock):
            block.register_forward_hook(note)
    with torch.no_grad():
        net(torch.zeros(1, 3, size, size))
    return layout, sides


def lengths(n: int) -> dict[int, str]:
    """What is said of a list of that many parts; of 5 blocks in each stage no two are as long."""
    return {
        0: "n blocks in each stage, the first one included",
        3: "n blocks in each stage, not one",
        n: "three stages of n blocks each",
        9: "n blocks in each stage, not always three",
        3 * (n - 1): "n blocks in each stage, not n - 1",
        3 * n + 1: "the first convolution is no block",
        3 * n + 2: "the first convolution and the last layer are no blocks",
        3 * (n + 1): "n blocks in each stage, not n + 1",
        4 * n: "three stages, not four",
        6 * n: "a block is one tuple: its two convolutions are not listed apart",
        6 * n + 2: "blocks, not layers: each block has two of them",
    }


def parts_of(layout, n: int, size: int, w: int) -> list:
    """The layout in a call of its own, [] if there is none."""
    try:
        return listed(call(layout, n, size, w, tried="again")) or []
    except Wrong:
        return []


def check_length(came: list | None, want: list, tried: str, layout, *given: int) -> None:
    """A list of as many blocks as there are; given: n, size and w."""
    if came is not None and len(came) == len(want):
        return
    likely = lengths(5).get(len(parts_of(layout, 5, *given[1:])), "")
    if came and as_number(came[0]) is not None:
        likely = "a block is a tuple of its own, (C_in, C_out, S, size_out)"
    elif came and len(came) == 3 and as_number((listed(came[0]) or [None])[0]) is None:
        likely = "one list of all blocks, not one of the stages"
    if came and len(parts_of(layout, *given)) > len(came):
        likely = "a list that is kept from an earlier call, such as a default [], has grown"
    found = f"{len(came)} parts" if came is not None else kind(came)
    fail(tried, f"a list of {len(want)} tuples", found, likely)


@item("Item 5, layout")
def check_layout(layout, n: int, size: int, w: int) -> None:
    """Against the blocks of a network that is run."""
    want, sides = blocks_of(n, size, w)
    tried = f"layout({n=}, {size=}, {w=})"
    came = call(layout, n, size, w, tried=tried, by_hand=())
    begun(came, tried)
    came = listed(came)
    check_length(came, want, tried, layout, n, size, w)
    for k, (block, part) in enumerate(zip(want, came, strict=True)):
        if not alike(part, block, 0):
            paper = blocks_of(n, 32, 16)[0]
            usual = slips(want, sides, k, n, came) | {
                "width and size are those that are given, not the paper's": paper[k],
                "the width is that which is given, not always 16": (*paper[k][:3], block[3]),
                "the size is that which is given, not always 32": (*block[:3], paper[k][3]),
                "from input to output, not back": want[-1 - k],
                "the stride is one number": (*block[:2], (block[2], block[2]), block[3]),
                "one list of all blocks, not one of the stages": [block],
                "the numbers stand in the order (C_in, C_out, S, size_out)": OneOf(
                    set(itertools.permutations(block)) - {(block[1], block[0], *block[2:])}
                ),
                "four numbers a block: C_in, C_out, S, size_out": OneOf(
                    few for count in (1, 2, 3) for few in itertools.combinations(block, count)
                ),
                "a tuple of numbers, without names": OneOf(
                    [part] if isinstance(part, Mapping) else []
                ),
            }
            again, likely = f"{tried}[{k}]", cause(part, block, usual, 0)
            if len(came) > 1 and all(alike(other, came[0], 0) for other in map(listed, came)):
                likely = "all parts are alike: one list that is changed and put in again"
            fail(again, repr(block), kind(part), likely or as_in_the_paper(layout, n))
        if any(isinstance(as_number(number), float) for number in listed(part)):
            fail(f"{tried}[{k}]", f"{block!r}, whole numbers (int)", kind(part), FLOAT)


def as_in_the_paper(layout, n: int) -> str:
    """What is said of a layout that is wrong, and right for the paper's width and size."""
    try:
        came = listed(call(layout, n, 32, 16, tried="again"))
    except Wrong:
        return ""
    right = alike(came, blocks_of(n, 32, 16)[0], 0)
    return (
        "it is right for 32 pixels and 16 channels, not for others: a number is written in" * right
    )


def other_numbers(layout: list[tuple], sides: list[int], k: int, n: int) -> dict:
    """Block k with other channels, or another side."""
    (C_in, C_out, S, side), w = layout[k], layout[0][1]
    found = {
        "each stage has twice the channels of the one before": (C_in, w * (k // n + 1), S, side),
        "the side of the map, not its number of pixels": (C_in, C_out, S, side * side),
        "3x3 convolutions are padded: the side stays where S is 1": OneOf(
            (C_in, C_out, S, other)
            for other in (side - 2, side - 4, side - 1, (sides[k] - 3) // S + 1)
        ),
        "half an odd number of steps is rounded down: //, not round()": (C_in, C_out, S, side + 1),
    }
    wide = (w * 2 ** max(k - 1, 0), w * 2**k)
    found["the channels double with each stage, not with each block"] = OneOf(
        (first_, wide[1], S, side) for first_ in (C_in, wide[0]) if wide[1] != C_out
    )
    found["each stage has twice the channels of the one before, not the same"] = OneOf(
        [(w, w, S, side)] if k >= n else []
    )
    return found


def slips(layout: list[tuple], sides: list[int], k: int, n: int, came: list) -> dict:
    """What usual mistakes make of block k, from the blocks around it; came: all that was returned."""
    C_in, C_out, S, side = layout[k]
    first = layout[n * (k // n)]
    found = other_numbers(layout, sides, k, n) | {
        "the side of what the block gives, not of what it gets": (C_in, C_out, S, sides[k]),
        "first C_in, then C_out": (C_out, C_in, S, side),
        "the first block gets w channels, from the first convolution": (3, C_out, S, side),
    }
    if k < n:
        found["the first stage keeps the size of the image: its stride is 1"] = OneOf(
            ((C_in, C_out, 2, side // 2), (C_in, C_out, 2, side))
        )
        if k == n - 1:
            text = "the first block of a stage changes the shape, not the last of the one before"
            found[text] = (C_in, 2 * C_out, 2, side // 2)
    elif k % n:
        text = "inside a stage the stride is 1: only its first block halves the map"
        sides = side // 2, side // 2 ** (k % n), side
        found[text] = OneOf(
            (C_in, C_out, step, other)
            for step in (1, 2)
            for other in sides
            if (step, other) != (1, side)
        )
        text = "after the first block of a stage the blocks get its C_out channels"
        found[text] = (first[0], C_out, S, side)
    else:
        text = "the first block of a stage gets the channels of the stage before"
        found[text] = (C_out, C_out, S, side)
        halved = any(alike(list(part[2:3]), [2], 0) for part in map(listed, came) if part)
        found["n blocks in each stage: this one begins the next"] = (C_in, C_in, 1, sides[k])
        text = "the stages after the first halve the map"
        text += ", in their first block, which has the stride" * halved
        found[text] = (C_in, C_out, 1, sides[k])
    return found
