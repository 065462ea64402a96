"""Items 4 to 6: forward and backward, against nn.Linear and autograd; differences, by laws."""

from __future__ import annotations

import copy
import math
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checks.calls import call, item
from checks.compare import fail, kind, one_hot, pair, tensor
from checks.training.before import AUTOGRAD, cast
from checks.values import OneOf, listed

SIGMAS = {
    "tanh": (torch.tanh, lambda z: 1 - z.tanh() ** 2),
    "sigmoid": (torch.sigmoid, lambda z: z.sigmoid() * (1 - z.sigmoid())),
    "ReLU": (torch.relu, lambda z: (z > 0).to(z.dtype)),
    "softplus": (F.softplus, torch.sigmoid),
    "sine": (torch.sin, torch.cos),
    "sign": (torch.sign, torch.zeros_like),  # no gradient comes through
}


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
    came = call(forward, x, list(weights), list(biases), sigma, tried=tried)
    n, tolerance = len(layers), 1e-9 if dtype == torch.float64 else 1e-5
    likely = "the inputs begin with x and end before the logits; the zs end with the logits"
    their_inputs, their_zs = lists(came, ("inputs", "zs"), n, tried, likely)
    for layer in range(n):
        z, a, W, b = zs[layer], inputs[layer], weights[layer], biases[layer]
        before = zs[layer - 1] if layer else z
        mistakes = {"the list begins with a^0, which is x": sigma(z)} if layer == 0 else {
            "this is z: the next layer's input is sigma(z)": before,
            "the activation is the sigma that is given, not always ReLU": torch.relu(before),
            "sigma is applied twice": sigma(a),
        }  # fmt: skip
        tensor(their_inputs[layer], a, f"{tried}, inputs[{layer}]", mistakes, tolerance)
        after = "no sigma after the last layer: its z are the logits"
        here = "this is a: the list zs holds what comes before sigma"
        mistakes = {
            "the bias is not added": F.linear(a, W),
            "the bias is subtracted": F.linear(a, W, -b),
            after if layer == n - 1 else here: sigma(z),
            "sigma before the bias is added": sigma(F.linear(a, W)) + b,
        }
        if B == len(b):
            mistakes["the bias belongs to the units, not to the images"] = z - b + b[:, None]
        if sizes[layer] == sizes[layer + 1]:
            mistakes["the rows of W are the units: a @ W.T, not a @ W"] = F.linear(a, W.T, b)
        tensor(their_zs[layer], z, f"{tried}, zs[{layer}]", mistakes, tolerance)


def network(B: int, sizes: list[int]) -> tuple[list[Tensor], Tensor, Tensor]:
    """Weights and biases, x and labels; the logits are about 1000."""
    g = torch.Generator().manual_seed(B + sum(sizes))
    shapes = [(o, i) for i, o in pairwise(sizes)] + [(o,) for o in sizes[1:]]
    parameters = [torch.randn(shape, generator=g, dtype=torch.float64) for shape in shapes]
    parameters[-1] += 1000
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


def backward_variants(parameters, x, y, sigma, slope) -> dict[str, tuple]:
    """What usual mistakes give: autograd's gradients of another loss, or with another slope."""
    B = len(y)

    def mean_loss(z):
        return F.cross_entropy(z, y)

    def bent(slope_of):
        return lambda z: sigma(z.detach()) + slope_of(z.detach()) * (z - z.detach())

    def over_batch(z):
        delta = (z.detach().softmax(0) - F.one_hot(y, z.shape[1])) / B
        return (delta * z).sum()

    def slope_at_end(z):
        leaf = z.detach().requires_grad_()
        (delta,) = torch.autograd.grad(mean_loss(leaf), leaf)
        return (delta * slope(z.detach()) * z).sum()

    others = {
        "the softmax runs over the classes, dim 1, not over the batch": (over_batch, sigma),
        "delta goes back through W as it is: delta @ W, not delta @ W.T": (
            mean_loss, sigma, turned,
        ),
        "the factor sigma'(z) is forgotten": (mean_loss, bent(torch.ones_like)),
        "sigma'(z) is taken at z, not at a": (mean_loss, bent(lambda z: slope(sigma(z)))),
        "this is sigma(z) where the slope should stand": (mean_loss, bent(sigma)),
        "the mean over the batch: divide by B": (lambda z: B * mean_loss(z), sigma),
        "the 1/B of the mean enters once, not twice": (lambda z: mean_loss(z) / B, sigma),
        "delta at the end is p minus one-hot: one-hot is not taken off": (
            lambda z: z.logsumexp(1).mean(), sigma,
        ),
        "the sign: p minus one-hot": (lambda z: -mean_loss(z), sigma),
        "no slope after the last layer: delta at the end is p minus one-hot": (
            slope_at_end, sigma,
        ),
    }  # fmt: skip
    return {text: by_autograd(parameters, x, *other)[0] for text, other in others.items()}


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
    variants, n = backward_variants(parameters, x, y, sigma, slope), len(sizes) - 1
    tried = f"backward(batch of {B}, layers of {sizes[1:]} units after {sizes[0]} inputs, {name})"
    given = y, inputs, zs, parameters[:n], slope
    allowed = "linear softmax _softmax log_softmax _log_softmax logsumexp softplus".split()
    with one_hot(y, sizes[-1]):
        came = call(backward, *given, tried=tried, by_hand=allowed, without=AUTOGRAD)
    short = "a layer that no gradient reaches has one all the same, of zeros"
    short *= not all(g.any() for g in want)
    found = lists(came, ("by_weight", "by_bias"), n, tried, short)
    if not finite(found):
        calm = call(backward, y, inputs, [*zs[:-1], zs[-1] - 1000], *given[3:], tried=tried)
        likely = "e to a large logit overflows: take each row's own largest logit off it first"
        fail(tried, "finite numbers", "nan or infinity", likely * finite(calm))
    for layer in reversed(range(n)):
        for part, of in enumerate(("weights", "biases")):
            here = layer + part * n
            value = want[here]
            mistakes = {text: variant[here] for text, variant in variants.items()}
            mistakes["the gradients are in the order of the layers, the first layer's first"] = (
                want[n - 1 - layer + part * n]
            )
            if of == "biases":
                mistakes["sum over the batch: its 1/B is already in delta"] = value / B
                divided = mistakes.pop("the 1/B of the mean enters once, not twice")
                if not torch.equal(divided, value / B):
                    mistakes["the 1/B of the mean enters once, not twice"] = divided
            else:
                mistakes["delta.T @ a, units in rows, as in W; not a.T @ delta"] = value.T
            where = f"{tried}, gradient by the {of} of layer {layer + 1}"
            tensor(found[part][layer], value, where, mistakes, 1e-9)


class Surface:
    """A loss of theta whose central differences are known; it wants a tensor like theta."""

    def __init__(self, kind: str, shape: tuple, h: float, transposed: bool, dtype: torch.dtype):
        g = torch.Generator().manual_seed(sum(shape) + len(kind))
        theta = torch.randn(shape, generator=g, dtype=torch.float64)
        theta.view(-1)[1:3] = 0.0  # two numbers that are alike, and no longer
        self.theta = theta = (theta.T if transposed else theta).to(dtype)
        self.weight = torch.rand(theta.shape, generator=g, dtype=torch.float64) + 0.5
        matrix = torch.randn(theta.numel(), theta.numel(), generator=g, dtype=torch.float64)
        self.kind, self.h, self.matrix, self.plain = kind, h, matrix + matrix.T, False

    def __call__(self, t) -> Tensor | float:
        like = self.theta
        if not isinstance(t, Tensor) or t.shape != like.shape or t.dtype != like.dtype:
            found = f"{t.dtype} {tuple(t.shape)}" if isinstance(t, Tensor) else type(t).__name__
            wants = f"{like.dtype} {tuple(like.shape)}"
            raise ValueError(f"loss wants a tensor like theta, {wants}, not {found}")
        t = t.detach().double()
        if self.kind == "coupled":
            value = t.reshape(-1) @ self.matrix @ t.reshape(-1) / 2
        else:
            value = (self.weight * (t**3 if self.kind == "cubic" else t.sin())).sum()
        return value.item() if self.plain else value

    def differences(self) -> tuple[Tensor, dict[str, Tensor]]:
        """The central differences by the algebra of this loss, and what usual mistakes give."""
        theta, weight, h, shape = self.theta.double(), self.weight, self.h, self.theta.shape
        if self.kind == "sine":
            return weight * theta.cos() * math.sin(h) / h, {}
        far = [h * theta.abs().clamp_min(1), h * theta.abs(), h * (1 + theta.abs())]
        if self.kind == "cubic":  # ((t + h)^3 - (t - h)^3) / 2h = 3 t^2 + h^2
            up, down = (weight * (3 * theta**2 + s * 3 * theta * h + h**2) for s in (1, -1))
            view = "the loss at theta stands for the one at theta - h: a number taken out of a "
            view += "tensor by its index alone is a view, which moves too; .item() keeps it"
            return weight * (3 * theta**2 + h**2), {
                "this is a one-sided difference: go h up and h down from theta": up,
                "a one-sided difference (downwards): go h up and h down from theta": down,
                view: up / 2,
                "this is the exact derivative: the difference is asked for": weight * 3 * theta**2,
                "the step is h each way, not h / 2": weight * (3 * theta**2 + h**2 / 4),
                "the step is h for every number, large or small": OneOf(
                    weight * (3 * theta**2 + step**2) for step in far
                ),
            }
        want = (self.matrix @ theta.reshape(-1)).view(shape)
        before = torch.ones_like(self.matrix).tril(-1)
        strayed = (self.matrix * before).sum(1).view(shape) * h
        back, alone = "put each number back before you move the next", self.matrix.diagonal()
        return want, {
            back: want + strayed,
            f"{back} (it is left h lower)": want - strayed,
            "all other numbers stay where they are, they do not become 0": alone.view(shape)
            * theta,
        }


@item("Item 6, numeric_gradient")
def check_numeric(
    numeric_gradient, kind, shape, h, plain=False, transposed=False, dtype="float64"
) -> None:
    """plain: the loss is a Python number; transposed: theta does not lie row by row."""
    dtype = getattr(torch, dtype)
    loss = Surface(kind, shape, h, transposed, dtype)
    loss.plain = plain
    want, mistakes = loss.differences()
    shape = tuple(want.shape)
    together = OneOf(value.expand(shape) for value in (want.sum(), want.mean()))
    mistakes["one number at a time: here all are moved together"] = together
    if transposed:
        other = copy.copy(loss)
        other.theta = loss.theta.T.reshape(shape)
        text = "the numbers come row by row, not as they lie in memory: reshape(-1), flatten()"
        mistakes[text] = other.differences()[0]
    same = loss.theta.reshape(-1, 1) == loss.theta.reshape(1, -1)
    alike = (same.double() @ want.reshape(-1)).view(shape)
    mistakes["one number at a time: here all that are equal are moved together"] = alike
    if len(shape) > 1:
        row = want.sum(-1, keepdim=True).expand(shape)
        mistakes["one number at a time: here a row is moved together"] = row
        turned = want.permute(*range(len(shape))[::-1]).reshape(shape)
        mistakes["the numbers are there, but in another order than theta's"] = turned
    likely = "nothing was moved, or nothing written: reshape and flatten copy a transposed matrix "
    likely += "(and zeros_like of one is transposed too): give `loss` the tensor in which one "
    likely += "number was moved, and return the one that you wrote to"
    mistakes[likely] = torch.zeros_like(want)
    mistakes["from -h to +h the distance is 2 h: divide by 2 h"] = 2 * want
    mistakes["the distance is 2 h, divided by once"] = want / 2
    mistakes["upper minus lower value, not lower minus upper"] = -want
    mistakes["divide by 2 h"] = 2 * h * want
    mistakes = cast(mistakes, dtype)
    tried = f"numeric_gradient of a {kind} loss, theta {shape}{' transposed' * transposed}, h={h}"
    tried += "" if dtype == torch.float64 else f", {dtype}"
    came = call(numeric_gradient, loss, loss.theta, h, tried=tried)
    tensor(came, want.to(dtype), tried, mistakes, 1e-7 if dtype == torch.float64 else 1e-4)
