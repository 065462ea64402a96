"""Item 3: the pixels under the kernel, against torch's unfold."""

from __future__ import annotations

from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor

from checks.calls import Case, item, judge
from checks.cnn.convolution import places
from checks.compare import KEPT, failing
from checks.values import OneOf


def outside_mistakes(patch_of, x, place, K, S, P, D, want: Tensor) -> dict:
    """What may be taken for the pixels that lie outside the image."""
    (i, j), (H, W), reach = place, x.shape[2:], D * (K - 1) + 1
    whole = F.pad(x, (P,) * 8)
    inside = [
        [tap for tap in range(K) if 0 <= at * S - P + D * tap < n]
        for at, n in zip(place, (H, W), strict=True)
    ]
    return {
        "what lies outside the image is 0 in the patch: here it is cut off": want[:, :, inside[0]][
            ..., inside[1]
        ] if [len(taps) for taps in inside] != [K, K] else None,
        "four numbers pad height and width; with more batch and channels are padded too": whole[
            :, :, i * S : i * S + reach : D, j * S : j * S + reach : D
        ] if P else None,
        "outside the image the pixels are 0: a negative index counts from the other end": OneOf([
            x[:, :, i * S - P : i * S - P + reach : D, j * S - P : j * S - P + reach : D],
            *[patch_of(F.pad(x, (P,) * 4, mode="circular")) for _ in range(min(H, W) >= P)],
        ]) if P else None,
        "outside the image the pixels are 0, not those at its edge": OneOf(
            patch_of(F.pad(F.pad(x, edge, mode="replicate"), rest))
            for low, high in ((P, P), (0, P), (P, 0))
            for edge, rest in [((low, high) * 2, (P - low, P - high) * 2)]
        ),
    }  # fmt: skip


def patch_mistakes(patch, patch_of, x, place, K, S, P, D) -> dict:
    """patch: by row and column of its corner; patch_of: of an image padded in another way."""
    (i, j), (H, W), want = place, x.shape[2:], patch()
    padded = F.pad(x, (P,) * 4)
    thin, middle = padded[:, :, i * S % D :: D, j * S % D :: D], K // 2 * D
    return outside_mistakes(patch_of, x, place, K, S, P, D, want) | {
        "place (0, 0) has the first tap of the kernel in the corner, not its middle": patch(
            i * S - P - middle, j * S - P - middle
        ),
        "the places lie S apart in the image itself, not in every D-th pixel of it": thin[
            :, :, i * S : i * S + K, j * S : j * S + K
        ] if D > 1 else None,
        "the stride is not used": patch(i - P, j - P),
        "the places lie S apart, where the taps are spread too": patch(i - P, j - P)
        if D > 1 else None,
        "the padding is not used, or added to the start: the patch begins at i S - P": patch(
            i * S, j * S
        ),
        "the patch begins at i S - P, not at (i - P) S": patch((i - P) * S, (j - P) * S),
        "the padding is P pixels, whatever the dilation": patch(i * S - P * D, j * S - P * D),
        "the dilation is not used": patch(D=1),
        "the stride is that of places, the dilation that of taps": patch(i * D - P, j * D - P, S),
        "the padding is P pixels, not half a kernel": patch(i * S - middle, j * S - middle)
        if P else None,
        "columns end at the width, rows at the height": patch(
            x=x * (torch.arange(W) < H) * (torch.arange(H) < W)[:, None]
        ),
        "the dilation spreads the taps, not the places": patch(i * S * D - P, j * S * D - P),
        "i counts rows (height), j columns (width)": patch(j * S - P, i * S - P),
        "rows and columns of the patch are exchanged": want.transpose(2, 3),
        "the patch is turned upside down": want.flip(2),
        "rows are padded too, not columns alone": OneOf([
            patch(i * S, j * S - P), patch(i * S, j * S - P)[:, :, : -(-(H - i * S) // D)],
        ]),
        "columns are padded too, not rows alone": OneOf([
            patch(i * S - P, j * S), patch(i * S - P, j * S)[..., : -(-(W - j * S) // D)],
        ]),
        "the padding is added, not subtracted": patch(i * S + P, j * S + P),
    }  # fmt: skip


def patch_case(size, place, K, S, P, D, dtype=torch.float32, first=1.0) -> Case:
    (B, C, H, W), (i, j) = size, place
    x = torch.arange(first, B * C * H * W + first, dtype=dtype).view(B, C, H, W)

    def patch(row=i * S - P, column=j * S - P, D=D, x=x):
        """The pixels that begin in that row and column of the image, by torch's unfold."""
        margin = 40
        far = F.pad(x, (margin, margin, margin, margin))
        top, left, reach = row + margin, column + margin, D * (K - 1) + 1
        window = far[:, :, top : top + reach, left : left + reach]
        return F.unfold(window, K, dilation=D).view(B, C, K, K)

    def patch_of(padded: Tensor) -> Tensor:
        places_ = F.unfold(padded, K, dilation=D, stride=S).view(B, C, K, K, -1)
        return places_[..., i * places(W, K, S, P, D) + j]

    want = patch()
    tried = f"patch_at(x {tuple(x.shape)}, {i=}, {j=}, {K=}, {S=}, {P=}, {D=})"
    return Case(
        tried,
        (x, i, j, K, S, P, D),
        want,
        lambda: patch_mistakes(patch, patch_of, x, place, K, S, P, D),
    )


@item("Item 3, patch_at")
def check_patch(patch_at, B, C, H, W, K, S, P, D, dtype="float32") -> None:
    """The patch of every place against torch's unfold."""
    cases = [((1, 1, 3, 3), (1, 0), 2, 1, 0, 1), ((1, 1, 4, 5), (1, 2), 2, 2, 1, 1)]
    cases += [((1, 1, 6, 6), (0, 1), 2, 2, 1, 3), ((1, 2, 5, 7), (1, 1), 3, 1, 2, 2)]
    few = [m for n in (H, W) if (m := places(n, D * K, S, P, 1)) != places(n, K, S, P, D)]
    short = rf"dimension [23] with size ({'|'.join(map(str, few))})$"
    reach = "a kernel reaches over D (K - 1) + 1 pixels: in windows of D K there are too few places"
    for i in range(places(H, K, S, P, D)):
        for j in range(places(W, K, S, P, D)):
            case = patch_case((B, C, H, W), (i, j), K, S, P, D, getattr(torch, dtype))
            probes = (patch_case(*sizes) for sizes in cases)
            with failing(reach * bool(few), short):
                judge(patch_at, case, probes, by_hand=())
    case = patch_case((B, C, H, W), (0, 0), K, S, P, D, getattr(torch, dtype), first=500.0)
    judge(patch_at, replace(case, edge=KEPT), map(lambda one: patch_case(*one), cases), by_hand=())
