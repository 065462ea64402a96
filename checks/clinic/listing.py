"""Item 8: a list of parameters, against the model's own."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping

import torch
from torch import nn

from checks.calls import call, item
from checks.compare import equal, fail, kind
from checks.values import listed

LAYERS = {
    "a convolution, a normalisation, a linear layer without bias": lambda: nn.Sequential(
        OrderedDict(conv=nn.Conv2d(2, 4, 3), bn=nn.BatchNorm2d(4), fc=nn.Linear(4, 3, bias=False))
    ),
    "a GRU": lambda: nn.GRU(3, 5),
    "a normalisation without parameters": lambda: nn.Sequential(
        nn.Conv2d(1, 3, 2), nn.BatchNorm2d(3, affine=False)
    ),
    "a linear layer, and its mask, a buffer": lambda: masked(nn.Linear(2, 3)),
    "a weight, and a scale without dimensions": lambda: nn.ParameterDict(
        {"weight": torch.ones(2, 3), "scale": torch.tensor(1.0)}
    ),
}
STATISTICS = ("running_mean", "running_var", "num_batches_tracked")


def masked(layer: nn.Module) -> nn.Module:
    layer.register_buffer("mask", torch.ones(3, 2))
    return layer


@item("Item 8, audit")
def check_listing(audit, what: str, change: dict, only: bool = False, turned: bool = False) -> None:
    """change: what the list says of a name instead of the true shape (None: nothing).

    only: the list holds nothing else; turned: it is in reversed order.
    """
    model = LAYERS[what]()
    next(model.parameters()).requires_grad_(False)  # frozen, and a parameter all the same
    true = {name: tuple(p.shape) for name, p in model.named_parameters()}
    listing = {} if only else dict(true)
    listing = {name: shape for name, shape in (listing | change).items() if shape is not None}
    rows = list(listing.items())[:: -1 if turned else 1]
    names = {*true, *listing}
    want = {n: (listing.get(n), true.get(n)) for n in names if listing.get(n) != true.get(n)}
    tried = f"audit: {what}, {len(rows)} lines, {len(want)} faults"
    came = call(audit, model, rows, tried=tried)
    if not isinstance(came, Mapping):
        likely = "the names alone do not say what is wrong" * (listed(came) is not None)
        fail(tried, "a dict {name: (shape in the list, true shape)}", kind(came), likely)
    if any(not isinstance(name, str) for name in came):
        fail(tried, "names of parameters as keys", repr(list(came))[:80])
    for name in sorted({*came, *want}):
        if name not in came:
            fail(
                tried,
                f"{name!r} found: {want[name]}",
                "not in the result",
                missed(model, name, want[name]),
            )
        parts = listed(came[name]) or [came[name]]
        found = [None if s is None else tuple(s) if listed(s) or isinstance(s, tuple) else s
                 for s in parts]  # fmt: skip
        if name not in want:
            fail(tried, f"nothing about {name!r}", came[name], needless(model, name, found))
        equal(found, want[name], f"{tried}: {name!r}", other_pairs(want[name]))


def other_pairs(pair: tuple) -> dict:
    """What usual mistakes say of a fault."""
    return {
        "the shape in the list comes first, then the true one": pair[::-1],
        "the model has this parameter: named_parameters() gives all": (pair[0] and (pair[0], None)),
        "what does not exist is None, not ()": tuple(
            () if shape is None else shape for shape in pair
        ),
        "the shapes themselves, not how many numbers they hold": tuple(
            None if shape is None else math.prod(shape) for shape in pair
        ),
        "() is a shape too: ask `is None`": tuple(shape or None for shape in pair),
    }


def needless(model: nn.Module, name: str, found: list) -> str:
    """Why a name is in the result that should not be."""
    if name.split(".")[-1] in STATISTICS:
        return "running statistics are no parameters: named_parameters(), not state_dict()"
    p = dict(model.named_parameters()).get(name)
    if p is not None and not p.requires_grad and found == [tuple(p.shape), None]:
        return "a parameter that is frozen (requires_grad=False) is one too"
    if name in dict(model.named_buffers()):
        return "buffers are no parameters: named_parameters(), not state_dict()"
    return "lines that are right are left out" if p is not None else ""


def missed(model: nn.Module, name: str, pair: tuple) -> str:
    """What kind of fault was not found."""
    if () in pair:
        return "() is a shape too, though it is false in an `if`: ask `is None`"
    if pair[0] is None:
        return "a parameter that the list leaves out: (None, its shape)"
    if pair[1] is None:
        if name in dict(model.named_buffers()):
            return "a buffer is no parameter: named_parameters(), not state_dict()"
        return "a line for a parameter that the model does not have: (shape, None)"
    if sorted(pair[0]) == sorted(pair[1]):
        return "the order of the sizes counts too"
    if [n for n in pair[0] if n > 1] == [n for n in pair[1] if n > 1]:
        return "a size of 1 is a dimension too: (3, 1) is not (3,)"
    same = len(pair[0]) == len(pair[1])
    return "the number of dimensions is right, the sizes are not" if same else "a wrong shape"
