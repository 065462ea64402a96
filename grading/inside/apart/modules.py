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

    @staticmethod
    def fits(table, value):
        return isinstance(value, nn.Module)

    @staticmethod
    def shared(table, value) -> bool:
        """Whether both sides have its class."""
        lazy = isinstance(value, nn.modules.lazy.LazyModuleMixin)
        return table.library.holds(type(value)) and not lazy

    @staticmethod
    def stays(table, value):
        return not Module.shared(table, value)

    @staticmethod
    def made(table, value):
        if Module.shared(table, value):
            return ["lib", table.library.name(type(value), False)]
        return ["ref", class_name(table, type(value))]

    @staticmethod
    def state(table, value):
        parts = vars(value)
        attributes = []
        if not Module.withheld(table, value):
            attributes = [
                [name, table.write(one)]
                for name, one in parts.items()
                if name not in INTERNAL and name not in NOT_SENT
            ]
        return [
            bool(value.training),
            [[n, table.write(one)] for n, one in parts["_parameters"].items()],
            [[n, table.write(one)] for n, one in parts["_buffers"].items()],
            sorted(parts["_non_persistent_buffers_set"]),
            [[n, table.write(one)] for n, one in parts["_modules"].items()],
            [[[k, table.write(hook)] for k, hook in parts[kind].items()] for kind in HOOKS],
            [[[k, bool(v)] for k, v in parts[kind].items()] for kind in FLAGS],
            attributes,
        ]

    @staticmethod
    def withheld(table, value) -> bool:
        """Attributes of a class that a test defines are the test's own business."""
        return table.closed and Module.stays(table, value) and type(type(value)) is not RemoteClass

    @staticmethod
    def make(table, name, made, tree):
        kind = table.later(made)
        if not (isinstance(kind, type) and issubclass(kind, nn.Module)):
            raise ValueError("a module of no class")
        value = kind.__new__(kind)
        nn.Module.__init__(value)
        return value

    @staticmethod
    def fill(table, value, tree):
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
        if not Module.withheld(table, value):
            _attributes(table, parts, attributes)
        if isinstance(value, nn.RNNBase) and Module.shared(table, value):
            value._init_flat_weights()


def _renew(parts: dict, table, sent: list, kinds) -> None:
    """Make a module's dictionary hold what the other side's holds, in its order."""
    fresh = [(key, table.value(tree)) for key, tree in sent]
    if any(not isinstance(one, kinds) for _, one in fresh):
        raise ValueError("a part of the wrong kind")
    if [(key, id(one)) for key, one in parts.items()] != [(key, id(one)) for key, one in fresh]:
        parts.clear()
        parts.update(fresh)


def _attributes(table, parts: dict, sent: list) -> None:
    fresh = {name: table.value(tree) for name, tree in sent}
    for name in [n for n in parts if n not in INTERNAL and n not in NOT_SENT and n not in fresh]:
        del parts[name]
    parts.update({n: v for n, v in fresh.items() if n not in INTERNAL and n not in NOT_SENT})


class Optimiser(Kind):
    """An optimiser of the library: settings, parameters, and what it remembers of each."""

    @staticmethod
    def fits(table, value):
        return type(value) in OPTIMISERS

    @staticmethod
    def made(table, value):
        return type(value).__name__

    @staticmethod
    def state(table, value):
        groups = [[[n, table.write(v)] for n, v in g.items()] for g in value.param_groups]
        remembered = [
            [table.write(p), [[n, table.write(v)] for n, v in kept.items()]]
            for p, kept in value.state.items()
        ]
        return [[[n, table.write(v)] for n, v in value.defaults.items()], groups, remembered]

    @staticmethod
    def make(table, name, made, tree):
        kind = {one.__name__: one for one in OPTIMISERS}[made]
        value = kind.__new__(kind)
        value.__setstate__({"defaults": {}, "state": defaultdict(dict), "param_groups": []})
        return value

    @staticmethod
    def fill(table, value, tree):
        defaults, groups, remembered = tree
        value.defaults = {n: table.value(v) for n, v in defaults}
        while len(value.param_groups) < len(groups):
            value.param_groups.append({})
        del value.param_groups[len(groups) :]
        for group, sent in zip(value.param_groups, groups, strict=True):
            fresh = {n: table.value(v) for n, v in sent}
            group.clear()
            group.update(fresh)
        value.state.clear()
        for parameter, sent in remembered:
            value.state[table.value(parameter)] = {n: table.value(v) for n, v in sent}
