"""Muon: momentum made orthogonal before each step, for the weights of hidden layers.

Sources: K. Jordan and others, Muon: an optimizer for hidden layers in neural networks, 2024
(kellerjordan.github.io/posts/muon), and for the length of a step J. Liu and others, Muon is
scalable for LLM training, 2025, section 2.2.
"""

from collections.abc import Iterable

import torch
from torch import Tensor

MOMENTUM = 0.95  # Muon's
BETAS, EPSILON = (0.9, 0.95), 1e-8  # AdamW's


class Muon(torch.optim.Optimizer):
    """Muon for hidden weights, and AdamW for the rest, with one learning rate for both.

    parameters: those of a model, in its order. Hidden are the weights of two or more dimensions
    but for the first and the last; a convolution's counts as a matrix `(C_out, C_in K K)`.
    """

    def __init__(self, parameters: Iterable[Tensor], lr: float, *, weight_decay: float = 0.0):
        parameters = list(parameters)
        weights = [p for p in parameters if p.ndim >= 2]
        hidden = {id(p) for p in weights[1:-1]}
        groups = [
            {"params": [p for p in parameters if (id(p) in hidden) is kind], "hidden": kind}
            for kind in (True, False)
        ]
        defaults = {"lr": lr, "weight_decay": weight_decay}
        super().__init__([group for group in groups if group["params"]], defaults)

    @torch.no_grad()
    def step(self) -> None:
        """One update of every parameter that has a gradient."""
        for group in self.param_groups:
            update = _muon if group["hidden"] else _adam
            for p in group["params"]:
                if p.grad is not None:
                    p.mul_(1 - group["lr"] * group["weight_decay"])
                    p.sub_(group["lr"] * update(p.grad, self.state[p]))


def _muon(grad: Tensor, state: dict) -> Tensor:
    """Nesterov momentum made orthogonal, its entries as large as AdamW's: 0.2 on average."""
    if not state:
        state["momentum"] = torch.zeros_like(grad)
    m = state["momentum"].lerp_(grad, 1 - MOMENTUM)
    ahead = grad.lerp(m, MOMENTUM).flatten(1)  # (R, C)
    update = orthogonal(ahead) * 0.2 * max(ahead.shape) ** 0.5
    return update.to(grad.dtype).reshape(grad.shape)


def _adam(grad: Tensor, state: dict) -> Tensor:
    """Adam's direction (Kingma and Ba 2015, algorithm 1)."""
    if not state:
        state.update(t=0, m=torch.zeros_like(grad), v=torch.zeros_like(grad))
    beta1, beta2 = BETAS
    state["t"] += 1
    m = state["m"].lerp_(grad, 1 - beta1) / (1 - beta1 ** state["t"])
    v = state["v"].lerp_(grad.square(), 1 - beta2) / (1 - beta2 ** state["t"])
    return m / (v.sqrt() + EPSILON)


def orthogonal(x: Tensor) -> Tensor:
    """Of a matrix `(R, C)`, U S Vᵀ, about U Vᵀ: five steps of a Newton-Schulz iteration.

    Each step x -> (a + b x xᵀ + c (x xᵀ)²) x needs of x only x xᵀ, in which all are taken, in
    float32: rounded to bfloat16 it could have negative eigenvalues, which the steps would blow up.
    The authors' coefficients raise small singular values fast, and leave all in about 0.7 to 1.2.
    """
    a, b, c = 3.4445, -4.7750, 2.0315
    tall = x.size(0) > x.size(1)
    x = x.float().T if tall else x.float()
    x = x / (x.norm() + 1e-7)  # no singular value is above 1
    gram = x @ x.T  # (R, R)
    one = torch.eye(gram.size(0), device=x.device)
    product = one  # of all steps
    for _ in range(5):
        step = a * one + b * gram + c * gram @ gram
        product, gram = step @ product, step @ gram @ step
    x = product @ x
    return x.T if tall else x
