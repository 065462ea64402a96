"""Item 11: calls of another framework, by the patient in NumPy."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from checks.calls import call, item
from checks.clinic.loops import Whole
from checks.compare import fail, number, pair, tensor
from checks.primitive import AWAY
from checks.values import OneOf
from checks.watch import AllBut


def in_numpy(predict, images, labels, order=(0, 3, 1, 2), axis=1, over=(1, 2, 3), **other):
    """The patient in its own framework: float64 arrays, `predict` the net in evaluation mode."""
    x = images.numpy().astype("float64")
    std = x.std(axis=over, keepdims=True, ddof=other.get("ddof", 0))
    x = (x - x.mean(axis=over, keepdims=True)) / (
        std.clip(min=other.get("least", 0)) ** other.get("power", 1) * other.get("std", 1)
        + other.get("more", 0)
    )
    x = images.numpy() / 255 if "scaled" in other else x
    z = predict(x.transpose(*order)).clip(-other.get("most", np.inf), other.get("most", np.inf))
    if "logits" in other:
        return z - other["logits"] * z.max(axis=1, keepdims=True), 0.0
    z = z - z.max(axis=other.get("largest", axis), keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=axis, keepdims=True)
    return p, float((p.argmax(axis=1) == labels.numpy()).astype("float64").mean())


# what is told of any of several changes
WAYS = {
    "these are logits: the softmax is missing": [{"logits": shift} for shift in (0, 1)],
    "the probabilities of each image add up to 1: softmax over dimension 1": [
        {"axis": 0, "largest": axis} for axis in (0, 1)
    ],
    "logits may be as large as they are: nothing is cut off": [
        {"most": most} for most in (10, 20, 30, 50, 80, 88, 100)
    ],
    "divide by the standard deviation however small it is: it has no lower limit": [
        {"least": least} for least in (1, 2, 5, 10)
    ],
    "divide by the standard deviation however small it is: nothing is added to it": [
        {"more": pixel * 10.0**-power} for pixel in (1, 255) for power in range(6)
    ],
}


def lost_digits(x: Tensor, weight, bias) -> Tensor:
    inner = (1, 2, 3)
    mean = x.mean(inner, keepdim=True)
    spread = (x.square().mean(inner, keepdim=True) - mean.square()).sqrt()
    z = ((x - mean) / spread).permute(0, 3, 1, 2).flatten(1) @ torch.from_numpy(weight.T).float()
    return (z + torch.from_numpy(bias).float()).softmax(1)


def foreign_variants(images, labels, weight, bias):
    """What NumPy finds, (probabilities, accuracy), and the probabilities of usual mistakes."""

    def variant(**changes):
        p, share = in_numpy(
            lambda x: x.reshape(len(x), -1) @ weight.T + bias, images, labels, **changes
        )
        return torch.from_numpy(p).float(), share

    steps = {
        "NumPy's std divides by the number of values, torch's by one less": {"ddof": 1},
        "n / (n - 1) turns variances into each other; of standard deviations it is the root": {
            "ddof": 1, "std": 1 - 1 / images[0].numel(),
        },
        "each image has its own mean and standard deviation": {"over": (0, 1, 2, 3)},
        "mean and standard deviation run over the channels too": {"over": (1, 2)},
        "divide by the standard deviation, not by the variance": {"power": 2},
        "pixels less their mean, divided by their deviation, not from 0 to 1": {"scaled": True},
        "permute(0, 3, 1, 2): height before width": {"order": (0, 3, 2, 1)},
        "channels are still last: permute moves them, view and reshape do not": {
            "order": (0, 1, 2, 3)
        },
        "two faults: NumPy's std divides by the number of values; and permute moves channels, not view": {
            "ddof": 1, "order": (0, 1, 2, 3)
        },
    }  # fmt: skip
    found = {text: variant(**changes)[0] for text, changes in steps.items()}
    found |= {text: OneOf(variant(**changes)[0] for changes in ways) for text, ways in WAYS.items()}
    found["the mean of the squares less the squared mean loses the digits: subtract first"] = (
        lost_digits(images.float(), weight, bias)
    )
    return variant(), found


@item("Item 11, classify")
def check_foreign(classify, N, H, W, C, training, scale=1.0, pale=False) -> None:
    """Against the patient, run in NumPy. pale: the pixels of an image are two neighbouring numbers."""
    torch.manual_seed(H + W)
    images, labels = torch.randint(256, (N, H, W, C), dtype=torch.uint8), torch.randint(4, (N,))
    if pale:
        images = images % 2
        images[:, 0, 0, 0], images[:, -1, -1, -1] = 0, 1
        images += 251 - torch.arange(N, dtype=torch.uint8).view(N, 1, 1, 1)
    net = nn.Sequential(Whole(C, H, W), nn.Dropout(0.5), nn.Linear(C * H * W, 4))
    for p in net.parameters():
        p.data.mul_(scale)
    weight, bias = (p.detach().double().numpy() for p in net.parameters())
    net.train(training)
    tried = f"classify(net in {'training' if training else 'evaluation'} mode, images "
    tried += f"{tuple(images.shape)}{' of two neighbouring numbers' * pale}, labels)"
    watched = {"by_hand": AllBut(*AWAY), "without": (torch.save,)}
    came = pair(call(classify, net, images, labels, tried=tried, **watched),
                "(probabilities, accuracy)", tried)  # fmt: skip
    if isinstance(came[0], Tensor) and came[0].isnan().any():
        likely = "subtract each image's largest logit first, or use softmax(1)" * (scale > 1)
        fail(tried, "probabilities", "nan", likely)
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(1)
        again = pair(call(classify, net, images, labels, tried=tried, **watched), "", tried)
    if all(isinstance(p, Tensor) for p in (came[0], again[0])) and not torch.equal(
        came[0], again[0]
    ):
        likely = "dropout is at work: net.eval() before the net is used"
        fail(tried + ", twice", "the same probabilities", "others", likely)

    if isinstance(came[0], Tensor) and came[0].requires_grad:
        likely = "Keras's predict keeps no graph: torch.no_grad()"
        fail(tried, "probabilities without a graph", "a tensor with a graph", likely)
    (want, share), mistakes = foreign_variants(images, labels, weight, bias)
    tensor(came[0], want, tried, mistakes, tolerance=2e-4)
    mistakes = {"a fraction from 0 to 1, not per cent": 100 * share, "this is a count": N * share}
    each = (want.argmax(1, keepdim=True) == labels).double().mean().item()
    mistakes["(N, 1) against (N,) compares each with each: no keepdim=True"] = each
    number(came[1], share, tried + ": accuracy", mistakes, 1e-6, plain=float)
