"""Item 12: batch normalisation folded into the convolution, against both of torch's."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn.utils.fusion import fuse_conv_bn_weights, fuse_linear_bn_weights

from checks.calls import call, gradient, item
from checks.compare import fail, failing, kind, pair, tensor
from checks.relations import misshapen
from checks.values import OneOf, as_tensor


def fold_mistakes(output, conv, given: dict, eps: float) -> dict:
    """What usual mistakes make of the output; `output` is convolution, then batch norm."""
    w, b, gamma, mean, var = (given[name] for name in ("w", "b", "gamma", "mean", "var"))
    beta, root = given["beta"], (var + eps).sqrt()
    found = {
        "divide by the root of the variance": output(var=(var + eps) ** 2 - eps),
        "multiply by 1 / root, not by the root": output(var=1 / (var + eps) - eps),
        "epsilon is added to the variance": output(var=var - eps),
        "epsilon is added to the variance, under the root": output(
            var=(var.sqrt() + eps) ** 2 - eps
        ),
        "the stored mean is not subtracted": output(mean=0 * mean),
        "the stored mean is subtracted, not added": output(mean=-mean),
        "the stored mean is multiplied by the scale too": output(mean=mean * root / gamma),
        "gamma may be below 0: its sign counts": output(gamma=gamma.abs()),
        "gamma is not applied": output(gamma=torch.ones_like(gamma)),
        "epsilon is an argument, not always 1e-5": output(eps=1e-5),
        "beta is not added": output(beta=0 * beta),
        "beta is added, not subtracted": output(beta=-beta),
        "beta is added as it is, not multiplied by the scale": output(beta=beta * gamma / root),
        "the weights are not scaled": conv(w, None) + output(w=0 * w),
        "this is the convolution as it was": conv(w, b),
    }  # fmt: skip
    if b is not None:
        found["the bias of the convolution is lost"] = output(b=0 * b)
        found["the bias of the convolution is multiplied by the scale too"] = output(
            b=b * root / gamma
        )
    found = {text: value for text, value in found.items() if value.isfinite().all()}
    if not gamma.all():
        fills = (eps, 1.0, *(10.0**-k for k in range(3, 13)))
        found["a gamma of 0 is a number like any other: nothing stands in for it"] = OneOf(
            output(gamma=gamma + fill * (gamma == 0)) for fill in fills
        )
    found |= other_amounts(output, conv, given, gamma / root, eps)
    return found | other_axes(conv, w, gamma / root, conv(0 * w, None) + output(w=0 * w))


def other_amounts(output, conv, given: dict, scale: Tensor, eps: float) -> dict:
    """What is added twice, corrected, or of the first channel."""
    w, mean, var = given["w"], given["mean"], given["var"]
    return {
        "the stored mean is subtracted once": output(mean=2 * mean),
        "epsilon is added once": output(eps=2 * eps),
        "the stored variance counts as it is, without n / (n - 1)": OneOf(
            output(var=var * share) for n in (len(w), w[0].numel()) if n > 1
            for share in (n / (n - 1), (n - 1) / n)
        ),
        "each output channel has a scale of its own, not that of the first": conv(
            w * scale[0], None
        ) + output(w=0 * w),
    }  # fmt: skip


def other_axes(conv, w: Tensor, scale: Tensor, moved: Tensor) -> dict[str, Tensor]:
    """Where the scale multiplies another axis of w; moved: what is added to the convolution."""
    found = {}
    if w.shape[1] == len(scale):
        text = "the scale belongs to output channels, dim 0 of w"
        found[text] = conv(w * scale.view(1, -1, 1, 1), None) + moved
    if w.shape[3] == len(scale):
        text = "the scale belongs to dim 0 of w; w * scale multiplies the last axis"
        found[text] = conv(w * scale, None) + moved
    return found


def has_bias(bias: bool | str) -> bool:
    return bool(bias) and bias != "float32, None"


def fold_given(C, O, K_h, K_w, G, bias, dtype) -> dict[str, Tensor | None]:
    generator = torch.Generator().manual_seed(C * O + K_h)

    def numbers(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64).to(dtype)

    given = {"w": numbers(O, C // G, K_h, K_w), "b": numbers(O) if has_bias(bias) else None}
    given |= {"gamma": numbers(O), "beta": numbers(O), "mean": numbers(O)}
    if bias == "zeros":
        given["gamma"][0], given["b"][:] = 0, 0
    return given | {"var": numbers(O) ** 2 + 0.1}


def folded_parts(came, given: dict, tried: str) -> list[Tensor]:
    """The new weights and biases, which are plain tensors like those that were given."""
    parts, names = pair(came, "(w_new, b_new)", tried), ("w_new", "b_new")
    for name, value, like in zip(names, parts, (given["w"], given["mean"]), strict=True):
        plain = as_tensor(value, like)
        if plain is None or isinstance(value, torch.nn.Parameter):
            likely = "nn.Parameter makes a leaf without a graph: return the tensor itself"
            likely = likely * (plain is not None)
            if value is None:
                likely = "a bias of None counts as 0: the new one is there all the same"
            fail(f"{tried}: {name}", "a plain tensor", kind(value), likely)
        if plain.shape != like.shape or plain.dtype != like.dtype:
            want = f"{like.dtype} {tuple(like.shape)}"
            likely = misshapen(plain, like, 1e-8) or "as those of the weights that were given"
            if plain.squeeze().shape == like.squeeze().shape and plain.dim() != like.dim():
                likely = "a dimension of size 1 is lost: no squeeze()"
                if plain.dim() > like.dim():
                    likely = f"dimensions of size 1 too many: {name} has {like.dim()}"
            elif [getattr(part, "ndim", 0) for part in parts] == [1, 4]:
                likely = "return (w_new, b_new), in this order"
            fail(f"{tried}: {name}", want, f"{plain.dtype} {tuple(plain.shape)}", likely)
    return [as_tensor(part, given["w"]) for part in parts]


@item("Item 12, fold")
def check_fold(fold, C, O, K_h, K_w, S=1, P=0, G=1, eps=1e-5, bias: bool | str = True) -> None:
    """Output and gradients against a convolution followed by torch's batch norm.

    bias: whether there is one; "zeros": one of zeros, and a gamma that is 0; "float32": one, and
    all numbers are of that dtype; "float32, None": of that dtype, and none.
    """
    dtype = torch.float32 if str(bias).startswith("float32") else torch.float64
    given = fold_given(C, O, K_h, K_w, G, bias, dtype)
    g = torch.Generator().manual_seed(O)
    x = torch.randn(3, C, 7, 9, generator=g, dtype=torch.float64).to(dtype)

    def conv(w: Tensor, b: Tensor | None) -> Tensor:
        return torch.conv2d(x, w, b, S, P, 1, G)

    def output(eps=eps, **changed) -> Tensor:
        now = given | changed
        z = conv(now["w"], now["b"])
        return F.batch_norm(z, now["mean"], now["var"], now["gamma"], now["beta"], eps=eps)

    kind_of_bias = "None" if not has_bias(bias) else "of zeros" if bias == "zeros" else f"({O},)"
    tried = f"fold(w {tuple(given['w'].shape)}, b {kind_of_bias}, ..., {eps=})"
    tried += ", all float32" if dtype == torch.float32 else ""
    without = (fuse_conv_bn_weights, fuse_linear_bn_weights)
    names = ("w", "b", "gamma", "beta", "mean", "var")
    likely = "b may be None: ask `is None`, a tensor of several numbers is neither true nor false"
    with failing(likely, by="Boolean value of Tensor"):
        came = call(fold, *(given[name] for name in names), eps, tried=tried, without=without)
    told, parts = f"{tried}: output of the new convolution", folded_parts(came, given, tried)
    if not conv(*parts).isfinite().all():
        likely = "gamma may be 0: nothing is divided by it"
        if given["gamma"].all():
            likely = "gamma may be below 0: it has no root and no logarithm"
        fail(told, "finite numbers", "nan or infinity", likely)
    mistakes = partial(fold_mistakes, output, conv, given, eps)
    if dtype == torch.float32:
        tensor(conv(*parts), output(), told, mistakes, 1e-4)
    else:
        tensor(conv(*parts), output(), told, mistakes, 1e-9)
        check_fold_gradient(fold, conv, given, eps, tried)


def half(conv, given: dict, eps: float, name: str, in_weights: bool) -> Callable:
    """The fold where the gradient of that tensor comes through w_new, or through b_new, alone."""
    names = [one for one, value in given.items() if value is not None]

    def function(*values: Tensor) -> Tensor:
        now = dict.fromkeys(given) | dict(zip(names, values, strict=True))
        held = now | {name: now[name].detach()}
        scale, cut = ((n["var"] + eps).rsqrt() * n["gamma"] for n in (now, held))
        first, second = (scale, cut) if in_weights else (cut, scale)
        b = (0 if now["b"] is None else now["b"]) - now["mean"]
        return conv(now["w"] * first[:, None, None, None], b * second + now["beta"])

    return function


def check_fold_gradient(fold, conv, given: dict, eps: float, tried: str) -> None:
    """Gradients reach every tensor that is given."""
    names = [name for name, value in given.items() if value is not None]

    def folded(*values: Tensor) -> Tensor:
        now = dict.fromkeys(given) | dict(zip(names, values, strict=True))
        return conv(*fold(*(now[n] for n in ("w", "b", "gamma", "beta", "mean", "var")), eps))

    def affine(*values: Tensor) -> Tensor:  # batch_norm gives mean and var no gradient
        now = dict.fromkeys(given) | dict(zip(names, values, strict=True))
        z = conv(now["w"], now["b"]).movedim(1, 3)
        return (
            (z - now["mean"]) * ((now["var"] + eps).rsqrt() * now["gamma"]) + now["beta"]
        ).movedim(3, 1)

    def without_bias(*values: Tensor) -> Tensor:
        w, b, *others = values
        return affine(w, b.detach(), *others)

    without = (fuse_conv_bn_weights, fuse_linear_bn_weights)
    mistakes = {
        f"the gradient of {name} comes through w_new and through b_new: nothing is detached in "
        + ("b_new", "w_new")[not in_weights]: half(conv, given, eps, name, in_weights)
        for name in ("var", "gamma") for in_weights in (True, False)
    }  # fmt: skip
    if given["b"] is not None and not given["b"].any():
        mistakes["a bias of zeros is a bias: test `is None`"] = without_bias
    tensors = tuple(given[name] for name in names)
    gradient(folded, affine, tensors, tried, without=without, mistakes=mistakes)
