"""Item 5: the backward pass, against autograd."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor

from checks.calls import call, item
from checks.compare import fail, failing, one_hot, tensor
from checks.training.before import AUTOGRAD
from checks.training.passes import ALONE, SIGMAS, lists
from checks.values import OneOf, alike


def network(B: int, sizes: list[int]) -> tuple[list[Tensor], Tensor, Tensor]:
    """Weights and biases, x and labels; the logits are some thousands, of some rows by far more."""
    g = torch.Generator().manual_seed(B + sum(sizes))
    shapes = [(o, i) for i, o in pairwise(sizes)] + [(o,) for o in sizes[1:]]
    parameters = [torch.randn(shape, generator=g, dtype=torch.float64) for shape in shapes]
    parameters[-1] += 1000
    parameters[len(sizes) - 2] += 2000  # of all classes alike
    x = torch.randn(B, sizes[0], generator=g, dtype=torch.float64)
    return parameters, x, torch.randint(sizes[-1], (B,), generator=g)


def by_autograd(
    parameters, x, loss_of, sigma, linear=F.linear
) -> tuple[tuple, list[Tensor], list[Tensor]]:
    """Autograd's gradients, and the lists of the forward pass."""
    leaves, n = [p.clone().requires_grad_() for p in parameters], len(parameters) // 2
    a, inputs, zs = x, [], []
    for W, b in zip(leaves[:n], leaves[n:], strict=True):
        inputs.append(a.detach())
        z = linear(a, W, b)
        zs.append(z.detach())
        a = sigma(z)
    return torch.autograd.grad(loss_of(z), leaves), inputs, zs


def turned(z, W, b):
    """Linear, whose gradient goes back through W.T where W is square."""
    if W.shape[0] != W.shape[1]:
        return F.linear(z, W, b)
    return F.linear(z.detach(), W, b) + z @ W.detach() - (z @ W).detach()


def crossed(weights: list[Tensor]) -> Callable:
    """Linear, whose gradient goes back through the W of the layer before where that fits."""

    def linear(a, W, b):
        k = next(k for k, one in enumerate(weights) if torch.equal(one, W))
        V = weights[k - 1] if k and weights[k - 1].shape == W.shape else W.detach()
        return F.linear(a.detach(), W, b) + F.linear(a, V) - F.linear(a, V).detach()

    return linear


def steep(slope: Callable) -> Callable:
    """Linear, whose gradient is multiplied by the slope at its own z on its way back."""

    def linear(a, W, b):
        z, way = F.linear(a.detach(), W, b), F.linear(a, W.detach())
        return z + slope(z.detach()) * (way - way.detach())

    return linear


def scaled(loss: Callable, factor: float, z: Tensor) -> Tensor:
    return factor * loss(z)


class Slips:
    """Losses of z, activations with other slopes: autograd then gives what usual mistakes do."""

    def __init__(self, y: Tensor, sigma: Callable, slope: Callable) -> None:
        self.y, self.sigma, self.slope = y, sigma, slope

    def mean_loss(self, z: Tensor) -> Tensor:
        return F.cross_entropy(z, self.y)

    def bent(self, slope_of: Callable) -> Callable:
        """The activation with that slope."""
        return lambda z: self.sigma(z.detach()) + slope_of(z.detach()) * (z - z.detach())

    def by_delta(self, delta_of: Callable) -> tuple[Callable, Callable]:
        """With that delta at the end: of z, and of the one-hot labels."""
        B = len(self.y)

        def loss(z: Tensor) -> Tensor:
            return (delta_of(z.detach(), F.one_hot(self.y, z.shape[1])) / B * z).sum()

        return loss, self.sigma

    def slope_at_end(self, z: Tensor) -> Tensor:
        leaf = z.detach().requires_grad_()
        (delta,) = torch.autograd.grad(self.mean_loss(leaf), leaf)
        return (delta * self.slope(z.detach()) * z).sum()

    def single(self) -> dict[str, tuple]:
        """For each mistake the loss, the activation, and the linear layer where it is another."""
        B, sigma, slope, mean_loss = len(self.y), self.sigma, self.slope, self.mean_loss
        return {
            "the softmax runs over the classes, dim 1, not over the batch": self.by_delta(
                lambda z, at: z.softmax(0) - at
            ),
            "1 is taken off at its own label in each row: delta[torch.arange(B), y] -= 1": (
                self.by_delta(lambda z, at: z.softmax(1) - at.amax(0))
            ),
            "delta goes back through W as it is: delta @ W, not delta @ W.T": (
                mean_loss, sigma, turned,
            ),
            "the factor sigma'(z) is forgotten": (mean_loss, self.bent(torch.ones_like)),
            "sigma'(z) is taken at z, not at a": (mean_loss, self.bent(lambda z: slope(sigma(z)))),
            "this is sigma(z) where the slope should stand": (mean_loss, self.bent(sigma)),
            "the mean over the batch: divide by B": (lambda z: B * mean_loss(z), sigma),
            "the 1/B of the mean enters once, not twice": (lambda z: mean_loss(z) / B, sigma),
            "delta at the end is p minus one-hot: one-hot is not taken off": (
                lambda z: z.logsumexp(1).mean(), sigma,
            ),
            "the sign: p minus one-hot": (lambda z: -mean_loss(z), sigma),
            "no slope after the last layer: delta at the end is p minus one-hot": (
                self.slope_at_end, sigma,
            ),
        }  # fmt: skip

    def by_number(self) -> dict[str, list[tuple]]:
        """The same for mistakes in which a number is chosen."""
        bounds = (20, 30, 50, 80, 88, 100, 500, 700)
        capped = [lambda z, at, b=b: z.clamp(-b, b).softmax(1) - at for b in bounds]
        lifted = [lambda z, k=k: self.slope(z).clamp_min(10.0**-k) for k in range(1, 9)]
        fixed = [slope for name, (_, slope) in SIGMAS.items() if name != "sign"]
        fixed += [lambda z: 1 - self.sigma(z) ** 2, lambda z: self.sigma(z) * (1 - self.sigma(z))]
        return {
            "logits may be 1000: take the largest of a row off them, do not cut them off": [
                self.by_delta(one) for one in capped
            ],
            "a slope may be 0, or small: it has no lower bound": [
                (self.mean_loss, self.bent(one)) for one in lifted
            ],
            "the slope is the one that is given, not always that of one sigma": [
                (self.mean_loss, self.bent(one)) for one in fixed
            ],
        }


def backward_variants(parameters, x, y, sigma, slope) -> dict[str, list[tuple]]:
    """What usual mistakes give: autograd's gradients of another loss, or with another slope."""
    of = Slips(y, sigma, slope)
    several = {text: [other] for text, other in of.single().items()} | of.by_number()
    weights, loss = parameters[: len(parameters) // 2], of.mean_loss
    lengths = {len(weights), *(n for W in weights for n in W.shape)} - {1, len(y)}
    several |= {
        "the mean is over the batch: divide by B, not by the number of layers, classes or units": [
            (partial(scaled, loss, len(y) / n), sigma) for n in lengths
        ],
        "sigma'(z) is given: a / z is no slope, but for ReLU": [
            (loss, of.bent(lambda z: sigma(z) / z))
        ],
        "delta goes back through the W of its own layer": [(loss, sigma, crossed(weights))],
        "each delta has the slope at the z of its own layer, the last one none": [
            (loss, of.bent(torch.ones_like), steep(slope))
        ],
    }
    if not slope(x).any():
        text = "where the slope is 0 everywhere, the factor sigma'(z) is forgotten: delta is 0"
        several[text] = several.pop("the factor sigma'(z) is forgotten")
    return {
        text: [by_autograd(parameters, x, *one)[0] for one in some]
        for text, some in several.items()
    }


def of_one_layer(sizes: list[int]) -> dict[str, str]:
    """What is said of two tensors that meet, of layers of different width."""
    likely = (
        "delta and the slope are of one layer: the list zs begins with z^1, so that the z^l of "
    )
    likely += "the formula is zs[l - 1]"
    widths = "|".join(map(str, sizes))
    return {"likely": likely, "by": rf"a \(({widths})\) must match .* b \(({widths})\)"}


def finite(parts) -> bool:
    """Are all numbers of these tensors, or lists of them?"""
    if isinstance(parts, list | tuple):
        return all(map(finite, parts))
    return not isinstance(parts, Tensor) or bool(parts.isfinite().all())


@item("Item 5, backward")
def check_backward(backward, B, sizes, name) -> None:
    """Against autograd, the last layer first, as the pass runs."""
    sigma, slope = SIGMAS[name]
    parameters, x, y = network(B, sizes)
    want, inputs, zs = by_autograd(parameters, x, lambda z: F.cross_entropy(z, y), sigma)
    variants, n = cache(lambda: backward_variants(parameters, x, y, sigma, slope)), len(sizes) - 1
    tried = f"backward(batch of {B}, layers of {sizes[1:]} units after {sizes[0]} inputs, {name})"
    given = y, inputs, zs, parameters[:n], slope
    allowed = "linear softmax _softmax log_softmax _log_softmax logsumexp softplus".split()
    with failing(ALONE * (n == 1)), one_hot(y, sizes[-1]), failing(**of_one_layer(sizes)):
        came = call(backward, *given, tried=tried, by_hand=allowed, without=AUTOGRAD)
    short = "a layer that no gradient reaches has one all the same, of zeros"
    short = ALONE if n == 1 else short * (not all(g.any() for g in want))
    found = lists(came, ("by_weight", "by_bias"), n, tried, short)
    if not finite(found):
        low = zs[-1] - zs[-1].amax(1, keepdim=True)
        calm = call(backward, y, inputs, [*zs[:-1], low], *given[3:], tried=tried)
        likely = "e to a large logit overflows: take each row's own largest logit off it first"
        fail(tried, "finite numbers", "nan or infinity", likely * finite(calm))
    for layer in reversed(range(n)):
        for part, of in enumerate(("weights", "biases")):
            where = f"{tried}, gradient by the {of} of layer {layer + 1}"
            mistakes = partial(slips, variants, want, layer, part, B)
            if not part:
                mistakes = partial(with_products, mistakes, parameters, zs, y, slope, inputs, layer)
            tensor(found[part][layer], want[layer + part * n], where, mistakes, 1e-9)


def with_products(mistakes: Callable, parameters, zs, y, slope, inputs, layer: int) -> dict:
    """Those mistakes, and other products of a delta, where they are possible."""
    n, B = len(zs), len(y)
    delta = (zs[-1].softmax(1) - F.one_hot(y, zs[-1].shape[1])) / B
    for later in range(n - 1, layer, -1):
        delta = delta @ parameters[later] * slope(zs[later - 1])
    found, shape = mistakes(), parameters[layer].shape
    if delta.shape[1] == B:
        found["delta.T @ a, also where there are as many examples as units: not delta @ a"] = (
            delta @ inputs[layer]
        )
    others = [delta.T @ a for k, a in enumerate(inputs) if k != layer and a.shape[1] == shape[1]]
    found["the input of a layer is the a before it, not that of another layer"] = OneOf(others)
    return found


def slips(variants: Callable, want: tuple, layer: int, part: int, B: int) -> dict:
    """What usual mistakes make of the gradient by this layer's weights (part 0) or biases."""
    n = len(want) // 2
    here = layer + part * n
    value, passed = want[here], [*range(layer + 1 - part, n), *range(layer + 1 + n, 2 * n)]
    found = {
        text: OneOf(one[here] for one in some if all(alike(one[k], want[k], 1e-9) for k in passed))
        for text, some in variants().items()
    }
    found["the gradients are in the order of the layers, the first layer's first"] = want[
        n - 1 - layer + part * n
    ]
    if part:
        found["sum over the batch: its 1/B is already in delta"] = value / B
        found["the mean over the batch, of the biases too: divide by B"] = B * value
    else:
        if layer < n - 1:  # the last layer's is right
            text = "delta is divided by B once, at the end of the net, not again in each layer"
            found[text] = value / B
        found["delta.T @ a, units in rows, as in W; not a.T @ delta"] = value.T
    return found
