"""Values, whatever holds them: a list, a tuple or a tensor, a Python or a NumPy number, 3 or 3.0."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

LONGEST = 10_000  # values that an iterator may give


class OneOf(tuple):
    """Several values that one mistake may give, by a number that the answer chose."""


def cut_short(losses: Tensor) -> OneOf:
    """The means of -ln P, where to P a small number is added, or P is cut off there."""
    p, small = (-losses).exp(), [10.0**-k for k in range(3, 21)]
    return OneOf(-kept.log().mean() for n in small for kept in (p + n, p.clamp_min(n)))


def read(value: Any) -> Any:
    """What came, with iterators read to their end, once, while they are watched."""
    if isinstance(value, Iterator):
        value = list(itertools.islice(value, LONGEST + 1))
        if len(value) > LONGEST:
            raise RuntimeError(f"an iterator that gives more than {LONGEST} values")
    if type(value) in (list, tuple):
        return type(value)(map(read, value))
    return {key: read(one) for key, one in value.items()} if type(value) is dict else value


def alike(came: Any, want: Any, tolerance: float = 1e-8) -> bool:
    """Equal in value, all the way down, whatever holds it; shapes of tensors count, nan is nan's.

    tolerance: of numbers and tensors, relative to 1 + |want|.
    """
    if isinstance(want, OneOf):
        return any(alike(came, one, tolerance) for one in want)
    if isinstance(want, Tensor):
        value = as_tensor(came, want)
        return (
            value is not None
            and value.shape == want.shape
            and bool(near(value, want, tolerance).all())
        )
    if isinstance(want, str | bool | None):
        return type(came) in (type(want), np.bool_) and bool(came == want)
    if isinstance(want, Mapping):
        same = isinstance(came, Mapping) and came.keys() == want.keys()
        return same and all(alike(came[key], want[key], tolerance) for key in want)
    if isinstance(want, list | tuple):
        parts = listed(came)
        same = parts is not None and len(parts) == len(want)
        return same and all(alike(a, b, tolerance) for a, b in zip(parts, want, strict=True))
    value = as_number(came)
    if value is None:
        return False
    return value == want or abs(value - want) <= tolerance * (1 + abs(want)) < float("inf")


def near(a: Tensor, b: Tensor, tolerance: float) -> Tensor:
    """Place by place: is a within the tolerance of b, or the same nan or infinity?"""
    a, b = _wide(a), _wide(b)
    close = ((a - b).abs() <= tolerance * (1 + b.abs())) & b.isfinite()
    return close | (a == b) | (a.isnan() & b.isnan())


def as_tensor(value: Any, like: Tensor) -> Tensor | None:
    """A tensor's values, or those of an array, a list or a tuple; None for anything else."""
    if isinstance(value, Tensor):
        with torch._C.DisableTorchFunctionSubclass():  # an answer's subclass has no say
            value = value if value.layout == torch.strided else value.to_dense()
            return Tensor.as_subclass(Tensor.detach(value), Tensor)
    array = isinstance(value, np.ndarray | np.generic)
    if not array and not _is_numbers(value):
        return None
    try:
        if array:
            return torch.as_tensor(np.asarray(value))
        if isinstance(value, list | tuple) and any(isinstance(v, Tensor) for v in value):
            return torch.stack([as_tensor(v, like) for v in value])
        return torch.as_tensor(value, dtype=like.dtype)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        return None


def _is_numbers(value: Any) -> bool:
    """Whether it is a number, or lists of them: another sequence may compute when it is read."""
    if isinstance(value, list | tuple):
        return all(map(_is_numbers, value))
    kinds = bool | np.bool_ | np.ndarray | Tensor | range
    return isinstance(value, kinds) or as_number(value) is not None


def as_number(value: Any) -> int | float | complex | None:
    """A plain Python number, also of a NumPy one or a tensor of one number; None if it is none."""
    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, np.generic | np.ndarray | Tensor):
        one = value.numel() == 1 if isinstance(value, Tensor) else value.size == 1
        bools = value.dtype in (torch.bool, np.bool_)
        return value.item() if one and not bools and _numeric(value) else None
    for plain in (int, float, complex):
        if isinstance(value, plain):
            return plain.__add__(value, plain())  # of a subclass, without its own arithmetic
    return None


def listed(value: Any) -> list | None:
    """The parts of a list, tuple, array, tensor, range; None for anything else."""
    if isinstance(value, Tensor) and value.layout != torch.strided:
        value = value.to_dense()
    if isinstance(value, Tensor | np.ndarray):
        return value.tolist() if value.ndim else None
    if isinstance(value, list | tuple):
        return list(type(value).__mro__[-2].__iter__(value))  # list's or tuple's own
    return list(value) if isinstance(value, range) else None


def _numeric(value: Any) -> bool:
    return isinstance(value, Tensor) or value.dtype.kind in "iufc"


def _wide(value: Tensor) -> Tensor:
    return value if value.is_complex() else value.double()


def other_dtype(value: Tensor, want: Tensor) -> str:
    """What usually brings the dtype of value where want's is right."""
    if want.dtype == torch.bool:
        return "a product or a sum of masks is no mask: & and |, dtype=torch.bool, or .bool() of it"
    if not want.is_floating_point():
        return (
            f"a quotient, a mean or torch.zeros gives floats, a comparison bools: .to({want.dtype})"
        )
    if not value.is_floating_point():
        return "F.one_hot, torch.arange, a comparison and the like give no floats: .to(x.dtype)"
    if value.dtype == torch.float32:
        return "torch.zeros and the like are float32 without dtype=..., whole numbers divided too"
    numpy = "a part of NumPy's is float64, or one that is made so (dtype=, .double())"
    return numpy if value.dtype == torch.float64 else "a tensor made inside without dtype=..."
