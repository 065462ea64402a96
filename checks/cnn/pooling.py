"""Item 5: max pooling, against torch's own."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from checks.calls import Case, gradient, item, judge
from checks.cnn.convolution import draw
from checks.compare import failing
from checks.values import OneOf

SIDES = r"size of tensor .* dimension [23]$"  # in which an image's sides differ


def window_mistakes(x: Tensor, K: int, S: int, want: Tensor) -> dict:
    """Other windows, or other places of them."""
    (H, W), (rows, columns) = x.shape[2:], want.shape[2:]
    return {
        "windows that do not fit are left out": OneOf([
            F.max_pool2d(x, K, S, ceil_mode=True),
            F.max_pool2d(F.pad(x, (0, -(W - K) % S, 0, -(H - K) % S)), K, S),
        ]),
        "as many columns as the width gives, not the height": F.max_pool2d(
            F.pad(x, (0, K * S * rows), value=-torch.inf), K, S
        )[..., :rows] if rows != columns else None,
        "as many rows as the height gives, not the width": F.max_pool2d(
            F.pad(x, (0, 0, 0, K * S * columns), value=-torch.inf), K, S
        )[:, :, :columns] if rows != columns else None,
        "rows and columns each by their own side, not by the smaller of both": want[
            :, :, : min(rows, columns), : min(rows, columns)
        ],
        "the last row and column of windows are missing": want[:, :, :-1, :-1],
        "windows may lie further apart than they are wide: the step is S": F.max_pool2d(
            x, K, min(S, K)
        ) if S > K else None,
        "windows are S apart, not K": F.max_pool2d(x, K, K),
        "windows are S apart, not 1": F.max_pool2d(x, K, 1)[:, :, :rows, :columns],
        "windows are S apart: every place is kept": F.max_pool2d(x, K, 1),
        "windows are K wide, not S": OneOf([p := F.max_pool2d(x, S, S), p[..., :rows, :columns]]),
        "windows are K wide and S apart, not the other way round": F.max_pool2d(x, S, K),
        "K and S are arguments, not always 2": F.max_pool2d(x, 2, 2),
        "windows are K wide: the pixels between them are left out": F.max_pool2d(
            F.pad(x, (0, S, 0, S), value=-torch.inf), max(K, S), S
        )[:, :, :rows, :columns],
        "windows that do not fit are left out: these stick out of the image": F.max_pool2d(
            F.pad(x, (0, K - 1, 0, K - 1), value=-torch.inf), K, S
        ),
        "a window that just fits is kept: the last one is missing": want[
            :, :, : -(-(H - K) // S), : -(-(W - K) // S)
        ],
        "a window that just fits is kept: (n - K) // S + 1 of them, not n // S": want[
            :, :, : H // S, : W // S
        ],
    }  # fmt: skip


def smooth(x: Tensor, K: int, S: int, k: float) -> Tensor:
    """The log-sum-exp of k times each window, divided by k."""
    return (k * x.unfold(2, K, S).unfold(3, K, S)).logsumexp((-2, -1)) / k


def pool_mistakes(x: Tensor, K: int, S: int, want: Tensor) -> dict:
    rows, columns = want.shape[2:]
    return window_mistakes(x, K, S, want) | {
        "this is the mean: take the largest": F.avg_pool2d(x, K, S),
        "this is a smooth maximum, the logarithm of a sum: take the largest itself": OneOf(
            smooth(x, K, S, k) for k in (1, 2, 5, 10, 20, 50, 100)
        ),
        "this is the smallest: take the largest": -F.max_pool2d(-x, K, S),
        "the largest in size, whatever its sign": F.max_pool2d(x.abs(), K, S),
        "a result that starts from 0 hides negative numbers": want.clamp_min(0),
        "the result starts from a number that is not below all others: take -infinity": OneOf(
            [want.clamp_min(-(10.0**power)) for power in range(1, 13)]
        ),
        "the largest number, not the one of the largest size": torch.where(
            want >= F.max_pool2d(-x, K, S), want, -F.max_pool2d(-x, K, S)
        ),
        "windows are S apart in both axes, not in one alone": OneOf(
            F.max_pool2d(x, K, steps) for steps in ((S, 1), (1, S))
        ),
        "two maxima go over both axes of a window: after the first, the other is the last": (
            x.unfold(2, K, S).unfold(3, K, S).amax(-1).amax(-2)
        ),
        "each channel has its own maximum": want.amax(1, keepdim=True).expand_as(want),
        "rows and columns are exchanged": want.transpose(2, 3),
        "the windows are K wide in one axis only": F.max_pool2d(x, (K, 1), S)[
            :, :, :rows, :columns
        ],
    }


def pool_case(B, C, H, W, K, S, shift=0.0, size=1.0, dtype=torch.float64) -> Case:
    x = (size * (draw(B, C, H, W, seed=H * W + K) + shift)).to(dtype)
    if K == 1:  # the smallest pixel of all is the largest of its window, and has all its gradient
        x[0, 0, 0, 0] = x.min() - 1
    want = F.max_pool2d(x, K, S)
    sign = "all negative" if x.max() < 0 else "of both signs"
    return Case(
        f"max_pool(x {tuple(x.shape)} {sign}, {dtype}, {K=}, {S=})",
        (x, K, S),
        want,
        lambda: pool_mistakes(x, K, S, want),
    )


@item("Item 5, max_pool")
def check_pool(max_pool, B, C, H, W, K, S, shift=0.0, size=1.0, dtype="float64") -> None:
    """Values and gradients against torch's own max pooling."""
    case = pool_case(B, C, H, W, K, S, shift, size, getattr(torch, dtype))
    sizes = (1, 1, 3, 3, 2, 1), (1, 2, 4, 5, 2, 2), (1, 2, 6, 7, 3, 2)
    with failing("how many windows fit? (n - K) // S + 1 along each axis", SIDES):
        judge(max_pool, case, (pool_case(*size) for size in sizes), by_hand=())
    if dtype != "float64":
        return
    gradient(
        lambda x: max_pool(x, K, S), lambda x: F.max_pool2d(x, K, S), case.arguments[:1],
        case.tried, by_hand=(), mistakes={
            "the gradient goes to the largest of a window alone, not to all": lambda x: F.avg_pool2d(
                x, K, S
            ),
            "begin with -infinity: here it begins with the smallest pixel, which shares its gradient": (
                lambda x: torch.maximum(F.max_pool2d(x, K, S), x.detach().min())
            ),
        },
    )  # fmt: skip
