"""Items 5 and 6: the net that does not move."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from checks.compare import fail


def unlike(a: Tensor | None, b: Tensor | None) -> bool:
    """Are these two gradients not the same? None is one of its own."""
    return (a is None) != (b is None) or a is not None and not torch.equal(a, b)


class Bystander:
    """The other net, of which nothing may change."""

    def __init__(self, net: nn.Module, name: str) -> None:
        self.net, self.name = net, name
        self.state = {n: p.detach().clone() for n, p in net.named_parameters()}
        self.grads = {
            n: None if p.grad is None else p.grad.clone() for n, p in net.named_parameters()
        }

    def check(self, tried: str) -> None:
        for name, p in self.net.named_parameters():
            if not torch.equal(p.data, self.state[name]):
                likely = "only one of the two nets takes a step here"
                fail(tried, f"{self.name}'s parameters as they were", f"{name} has changed", likely)
            if unlike(p.grad, self.grads[name]):
                found = "none" if p.grad is None else "all 0" if not p.grad.any() else "another"
                likely = {
                    "another": f"backward() fills {self.name}'s .grad too (to keep that: a clone() of it)",
                    "none": f"{self.name}'s .grad was cleared, by zero_grad() of {self.name} or by None",
                    "all 0": f"{self.name}'s .grad was made 0, by zero_grad() of {self.name} or by hand",
                }[found]
                fail(tried, f"what stands in {self.name}'s .grad as it was", found, likely)
