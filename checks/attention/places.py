"""Item 5: rotary positions, by laws and by products of complex numbers, in either layout."""

from __future__ import annotations

import torch
from torch import Tensor

from checks.attention.scores import draw
from checks.calls import Case, gradient, item, judge
from checks.compare import tensor
from checks.values import OneOf, alike, as_tensor
from helpers.models import positions

OWN = (positions.rotate,)
LAYOUTS = ("neighbours", "halves")


def parts_of(x: Tensor, layout: str) -> tuple[Tensor, Tensor]:
    """The two numbers of every pair, (..., d / 2) each."""
    return (x[..., 0::2], x[..., 1::2]) if layout == "neighbours" else x.chunk(2, -1)


def turned(x: Tensor, angle: Tensor, layout: str) -> Tensor:
    """Each pair as a complex number, times one of length 1; angle (T, d / 2)."""
    z = torch.complex(*parts_of(x.double(), layout)) * torch.polar(torch.ones_like(angle), angle)
    both = torch.stack([z.real, z.imag], -1)  # (..., d / 2, 2)
    both = both if layout == "neighbours" else both.mT
    return both.flatten(-2).to(x.dtype)


def angles(places: Tensor, d: int, base: float, step: float = 2.0) -> Tensor:
    speed = base ** (-step * torch.arange(d // 2, dtype=torch.float64) / d)
    return torch.outer(places.double(), speed)


def small(places: Tensor, d: int, base: float, dtype: torch.dtype) -> Tensor:
    """The angles worked out in this dtype from the start."""
    speed = base ** (-2 * torch.arange(d // 2, dtype=dtype) / d)
    return places.to(dtype)[:, None] * speed


def relaid(x: Tensor, angle: Tensor) -> list[Tensor]:
    """Halves that are turned and put back as neighbours, and the other way about."""
    neighbours, halves = (turned(x, angle, layout) for layout in LAYOUTS)
    back = neighbours[..., 0::2], neighbours[..., 1::2]
    return [torch.stack(halves.chunk(2, -1), -1).flatten(-2), torch.cat(back, -1)]


def order_mistakes(x: Tensor, places: Tensor, base: float) -> dict[str, OneOf]:
    """One number of each pair turned by what the other has become."""
    angle, found = angles(places, x.shape[-1], base), []
    cos, sin = angle.cos(), angle.sin()
    for layout, dim in zip(LAYOUTS, (-1, -2), strict=True):
        a, b = parts_of(x.double(), layout)
        new_a, new_b = parts_of(turned(x.double(), angle, layout), layout)
        for both in (new_a, new_a * sin + b * cos), (a * cos - new_b * sin, new_b):
            found.append(torch.stack(both, dim).flatten(-2).to(x.dtype))
    text = (
        "both numbers of a pair are turned by the old ones: keep the first until the second is made"
    )
    return {text: OneOf(found)}


def rotate_mistakes(x: Tensor, places: Tensor, base: float) -> dict[str, OneOf | None]:
    d = x.shape[-1]
    right = angles(places, d, base)

    def by(angle: Tensor, x: Tensor = x) -> OneOf:
        return OneOf(turned(x, angle, layout) for layout in LAYOUTS)

    def crossed(one: str, other: str) -> Tensor:
        """Angles laid out in one way, pairs in the other."""
        wide = right.repeat_interleave(2, -1) if one == "neighbours" else torch.cat([right] * 2, -1)
        a, b = parts_of(x, other)
        half = torch.stack([-b, a], -1)
        half = half.flatten(-2) if other == "neighbours" else half.mT.flatten(-2)
        return (x * wide.cos() + half * wide.sin()).to(x.dtype)

    return {
        "the exponent is -2 i / d, where i counts pairs: 2 is there once too often": by(
            angles(places, d, base, 4.0)
        ),
        "the exponent is -2 i / d, where i counts pairs: the 2 is missing": by(
            angles(places, d, base, 1.0)
        ),
        "pairs are counted from 0: the first turns by its place itself": by(
            right * base ** (-2 / d)
        ),
        "pair i turns with base to the power -2 i / d, not + 2 i / d": by(
            angles(places, d, base, -2.0)
        ),
        "every pair turns at the speed of the first": by(angles(places, d, 1.0)),
        "base is an argument, not always 10,000": by(angles(places, d, 1e4)),
        "turned the other way: (a cos - b sin, a sin + b cos)": by(-right),
        "the pairs are laid out in one way, their angles in the other": OneOf(
            [crossed("neighbours", "halves"), crossed("halves", "neighbours")]
        ),
        "the pairs are taken in one layout and put back in the other": OneOf(relaid(x, right)),
        "cos is a factor, but the sine's part is missing": OneOf(
            (x * right.cos().repeat_interleave(2, -1), x * torch.cat([right.cos()] * 2, -1))
        ),
    }


def place_mistakes(x: Tensor, places: Tensor, base: float) -> dict[str, OneOf | None]:
    (T, d), h = x.shape[-2:], x.shape[1]
    angle = angles(places, d, base)

    def by(angle: Tensor) -> OneOf:
        return OneOf(turned(x, angle, layout) for layout in LAYOUTS)

    ends = base ** -torch.linspace(0, 1, d // 2, dtype=torch.float64)
    along = angles(torch.arange(h), d, base)[:, None].expand(h, T, d // 2)
    return {
        "the places are given; they need not be 0, 1, 2, ...": by(angles(torch.arange(T), d, base)),
        "the places need not follow one another: each of them is given, not the first alone": by(
            angles(places[0] + torch.arange(T), d, base)
        ),
        "place 0 is not turned: no place is counted from 1": by(angles(places + 1, d, base)),
        "each place itself counts, not how far it is from the first": OneOf(
            value
            for by_ in (places - places[0], places - places.min())
            for value in by(angles(by_, d, base))
        ),
        "the last pair turns with base to the power -(d - 2) / d, not -1: arange, no linspace": by(
            torch.outer(places.double(), ends)
        ),
        "the turn runs along the heads: x is (B, h, T, d), places belong to T": by(along),
        "where there are as many heads as places the turn runs along the heads: places belong to T": (
            by(angle[:, None].expand(h, T, d // 2)) if h == T else None
        ),
        "angles in 16 bits cannot tell far places apart: compute them in float64": (
            OneOf([*by(angle.to(x.dtype).double()), *by(small(places, d, base, x.dtype).double())])
            if x.dtype == torch.bfloat16
            else None
        ),
    }


def rotate_case(sizes, places: list[int], base: float = 10_000.0, dtype="float64") -> Case:
    B, h, d = sizes
    (x,) = draw([(B, h, len(places), d)], d + len(places), getattr(torch, dtype))
    at = torch.tensor(places)
    shown = places if len(places) < 9 else f"{places[:3]} ... {places[-1]}"
    tried = f"rotate on x {tuple(x.shape)} {dtype}, places {shown}, {base=:g}"
    given = (x, at, base)
    want = OneOf(turned(x, angles(at, d, base), layout) for layout in LAYOUTS)
    makers = (rotate_mistakes, place_mistakes, order_mistakes)
    usual = lambda: {t: w for made in makers for t, w in made(*given).items()}  # noqa: E731
    return Case(tried, given, want, usual)


def compare_turned(came, want, tried, tolerance) -> None:
    """Against the layout that is nearer; first whether it is a rotation at all."""
    value = as_tensor(came, want[0])
    same = value is not None and value.shape == want[0].shape and value.is_floating_point()
    nearer = min(want, key=lambda w: (value.double() - w.double()).abs().max() if same else 0)
    mistakes = {}
    if same and tolerance < 0.01 and alike(value, nearer, 1e-5 if tolerance < 1e-6 else 1e-3):
        mistakes["right but for the rounding of float32: work the angles out in float64"] = value
    elif same and not alike(value.norm(dim=-1), nearer.norm(dim=-1), 10 * tolerance):
        mistakes["no rotation: the length of a vector changes"] = value
    tensor(came, nearer, tried, mistakes, tolerance)


@item("Item 5, rotate")
def check_rotate(
    rotate, B: int, h: int, d: int, places: list[int], base: float = 10_000.0, dtype="float64"
) -> None:
    """Every number, in either layout; gradients where the numbers are exact."""
    case = rotate_case((B, h, d), places, base, dtype)
    probes = [rotate_case((1, 2, d), p, b) for p, d, b in (([0, 1], 4, 100.0), ([3, 5, 6], 6, 50.0))]  # fmt: skip
    probes.append(rotate_case((2, 3, 8), [2, 9], 1e4))
    tolerance = {"float64": 1e-8, "float32": 1e-5}.get(dtype, 0.03)
    came = judge(rotate, case, probes, compare_turned, tolerance, without=OWN)
    if dtype != "float64":
        return
    x, at, _ = case.arguments
    layout = next(n for n, w in zip(LAYOUTS, case.want, strict=True) if alike(came, w, tolerance))
    gradient(
        lambda x: rotate(x, at, base), lambda x: turned(x, angles(at, d, base), layout), (x,),
        case.tried, without=OWN,
    )  # fmt: skip
