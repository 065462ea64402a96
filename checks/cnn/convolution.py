"""Items 1 and 2: the convolution by hand, against torch's own with other arguments."""

from __future__ import annotations

from itertools import product

import torch
import torch.nn.functional as F
from torch import Tensor

from checks.calls import Case, gradient, item, judge
from checks.compare import number, tensor
from checks.values import OneOf


def draw(*shape: int, seed: int, dtype: torch.dtype = torch.float64) -> Tensor:
    """Normal numbers of that shape, the same for the same seed and shape."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64).to(dtype)


def places(n: int, K: int, S: int, P: int, D: int) -> int | None:
    """How many outputs torch's own convolution has; None where the kernel does not fit."""
    try:
        x, w = torch.zeros(1, 1, n, 1), torch.zeros(1, 1, K, 1)
        return torch.conv2d(x, w, stride=(S, 1), padding=(P, 0), dilation=(D, 1)).shape[2]
    except RuntimeError:
        return None


def padding_mistakes(n: int, K: int, S: int, P: int, D: int, want: int) -> dict:
    return {
        "padding is added at both ends": places(n + P, K, S, 0, D),
        "the padding is not used": places(n, K, S, 0, D),
        "places on padding alone count too": OneOf([
            sum(any(0 <= start * S - P + D * tap < n for tap in range(K)) for start in range(want)),
            sum(start * S - P < n for start in range(want)),
        ]),
        "the padding comes before the division by S: it is pixels, not places": (
            (n - D * (K - 1) - 1) // S + 1 + 2 * P
        ),
        "the padding is P pixels at each end, whatever the dilation": places(n, K, S, P * D, D),
        "P is what is given: with padding, too, places are not always n / S": (
            OneOf(-(-n // S) if yes else want for yes in (P, P == K // 2, P == K // 2 and D == 1))
        ),
        "an even kernel, too, has the padding at both ends": places(
            n + 2 * P - (P > 0 and K % 2 == 0), K, S, 0, D
        ),
        "half of an even kernel's reach, rounded down, is no padding that keeps the size": (
            -(-n // S) if P and P == D * (K - 1) // 2 else want
        ),
        "the padding is P, however large: it is not cut to half a kernel": places(
            n, K, S, min(P, K // 2), D
        ),
    }  # fmt: skip


def out_size_case(n: int, K: int, S: int, P: int, D: int) -> Case:
    want, steps = places(n, K, S, P, D), places(n, K, 1, P, D)

    def mistakes() -> dict:
        return padding_mistakes(n, K, S, P, D, want) | {
            "the first place counts too": want - 1,
            "one place too many": want + 1,
            "// binds more closely than + and -: brackets around all that is divided": OneOf(
                [n + 2 * P - D * (K - 1) - 1 // S + 1, n + 2 * P - (D * (K - 1) + 1) // S + 1]
            ),
            "K taps reach over D (K - 1) + 1 pixels: this 1 is missing": steps // S + 1,
            "a place at which the kernel just fits counts too": -(-(steps - 1) // S),
            "K taps that are D apart have K - 1 gaps between them, not K": places(
                n, D * K, S, P, 1
            ),
            "taps that are D apart have D - 1 pixels between them": places(
                n, K, S, P, D + (D > 1)
            ),
            "a kernel of K taps has K - 1 gaps, for even K too": places(n, K // 2 * 2 + 1, S, P, D),
            "one division, after the subtraction: two round twice": (n + 2 * P - 1) // S
            - D * (K - 1) // S + 1,
            "dilation is not used": places(n, K, S, P, 1),
            "stride is not used": steps,
            "with K = 1, too, stride and padding count": n if K == 1 else want,
            "each of the K - 1 gaps has D - 1 pixels, not all of them together": places(
                n, K + D - 1, S, P, 1
            ),
            "round down, not to the nearest": OneOf(
                [round((steps - 1) / S + 1), round((steps - 1) / S) + 1, (2 * steps - 2 + S) // (2 * S) + 1]
            ),
            "the + 1 stands behind the division": steps // S,
            "an incomplete last step is no place: round down": places(n + S - 1, K, S, P, D),
            "whole-number division is //": (steps - 1) / S + 1,
            "the division by S comes after the subtraction": places(-(-n // S), K, 1, P, D),
            "the dilation spreads the taps, not the places": places(n, K, S * D, P, D),
        }  # fmt: skip

    tried = f"out_size({n=}, {K=}, {S=}, {P=}, {D=})"
    return Case(tried, (n, K, S, P, D), want, mistakes)


def compare_int(came, want, tried) -> None:
    number(came, want, tried, tolerance=0, plain=int)


@item("Item 1, out_size")
def check_out_size(out_size, n: int, K: int, S: int, P: int, D: int) -> None:
    """The number of places against that of torch's own convolution."""
    sizes = (3, 1, 1, 0, 1), (5, 2, 1, 1, 1), (6, 3, 2, 1, 1), (9, 3, 2, 0, 3), (8, 2, 3, 2, 2)
    sizes += (
        (5, 2, 1, 2, 1),
        (5, 2, 1, 0, 1),
        (11, 4, 3, 2, 2),
        (17, 3, 4, 1, 3),
        (14, 2, 5, 0, 4),
        (7, 2, 4, 0, 1),
    )
    probes = (out_size_case(*size) for size in sizes)
    judge(out_size, out_size_case(n, K, S, P, D), probes, compare_int, tolerance=0)


@item("Item 1, out_size")
def check_out_sizes(out_size, n: tuple[int, ...], kernels: tuple[tuple[int, int], ...]) -> None:
    """Each n and (K, D), at strides 1 to 4 and paddings 0, 1 and 3."""
    for one, (K, D), S, P in product(n, kernels, (1, 2, 3, 4), (0, 1, 3)):
        check_out_size(out_size, one, K, S, P, D)


def but_last(n: int) -> Tensor:
    """Which of n + 1 places, in a column, are left by a range that ends one too early."""
    return (torch.arange(n + 1) < max(1, n))[:, None]


def tap_mistakes(K: int, b, w, want, x) -> dict:
    """Taps that meet other pixels, or are other ones."""
    C, windows, rows = w.shape[1], x.unfold(2, K, 1).unfold(3, K, 1), w.flatten(1)
    taps = rows.shape[1]  # and windows is (B, C, H_out, W_out, K, K)
    return {
        "K is the side of the kernel, the last size of w, not its number of channels": torch.conv2d(
            x, w[:, :, :C, :C], b
        ) if C < K else None,
        "of x.unfold the places stand before the taps: permute before reshape": OneOf([
            (rows @ windows.reshape(len(x), taps, -1) + b[:, None]).view_as(want),
            (rows @ windows.reshape(len(x), -1, taps).mT + b[:, None]).view_as(want),
        ]),
        "each tap belongs to a pixel of its own: here all of a kernel are alike": torch.conv2d(
            x, w.mean((2, 3), keepdim=True).expand_as(w), b
        ) if K > 1 else None,
        "the tap at the end of each axis is left out": torch.conv2d(
            x, F.pad(w[:, :, :-1, :-1], (0, 1, 0, 1)), b
        ),
    }  # fmt: skip


def convolution_mistakes(C, H, W, K, b, conv, w, want, x) -> dict:
    every, own = torch.arange(len(w)), torch.arange(len(w)) % C
    return tap_mistakes(K, b, w, want, x) | {
        "the bias b is not added": conv(x, w),
        "the bias b is subtracted": conv(x, w, -b),
        "the kernel is flipped, which the formula does not do": conv(x, w.flip(2, 3), b),
        "the rows of the kernel are flipped": conv(x, w.flip(2), b),
        "the columns of the kernel are flipped": conv(x, w.flip(3), b),
        "rows and columns of the kernel are exchanged": conv(x, w.transpose(2, 3), b),
        "rows and columns of the result are exchanged": want.transpose(2, 3),
        "the mean over taps and channels stands where the sum should": conv(x, w / (C * K * K), b),
        "the mean over taps stands where the sum should": conv(x, w / K**2, b),
        "the mean over channels stands where the sum should": conv(x, w / C, b),
        "only the first channel is used: sum over all": conv(x[:, :1], w[:, :1], b),
        "only the last channel is used: sum over all": conv(x[:, -1:], w[:, -1:], b),
        "every output channel sums over all channels of the image, not one of them": conv(
            x[:, own], w[every, own, None], b, groups=len(w)
        ) if C > 1 else None,
        "the bias is added once per channel": conv(x, w, C * b),
        "the bias is added once per tap": conv(x, w, K * K * b),
        "the bias is added once per tap and channel": conv(x, w, C * K * K * b),
        "every output channel gets the kernel of the first": conv(
            x, w[:1].expand_as(w), b
        ),
        "the bias belongs to the output channels: b.view(-1, 1, 1), not to images, rows or columns": OneOf(
            conv(x, w) + b.view(-1, *[1] * after) if len(b) == want.shape[3 - after] else want
            for after in (0, 1, 3)
        ),
        "every output channel gets the bias of the first": conv(x, w, b[:1].expand_as(b)),
        "every image gives what the first gives": want[:1].expand_as(want),
        "the last row and column of places are missing": OneOf(
            [want[:, :, :-1, :-1], want * (but_last(H - K) & but_last(W - K).T)]),
        "the image is padded, which the formula does not do": conv(x, w, b, padding=K // 2),
        "the places in a row are those of the width, not of the height": want[..., : H - K + 1]
        if H < W else None,
        "the places in a column are those of the height, not of the width": want[
            :, :, : W - K + 1
        ] if W < H else None,
    }  # fmt: skip


def convolution_case(B, C, O, H, W, K, dtype=torch.float64) -> Case:
    x = draw(B, C, H, W, seed=H * W + K, dtype=dtype)
    w, b = draw(O, C, K, K, seed=K + 1, dtype=dtype), draw(O, seed=O, dtype=dtype)
    if K > 2:
        w[:, :, 0, 1] = 0  # a tap that counts for nothing has a gradient all the same
    want, conv = torch.conv2d(x, w, b), torch.conv2d

    name = str(dtype).removeprefix("torch.")
    tried = f"conv2d_loop on {name}, x {tuple(x.shape)}, w {tuple(w.shape)}, b ({O},)"
    return Case(
        tried, (x, w, b), want, lambda: convolution_mistakes(C, H, W, K, b, conv, w, want, x)
    )


@item("Item 2, conv2d_loop")
def check_convolution(conv2d_loop, B, C, O, H, W, K, dtype="float64") -> None:
    """Values, dtype and gradients against torch's own convolution."""
    dtype = getattr(torch, dtype)
    case = convolution_case(B, C, O, H, W, K, dtype)
    sizes = (1, 1, 1, 2, 2, 1), (1, 1, 1, 3, 4, 2), (1, 2, 2, 3, 3, 2), (2, 3, 2, 5, 4, 3)
    probes = (convolution_case(*size) for size in sizes)
    tolerance = 1e-9 if dtype == torch.float64 else 1e-4
    judge(conv2d_loop, case, probes, tensor, tolerance, by_hand=())
    if dtype == torch.float64:
        skipped = "a tap whose weights are 0 has a gradient all the same"
        mistakes = {skipped: lambda x, w, b: torch.conv2d(x, w * (w != 0), b)}
        gradient(conv2d_loop, torch.conv2d, case.arguments, case.tried, (), mistakes=mistakes)
