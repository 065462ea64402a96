"""Item 1: the shortcut without parameters, against a convolution that chooses channels."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor

from checks.calls import Case, gradient, item, judge
from checks.values import OneOf
from helpers.models.resnet import ZeroPad


def begun_late(x: Tensor, at: int, reference: Callable) -> OneOf:
    """What comes of a first pixel at `at`, with and without zeros behind the last."""
    rest = x[:, :, at:, at:]
    padded = (F.pad(rest, (0, more, 0, more)) for more in {0, at} if min(x.shape[2:]) > at)
    return OneOf(map(reference, padded))


def spread_out(x: Tensor, S: int) -> list[Tensor]:
    """As many pixels as every S-th, evenly from the first to the last."""
    even = [torch.linspace(0, n - 1, -(-n // S)) for n in x.shape[2:]]
    places = [[how(n).long() for n in even] for how in (torch.floor, torch.round)]
    return [x[:, :, rows][:, :, :, columns] for rows, columns in places]


def averages(kept: Tensor) -> tuple[Tensor, ...]:
    """One channel made of those that are there, or of a number."""
    one = torch.zeros_like(kept[:, :1])
    made = kept.mean(1, keepdim=True), kept.amax(1, keepdim=True), kept[:, :1], kept[:, -1:]
    return (*made, one + 1, one - 1, one + 1e-6)


def zero_mistakes(want: Tensor, kept: Tensor) -> dict:
    """Zeros in other places, or more of them; kept: the channels that there are."""
    C_out, more = want.shape[1], want.shape[1] - kept.shape[1]
    return {
        "zeros follow the channels of x, they do not come first": want.roll(more, 1),
        "all zeros follow the channels of x, not half of them on each side": OneOf(
            want.roll(before, 1) for before in (more // 2, more - more // 2) if before < more
        ),
        "zeros make the channels up to C_out in all, not C_out more": F.pad(
            kept, (0,) * 5 + (C_out,)
        ),
        "F.pad counts the axes from the last one: (0, 0, 0, 0, 0, more) are channels": OneOf(
            F.pad(kept, (0,) * at + pair)
            for at in (0, 2, 6)
            for pair in ((0, more), (more, 0))
            if more
        ),
    }


def shortcut_mistakes(x: Tensor, want: Tensor, S: int, reference: Callable) -> dict:
    """What usual ways of taking pixels and channels give; reference(x, stride) gives the right one."""
    (C, H, W), C_out = x.shape[1:], want.shape[1]
    late, middle = (begun_late(x, at, partial(reference, stride=S)) for at in (S - 1, S // 2))
    rows, columns = (torch.arange(-(-n // S)) * n // -(-n // S) for n in (H, W))
    spread, kept = spread_out(x, S), want[:, :C]
    return {
        "every S-th row and every S-th column: both axes": reference(x, (S, 1)),
        "every S-th row, and every S-th column: both axes": reference(x, (1, S)),
        "take single pixels, not the mean of S x S": reference(
            F.avg_pool2d(x, S, ceil_mode=True), 1
        ),
        "take single pixels, not the largest of S x S": reference(
            F.max_pool2d(x, S, ceil_mode=True), 1
        ),
        "the top left corner is not every S-th pixel": reference(x, 1)[
            :, :, : want.shape[2], : want.shape[3]
        ],
        "begin with the first pixel, not with pixel S - 1": late,
        "begin with the first pixel, not in the middle (S // 2)": middle,
        "the step is S itself, not H divided by the height that comes": reference(
            x[:, :, rows][:, :, :, columns], 1
        ),
        "the places are 0, S, 2 S, not spread evenly up to the last pixel": OneOf(
            reference(part, 1) for part in spread
        ),
        "the stride is S, not always 2": reference(x, 2),
        **zero_mistakes(want, kept),
        "the new channels are missing": kept,
        "the new channels are zero, not a copy of those that are there": torch.cat(
            [kept] * C_out, 1
        )[:, :C_out],
        "the stride is not used": reference(x, 1),
        "the new channels are zero, nothing else": OneOf(
            torch.cat([kept, fill.expand(-1, C_out - C, -1, -1)], 1) for fill in averages(kept)
        ),
    }


def shortcut_case(B, C, C_out, H, W, S, dtype=torch.float64) -> tuple[Case, Callable]:
    generator = torch.Generator().manual_seed(H * W + C_out)
    x = torch.randn(B, C, H, W, generator=generator, dtype=torch.float64).to(dtype)
    chosen = torch.eye(C_out, C, dtype=dtype).view(C_out, C, 1, 1)

    def reference(x: Tensor, stride=S) -> Tensor:  # as a convolution, which the answer may not be
        return torch.conv2d(x, chosen, stride=stride) + 0.0  # no -0

    want = reference(x)

    name = str(dtype).removeprefix("torch.")
    tried = f"shortcut_a(x {tuple(x.shape)} {name}, {C_out=}, {S=})"
    mistakes = partial(shortcut_mistakes, x, want, S, reference)
    return Case(tried, (x, C_out, S), want, mistakes), reference


@item("Item 1, shortcut_a")
def check_shortcut_a(shortcut_a, B, C, C_out, H, W, S, dtype="float64") -> None:
    """Values, dtype and gradients against a convolution that chooses channels."""
    dtype = getattr(torch, dtype)
    case, reference = shortcut_case(B, C, C_out, H, W, S, dtype)
    sizes = (1, 1, 3, 4, 6, 2), (1, 2, 4, 6, 4, 2), (1, 1, 4, 6, 8, 2), (1, 1, 2, 7, 8, 3)
    probes = (shortcut_case(*size)[0] for size in sizes)
    judge(shortcut_a, case, probes, by_hand=(), without=(ZeroPad.forward,))
    given = case.arguments[:1]
    gradient(lambda x: shortcut_a(x, C_out, S), reference, given, case.tried, by_hand=())
