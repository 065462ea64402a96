"""Item 4: the convolution as one product of matrices, against torch's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import torch
from torch import Tensor

from checks.calls import Case, gradient, item, judge
from checks.cnn.convolution import draw, places
from checks.compare import Wrong, tensor
from checks.values import OneOf
from checks.watch import AllBut


def matmul_mistakes(x, w, b, S, P, D, want: Tensor) -> dict:
    plain, (B, O, rows, columns) = torch.conv2d(x, w, None, S, P, D), want.shape
    K_h, K_w = w.shape[2:]
    return {
        "the bias is not added": plain if b is not None else None,
        "the places stand row by row: view them as (rows, columns)": want.flatten(2).view(
            B, O, columns, rows
        ),
        "the places stand row by row, not column by column": OneOf([
            want.transpose(2, 3).reshape(B, O, rows, columns),
            want.reshape(B, O, columns, rows).transpose(2, 3),
        ]),
        "the columns still have to be laid out as an image": want.flatten(2),
        "places and channels are mixed: permute before view": want.flatten(2)
        .transpose(1, 2).reshape(B, O, rows, columns),
        "the bias belongs to the channels, not to the places": plain
        + b.repeat(rows * columns)[: rows * columns].view(rows, columns) if b is not None else None,
        "the bias belongs to the channels, not to the images": plain + b.view(-1, 1, 1, 1)
        if b is not None and B == O else None,
        "the stride is not used": torch.conv2d(x, w, b, 1, P, D),
        "the padding is not used": _conv(x, w, b, S, 0, D),
        "the dilation is not used": torch.conv2d(x, w, b, S, P, 1),
        "stride and dilation are exchanged": _conv(x, w, b, D, P, S),
        "the kernel is flipped": torch.conv2d(x, w.flip(2, 3), b, S, P, D),
        "rows and columns of the kernel are exchanged": torch.conv2d(
            x, w.transpose(2, 3).reshape_as(w), b, S, P, D
        ),
        "a kernel is a row of w.reshape(O, -1): reshape(-1, O).T mixes them": torch.conv2d(
            x, w.reshape(-1, O).T.reshape_as(w), b, S, P, D
        ),
        "height and width of the kernel are exchanged in unfold": _conv(
            x, w.reshape(O, -1, K_w, K_h), b, S, P, D
        ),
        "unfold has the channels first, then the taps, as w.flatten(1) has": torch.conv2d(
            x, w.permute(0, 2, 3, 1).reshape_as(w), b, S, P, D
        ),
    }  # fmt: skip


def matmul_case(B, C, O, size, kernel, S, P, D, bias: bool | str = True) -> Case:
    (H, W), (K_h, K_w) = size, kernel
    dtype = torch.float32 if str(bias).startswith("float32") else torch.float64
    x = draw(B, C, H, W, seed=H * W + K_h, dtype=dtype)
    w = draw(O, C, K_h, K_w, seed=K_w, dtype=dtype)
    b = draw(O, seed=O, dtype=dtype) * (bias != "zeros")
    b = b if bias and bias != "float32, none" else None
    want = torch.conv2d(x, w, b, S, P, D)
    tried = f"conv2d_matmul on x {tuple(x.shape)}, w {tuple(w.shape)}, "
    tried += f"b {None if b is None else (O,)}, {S=}, {P=}, {D=}"
    tried += "" if dtype == torch.float64 else f", {dtype}"
    edge = "b may be None" if b is None else "the kernel need not be square" * (K_h != K_w)
    mistakes = partial(matmul_mistakes, x, w, b, S, P, D, want)
    return Case(tried, (x, w, b, S, P, D), want, mistakes, edge)


def _conv(*arguments) -> Tensor | None:
    try:
        return torch.conv2d(*arguments)
    except RuntimeError:
        return None


@contextmanager
def laid_out(size, kernel, S: int, P: int, D: int) -> Iterator[None]:
    """Where columns do not fit into rows and columns of places: what these were computed without."""
    try:
        yield
    except Wrong as wrong:
        view = re.search(r"shape '\[(?:.*, )?(-?\d+), (-?\d+)\]' is invalid", str(wrong.came))
        without = {"the dilation": (S, P, 1), "the padding": (S, 0, D), "the stride": (1, P, D)}
        for name, how in without.items() if view else ():
            right, other = ([places(*nK, *a) for nK in zip(size, kernel, strict=True)]
                            for a in ((S, P, D), how))  # fmt: skip
            came = [b if int(n) < 0 else int(n) for n, b in zip(view.groups(), other, strict=True)]
            if right != other == came:
                wrong.likely = f"rows and columns of the output depend on {name} too"
        raise


@item("Item 4, conv2d_matmul")
def check_matmul(conv2d_matmul, B, C, O, size, kernel, S, P, D, bias: bool | str = True) -> None:
    """Values and gradients against torch's own convolution.

    bias: whether there is one; "zeros": one of zeros; "float32", "float32, none": one, or none,
    and all are of that dtype.
    """
    case = matmul_case(B, C, O, size, kernel, S, P, D, bias)
    sizes = (1, 1, 1, (3, 4), (2, 2), 1, 0, 1), (1, 2, 2, (4, 6), (2, 3), 2, 1, 1)
    sizes += (2, 1, 2, (5, 4), (2, 2), 1, 1, 2), (1, 1, 2, (4, 6), (2, 2), 3, 0, 1)
    if case.edge:  # square ones with a bias, as far as this is what an answer is wrong in
        sizes = tuple(one for one in sizes if one[4][0] == one[4][1] or "None" in case.tried)
    probes = (matmul_case(*one) for one in sizes)
    hand = AllBut("conv")
    x, w, b = case.arguments[:3]
    near = 1e-9 if x.dtype == torch.float64 else 1e-4
    with laid_out(size, kernel, S, P, D):
        judge(conv2d_matmul, case, probes, tensor, near, by_hand=hand)
    if x.dtype != torch.float64:
        return
    given = (x, w) if b is None else (x, w, b)
    gradient(
        lambda x, w, b=None: conv2d_matmul(x, w, b, S, P, D),
        lambda x, w, b=None: torch.conv2d(x, w, b, S, P, D),
        given, case.tried, by_hand=hand, mistakes={
            "a bias of zeros is a bias: test `is None`": lambda x, w, b=None: torch.conv2d(
                x, w, None if b is None else b.detach(), S, P, D
            ),
        } if bias == "zeros" else None,
    )  # fmt: skip
