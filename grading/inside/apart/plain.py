"""What is plain: dtypes of numbers, tensors at the ends of a graph, what is read at once."""

import json
from collections import namedtuple
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import EnumMeta, IntEnum, IntFlag, StrEnum
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from types import FunctionType
from uuid import UUID

import numpy
import torch

SCALARS = "biufcSUmM"  # kinds of NumPy's numbers, texts and times that are plain
ENUMERATIONS = {kind.__name__: kind for kind in (IntEnum, IntFlag, StrEnum)}
DTYPES = {str(v).removeprefix("torch."): v for v in vars(torch).values() if type(v) is torch.dtype}


def inside(value) -> bool:
    """Whether a value is a tensor in the middle of a graph."""
    return isinstance(value, torch.Tensor) and value.requires_grad and not value.is_leaf


def described(dtype: numpy.dtype) -> str | list:
    """A plain dtype's name, or the names and dtypes of its fields. Raises ValueError."""
    if dtype.kind in SCALARS and dtype.itemsize:
        return dtype.str
    fields = [(name, dtype[name]) for name in dtype.names or ()]
    sent = [[name, described(one.base), list(one.shape)] for name, one in fields]
    if not sent or plain_dtype(sent) != dtype:  # with gaps, say
        raise ValueError("not a plain dtype")
    return sent


def plain_dtype(sent: str | list) -> numpy.dtype:
    """A NumPy dtype of numbers, texts and times, or of fields of these, as `described`."""
    if type(sent) is list:
        return numpy.dtype([(name, plain_dtype(kind), tuple(n)) for name, kind, n in sent])
    dtype = numpy.dtype(sent)
    if dtype.kind not in SCALARS:
        raise ValueError("not a plain dtype")
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
    timedelta: lambda t, v: ["timedelta", v.days, v.seconds, v.microseconds],
    timezone: lambda t, v: ["timezone", t.write(v.utcoffset(None)), str(v)],
    date: lambda t, v: ["date", v.isoformat()],
    time: lambda t, v: ["time", v.isoformat()],
    datetime: lambda t, v: ["datetime", v.isoformat()],
    type(Path()): lambda t, v: ["path", str(v)],
    UUID: lambda t, v: ["uuid", v.hex],
    type({}.keys()): lambda t, v: ["keys", *map(t.write, v)],
    type({}.values()): lambda t, v: ["values", *map(t.write, v)],
    type({}.items()): lambda t, v: ["items", *map(t.write, v)],
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
    "parts": lambda t, *sent: read_tuple(t, *sent),
    "member": lambda t, *sent: t.kind(enumeration, *sent[:3])(sent[3]),
    "kind of parts": lambda t, *sent: t.kind(named_tuple, *sent),
    "kind of members": lambda t, *sent: t.kind(enumeration, *sent),
    "number": lambda t, dtype, at: number(plain_dtype(dtype), t.blobs[at]),
    "timedelta": lambda t, *parts: timedelta(*parts),
    "timezone": lambda t, offset, name: timezone(t.value(offset), name),
    "date": lambda t, text: date.fromisoformat(text),
    "time": lambda t, text: time.fromisoformat(text),
    "datetime": lambda t, text: datetime.fromisoformat(text),
    "path": lambda t, text: Path(text),
    "uuid": lambda t, text: UUID(text),
    "keys": lambda t, *items: dict.fromkeys(map(t.value, items)).keys(),
    "values": lambda t, *items: dict(enumerate(map(t.value, items))).values(),
    "items": lambda t, *items: dict(map(t.value, items)).items(),
    "package": lambda t, name: t.library.package(name),
    "lib": lambda t, name: t.library.find(name, not t.closed),
    "made": lambda t, name, parts: made(t, name, parts),
}


def is_number(value: numpy.generic) -> bool:
    """Whether it is a number of NumPy's own class: another may compute when it is written."""
    kind = numpy.generic.dtype.__get__(value)
    return type(value) is kind.type and kind.kind in SCALARS


def number(dtype: numpy.dtype, data: bytes) -> numpy.generic:
    return numpy.frombuffer(data, dtype)[0] if dtype.itemsize else dtype.type()  # an empty text


def parts(kind: type) -> list[str]:
    """The names of the parts of a named tuple's class, and of torch's."""
    return list(getattr(kind, "__match_args__", ())) if tuple in kind.__mro__[1:3] else []


def write_tuple(table, value, depth: int) -> list | None:
    """A named tuple by its parts; an answer's that has methods, also as the object that has them."""
    kind = type(value)
    names, there = parts(kind), []
    if names and any(map(_has_methods, kind.__mro__)):
        if table.closed:  # a test's stays there
            return None
        there = [["ref", table.register(value)]]
    if names and hasattr(kind, "_fields"):  # none of torch's, which are made in another way
        table.mine[json.dumps([kind.__name__, names])] = kind
    values = [table.write(one, depth + 1) for one in tuple(value)] if names else []
    return names and ["parts", kind.__name__, names, values, *there]


def read_tuple(table, title: str, names: list[str], values: list, there: list | None = None):
    """there: the object of the other side that is asked for what is none of its parts."""
    kind = table.kind(named_tuple, title, names)
    if there is not None:
        other = table.value(there)
        space = {"__getattr__": lambda self, name: getattr(other, name), "_above": (type(other),)}
        kind = type(kind.__name__, (kind,), space)
    return kind._make(map(table.value, values))


def members(kind: type) -> list:
    """The members of a class derived from IntEnum or the like, if it has nothing else."""
    known = type(kind) is EnumMeta and kind.__base__ in ENUMERATIONS.values()
    if not known or len(kind.__bases__) > 1 or _has_methods(kind):
        return []
    found = [[name, as_plain(one)] for name, one in kind.__members__.items()]
    return [] if any(name.startswith("_") for name, _ in found) else found


def kind_of_plain(kind: type) -> list | None:
    """A class whose objects are read at once, if it is given by its names and values."""
    if (names := parts(kind)) and not any(map(_has_methods, kind.__mro__)):
        named = getattr(kind, "_fields", None) == tuple(names) and not kind._field_defaults
        return ["kind of parts", kind.__name__, names] if named else None
    if found := members(kind):
        return ["kind of members", kind.__base__.__name__, kind.__name__, found]
    return None


def as_plain(member: int | str) -> int | str:
    return str.__str__(member) if isinstance(member, str) else int.__int__(member)


def _has_methods(kind: type) -> bool:
    own = vars(kind).items()
    return any(isinstance(v, FunctionType | property) and not n.startswith("_") for n, v in own)


def named_tuple(title: str, names: list[str]) -> type:
    return _named_tuple(title, *names)


@lru_cache(maxsize=1000)
def _named_tuple(title: str, *names: str) -> type:
    return namedtuple(title, names, rename=True)


def enumeration(kind: str, title: str, members: list) -> type:
    return _enumeration(kind, title, *map(tuple, members))


@lru_cache(maxsize=1000)
def _enumeration(kind: str, title: str, *members: tuple[str, int | str]) -> type:
    of = str if kind == "StrEnum" else int
    if any(type(n) is not str or n.startswith("_") or type(v) is not of for n, v in members):
        raise ValueError("no members of an enumeration")
    return ENUMERATIONS[kind](str(title), members)


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
