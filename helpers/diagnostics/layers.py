"""What single layers give while a net runs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from torch import Tensor, nn


def innermost(model: nn.Module) -> dict[str, nn.Module]:
    """The layers that are not made of others, by name."""
    return {name: m for name, m in model.named_modules() if not list(m.children())}


@contextmanager
def outputs(layers: Mapping[str, nn.Module]) -> Iterator[list[tuple[str, Tensor]]]:
    """While the block runs, name and output of each of these layers, in the order of use."""
    seen: list[tuple[str, Tensor]] = []
    hooks = [
        layer.register_forward_hook(lambda _m, _i, out, name=name: seen.append((name, out)))
        for name, layer in layers.items()
    ]
    try:
        yield seen
    finally:
        for hook in hooks:
            hook.remove()


def dead(output: Tensor) -> Tensor:
    """Bool `(units,)` of an output `(B, units, ...)`: 0 for every input and at every place."""
    return (output.transpose(0, 1).flatten(1) == 0).all(1)
