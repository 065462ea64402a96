"""Items 11 and 12: batch normalisation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor

from checks.calls import Case, call, gradient, item, judge
from checks.cnn.convolution import draw
from checks.compare import failing, pair, tensor
from checks.values import OneOf


def norm(x: Tensor, gamma: Tensor, beta: Tensor, eps: float) -> Tensor:
    return F.batch_norm(x, None, None, gamma, beta, training=True, eps=eps)


def normalised(x, gamma, beta, eps: float, dims: tuple[int, ...]) -> Tensor:
    """Over these axes, by torch's own layer norm."""
    kept = [d for d in range(4) if d not in dims]
    y = x.permute(*kept, *dims)
    y = F.layer_norm(y, y.shape[len(kept) :], eps=eps)
    y = y.permute(*torch.tensor([*kept, *dims]).argsort().tolist())
    return gamma.view(1, -1, 1, 1) * y + beta.view(1, -1, 1, 1)


def wrong_epsilon(stored: Callable, var: Tensor, eps: float) -> dict[str, Tensor]:
    """stored: x normalised by that variance."""
    return {
        "epsilon is added to the variance, under the root": stored((var.sqrt() + eps) ** 2 - eps),
        "epsilon is added to every variance: it is no lower limit": stored(
            var.clamp_min(eps) - eps
        ),
        "epsilon is not used": stored(var - eps),
        "a variance below epsilon is no special case": stored(var.where(var >= eps, 1 - eps)),
    }


def wrong_statistics(x, gamma, beta, eps: float) -> dict[str, Tensor]:
    """x normalised by what usual mistakes take for mean and variance."""
    C, var, mean = x.shape[1], x.var((0, 2, 3), unbiased=False), x.mean((0, 2, 3))
    over = partial(normalised, x, gamma, beta, eps)

    def stored(var: Tensor, mean=mean) -> Tensor:
        """With these as mean and variance, by torch's own batch norm in evaluation mode."""
        return F.batch_norm(x, mean, var, gamma, beta, eps=eps)

    whole = "statistics run over the batch and both image axes"
    return {
        whole: over((0,)),
        "statistics per image are instance normalisation: include the batch": over((2, 3)),
        "statistics over the channels too are layer normalisation": over((1, 2, 3)),
        "one mean for all channels: keep them apart": over((0, 1, 2, 3)),
        "the variance is the mean of the squared deviations": stored(
            x.var((0, 2, 3)) if x[:, 0].numel() > 1 else var
        ),
        f"{whole}: here each image has its own variance": stored(
            x.var((2, 3), unbiased=False).mean(0)
        ),
        "a channel's deviations are from its own mean, not from that of all": stored(
            var + (mean - x.mean()) ** 2
        ),
        "torch.var_mean gives the variance first, then the mean": stored(mean, var),
        "each channel has its own variance": stored(var.mean().expand(C)),
        "each channel has its own variance, around its own mean": stored(
            x.var(unbiased=False).expand(C)
        ),
        "reshape(-1, C) takes the channels last: permute them there first": F.batch_norm(
            x.reshape(-1, C), None, None, gamma, beta, training=True, eps=eps
        ).view_as(x),
        "the mean is not subtracted": stored(var, 0 * mean),
        "the mean of the squares is no variance: the mean has to be subtracted first": stored(
            var + mean**2
        ),
        "the deviations are divided by the root of the variance": stored((var + eps) ** 2 - eps),
    } | wrong_epsilon(stored, var, eps)


def wrong_scales(x, gamma, beta, eps: float) -> dict[str, Tensor | None]:
    """The same for gamma and beta."""
    plain, scales = norm(x, None, None, eps), (gamma.view(1, -1, 1, 1), beta.view(1, -1, 1, 1))
    return {
        "a batch of one image is normalised like any other": None
        if len(x) > 1
        else OneOf(a * y + b for y in (x, 0 * x) for a, b in ((1, 0), scales)),
        "gamma and beta are not applied": plain,
        "gamma is not applied": norm(x, torch.ones_like(gamma), beta, eps),
        "beta is not added": norm(x, gamma, 0 * beta, eps),
        "gamma multiplies before beta is added, not after": norm(x, gamma, gamma * beta, eps),
        "gamma and beta belong to the channels, dim 1, not to the width": (
            plain * gamma + beta if x.shape[3] == len(gamma) else None
        ),
        "gamma and beta belong to the channels, dim 1, not to the height": (
            plain * gamma[:, None] + beta[:, None] if x.shape[2] == len(gamma) else None
        ),
        "beta is subtracted": norm(x, gamma, -beta, eps),
        "gamma and beta are exchanged": norm(x, beta, gamma, eps),
        "epsilon is an argument, not always 1e-5": norm(x, gamma, beta, 1e-5),
    }


def batch_norm_case(B, C, H, W, eps, spread, dtype=torch.float64) -> Case:
    scale = spread ** torch.linspace(-1, 1, C, dtype=torch.float64).view(1, C, 1, 1)
    x = (draw(B, C, H, W, seed=B * C + H) + 3) * scale
    given = *(t.to(dtype) for t in (x, draw(C, seed=1).abs() + 0.5, draw(C, seed=2))), eps
    tried = f"batch_norm_train on x {(B, C, H, W)}, {eps=}"
    tried += "" if dtype == torch.float64 else f", {dtype}"
    return Case(tried, given, norm(*given), lambda: wrong_statistics(*given) | wrong_scales(*given))


@item("Item 11, batch_norm_train")
def check_batch_norm(batch_norm_train, B, C, H, W, eps, spread=1.0, dtype="float64") -> None:
    """Values and gradients against torch's own batch normalisation."""
    case = batch_norm_case(B, C, H, W, eps, spread, getattr(torch, dtype))
    sizes = (2, 1, 1, 2, 0.5, 1.0), (2, 2, 2, 1, 0.1, 2.0), (3, 2, 2, 3, 0.01, 3.0)
    probes = (batch_norm_case(*size) for size in sizes)
    near = 1e-9 if dtype == "float64" else 1e-4
    judge(batch_norm_train, case, probes, tensor, near, by_hand=())
    if dtype != "float64":
        return
    gradient(
        lambda *a: batch_norm_train(*a, eps), lambda *a: norm(*a, eps), case.arguments[:3],
        case.tried, by_hand=(), mistakes={
            "mean and variance depend on x too: nothing is detached": lambda *a: cut_norm(*a, eps),
            "the variance depends on x too: it is not detached": lambda *a: half_cut_norm(*a, eps),
        },
    )  # fmt: skip


def cut_norm(x: Tensor, gamma: Tensor, beta: Tensor, eps: float) -> Tensor:
    """The same values; no gradient through mean and variance."""
    var, mean = torch.var_mean(x.detach(), (0, 2, 3), unbiased=False)
    return F.batch_norm(x, mean, var, gamma, beta, eps=eps)


def gathered(x: Tensor, mean: Tensor, var: Tensor, momentum: float) -> tuple[Tensor, Tensor]:
    """What torch's own batch normalisation leaves in copies of the old pair."""
    both = mean.clone(), var.clone()
    F.batch_norm(x, *both, training=True, momentum=momentum)
    return both


def other_variances(x: Tensor, mean: Tensor, new_mean: Tensor) -> dict[str, Tensor | None]:
    """What usual mistakes take for the variance of the batch."""
    B, C, H, W = x.shape

    def around(middle: Tensor) -> Tensor:
        return ((x - middle.view(1, C, 1, 1)) ** 2).sum((0, 2, 3)) / (B * H * W - 1)

    biased = x.var((0, 2, 3), unbiased=False)
    own = "one variance over batch and image, not the mean of the images' own"
    return {
        "the gathered variance divides by B*H*W - 1": biased,
        "x.var() divides by B*H*W - 1 already: correct it once": (
            x.var((0, 2, 3)) * B * H * W / (B * H * W - 1)
        ),
        "this is the standard deviation": x.std((0, 2, 3)),
        own: x.var((2, 3)).mean(0) if H * W > 1 else None,
        f"{own}, by H*W": x.var((2, 3), unbiased=False).mean(0),
        "the deviations are from the batch's own mean": around(mean),
        "the deviations are from the batch's own mean, not the gathered one": around(new_mean),
        "B*H*W values are counted, those of one channel": biased * x.numel() / (x.numel() - 1),
        "the gathered variance divides by B*H*W - 1, not by (B - 1)*H*W": (
            biased * B / max(1, B - 1)
        ),
        "B*H*W is that of this batch: here it is an earlier one's": [
            biased * B * H * W / (n - 1)
            for n in (9, 12, 16, 18, 24)
            if abs(n - B * H * W - 0.5) > 1
        ],
    }


FIXED = (
    "the momentum is an argument, not always 0.1",
    "a momentum of 0 is one too: test `is None`, or nothing",
)


def check_batch(update_running, x, mean, var, momentum: float, tried: str) -> None:
    want, new = (gathered(x, mean, var, m) for m in (momentum, 1.0))
    swapped, usual = (gathered(x, mean, var, m) for m in (1 - momentum, 0.1))
    with failing(
        "one mean and one variance a channel: over batch, height and width", "size of tensor"
    ):
        came = call(update_running, x, mean, var, momentum, tried=tried)
    parts, n = pair(came, "(mean, variance)", tried), x[:, 0].numel()
    for part, (came, name) in enumerate(zip(parts, ("mean", "variance"), strict=True)):
        likely = {
            "momentum weighs the new value, 1 - momentum the old": swapped[part],
            "this is the batch's value alone": new[part],
            "the old value counts too": momentum * new[part],
            FIXED[momentum == 0]: usual[part],
            "the pair is (mean, variance)": want[1 - part],
            "torch.var_mean gives the variance first, then the mean": torch.lerp(
                (mean, var)[part], new[1 - part], momentum
            ),
            "only the batch's variance has the factor n / (n - 1)": n
            / (n - 1)
            * torch.lerp(var, x.var((0, 2, 3), correction=0), momentum)
            if part
            else torch.lerp(mean, n / (n - 1) * new[0], momentum),
            "the old value is weighed by 1 - momentum": (mean, var)[part] + momentum * new[part],
        }
        images = mean, var
        for image in x.split(1) if x[0, 0].numel() > 1 else ():
            images = gathered(image, *images, momentum)
        likely["the batch is one step, not one for each image"] = (
            None if x[0, 0].numel() < 2 else images[part]
        )
        if name == "variance":
            mixed = torch.lerp(var.sqrt(), new[1].sqrt(), momentum) ** 2
            likely["variances are mixed, not deviations, which are squared then"] = mixed
            found = other_variances(x, mean, want[0]).items()
            for text, v in found:
                several = [] if v is None else v if isinstance(v, list) else [v]
                likely[text] = OneOf(torch.lerp(var, one, momentum) for one in several)
        near = 1e-9 if x.dtype == torch.float64 else 1e-5
        tensor(came, want[part], f"{tried}, {name}", likely, near)


def half_cut_norm(x: Tensor, gamma: Tensor, beta: Tensor, eps: float) -> Tensor:
    """The same values; no gradient through the variance."""
    var, mean = torch.var_mean(x, (0, 2, 3), unbiased=False, keepdim=True)
    shape = (1, -1, 1, 1)
    return gamma.view(shape) * (x - mean) / (var.detach() + eps).sqrt() + beta.view(shape)


@item("Item 12, update_running")
def check_running(update_running, B, C, H, W, momentum, batches=1, dtype="float64") -> None:
    """The statistics that torch gathers, batch by batch, and back again: nothing else is kept."""
    once, given = batches == 1, []  # else it begins with a new net's statistics
    kind = getattr(torch, dtype)
    mean, var = torch.full((C,), 0.5 * once, dtype=kind), torch.full((C,), 1.0 + once, dtype=kind)
    for batch in range(1, batches + 1):
        x = 3 * draw(B, C, H, W, seed=batch + B, dtype=kind) + 2
        tried = f"update_running, batch {batch} of shape {(B, C, H, W)}, {momentum=}"
        tried += "" if dtype == "float64" else f", {kind}"
        given.append((x, mean, var, momentum, tried))
        mean, var = gathered(x, mean, var, momentum)
    for one in [*given, *given[-2::-1]]:
        check_batch(update_running, *one)
