"""What is plain: dtypes of numbers, tensors at the ends of a graph."""

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
