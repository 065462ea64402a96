"""What a wrong value has to do with the right one: told only where it can be no coincidence."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import torch
from torch import Tensor

from checks.values import alike, as_number, as_tensor, listed, other_dtype

NAN = "nan comes of 0/0, inf/inf, inf - inf, the root or logarithm of a number below 0, or of 0 * inf, "
NAN += "as in the slope of what torch.where leaves out"
INFINITY = "infinity comes of a division by 0, log(0), or exp of a large number"
WHOLE = "right to seven digits: float32 does not hold every whole number above 2 ** 24"
AS_FAR = "right as far as number"
SINGLE = "right to the precision of float32: a part is computed in it, by a tensor made inside "
SINGLE += "without dtype=..., or .float()"
NEARLY = "right to six digits: a part is in float32, or a small number is added, cut off or rounded"
FORMS: dict[str, Callable[[Tensor], Tensor]] = {
    "this is the square of what is asked for": torch.square,
    "this is the root of what is asked for": torch.sqrt,
    "this is the exponential of what is asked for": torch.exp,
    "this is the logarithm of what is asked for": torch.log,
    "this is 2 to the power of what is asked for": torch.exp2,
    "this is the logarithm to base 2 of what is asked for": torch.log2,
    "this is the size of what is asked for, without its sign": torch.abs,
    "this is 1 divided by what is asked for": torch.reciprocal,
    "this is 1 minus what is asked for": lambda want: 1 - want,
    "numbers below 0 have become 0": lambda want: want.clamp_min(0),
}
OVER: dict[str, Callable[[Tensor, int], Tensor]] = {
    "the sum over": lambda t, d: t.sum(d),
    "the mean over": lambda t, d: t.mean(d),
    "the largest along": lambda t, d: t.amax(d),
    "only the first along": lambda t, d: t.select(d, 0),
    "only the last along": lambda t, d: t.select(d, -1),
}
FACTORS = {
    "minus 1: the sign": -1.0, "ln 2: nats are not bits": math.log(2),
    "1 / ln 2: bits are not nats": 1 / math.log(2), "pi / 180: degrees": math.pi / 180,
    "log10(2): a logarithm of base 10, not 2": math.log10(2),
    "1 / ln 10: a logarithm of base 10, not e": 1 / math.log(10),
}  # fmt: skip


def related(came: Any, want: Any, tolerance: float = 1e-8) -> str:
    """What `came`, which is wrong, has to do with `want`; "" if nothing shows."""
    if isinstance(want, Tensor):
        value = as_tensor(came, want)
        if value is None:
            return ""
        return _of_tensors(value, want, tolerance) or _as_far(
            value.tolist(), want.tolist(), tolerance
        )
    if isinstance(want, list | tuple):
        parts = listed(came)
        return _of_lists(parts, list(want), tolerance) or _as_far(parts, want, tolerance)
    number, right = as_number(came), as_number(want)
    if right is None or any(
        isinstance(n, complex) or n and abs(n) > 1e300 for n in (number, right)
    ):
        return ""
    return _kind(came, want) if number is None else _of_numbers(number, right, tolerance)


def _as_far(parts: Any, want: Any, tolerance: float) -> str:
    """Of a sequence of plain numbers: how many at its beginning are right, where no later one is."""
    if not isinstance(parts, list) or not isinstance(want, list | tuple) or len(parts) != len(want):
        return ""
    if len(want) < 3 or not all(type(n) is float and n % 1 for n in want):
        return ""
    right = [alike(a, b, tolerance) for a, b in zip(parts, want, strict=True)]
    n = sum(right)
    return f"{AS_FAR} {n}: those after it are not" * (0 < n < len(right) and all(right[:n]))


def misshapen(value: Tensor, want: Tensor, tolerance: float) -> str:
    """What is wrong with a tensor that holds the right numbers in another shape or dtype; or ""."""
    if value.shape == want.shape:
        same = value.dtype != want.dtype and alike(value, want, max(tolerance, 1e-5))
        return same * f"the numbers are right, the dtype is not: {other_dtype(value, want)}"
    if value.numel() != want.numel() or not alike(value.flatten(), want.flatten(), tolerance):
        return ""
    ones = [[n for n in t.shape if n != 1] for t in (value, want)]
    if ones[0] != ones[1]:
        return "the numbers are right, and in order, but not their shape: reshape"
    lost = value.ndim < want.ndim
    return f"a dimension of size 1 {'is lost (squeeze, an index)' if lost else 'too many'}"


def _of_tensors(value: Tensor, want: Tensor, tolerance: float) -> str:
    if text := misshapen(value, want, tolerance):
        return text
    if not value.numel() * want.numel() or torch.bool in (value.dtype, want.dtype):
        return ""
    if value.is_complex() or want.is_complex():
        return ""
    value, double, want = value.double(), want.dtype == torch.float64, want.double()
    if not want.isfinite().all():
        return ""
    if not value.isfinite().all():
        return NAN if value.isnan().any() else INFINITY
    if value.ndim == want.ndim == 0:
        return _of_numbers(value.item(), want.item(), tolerance)
    many = value.shape != want.shape and min(value.numel(), want.numel()) >= 12
    if not _telling(want if want.ndim else value, 3 if many else 6):
        return ""
    exact = min(tolerance, 1e-5) * min(1.0, want.abs().max().item())
    found = (_shaped if value.shape == want.shape else _unshaped)(value, want, exact)
    texts = [text for text, other in found if alike(value, other, exact)]
    if texts or not double or value.shape != want.shape:
        return texts[0] if texts else ""
    if alike(value, value.float(), 0) and alike(value, want, 1e-5):
        return SINGLE
    return NEARLY * (tolerance <= 1e-8 and alike(value, want, 1e-6))


def _telling(want: Tensor, whole: int) -> bool:
    """Enough different numbers that no two formulas agree by chance? whole: how many whole ones."""
    plain, most = bool((want == want.round()).all()), want.abs().max() if want.numel() else 0
    kinds = (want / most * 1e4).round().unique().numel()
    return bool(most > 1e-3) and kinds >= (whole if plain else 3)


def _shaped(value: Tensor, want: Tensor, exact: float) -> Iterator[tuple[str, Tensor]]:
    """What else of the same shape might have come."""
    at = want.abs().flatten().argmax()
    factor, more = (value / want).flatten()[at].item(), (value - want).mean().item()
    if factor == 0:
        yield "every number is 0", torch.zeros_like(want)
    if abs(factor - 1) > 1e-6:
        yield f"every number is the right one times {_told(factor)}", factor * want
    yield f"every number is the right one plus {more:.6g}", want + more
    yield from ((text, form(want)) for text, form in FORMS.items())
    for digits in range(2, 7):
        rounded = want.round(decimals=digits)
        if rounded.unique().numel() > 3:
            yield f"the right numbers, rounded to {digits} decimals", rounded
    for d in range(want.ndim):
        if want.numel() > 3:  # of three numbers any order may look like that
            yield f"the right numbers in reverse order along axis {d}", want.flip(d)
        for k in range(1, min(want.shape[d], 33) if want.numel() > 3 else 0):
            text = f"the right numbers, {k} further on along axis {d}, the last in front"
            yield text, want.roll(k, d)
        for step, name in ((1, "further on"), (-1, "back")):
            moved, n = want.roll(step, d), want.shape[d]
            end = 0 if step == 1 else n - 1
            filled = moved.index_copy(d, torch.tensor([end]), value.select(d, end).unsqueeze(d))
            if n > 2:
                yield f"the right numbers, one place {name} along axis {d}", filled
        for name, over in OVER.items():
            yield f"{name} axis {d} stands everywhere", over(want, d).unsqueeze(d).expand_as(want)
    for order in itertools.permutations(range(want.ndim)) if want.ndim < 5 else ():
        if order != tuple(range(want.ndim)) and want.permute(order).shape == want.shape:
            yield "the axes are exchanged (a transpose)", want.permute(order)
    if alike(value.flatten().sort()[0], want.flatten().sort()[0], exact):
        yield "the right numbers, in another order", value


def _unshaped(value: Tensor, want: Tensor, exact: float) -> Iterator[tuple[str, Tensor]]:
    """What might have come of that shape, which is not want's."""
    more = value.ndim - want.ndim
    for order in itertools.permutations(range(want.ndim)) if not more and want.ndim < 5 else ():
        if want.permute(order).shape == value.shape:
            yield f"the axes are in another order, as after permute{order}", want.permute(order)
    for d in range(max(value.ndim, want.ndim)):
        for name, over in OVER.items() if more else ():
            if more == -1 and over(want, d).shape == value.shape:
                yield f"this is {name} axis {d} of what is asked for", over(want, d)
            elif more == 1 and alike(over(value, d), want, exact):
                yield f"of this, {name} axis {d} is asked for", value
    if not more and all(a <= b for a, b in zip(value.shape, want.shape, strict=True)):
        if sum(a < b for a, b in zip(value.shape, want.shape, strict=True)) > 1:
            corner = want[tuple(slice(n) for n in value.shape)]
            yield "the last places along several axes are missing", corner
    if more or (n := [a - b for a, b in zip(value.shape, want.shape, strict=True)]).count(0) + 1 < (
        want.ndim
    ):
        return
    d = next(k for k, difference in enumerate(n) if difference)
    few, most = sorted((value.shape[d], want.shape[d]))
    many = f"{most - few} along axis {d} are" if most - few > 1 else f"one along axis {d} is"
    for name, start in (("last", 0), ("first", most - few)):
        if n[d] < 0:
            yield f"the {name} {many} missing", want.narrow(d, start, few)
        elif alike(value.narrow(d, start, few), want, exact):
            yield f"the {name} {many} too many", value


def _of_numbers(number: float, want: float, tolerance: float) -> str:
    if not math.isfinite(want) or number == want:
        return ""
    if not math.isfinite(number):
        return NAN if number != number else INFINITY
    if _rounded(number, want):
        return WHOLE
    if abs(want) < 1e-3 or abs(want * 720 - round(want * 720)) < 1e-6:
        told = abs(want) >= 100 and want == int(want) and number in (0, 2 * want, want / 2, -want)
        if told and not number:
            return "0: a loop that did not run, or `a + b if c else 0`, which is all or nothing"
        if told:
            return f"the right number times {_told(number / want)}"
        for digits, name in enumerate(("tens", "hundreds", "thousands"), 1):
            if abs(want) > 50 * 10**digits and number == round(want, -digits) != want:
                return f"right, but rounded to {name}"
        return ""
    if tolerance < 1e-3 and abs(number) > abs(want) / 1e4:
        ratio, exact = number / want, min(max(tolerance, 1e-9), 1e-6)
        texts = [f"the right number times {_told(ratio)}"] if _plain(ratio, exact) else []
        with_forms = [(t, f(torch.tensor(want, dtype=torch.float64))) for t, f in FORMS.items()]
        texts += [t for t, other in with_forms if abs(other.item() - number) <= exact * abs(number)]
        if len(texts) == 1:
            return texts[0]
    for digits in range(10):
        if (
            round(number, digits - 1) != number == round(want, digits)
            and abs(number) > 10**-digits * 50
        ):
            return f"right, but rounded to {digits} decimals" if digits else "right, but rounded"
    plain = torch.tensor(number, dtype=torch.float64)
    single = plain.float().item() == number != plain.half().item()  # no short number
    return SINGLE * (single and abs(number - want) <= 1e-4 * abs(want))


def _rounded(number: Any, want: Any) -> bool:
    """A whole number as float32 has it?"""
    if type(want) is not int or abs(want) <= 2**24 or isinstance(number, complex | None):
        return False
    return number != want and abs(number - want) <= 1e-6 * abs(want)


def _of_lists(parts: list | None, want: list, tolerance: float) -> str:
    if parts is None or len(want) < 2:
        return ""
    cut = {
        "the last is missing": want[:-1], "the first is missing": want[1:],
        "the last is one too many": [*want, *parts[-1:]],
        "the first is one too many": [*parts[:1], *want],
    }  # fmt: skip
    for text, other in cut.items() if len(want) > 2 else ():
        if alike(parts, other, tolerance):
            return text
    small = len(want) == 2 and all(isinstance(w, int) and w < 20 for w in want)  # may be chance
    if len(parts) == len(want) <= 6 and not small:
        for order in itertools.permutations(want):
            if alike(parts, list(order), tolerance):
                return "the right values, in another order"
    numbers = [as_number(part) for part in parts]
    if alike(parts, want, 1e-6) and any(map(_rounded, numbers, want)):
        return WHOLE
    if (
        len(want) > 2
        and numbers
        and None not in numbers
        and not any(isinstance(w, str) for w in want)
    ):
        for by in (1, -1):
            if alike(parts, [as_number(w) + by for w in want if as_number(w) is not None], 0):
                return f"every one of them is {'one too many' if by == 1 else 'one too few'}"
    return ""


def _kind(came: Any, want: Any) -> str:
    """Another kind of number, a Fraction say, or a text of the right value?"""
    try:
        came = came.replace(",", "") if isinstance(came, str) else came
        same = not isinstance(came, Tensor) and alike(float(came), want, 1e-8)
    except (TypeError, ValueError, OverflowError):
        return ""
    return same * f"the value is right, its kind is not: {type(want).__name__}(...) of it"


def _plain(ratio: float, exact: float) -> bool:
    known = [abs(ratio - factor) <= exact * abs(factor) for factor in FACTORS.values()]
    big = max(abs(ratio), 1 / abs(ratio))
    return any(known) or (big < 1e4 and abs(big - round(big)) <= exact * big and round(big) > 1)


def _told(ratio: float) -> str:
    for text, factor in FACTORS.items():
        if abs(ratio - factor) <= 1e-6 * abs(factor):
            return text
    near = Fraction(ratio).limit_denominator(100)
    return str(near) if abs(ratio - near) <= 1e-6 * abs(ratio) else f"{ratio:.6g}"
