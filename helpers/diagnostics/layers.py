"""What single layers give while a net runs."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from torch import Tensor, nn


@contextmanager
def outputs(
    layers: Mapping[str, nn.Module], keep: Callable[[Tensor], Tensor] = lambda y: y
) -> Iterator[list[tuple[str, Tensor]]]:
    """While the block runs, name and output of each of these layers, in the order of use.

    keep: what is kept of an output y. Without a copy, a later layer that works in place changes it.
    """
    seen: list[tuple[str, Tensor]] = []
    hooks = [
        layer.register_forward_hook(lambda _m, _i, y, name=name: seen.append((name, keep(y))))
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
