"""Layers of critics: spectral normalisation, and linear layers side by side."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils import parametrize


class StackedLinear(nn.Module):
    """S linear layers side by side, drawn as `nn.Linear`: `(S, B, n_in)` to `(S, B, n_out)`."""

    def __init__(self, copies: int, n_in: int, n_out: int) -> None:
        super().__init__()
        bound = n_in**-0.5
        self.weight = nn.Parameter(torch.empty(copies, n_in, n_out).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(copies, 1, n_out).uniform_(-bound, bound))

    def forward(self, x: Tensor) -> Tensor:
        return torch.baddbmm(self.bias, x, self.weight)


class SpectralNorm(nn.Module):
    """Divides a weight by its largest singular value, estimated by power iteration.

    A weight `(out, in, ...)` counts as the matrix `(out, in * ...)`, a stacked one `(S, in, out)`
    as S matrices. Each use in training mode makes one step: Miyato and others 2018, algorithm 1.
    """

    def __init__(self, weight: Tensor, stacked: bool = False) -> None:
        super().__init__()
        self.stacked = stacked
        with torch.no_grad():
            matrix = self._matrix(weight)  # (S, rows, columns)
            u = torch.randn(*matrix.shape[:2], 1, device=weight.device, dtype=weight.dtype)
            self.register_buffer("u", F.normalize(u, dim=1))
            self.register_buffer("v", F.normalize(matrix.mT @ self.u, dim=1))
            for _ in range(15):
                self._iterate(matrix)

    def _matrix(self, weight: Tensor) -> Tensor:
        return weight if self.stacked else weight.flatten(1)[None]

    @torch.no_grad()
    def _iterate(self, matrix: Tensor) -> None:
        self.u = F.normalize(matrix @ self.v, dim=1)  # (S, rows, 1)
        self.v = F.normalize(matrix.mT @ self.u, dim=1)  # (S, columns, 1)

    def forward(self, weight: Tensor) -> Tensor:
        matrix = self._matrix(weight)
        if self.training:
            self._iterate(matrix.detach())
        sigma = self.u.mT @ matrix @ self.v  # (S, 1, 1); u and v count as constants
        return weight / (sigma if self.stacked else sigma.view([1] * weight.ndim))


def spectral_norm(layer: nn.Module) -> nn.Module:
    """The same layer, its weight divided by its largest singular value at every use."""
    stacked = isinstance(layer, StackedLinear)
    if not isinstance(getattr(layer, "weight", None), nn.Parameter) or layer.weight.ndim < 2:
        raise TypeError(f"{type(layer).__name__} has no weight matrix to normalise")
    parametrize.register_parametrization(layer, "weight", SpectralNorm(layer.weight, stacked))
    return layer
