"""Item 4: the forward pass, against nn.Linear."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checks.calls import call, item
from checks.compare import fail, failing, kind, pair, tensor
from checks.values import OneOf, listed

SIGMAS = {
    "tanh": (torch.tanh, lambda z: 1 - z.tanh() ** 2),
    "sigmoid": (torch.sigmoid, lambda z: z.sigmoid() * (1 - z.sigmoid())),
    "ReLU": (torch.relu, lambda z: (z > 0).to(z.dtype)),
    "softplus": (F.softplus, torch.sigmoid),
    "sine": (torch.sin, torch.cos),
    "sign": (torch.sign, torch.zeros_like),  # no gradient comes through
}


ALONE = "n may be 1: one layer, the first and the last at once"
UNITS = "the bias has a number for each unit, and the units are the last axis of z: a @ W.T + b"


def lists(came, names: tuple[str, str], n: int, tried: str, likely: str = "") -> tuple[list, list]:
    """The two lists of n tensors that came."""
    found = []
    for part, name in zip(pair(came, f"({', '.join(names)})", tried), names, strict=True):
        parts = list(part) if isinstance(part, Tensor) and part.ndim else listed(part)
        if parts is None:
            fail(f"{tried}, {name}", f"a list of {n} tensors", kind(part))
        if len(parts) != n:
            fail(f"{tried}, {name}", f"{n} tensors", f"{len(parts)} tensors", likely)
        found.append(parts)
    return found[0], found[1]


@item("Item 4, forward")
def check_forward(forward, B, sizes, name, dtype="float64") -> None:
    """Against layers of nn.Linear, one tensor after the other."""
    dtype, (sigma, _) = getattr(torch, dtype), SIGMAS[name]
    torch.manual_seed(B + len(sizes))
    layers = [nn.Linear(i, o, dtype=dtype) for i, o in pairwise(sizes)]
    weights, biases = zip(*((la.weight.detach(), la.bias.detach()) for la in layers), strict=True)
    x, inputs, zs = torch.randn(B, sizes[0], dtype=dtype), [], []
    with torch.no_grad():
        a = x
        for layer in layers:
            inputs.append(a)
            zs.append(layer(a))
            a = sigma(zs[-1])
    tried = f"forward(x {(B, sizes[0])}, layers of {sizes[1:]} units, {name}, {dtype})"
    n, tolerance = len(layers), 1e-9 if dtype == torch.float64 else 1e-5
    with failing(ALONE * (n == 1)), failing(UNITS, by="must match the size of tensor b"):
        came = call(forward, x, list(weights), list(biases), sigma, tried=tried)
    likely = "the inputs begin with x and end before the logits; the zs end with the logits"
    likely = ALONE if n == 1 else likely
    their_inputs, their_zs = lists(came, ("inputs", "zs"), n, tried, likely)
    for layer in range(n):
        z, a, W, b = zs[layer], inputs[layer], weights[layer], biases[layer]
        before = zs[layer - 1] if layer else z
        added = biases[layer - 1] if layer else b
        mistakes = {"the list begins with a^0, which is x": sigma(z)} if layer == 0 else {
            "this is z: the next layer's input is sigma(z)": before,
            "the activation is the sigma that is given, not always ReLU or another": OneOf(
                one(before) for one, _ in SIGMAS.values()
            ),
            "sigma is applied twice": sigma(a),
            "sigma is taken of the whole of z, the bias in it": OneOf(
                (sigma(before - added), sigma(before - added) + added)
            ),
        }  # fmt: skip
        tensor(their_inputs[layer], a, f"{tried}, inputs[{layer}]", mistakes, tolerance)
        mistakes = z_mistakes(a, W, b, sigma, zs[layer:])
        tensor(their_zs[layer], z, f"{tried}, zs[{layer}]", mistakes, tolerance)


def z_mistakes(a: Tensor, W: Tensor, b: Tensor, sigma: Callable, zs: list[Tensor]) -> dict:
    """zs: that of this layer and of those after it."""
    z, *later = zs
    after = "no sigma after the last layer: its z are the logits"
    here = "this is a: the list zs holds what comes before sigma"
    mistakes = {
        "the bias is not added": F.linear(a, W),
        "the bias is subtracted": F.linear(a, W, -b),
        here if later else after: sigma(z),
        "no softmax after the last layer: its z are the logits": None if later else z.softmax(1),
        "sigma before the bias is added": sigma(F.linear(a, W)) + b,
        "this is a later layer's z, written into the same memory": OneOf(later),
    }
    if len(z) == len(b):
        mistakes["the bias belongs to the units, not to the images"] = z - b + b[:, None]
    if W.shape[0] == W.shape[1]:
        mistakes["the rows of W are the units: a @ W.T, not a @ W"] = F.linear(a, W.T, b)
    return mistakes
