"""Gradients that cross: backward asks where the result was computed, twice differentiably."""

import torch
from torch import nn

from .plain import DTYPES
from .table import Table
from .values import Kind

MOST_NODES = 200_000


class Handle:
    """Held by a graph here; while it lives, the other side keeps its part of the graph."""


class Graph(Kind):
    """A result in the middle of a graph, which stays where it is."""

    away = True

    def fits(self, table, value):
        return isinstance(value, _Kept | Handle)

    def make(self, table, name, made, tree):
        return Handle()


class _Kept:
    """A result and the tensors that it depends on and both sides know."""

    def __init__(self, result: torch.Tensor, leaves: list[torch.Tensor]):
        self.result, self.leaves = result, leaves


class _Lent:
    """A tensor of this side at the end of a graph, whose numbers the other side does not get."""

    def __init__(self, tensor: torch.Tensor):
        self.tensor = tensor


class Lent(Kind):
    """The place of such a tensor in the other side's graph: zeros."""

    types = (_Lent,)
    away = True

    def made(self, table, value):
        return [str(value.tensor.dtype).removeprefix("torch."), list(value.tensor.shape)]

    def make(self, table, name, made, tree):
        return torch.zeros((), dtype=DTYPES[made[0]]).expand(made[1]).requires_grad_()


class Gradients:
    """Both ends of the graphs that cross, for one table."""

    def __init__(self, table: Table, ask):
        self.table, self.ask = table, ask

    def describe(self, result: torch.Tensor) -> list:
        """What the other side needs to hang its own graph on a result: handle, leaves."""
        names, leaves = self.table.names, _leaves(result)
        kept = _Kept(result, leaves)
        sent = [self.table.write(leaf if id(leaf) in names else _Lent(leaf)) for leaf in leaves]
        return [self.table.write(kept), sent]

    def join(self, value: torch.Tensor, graph: list) -> torch.Tensor:
        """The value as a result of tensors on this side."""
        handle, leaves = graph
        handle = self.table.later(handle)
        inputs = [self.table.later(leaf) for leaf in leaves]
        inputs = [one.tensor if isinstance(one, _Lent) else one for one in inputs]
        if not isinstance(handle, Handle) or not all(isinstance(i, torch.Tensor) for i in inputs):
            raise ValueError("a graph of other things than tensors")
        with torch.enable_grad():
            if not any(leaf.requires_grad for leaf in inputs):
                return value.requires_grad_()
            return _Across.apply(self.ask, handle, [value], *inputs)

    def back(self, kept: _Kept, gradient: torch.Tensor, again: bool) -> list:
        """The gradients of the leaves, for the other side; `again`: with a graph of their own."""
        if not kept.leaves:
            return []
        more = {"retain_graph": True, "create_graph": again, "allow_unused": True}
        with torch.enable_grad():
            return list(torch.autograd.grad(kept.result, kept.leaves, gradient, **more))


def _leaves(result: torch.Tensor) -> list[torch.Tensor]:
    """The tensors at the ends of a result's graph."""
    found, seen, waiting = [], set(), [result.grad_fn]
    while waiting and len(seen) < MOST_NODES:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        if hasattr(node, "variable"):
            found.append(node.variable)
        waiting += [following for following, _ in node.next_functions]
    return found


class _Across(torch.autograd.Function):
    @staticmethod
    def forward(ctx, ask, handle, value, *inputs):
        ctx.ask, ctx.handle, ctx.inputs = ask, handle, inputs  # inputs stay in the table
        return value[0]

    @staticmethod
    def backward(ctx, gradient):
        needed = ctx.needs_input_grad[3:]
        found = ctx.ask("back", ctx.handle, gradient, torch.is_grad_enabled())
        found = [g if need else None for g, need in zip(found, needed, strict=True)]
        return (None, None, None, *found)


def across(call, args: tuple, owner=None):
    """call(*args); where torch.func transforms the function that asks, a step of its own there.

    owner: a module, with whose parameters the call is done.
    """
    if not any(map(_is_watched, args)):
        return call(*args)
    inside = list(owner.parameters()) if isinstance(owner, nn.Module) else []
    tensors = [one for one in args if isinstance(one, torch.Tensor)]
    alone = []

    def plain(*given):
        given = iter(given)
        found = call(*(next(given) if isinstance(one, torch.Tensor) else one for one in args))
        alone.append(isinstance(found, torch.Tensor))
        return (found,) if alone[-1] else tuple(found)

    found = _Step.apply(plain, *tensors, *inside)
    return found[0] if alone[0] else found


def _is_watched(value) -> bool:
    functorch = torch._C._functorch
    return isinstance(value, torch.Tensor) and functorch.is_functorch_wrapped_tensor(value)


def _leaf(value: torch.Tensor) -> torch.Tensor:
    """A place for a gradient, where the value can have one."""
    value = value.detach()
    return value.requires_grad_(value.is_floating_point() or value.is_complex())


class _Step(torch.autograd.Function):
    """Differentiable as often as is asked, by calling again."""

    @staticmethod
    def forward(call, *inputs):
        return tuple(one.detach() for one in call(*inputs))

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.call = inputs[0]
        ctx.save_for_backward(*inputs[1:])

    @staticmethod
    def backward(ctx, *gradients):
        many, call = len(gradients), ctx.call

        def slopes(*given):
            again = torch.is_grad_enabled()
            with torch.enable_grad():
                leaves = [one if one.requires_grad else _leaf(one) for one in given[many:]]
                found = call(*leaves)
                smooth = [one for one in leaves if one.requires_grad]
                more = {"create_graph": again, "materialize_grads": True}
                slope = iter(torch.autograd.grad(found, smooth, given[:many], **more))
            return [next(slope) if one.requires_grad else torch.zeros_like(one) for one in leaves]

        return None, *_Step.apply(slopes, *gradients, *ctx.saved_tensors)

    @staticmethod
    def vmap(info, in_dims, call, *inputs):
        rows = []
        for row in range(info.batch_size):
            pairs = zip(inputs, in_dims[1:], strict=True)
            given = [one if dim is None else one.select(dim, row) for one, dim in pairs]
            rows.append(_Step.apply(call, *given))
        found = tuple(map(torch.stack, zip(*rows, strict=True)))
        return found, (0,) * len(found)
