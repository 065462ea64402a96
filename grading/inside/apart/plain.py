"""What is plain: dtypes of numbers, tensors at the ends of a graph, what is read at once."""

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
    "number": lambda t, dtype, at: numpy.frombuffer(t.blobs[at], plain_dtype(dtype))[0],
    "package": lambda t, name: t.library.package(name),
    "lib": lambda t, name: t.library.find(name, not t.closed),
    "made": lambda t, name, parts: made(t, name, parts),
}


def made(table, name: str, parts: list):
    """An object of a class that tests let travel; none comes from answers."""
    if table.closed:
        raise ValueError("an object made by an answer")
    value = object.__new__(table.library.find(name, True))
    vars(value).update(table.named(parts))
    return value
