"""Kinds nn.Module and Optimizer: mirrored with parameters, buffers, parts, mode and hooks.

A module of a class that both sides have is whole on both. Another is a module of the nearest such
class there, with the same parts, whose own methods run where its class is.
"""

from collections import defaultdict

import torch
from torch import nn

from .library import OPTIMISERS
from .proxies import RemoteClass, class_name
from .values import Kind

INTERNAL = set(vars(nn.Module()))
HOOKS = ("_forward_hooks", "_forward_pre_hooks")
FLAGS = ("_forward_hooks_with_kwargs", "_forward_hooks_always_called")
FLAGS += ("_forward_pre_hooks_with_kwargs",)
NOT_SENT = ("_flat_weights", "_flat_weight_refs")  # of recurrent layers, found again below


class Module(Kind):
    last = True

    def fits(self, table, value):
        return isinstance(value, nn.Module)

    def shared(self, table, value) -> bool:
        """Whether both sides have its class."""
        lazy = isinstance(value, nn.modules.lazy.LazyModuleMixin)
        return table.library.holds(type(value)) and not lazy

    def stays(self, table, value):
        return not self.shared(table, value)

    def made(self, table, value):
        if self.shared(table, value):
            return ["lib", table.library.name(type(value), False)]
        return ["ref", class_name(table, type(value))]

    def state(self, table, value):
        parts = vars(value)
        attributes = []
        if not self.withheld(table, value):
            attributes = table.write_named({n: v for n, v in parts.items() if _is_own(n)})
        return [
            parts.get("training") is True,  # nothing of an answer's is asked: it could compute
            table.write_named(parts["_parameters"]),
            table.write_named(parts["_buffers"]),
            sorted(parts["_non_persistent_buffers_set"]),
            table.write_named(parts["_modules"]),
            [table.write_named(parts[kind]) for kind in HOOKS],
            [[[k, bool(v)] for k, v in parts[kind].items()] for kind in FLAGS],
            attributes,
        ]

    def withheld(self, table, value) -> bool:
        """Attributes of a class that a test defines are the test's own business."""
        return table.closed and self.stays(table, value) and type(type(value)) is not RemoteClass

    def make(self, table, name, made, tree):
        kind = table.later(made)
        if not (isinstance(kind, type) and issubclass(kind, nn.Module)):
            raise ValueError("a module of no class")
        value = kind.__new__(kind)
        nn.Module.__init__(value)
        return value

    def fill(self, table, value, tree):
        training, parameters, buffers, passing, modules, hooks, flags, attributes = tree
        parts = vars(value)
        parts["training"] = bool(training)
        _renew(parts["_parameters"], table, parameters, (torch.Tensor, type(None)))
        _renew(parts["_buffers"], table, buffers, (torch.Tensor, type(None)))
        parts["_non_persistent_buffers_set"] = set(passing)
        _renew(parts["_modules"], table, modules, (nn.Module, type(None)))
        for kind, sent in zip(HOOKS, hooks, strict=True):
            _renew(parts[kind], table, sent, object)
        for kind, sent in zip(FLAGS, flags, strict=True):
            parts[kind].clear()
            parts[kind].update((key, bool(flag)) for key, flag in sent)
        if not self.withheld(table, value):
            _attributes(table, parts, attributes)
        if isinstance(value, nn.RNNBase) and self.shared(table, value):
            value._init_flat_weights()


def _renew(parts: dict, table, sent: list, kinds) -> None:
    """Make a module's dictionary hold what the other side's holds, in its order."""
    fresh = table.named(sent)
    if any(not isinstance(one, kinds) for one in fresh.values()):
        raise ValueError("a part of the wrong kind")
    if [(key, id(one)) for key, one in parts.items()] != [(k, id(v)) for k, v in fresh.items()]:
        parts.clear()
        parts.update(fresh)


def _is_own(name: str) -> bool:
    """Whether an attribute is none that every module has."""
    return name not in INTERNAL and name not in NOT_SENT


def _attributes(table, parts: dict, sent: list) -> None:
    fresh = table.named(sent)
    for name in [name for name in parts if _is_own(name) and name not in fresh]:
        del parts[name]
    parts.update({name: value for name, value in fresh.items() if _is_own(name)})


class Optimiser(Kind):
    """An optimiser of the library: settings, parameters, and what it remembers of each."""

    types = OPTIMISERS

    def made(self, table, value):
        return type(value).__name__

    def state(self, table, value):
        groups = [table.write_named(group) for group in value.param_groups]
        remembered = [[table.write(p), table.write_named(kept)] for p, kept in value.state.items()]
        return [table.write_named(value.defaults), groups, remembered]

    def make(self, table, name, made, tree):
        kind = {one.__name__: one for one in OPTIMISERS}[made]
        value = kind.__new__(kind)
        value.__setstate__({"defaults": {}, "state": defaultdict(dict), "param_groups": []})
        return value

    def fill(self, table, value, tree):
        defaults, groups, remembered = tree
        value.defaults = table.named(defaults)
        while len(value.param_groups) < len(groups):
            value.param_groups.append({})
        del value.param_groups[len(groups) :]
        for group, sent in zip(value.param_groups, groups, strict=True):
            fresh = table.named(sent)
            group.clear()
            group.update(fresh)
        value.state.clear()
        for parameter, sent in remembered:
            value.state[table.value(parameter)] = table.named(sent)
