"""Item 3: the loss with its gradient, against torch's own."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd import forward_ad, graph

from checks.calls import call, item
from checks.compare import fail, kind, one_hot, pair, tensor
from checks.values import OneOf, as_number

AUTOGRAD = (torch.autograd.grad, torch.autograd.backward, forward_ad.make_dual)
AUTOGRAD += (getattr(graph, "_engine_run_backward", torch.autograd.grad),)


def finite(part, name: str, tried: str) -> None:
    if isinstance(part, Tensor) and not torch.isfinite(part.detach()).all():
        likely = "e to a large logit overflows, ln 0 is infinite: take each row's own largest "
        likely += "logit off it first, and form ln p without forming p"
        fail(tried, f"a finite {name}", str(part.detach().flatten()[:4].tolist()), likely)


def cast(mistakes: dict, dtype: torch.dtype) -> dict:
    """The same values, also of a mistake that gives one of several, in that dtype."""
    return {
        text: OneOf(v.to(dtype) for v in value) if isinstance(value, OneOf) else value.to(dtype)
        for text, value in mistakes.items()
    }


def cut_logarithms(right: Tensor) -> dict:
    """To the probability of the right class a number is added, or it is cut off there."""
    mistakes = {}
    lifts = [10.0**-k for k in range(5, 46)]
    lifts += [torch.finfo(dtype).tiny for dtype in (torch.float32, torch.float64)]
    mistakes["no logarithm is cut off: -ln p may be in the thousands"] = OneOf(
        -right.clamp_min(lift).log().mean() for lift in lifts
    )
    for power in range(5, 17):
        text = f"an epsilon in the logarithm (1e-{power:02d}) changes the result"
        mistakes[text] = -(right + 10.0**-power).log().mean()
    return mistakes


def loss_mistakes(z: Tensor, y: Tensor, each: Tensor) -> dict[str, Tensor]:
    C, right, total = z.shape[1], (-each).exp(), z.logsumexp(1)
    mistakes = {
        "the mean over the batch, not the sum": each.sum(),
        "the mean over the images, not over images and classes": each.mean() / C,
        "the loss is minus the logarithm of p": -each.mean(),
        "the natural logarithm, ln": each.mean() / math.log(2),
        "only -z_y: the logarithm of the sum is missing": F.nll_loss(z, y),
        "this is 1 - p_y, without a logarithm": 1 - right.mean(),
        "the mean over the images of all, not of the largest": each.max(),
        "log_p[:, y] is all pairs of images and labels; log_p[torch.arange(B), y] is each its own": (
            -z.log_softmax(1)[:, y].mean()
        ),
        "a sum by logaddexp begins with the first logit, or -inf: begun at 0 it has e^0 in it": (
            F.nll_loss(z - F.softplus(total)[:, None], y)
        ),
    }
    if C == 1:
        text = "a single class has p = 1 and the loss 0: the softmax, not the sigmoid"
        mistakes[text] = F.softplus(z).mean()
    mistakes["the softmax runs over the classes, dim 1, not over the batch"] = F.nll_loss(
        z.log_softmax(0), y
    )
    mistakes["no logit is cut off: take the largest of its row off each"] = OneOf(
        F.cross_entropy(one, y)
        for b in (10, 20, 30, 50, 80, 88, 100, 500, 700, 745, 1000)
        for one in (z.clamp(-b, b), (z - z.amax(1, keepdim=True)).clamp_min(-b))
    )
    most = z.amax(1, keepdim=True)
    rest = ((z - most).exp() * (z < most)).sum(1, keepdim=True).log1p()
    text = "all classes that share the largest logit count in the sum, not one of them"
    mistakes[text] = F.nll_loss(z - most - rest, y)
    return mistakes | cut_logarithms(right)


def gradient_mistakes(z: Tensor, y: Tensor, want: Tensor) -> dict[str, Tensor]:
    B, C = z.shape
    p, at = F.softmax(z, 1), F.one_hot(y, C)
    return {
        "the 1/B of the mean is missing": B * want,
        "this is p: 1 is to be taken off at the true class": p / B,
        "the sign: p minus one-hot, not one-hot minus p": -want,
        "the sign: p minus one-hot, and the 1/B is missing": -B * want,
        "p is not divided by B, or only a part of the formula is": p - at / B,
        "the gradient has p itself, not ln p": (z.log_softmax(1) - at) / B,
        "the gradient is divided by B and by C": want / C,
        "the softmax runs over the classes, dim 1, not over the batch": (F.softmax(z, 0) - at) / B,
        "1 is taken off in the column of every label for every image": (p - at.amax(0)) / B,
        "1 is taken off at the label alone: another class may have the same logit": (
            p - (z == z.gather(1, y[:, None])).double()
        ) / B,
    }  # fmt: skip


@item("Item 3, cross_entropy")
def check_cross_entropy(cross_entropy, B, C, scale, dtype="float64") -> None:
    """scale: how large the logits of the first row are; those of the last are about 1."""
    dtype = getattr(torch, dtype)
    g = torch.Generator().manual_seed(B * C)
    sizes = scale ** torch.linspace(1, 0, B, dtype=torch.float64)
    logits = (torch.randn(B, C, generator=g, dtype=torch.float64) * sizes[:, None]).to(dtype)
    y = torch.randint(C, (B,), generator=g)
    leaf = logits.clone().double().requires_grad_()
    each = F.cross_entropy(leaf, y, reduction="none")
    (want,) = torch.autograd.grad(each.mean(), leaf)
    each, z = each.detach(), leaf.detach()
    tried = f"cross_entropy(logits {(B, C)} of size up to {logits.abs().max():.0f}, {dtype})"
    with one_hot(y, C):
        came = call(cross_entropy, logits, y, tried=tried, by_hand=(), without=AUTOGRAD)
    loss, gradient = pair(came, "(loss, gradient)", tried)
    if not isinstance(loss, Tensor):
        likely = "a number was taken out: leave out .item(), float()"
        likely *= as_number(loss) is not None
        fail(f"{tried}, loss", "a torch.Tensor of shape ()", kind(loss), likely)
    finite(loss, "loss", tried)
    finite(gradient, "gradient", tried)
    tolerance = 1e-9 if dtype == torch.float64 else 1e-5
    first = {"the pair is (loss, gradient), the loss first": want}
    mistakes = cast(loss_mistakes(z, y, each) | first, dtype)
    tensor(loss, each.mean().to(dtype), f"{tried}, loss", mistakes, tolerance)
    mistakes = gradient_mistakes(z, y, want)
    tensor(gradient, want.to(dtype), f"{tried}, gradient", cast(mistakes, dtype), tolerance)
