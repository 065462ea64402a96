"""Item 6: central differences, by the algebra of the losses."""

from __future__ import annotations

import copy
import math

import torch
from torch import Tensor

from checks.calls import call, item
from checks.compare import begun, fail, failing, tensor
from checks.training.before import cast
from checks.values import OneOf, as_number

ROW = "a transposed matrix has no view as one row: contiguous() first (of reshape it is a copy: "
ROW += "where a number of that is moved, the tensor that `loss` gets is not)"
EXACT = "this is the exact derivative, as a formula of higher order or a smaller step has it: "
EXACT += "the difference of these two values is asked for, with the h that is given"
NO_GRAPH = "no autograd here, `loss` builds no graph: move each number up and down by h"


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
                EXACT: weight * 3 * theta**2,
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


def factors(want: Tensor, h: float) -> dict[str, Tensor]:
    """Divided by something else."""
    return {
        "from -h to +h the distance is 2 h: divide by 2 h": 2 * want,
        "the distance is 2 h, divided by once": want / 2,
        "upper minus lower value, not lower minus upper": -want,
        "divide by 2 h": 2 * h * want,
        "divide by the whole of 2 h, / (2 * h): / 2 * h multiplies by h": h * h * want,
    }


def equal_mistakes(theta: Tensor, want: Tensor) -> dict[str, Tensor]:
    """Where numbers are equal."""
    same = (theta.reshape(-1, 1) == theta.reshape(1, -1)).double()
    together = "one number at a time: here all that are equal are moved together"
    first = "each number has its own difference: here equal ones have that of the first of them"
    return {
        together: (same @ want.reshape(-1)).view(want.shape),
        first: want.reshape(-1)[same.argmax(1)].view(want.shape),
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
    mistakes |= equal_mistakes(loss.theta, want)
    if len(shape) > 1:
        row = want.sum(-1, keepdim=True).expand(shape)
        mistakes["one number at a time: here a row is moved together"] = row
        turned = want.permute(*range(len(shape))[::-1]).reshape(shape)
        mistakes["the numbers are there, but in another order than theta's"] = turned
    likely = "nothing was moved, or nothing written: reshape and flatten copy a transposed matrix "
    likely += "(and zeros_like of one is transposed too): give `loss` the tensor in which one "
    likely += "number was moved, and return the one that you wrote to"
    mistakes[likely] = torch.zeros_like(want)
    mistakes = cast(mistakes | factors(want, h), dtype)
    tried = f"numeric_gradient of a {kind} loss, theta {shape}{' transposed' * transposed}, h={h}"
    tried += "" if dtype == torch.float64 else f", {dtype}"
    with failing(ROW, by="view size is not"), failing(NO_GRAPH, by="does not require grad"):
        came = call(numeric_gradient, loss, loss.theta, h, tried=tried)
    begun(came, tried)
    if not isinstance(came, Tensor) and as_number(came) is not None:
        likely = "a number has no dtype: torch.tensor(..., dtype=theta.dtype), for one number too"
        fail(tried, f"a torch.Tensor of shape {shape}", f"{came} ({type(came).__name__})", likely)
    tensor(came, want.to(dtype), tried, mistakes, 1e-7 if dtype == torch.float64 else 1e-4)
