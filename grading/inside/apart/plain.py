"""What is plain: dtypes of numbers, tensors at the ends of a graph, what is read at once."""

from collections import namedtuple
from decimal import Decimal
from enum import EnumMeta, IntEnum
from fractions import Fraction
from functools import lru_cache
from types import FunctionType

import numpy
import torch

SCALARS = "biufc"  # kinds of NumPy's numbers that are plain
DTYPES = {str(v).removeprefix("torch."): v for v in vars(torch).values() if type(v) is torch.dtype}


def inside(value) -> bool:
    """Whether a value is a tensor in the middle of a graph."""
    return isinstance(value, torch.Tensor) and value.requires_grad and not value.is_leaf


def plain_dtype(name: str) -> numpy.dtype:
    """A NumPy dtype of numbers, from its name."""
    dtype = numpy.dtype(name)
    if dtype.kind not in SCALARS:
        raise ValueError("not a dtype of numbers")
    return dtype


# type -> what writes a value of it, from the table and the value; READ makes it again
WRITE = {
    torch.Size: lambda t, v: ["size", list(v)],
    torch.dtype: lambda t, v: ["dtype", str(v).removeprefix("torch.")],
    torch.device: lambda t, v: ["device", str(v)],
    bytes: lambda t, v: ["bytes", t.blob(v)],
    complex: lambda t, v: ["complex", v.real, v.imag],
    slice: lambda t, v: ["slice", *map(t.write, (v.start, v.stop, v.step))],
    range: lambda t, v: ["range", v.start, v.stop, v.step],
    type(...): lambda t, v: ["..."],
    Fraction: lambda t, v: ["fraction", v.numerator, v.denominator],
    Decimal: lambda t, v: ["decimal", str(v)],
}
# tag -> what makes the value, from the table and what follows the tag
READ = {
    "tuple": lambda t, items: tuple(map(t.value, items)),
    "frozenset": lambda t, items: frozenset(map(t.value, items)),
    "size": lambda t, items: torch.Size(items),
    "dtype": lambda t, name: DTYPES[name],
    "device": lambda t, name: torch.device(name),
    "bytes": lambda t, at: t.blobs[at],
    "complex": lambda t, real, imag: complex(real, imag),
    "slice": lambda t, *parts: slice(*map(t.value, parts)),
    "range": lambda t, *parts: range(*parts),
    "...": lambda t: Ellipsis,
    "fraction": lambda t, above, below: Fraction(above, below),
    "decimal": lambda t, text: decimal(text),
    "parts": lambda t, title, names, items: named_tuple(title, *names)(*map(t.value, items)),
    "member": lambda t, title, members, name: enumeration(title, *map(tuple, members))[name],
    "number": lambda t, dtype, at: numpy.frombuffer(t.blobs[at], plain_dtype(dtype))[0],
    "package": lambda t, name: t.library.package(name),
    "lib": lambda t, name: t.library.find(name, not t.closed),
    "made": lambda t, name, parts: made(t, name, parts),
}


def parts(kind: type) -> list[str]:
    """The names of the parts of a named tuple's class, and of torch's; [] if it has more to it."""
    if kind.__bases__ != (tuple,) or _has_methods(kind):
        return []
    return list(getattr(kind, "__match_args__", ()))


def numbers(kind: type) -> list:
    """The members of a class derived from IntEnum, if it has nothing else."""
    if type(kind) is not EnumMeta or kind.__bases__ != (IntEnum,) or _has_methods(kind):
        return []
    return [[name, int(one)] for name, one in kind.__members__.items()]


def _has_methods(kind: type) -> bool:
    own = vars(kind).items()
    return any(isinstance(v, FunctionType | property) and not n.startswith("_") for n, v in own)


@lru_cache(maxsize=1000)
def named_tuple(title: str, *names: str) -> type:
    return namedtuple(title, names, rename=True)


@lru_cache(maxsize=1000)
def enumeration(title: str, *members: tuple[str, int]) -> type:
    if any(type(n) is not str or n.startswith("_") or type(v) is not int for n, v in members):
        raise ValueError("no members of an enumeration")
    return IntEnum(str(title), members)


def decimal(text: str) -> Decimal:
    """A decimal number, of no more digits than an integer may have."""
    value = Decimal(text)
    if value.is_finite() and abs(value.adjusted()) > 4300:
        raise ValueError("a number of so many digits")
    return value


def made(table, name: str, parts: list):
    """An object of a class that tests let travel; none comes from answers."""
    if table.closed:
        raise ValueError("an object made by an answer")
    value = object.__new__(table.library.find(name, True))
    vars(value).update(table.named(parts))
    return value
