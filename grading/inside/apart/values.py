"""Kinds of objects that are copied and kept the same: tensors, arrays, lists, dictionaries."""

import json
import math
from collections import defaultdict, deque
from types import SimpleNamespace

import torch
from torch import nn

from .library import CONTAINERS
from .plain import DTYPES, inside
from .table import Table

LARGEST = 1 << 28  # bytes that a tensor with gaps may take


class Kind:
    """How objects of these types are written and made again: one row of the table of kinds."""

    types: tuple = ()
    away = False  # the other side gets no copy and has to ask
    last = False  # given its state after what it consists of

    def fits(self, table: Table, value) -> bool:
        return type(value) in self.types

    def name(self, table: Table, value) -> str | None:
        """The name it has already."""
        return table.names.get(id(value))

    def stays(self, table: Table, value) -> bool:
        return self.away

    def made(self, table: Table, value):
        return None

    def state(self, table: Table, value):
        return None

    def fill(self, table: Table, value, tree) -> None:
        pass


def pack(tensor: torch.Tensor, table: Table) -> list:
    """dtype, shape, strides and the numbers of a tensor without gaps or repetition."""
    tensor = tensor.detach().resolve_conj().resolve_neg()
    shape, stride = list(tensor.shape), list(tensor.stride())
    once = tensor  # axes that expand() repeats are sent once
    for axis, step in enumerate(stride):
        if step == 0 and shape[axis] > 1:
            once = once.narrow(axis, 0, 1)
    flat = torch.empty(once.numel(), dtype=once.dtype)
    flat.copy_(once.reshape(-1))
    data = flat.view(torch.uint8).numpy().tobytes()
    return [str(tensor.dtype).removeprefix("torch."), shape, stride, table.blob(data)]


def unpack(packed: list, table: Table) -> torch.Tensor:
    """The tensor. Raises ValueError where sizes and numbers do not agree."""
    name, shape, stride, at = packed
    dtype, data = DTYPES[name], table.blobs[at]
    if len(shape) != len(stride) or any(type(n) is not int or n < 0 for n in [*shape, *stride]):
        raise ValueError("shape")
    once = [min(n, 1) if step == 0 else n for n, step in zip(shape, stride, strict=True)]
    if math.prod(once) * dtype.itemsize != len(data):
        raise ValueError("the numbers do not fill the shape")
    if not data:
        return torch.empty(shape, dtype=dtype)
    flat = torch.frombuffer(bytearray(data), dtype=dtype).reshape(once)
    extent = sum((n - 1) * step for n, step in zip(once, stride, strict=True)) + 1
    if flat.stride() == tuple(stride) and once == shape:
        return flat
    if extent * dtype.itemsize > LARGEST or not _apart(once, stride):
        return flat.expand(shape).contiguous()
    steps = [step or 1 for step in stride]
    spread = torch.empty_strided(once, steps, dtype=dtype)
    spread.copy_(flat)
    return spread.expand(shape)


def _apart(shape: list[int], stride: list[int]) -> bool:
    """Whether no two places of a tensor share memory."""
    extent = 1
    for step, n in sorted(zip(stride, shape, strict=True)):
        if n > 1:
            if step < extent:
                return False
            extent += step * (n - 1)
    return True


class Tensor(Kind):
    """A tensor or a parameter, with requires_grad and grad.

    One in the middle of a graph is a leaf where it is an argument; where it is a result, its
    gradient is asked for where it was computed (see `gradients`).
    """

    lazy = (nn.UninitializedParameter, nn.parameter.UninitializedBuffer)
    types = (torch.Tensor, nn.Parameter, nn.Buffer, *lazy)

    def fits(self, table, value):
        return (
            super().fits(table, value)
            and value.device.type == "cpu"
            and (nn.parameter.is_lazy(value) or (value.layout is torch.strided and _plain(value)))
        )

    def name(self, table, value):
        if table.mode == "request" and inside(value):
            return table.alias.get(id(value))
        found = table.names.get(id(value))
        return table.alias.get(id(value)) if found is None and not table.mode else found

    def made(self, table, value):
        if nn.parameter.is_lazy(value):
            return ["lazy", self.lazy.index(type(value))]
        graph = table.gradients.describe(value) if table.mode == "reply" and inside(value) else None
        return [type(value).__name__, graph]

    def state(self, table, value):
        if nn.parameter.is_lazy(value):
            return [str(value.dtype).removeprefix("torch.")]
        grad = value.grad if value.is_leaf else None
        packed = None if grad is None or not _plain(grad) else pack(grad, table)
        return [pack(value, table), value.requires_grad, packed]

    def make(self, table, name, made, tree):
        if made[0] == "lazy":
            return self.lazy[made[1]](dtype=DTYPES[tree[0]])
        fresh, requires, _ = tree
        value = unpack(fresh, table)
        if made[1] is not None:
            return table.gradients.join(value, made[1])
        if made[0] == "Parameter":
            return nn.Parameter(value, requires_grad=bool(requires))
        return value.requires_grad_(bool(requires))

    def fill(self, table, value, tree):
        if len(tree) == 1:  # it has only a dtype yet
            if value.dtype != (dtype := DTYPES[tree[0]]):
                value.data = value.to(dtype)
            return
        packed, requires, grad = tree
        fresh = unpack(packed, table)
        if nn.parameter.is_lazy(value):
            value.materialize(fresh.shape, dtype=fresh.dtype)
        put(value, fresh)
        if not inside(value):
            value.requires_grad_(bool(requires))
            if grad is None:
                value.grad = None
            elif value.grad is None or value.grad.shape != value.shape:
                value.grad = unpack(grad, table)
            else:
                put(value.grad, unpack(grad, table))


def _plain(value: torch.Tensor) -> bool:
    name = str(value.dtype).removeprefix("torch.")
    return value.layout is torch.strided and name in DTYPES and not value.is_quantized


def put(value: torch.Tensor, fresh: torch.Tensor) -> None:
    """Give a tensor these numbers, in place where they fit."""
    same = (value.shape, value.dtype) == (fresh.shape, fresh.dtype)
    if same and value.stride() == fresh.stride():
        now = value.detach()
        if 0 not in value.stride() and not _equal(now, fresh):
            now.copy_(fresh)
        elif 0 in value.stride() and not _equal(now, fresh):
            value.data = fresh
    else:
        value.data = fresh


def _equal(a: torch.Tensor, b: torch.Tensor) -> bool:
    return (
        a.contiguous().numpy().tobytes() == b.contiguous().numpy().tobytes()
        if (a.dtype is not torch.bfloat16)
        else torch.equal(a, b)
    )


class Collection(Kind):
    """A list, a set or a deque."""

    types = (list, set, deque)

    def made(self, table, value):
        return [type(value).__name__, getattr(value, "maxlen", None)]

    def state(self, table, value):
        items = [table.write(one) for one in value]
        return sorted(items, key=json.dumps) if type(value) is set else items

    def make(self, table, name, made, tree):
        kind, most = made
        return deque(maxlen=most) if kind == "deque" else {"list": list, "set": set}[kind]()

    def fill(self, table, value, tree):
        fresh = [table.value(one) for one in tree]
        value.clear()
        (value.update if type(value) is set else value.extend)(fresh)


class Mapping(Kind):
    """A dictionary, or one of collections' kinds."""

    types = CONTAINERS

    def made(self, table, value):
        return [type(value).__name__, table.write(getattr(value, "default_factory", None))]

    def state(self, table, value):
        return [[table.write(key), table.write(one)] for key, one in value.items()]

    def make(self, table, name, made, tree):
        kind = {kind.__name__: kind for kind in CONTAINERS}[made[0]]
        return kind(table.later(made[1])) if kind is defaultdict else kind()

    def fill(self, table, value, tree):
        pairs = [(table.value(key), table.value(one)) for key, one in tree]
        value.clear()
        value.update(dict(pairs))


class Namespace(Kind):
    types = (SimpleNamespace,)

    def state(self, table, value):
        return table.write_named(vars(value))

    def make(self, table, name, made, tree):
        return SimpleNamespace()

    def fill(self, table, value, tree):
        fresh = table.named(tree)
        vars(value).clear()
        vars(value).update(fresh)


class Generator(Kind):
    """torch's source of random numbers."""

    def fits(self, table, value):
        return type(value) is torch.Generator and value.device.type == "cpu"

    def state(self, table, value):
        return table.blob(value.get_state().numpy().tobytes())

    def make(self, table, name, made, tree):
        return torch.Generator()

    def fill(self, table, value, tree):
        value.set_state(torch.frombuffer(bytearray(table.blobs[tree]), dtype=torch.uint8))
