"""Items 6 and 7: what a layer costs, and the shapes that it gives, from torch's own layers."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import nn

from checks.calls import Case, item, judge
from checks.compare import KEPT, cause, equal, fail, kind
from checks.values import OneOf, alike, as_number, listed
from helpers import diagnostics

OWN = (diagnostics.layer_costs,)

with torch.random.fork_rng(devices=[]):  # importing this draws nothing from the reader's stream
    # for each layer of item 7: usual mistakes, as the layer that they would be right for
    OTHERS = {
        "conv1": {
            "without padding a 5x5 kernel takes 2 pixels from each side": nn.Conv2d(
                3, 16, 5, padding=2
            ),
            "the channels come out": nn.Conv2d(3, 3, 5),
            "one place too few": nn.Conv2d(3, 16, 6),
        },
        "pool1": {
            "pooling keeps the channels; the next layer's come later": nn.Sequential(
                nn.Conv2d(16, 32, 1), nn.MaxPool2d(2)
            ),
            "pooling keeps the channels": nn.Sequential(nn.Conv2d(16, 8, 1), nn.MaxPool2d(2)),
            "pooling halves the height and the width": nn.Identity(),
        },
        "conv2": {
            "the stride is 2": nn.Conv2d(16, 32, 3, padding=1),
            "the padding is not used": nn.Conv2d(16, 32, 3, stride=2),
            "an incomplete last step is no place: round down": nn.Conv2d(16, 32, 3, 2, (2, 2)),
            "the channels come out": nn.Conv2d(16, 16, 3, stride=2, padding=1),
        },
        "conv3": {
            "dilation spreads the taps: a 3x3 kernel reaches over 5 pixels": nn.Conv2d(
                32, 64, 3, padding=2
            ),
            "the padding is not used": nn.Conv2d(32, 64, 3, dilation=2),
            "the padding is added at both ends": nn.Conv2d(32, 64, 3, padding=1, dilation=2),
            "3 taps that are 2 apart reach over 5 pixels, not over 6": nn.Conv2d(
                32, 64, 6, padding=2
            ),
            "the channels come out": nn.Conv2d(32, 32, 3, padding=2, dilation=2),
        },
        "pool3": {
            "an odd side: the last row and column are left out": nn.MaxPool2d(2, ceil_mode=True),
            "pooling halves the height and the width": nn.Identity(),
            "pooling keeps the channels": nn.Sequential(nn.Conv2d(64, 32, 1), nn.MaxPool2d(2)),
        },
        "flatten": {
            "height and width count too": nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()),
            "the channels count too": nn.Sequential(nn.Conv2d(64, 1, 1), nn.Flatten()),
            "flatten comes after pool3, not before it": nn.Sequential(
                nn.Upsample((7, 7)), nn.Flatten()
            ),
        },
    }


def products(layer: nn.Conv2d, H: int, W: int) -> tuple[int, int]:
    """Multiplications, and places: where inputs and weights are 1, each output is how many it sums."""
    (P, _), kernel = layer.padding, torch.ones(1, *layer.weight.shape[1:])  # all are alike
    image = torch.ones(1, kernel.shape[1], H + 2 * P, W + 2 * P)
    once = torch.conv2d(image, kernel, stride=layer.stride)
    return layer.out_channels * int(once.double().sum()), once.numel()


def groups_mistakes(layer: nn.Conv2d, H: int, W: int) -> dict:
    C, O, (K, _), (S, _) = layer.in_channels, layer.out_channels, layer.kernel_size, layer.stride
    whole, G = nn.Conv2d(C, O, K, S, layer.padding, bias=layer.bias is not None), layer.groups
    parameters, weights = sum(p.numel() for p in layer.parameters()), layer.weight.numel()
    (number, places), of_whole = products(layer, H, W), products(whole, H, W)[0]
    return {
        "with G groups each kernel has C / G channels": (
            sum(p.numel() for p in whole.parameters()), of_whole,
        ),
        "with G groups each kernel has C / G channels, in the multiplications too": (
            parameters, of_whole,
        ),
        "with G groups each kernel has C / G channels, in the parameters too": (
            sum(p.numel() for p in whole.parameters()), number,
        ),
        "G = C is the depthwise convolution alone: no 1x1 convolution follows it": (
            parameters + C * O + (C - O) * K * K, places * C * (K * K + O),
        ) if G == C > 1 else (parameters, number),
        "with G groups each kernel has C / G channels, not one": (
            parameters - weights + weights * G // C, number * G // C,
        ) if G > 1 else None,
        "there are O kernels of C / G channels in all: O / G of them in each group, not C / G or one": (
            parameters - weights + weights * C // O, number * C // O,
        ) if G > 1 else None,
        "G is any number of groups, not 1 or C alone": (
            parameters - weights + weights * G, of_whole,
        ) if 1 < G < C else (parameters, number),
        "each of the O kernels has C / G channels, not O / G of O": (
            parameters - weights + weights * O // C, number * O // C,
        ) if G > 1 else None,
        "each group has its own products: here are those of one": (parameters, number // G),
        "groups divide the weights once, not twice": (
            parameters - weights + weights // G, number // G,
        ),
    }  # fmt: skip


def number_mistakes(layer: nn.Conv2d, H: int, W: int) -> dict:
    """Biases that are not there, numbers that do not fit into their bits, even kernels taken for odd."""
    (K, _), (P, _), (number, places) = layer.kernel_size, layer.padding, products(layer, H, W)
    weights, biases = layer.weight.numel(), 0 if layer.bias is None else layer.bias.numel()
    C, O, G, bias = layer.in_channels, layer.out_channels, layer.groups, layer.bias is not None
    odd = nn.Conv2d(C, 1, K + 1 - K % 2, layer.stride, P, groups=1)
    return {
        "one bias per output channel": (weights + bias, number),
        "one bias per output channel, in each group too": (weights + O // G * bias, number),
        "one bias per output channel, not one per group": (weights + G * bias, number),
        "one bias per output channel, not per kernel": OneOf(
            (weights + n * bias, number) for n in (O * C, O * C // G)
        ),
        "the biases are not counted": (weights, number),
        "one bias per output channel, not per input channel": (weights + C * bias, number),
        "K taps have K - 1 gaps, for even K too": (
            weights + biases, weights * products(odd, H, W)[1],
        ) if min(H, W) + 2 * P > K else None,
        "there is a bias only with bias=True": (
            None if biases else OneOf([(weights + O, number), (weights, number - O * places)])
        ),
        "a number of 16 bits ends at 32,767": (
            (weights + 2**15) % 2**16 - 2**15 + biases, (number + 2**15) % 2**16 - 2**15,
        ),
        "more than 2 ** 31 do not fit into 32 bits": (
            weights + biases, (number + 2**31) % 2**32 - 2**31
        ) if number >= 2**31 else None,
    }  # fmt: skip


def side_mistakes(layer: nn.Conv2d, H: int, W: int) -> dict:
    """Other numbers of places, kernels or channels in the multiplications, with right parameters."""
    (K, _), (S, _), (P, _) = layer.kernel_size, layer.stride, layer.padding
    parameters, weights = sum(p.numel() for p in layer.parameters()), layer.weight.numel()
    number, places = products(layer, H, W)

    def sides(padding: int, stride: int, more: int = 0) -> tuple[int, int]:
        rows, columns = ((n + padding - K + more) // stride + 1 for n in (H, W))
        return parameters, weights * rows * columns

    return {
        "padding is added at both ends": sides(P, S),
        "the padding is not used": sides(0, S) if P else None,
        "the stride is not used": sides(2 * P, 1),
        "an incomplete last step is no place: round down": sides(2 * P, S, S - 1),
        "each product of a kernel counts, in all its channels": (
            parameters, number // layer.weight.shape[1],
        ),
        "a kernel has K * K taps, not K": (
            parameters - weights + weights // K, number // K,
        ) if K > 1 else None,
        "additions are not counted": (
            parameters, 2 * number - layer.out_channels * places,
        ),
    }  # fmt: skip


def counts_mistakes(layer: nn.Conv2d, H: int, W: int) -> dict:
    C, O, (K, _), (S, _) = layer.in_channels, layer.out_channels, layer.kernel_size, layer.stride
    (P, _), G = layer.padding, layer.groups
    parameters, weights = sum(p.numel() for p in layer.parameters()), layer.weight.numel()
    number, places = products(layer, H, W)
    inside = torch.conv2d(torch.ones(1, C // G, H, W), torch.ones(1, C // G, K, K), None, S, P)
    usual = groups_mistakes(layer, H, W) | side_mistakes(layer, H, W)
    return usual | number_mistakes(layer, H, W) | {
        "the division by S rounds down before 1 is added": (
            parameters, weights * ((H + 2 * P - K + 1) // S) * ((W + 2 * P - K + 1) // S),
        ),
        "height and width may differ: this is a square of the height": (
            parameters, products(layer, H, H)[0],
        ),
        "height and width may differ: this is a square of the width": (
            parameters, products(layer, W, W)[0],
        ),
        "a bias is added: it multiplies nothing": (parameters, parameters * places),
        "multiplications happen at every output place": (parameters, weights),
        "places are those of the output, not of the input": (parameters, weights * H * W),
        "each side is divided by S and rounded by itself, not all places by S * S": (
            parameters, weights * ((H + 2 * P - K + 1) * (W + 2 * P - K + 1) // S**2),
        ),
        "the output has (H + 2P - K) // S + 1 rows, not H // S": (
            parameters, weights * (H // S) * (W // S),
        ),
        "rows and columns come of H + 2P - K and of S, not of H / S alone, rounded up": (
            parameters, weights * -(-H // S) * -(-W // S),
        ) if P else None,
        "the image has two sides": (parameters, weights * places // inside.shape[3]),
        "a product happens for every output channel": (parameters, number // O),
        "products with padded zeros count too": (parameters, O * int(inside.double().sum())),
        "the pair is (parameters, multiplications)": (number, parameters),
        "for one multiply-add, one multiplication": (parameters, 2 * number),
    }  # fmt: skip


def counts_case(C, O, K, H, W, S, P, G, bias) -> Case:
    layer = nn.Conv2d(C, O, K, S, P, groups=G, bias=bias, device="meta")
    parameters, number = sum(p.numel() for p in layer.parameters()), products(layer, H, W)[0]
    tried = f"count_conv({C=}, {O=}, {K=}, {H=}, {W=}, {S=}, {P=}, {G=}, {bias=})"
    return Case(
        tried,
        (C, O, K, H, W, S, P, G, bias),
        (parameters, number),
        lambda: counts_mistakes(layer, H, W),
    )


@item("Item 6, count_conv")
def check_counts(count_conv, C, O, K, H, W, S, P, G, bias) -> None:
    """The parameters of an nn.Conv2d, and a convolution of ones, which counts its products."""
    sizes = (1, 1, 2, 3, 4, 1, 0, 1, True), (2, 4, 2, 5, 3, 1, 1, 2, True)
    sizes += (3, 2, 3, 8, 5, 2, 1, 1, False), (4, 8, 3, 6, 9, 2, 0, 4, False)
    probes = [counts_case(*size) for size in sizes]
    case = counts_case(C, O, K, H, W, S, P, G, bias)
    judge(count_conv, case, probes, compare=equal, tolerance=0, without=OWN)
    given = {"C": C, "O": O, "K": K, "H": H, "W": W, "S": S, "P": P, "G": G, "bias": bias}
    others = {"C": 2 * C, "O": 2 * O, "K": K + 1, "H": H + 1, "W": W + 1, "S": S + 1, "P": P + 1}
    for name, value in (others | {"G": 1, "bias": not bias}).items():  # one another at a time
        other = replace(counts_case(**given | {name: value}), edge=KEPT)
        judge(count_conv, other, [*probes, case], compare=equal, tolerance=0, without=OWN)


def layers() -> nn.Sequential:
    """The net of item 7."""
    net = nn.Sequential()
    net.add_module("conv1", nn.Conv2d(3, 16, 5))
    net.add_module("pool1", nn.MaxPool2d(2))
    net.add_module("conv2", nn.Conv2d(16, 32, 3, stride=2, padding=1))
    net.add_module("conv3", nn.Conv2d(32, 64, 3, padding=2, dilation=2))
    net.add_module("pool3", nn.MaxPool2d(2))
    net.add_module("flatten", nn.Flatten())
    return net


@item("Item 7, shapes")
def check_shape_form(shapes) -> None:
    """Every layer has an answer: three whole numbers, or one after flatten."""
    if not isinstance(shapes, dict):
        fail("shapes", "the dict given above, filled in", kind(shapes))
    for name in OTHERS:
        came, length = shapes.get(name), 1 if name == "flatten" else 3
        parts = listed(came)
        numbers = [as_number(part) for part in parts or []]
        if len(numbers) != length or any(n is None or n % 1 for n in numbers):
            likely = "one number in a tuple is written (5,)" if type(came) is int else ""
            if len(numbers) == length + 1 and numbers[0] == 1:
                likely = "the shape of one image, without the axis of the batch"
            if None not in numbers and any(n % 1 for n in numbers):
                likely = "half a pixel is none: round down"
            if name == "flatten" and len(numbers) > 1 and numbers[0] != 1:
                likely = "flatten makes one axis of channels, height and width: their product"
                if alike(shapes.get("conv1"), (3, 32, 32)):
                    likely = "the shape after each layer is asked for: these are those before it"
            if isinstance(came, str):
                likely = "numbers in brackets, without quotation marks: this is a text"
            likely = "still to be answered" if came is None or came is ... else likely
            fail(f"shapes[{name!r}]", f"a tuple of {length} whole numbers", repr(came), likely)


@item("Item 7, shapes")
def check_shapes(shapes) -> None:
    """The shapes that torch's own layers give."""
    x = torch.zeros(1, 3, 32, 32)
    for name, layer in layers().named_children():
        mistakes = {text: tuple(other(x).shape[1:]) for text, other in OTHERS[name].items()}
        x = layer(x)
        want = tuple(x.shape[1:])
        mistakes["channels first, then height and width"] = want[1:] + want[:1]
        if not alike(shapes[name], want, 0):
            likely = cause(shapes[name], want, mistakes, 0)
            tried = f"shapes[{name!r}], {layer}"
            fail(tried, "the shape that the net gives: run the cell above", shapes[name], likely)
