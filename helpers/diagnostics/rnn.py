"""An instrument for recurrent networks: how far back a gradient reaches."""

from collections.abc import Callable

import torch
from torch import Tensor, nn


def gradient_against_lag(
    cell: nn.Module, x: Tensor, loss: Callable[[Tensor], Tensor] | None = None
) -> dict[str, Tensor]:
    """The norm of dL/dh_t against lag, where L depends on the last hidden state alone.

    cell: (x `(B, D)`, state) to h `(B, H)` or to the pair (h, c), as in `torch.nn`. x: `(B, T, D)`.
    loss: h_T `(B, H)` to one L per sequence `(B,)`, by default the mean of h_T's elements. Returns
    "h" (and "c" for a pair), each `(T,)`: entry k is the norm at step T - k, mean over the batch.
    """
    if x.ndim != 3 or x.shape[1] < 1:
        raise ValueError(f"x must have shape (B, T, D) with T at least 1, not {tuple(x.shape)}")
    states, state = [], None
    with torch.enable_grad():
        for x_t in x.unbind(1):
            state = cell(x_t, state)
            states.append((state,) if isinstance(state, Tensor) else state)
        h = states[-1][0]  # (B, H)
        total = (h.mean(1) if loss is None else loss(h)).sum()
        norms = {}
        for name, parts in zip("hc", zip(*states, strict=True), strict=False):
            found = torch.autograd.grad(total, parts, retain_graph=True)
            norms[name] = torch.stack([g.norm(dim=1).mean() for g in reversed(found)])
    return norms
