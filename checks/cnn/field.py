"""Item 8: what a unit sees, followed back layer by layer."""

from __future__ import annotations

import math
from functools import reduce

from checks.calls import Case, item, judge
from checks.compare import equal
from checks.values import OneOf


def seen_by(layers: list[tuple[int, int, int]]) -> int:
    """Pixels from the first to the last that a unit of the last layer can see, followed back."""
    units = {0}
    for K, S, D in reversed(layers):
        units = {unit * S + D * tap for unit in units for tap in (0, K - 1)}
    return max(units) - min(units) + 1


def unit_mistakes(layers: list[tuple[int, int, int]]) -> dict:
    """Followed back from the last layer, as numbers of units."""
    back = layers[::-1]
    return {
        "n units see (n - 1) S + D (K - 1) + 1 pixels": OneOf(
            reduce(lambda n, layer: n * layer[1] + more(*layer), back, 1)
            for more in (
                lambda K, S, D: D * (K - S), lambda K, S, D: D * (K - 1), lambda K, S, D: D * (K - 1) + 1,
            )
        ),
        "pixels in the holes between the others count too": OneOf(
            len(reduce(lambda seen, one: {u * one[1] + k for u in seen for k in taps(one)}, back, {0}))
            for taps in (
                lambda one: range(0, one[2] * one[0], one[2]),
                lambda one: range(one[2] * (one[0] - 1) + 1),
            )
        ),
        "K - S may be below 0: n S + K - S pixels, without max(..., 0)": reduce(
            lambda n, one: n * one[1] + max(one[2] * (one[0] - 1) + 1 - one[1], 0), back, 1
        ),
    }  # fmt: skip


def stride_mistakes(layers: list[tuple[int, int, int]], alone: list[int]) -> dict:
    """alone: what each layer adds by itself, which is multiplied by what is made of the strides."""
    strides = [S for _, S, _ in layers]
    spans = [K for K, _, _ in layers], [D * (K - 1) + 1 for K, _, D in layers]

    def spread(jump) -> int:
        return 1 + sum(a * jump(strides[:k]) for k, a in enumerate(alone))

    return {
        "the stride is added up, not multiplied": OneOf(
            spread(lambda before, least=least: max(1, sum(S for S in before if S > least)))
            for least in (0, 1)
        ),
        "the strides multiply: here S - 1 is added": spread(
            lambda before: 1 + sum(before) - len(before)
        ),
        "the stride of the first layer spreads the others too": spread(
            lambda before: math.prod(before[1:])
        ),
        "K taps have K - 1 gaps, for even K too": seen_by([(K // 2 * 2 + 1, S, D) for K, S, D in layers]),
        "the last layer comes first, and n of its units see (n - 1) S + D (K - 1) + 1 pixels": reduce(
            lambda n, layer: n * layer[1] + layer[2] * (layer[0] - 1), layers, 1
        ),
        "only the stride of the layer just before is used": spread(
            lambda before: before[-1] if before else 1
        ),
        "the strides of all layers before multiply: here one of them alone is used": OneOf([
            spread(lambda before: next((S for S in before[::-1] if S > 1), 1)),
            spread(lambda before: next((S for S in before if S > 1), 1)),
            spread(lambda before: max(before, default=1)),
        ]),
        "a layer of one tap sees no more, but its stride counts for those after it": seen_by(
            [layer for layer in layers if layer[0] > 1]
        ),
        "a stride larger than the kernel leaves holes, which count too": OneOf(
            spread(lambda before, wide=wide: math.prod(map(min, before, wide))) for wide in spans
        ),
    }  # fmt: skip


def field_mistakes(layers: list[tuple[int, int, int]], want: int) -> dict:
    alone = [seen_by([layer]) - 1 for layer in layers]  # what each layer adds by itself
    jumps = [math.prod(S for _, S, _ in layers[:k]) for k in range(len(layers))]
    return unit_mistakes(layers) | stride_mistakes(layers, alone) | {
        "strides of earlier layers spread later kernels": 1 + sum(alone),
        "a layer's own stride spreads the layers after it, not itself": seen_by(
            [one for layer in layers for one in ((1, layer[1], 1), (layer[0], 1, layer[2]))]
        ),
        "dilation is not used": seen_by([(K, S, 1) for K, S, _ in layers]),
        "K taps have K - 1 gaps between them": seen_by([(K + 1, S, D) for K, S, D in layers]),
        "K taps that are D apart reach over D (K - 1) + 1 pixels, not over D K": seen_by(
            [(K * D, S, 1) for K, S, D in layers]
        ),
        "start from 1, the unit itself": want - 1,
        "dilation spreads its own kernel only, not the layers after it": seen_by(
            [(K, S * D, D) for K, S, D in layers]
        ),
        "the strides before it spread a dilated kernel too": 1 + sum(
            (K - 1) * D if D > 1 else (K - 1) * jumps[k]
            for k, (K, _, D) in enumerate(layers)
        ),
        "the first layer is the one next to the image": seen_by(layers[::-1]),
        "the last layer counts too": seen_by(layers[:-1]),
        "the first layer counts too": seen_by(layers[1:]),
    }  # fmt: skip


def field_case(layers: list[tuple[int, int, int]]) -> Case:
    want = seen_by(layers)
    edge = "" if layers else "without a layer the unit is the pixel itself"
    edge = (
        "a field may be thousands of pixels large: no image that is chosen is"
        if want > 1000
        else edge
    )
    return Case(
        f"receptive_field({layers})",
        (list(layers),),
        want,
        lambda: field_mistakes(layers, want),
        edge,
    )


@item("Item 8, receptive_field")
def check_field(receptive_field, layers: list[tuple[int, int, int]]) -> None:
    """Against the first and last pixel, followed back layer by layer."""
    stacks = [(3, 1, 1)], [(2, 2, 1), (2, 1, 1)], [(3, 2, 1), (2, 3, 1), (2, 1, 1)]
    stacks += (
        [(2, 2, 1), (2, 1, 1), (2, 1, 1)],
        [(2, 1, 3), (3, 1, 1)],
        [(2, 2, 2), (3, 2, 3), (4, 1, 2)],
    )
    probes = (field_case(stack) for stack in stacks)
    judge(receptive_field, field_case(layers), probes, compare=equal, tolerance=0)
