"""The multilayer perceptron, and many small networks trained side by side."""

import copy
from collections.abc import Sequence
from itertools import pairwise

import torch.nn.functional as F
from torch import Tensor, nn
from torch.func import functional_call, stack_module_state, vmap

ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "linear": nn.Identity}


class MLP(nn.Sequential):
    """A multilayer perceptron: images or vectors `(B, ...)` to logits `(B, C)`.

    sizes: `(D, H1, ..., C)`. dropout: the share of hidden units that a step leaves out. gain: hidden
    weights are drawn from N(0, gain²/fan_in), by default so that the signal keeps its size (He and
    others 2015, section 2.2); the last layer's are small, so that the loss starts at ln C.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: str = "relu",
        dropout: float = 0.0,
        gain: float | None = None,
    ) -> None:
        if len(sizes) < 2 or any(size < 1 for size in sizes):
            raise ValueError(f"sizes must be (inputs, ..., classes), all positive, not {sizes}")
        if activation not in ACTIVATIONS:
            known = ", ".join(ACTIVATIONS)
            raise ValueError(f"unknown activation {activation!r}; there are: {known}")
        if gain is None:
            gain = nn.init.calculate_gain(activation)
        super().__init__(nn.Flatten())
        for fan_in, fan_out in pairwise(sizes[:-1]):
            linear = nn.Linear(fan_in, fan_out)  # W (fan_out, fan_in)
            nn.init.normal_(linear.weight, std=gain * fan_in**-0.5)
            nn.init.zeros_(linear.bias)
            self.extend([linear, ACTIVATIONS[activation]()])
            if dropout:
                self.append(nn.Dropout(dropout))
        last = nn.Linear(sizes[-2], sizes[-1])
        nn.init.normal_(last.weight, std=0.1 * sizes[-2] ** -0.5)
        nn.init.zeros_(last.bias)
        self.append(last)

    def __getitem__(self, index: int | slice) -> nn.Module:
        """A layer, or the layers of a slice as a plain nn.Sequential."""
        if isinstance(index, slice):
            return nn.Sequential(*list(self)[index])
        return super().__getitem__(index)


class SideBySide(nn.Module):
    """S networks of one architecture as one module: `(S, B, ...)` to logits `(S, B, C)`.

    Each parameter holds the S networks' values along a new first dimension. One step trains all,
    several times faster than one after another: the sum of their losses gives each its gradient.
    """

    def __init__(self, models: Sequence[nn.Module]) -> None:
        super().__init__()
        if not models:
            raise ValueError("SideBySide needs at least one network")
        shapes = [{n: p.shape for n, p in model.named_parameters()} for model in models]
        if any(shape != shapes[0] for shape in shapes):
            raise ValueError("networks trained side by side must have parameters of equal shapes")
        if any(True for _ in models[0].buffers()):
            raise ValueError("networks with buffers (batch normalisation) cannot be stacked")
        stacked, _ = stack_module_state(list(models))
        self.networks, self.count = copy.deepcopy(models[0]), len(models)
        for name, p in self.networks.named_parameters():
            p.data = stacked[name].detach()

    def forward(self, x: Tensor) -> Tensor:
        if len(x) != self.count:
            raise ValueError(
                f"x has {len(x)} in its first dimension, but there are {self.count} networks: "
                "give each its batch, (S, B, ...), or share one by x.expand(S, *x.shape)"
            )
        one = self.networks  # what runs is this, with each network's parameters in turn
        run = vmap(lambda p, part: functional_call(one, p, (part,)), randomness="different")
        return run(dict(one.named_parameters()), x)

    def network(self, index: int) -> nn.Module:
        """A copy of one of the networks, to be used by itself."""
        one = copy.deepcopy(self.networks)
        for p in one.parameters():
            p.data = p.data[index].clone()
        return one


def losses_each(logits: Tensor, y: Tensor) -> Tensor:
    """Each network's mean cross-entropy in nats, `(S,)`: logits `(S, B, C)`, labels `(S, B)`.

    Labels `(B,)` are shared by all. `losses_each(...).sum().backward()` trains each by its own.
    """
    y = y.expand(logits.shape[:2])
    return F.cross_entropy(logits.flatten(0, 1), y.flatten(), reduction="none").view_as(y).mean(1)
