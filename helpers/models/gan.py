"""Generative adversarial networks: losses, the pair for points in the plane, DCGAN, critics.

A generator maps noise z to samples, a discriminator maps samples to one logit each. Models
that hold `copies` networks side by side take and give `(S, B, ...)`, S copies, B batch; the
others `(B, ...)`. The copies share nothing, so that many seeds train at the cost of one.
"""

from collections.abc import Callable
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils import parametrize

from helpers.models.modes import eval_mode

# Losses. Each takes logits a `(..., B)`, with D = sigmoid(a), and gives one loss per copy `(...)`.
# ln D = -softplus(-a) and ln(1 - D) = -softplus(a): exact where D rounds to 0 or 1.


def discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    """-E ln D(x) - E ln(1 - D(G(z))), in nats (Goodfellow and others 2014, equation 1)."""
    return F.softplus(-real).mean(-1) + F.softplus(fake).mean(-1)


def minimax_loss(fake: Tensor) -> Tensor:
    """E ln(1 - D(G(z))): what the generator minimises in the game as published."""
    return -F.softplus(fake).mean(-1)


def non_saturating_loss(fake: Tensor) -> Tensor:
    """-E ln D(G(z)): the generator's loss in practice (Goodfellow and others 2014, section 3)."""
    return F.softplus(-fake).mean(-1)


def critic_loss(real: Tensor, fake: Tensor) -> Tensor:
    """E f(G(z)) - E f(x) for a critic f (Arjovsky, Chintala and Bottou 2017, algorithm 1)."""
    return fake.mean(-1) - real.mean(-1)


def wasserstein_loss(fake: Tensor) -> Tensor:
    """-E f(G(z)): the generator's loss against a critic f."""
    return -fake.mean(-1)


# name -> (loss of the discriminator, loss of the generator)
LOSSES: dict[str, tuple[Callable[[Tensor, Tensor], Tensor], Callable[[Tensor], Tensor]]] = {
    "minimax": (discriminator_loss, minimax_loss),
    "non_saturating": (discriminator_loss, non_saturating_loss),
    "wasserstein": (critic_loss, wasserstein_loss),
}


def gradient_penalty(
    critic: Callable[[Tensor], Tensor], real: Tensor, fake: Tensor, share: Tensor
) -> Tensor:
    """E (|grad_x f(x)| - 1)^2 at points x between real and fake ones; one number per copy.

    real, fake: `(..., B, *one)`, paired at random. share: `(..., B)`, how far each point lies from
    real (0) to fake (1). Source: Gulrajani and others 2017, equation 3.
    """
    if real.shape != fake.shape or real.shape[: share.ndim] != share.shape:
        raise ValueError(
            f"real {tuple(real.shape)} and fake {tuple(fake.shape)} must have one shape, and "
            f"share {tuple(share.shape)} one number for each of their examples"
        )
    share = share.reshape(*share.shape, *[1] * (real.ndim - share.ndim))
    x = (real + share * (fake - real)).detach().requires_grad_()
    f = critic(x)  # (..., B)
    (slope,) = torch.autograd.grad(f.sum(), x, create_graph=True)  # (..., B, *one)
    return ((slope.flatten(f.ndim).norm(dim=-1) - 1) ** 2).mean(-1)


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


class PointGenerator(nn.Module):
    """S multilayer perceptrons from noise z `(S, B, latent)` to points `(S, B, 2)`."""

    def __init__(self, copies: int = 1, latent: int = 16, width: int = 64, hidden: int = 3) -> None:
        super().__init__()
        self.copies, self.latent = copies, latent
        sizes, layers = [latent] + [width] * hidden, []
        for n_in, n_out in pairwise(sizes):
            layers += [StackedLinear(copies, n_in, n_out), nn.ReLU()]
        self.layers = nn.Sequential(*layers, StackedLinear(copies, sizes[-1], 2))

    def forward(self, z: Tensor) -> Tensor:
        return self.layers(z)


class PointDiscriminator(nn.Module):
    """S multilayer perceptrons from points `(S, B, 2)` to logits `(S, B)`.

    lipschitz: if given, every weight matrix is divided by its largest singular value, and the
    logit multiplied by this number, so that it changes by at most so much per unit of distance.
    """

    def __init__(
        self, copies: int = 1, width: int = 64, hidden: int = 3, lipschitz: float | None = None
    ) -> None:
        super().__init__()
        self.copies, self.scale = copies, 1.0 if lipschitz is None else lipschitz
        normalise = nn.Identity() if lipschitz is None else spectral_norm
        sizes, layers = [2] + [width] * hidden, []
        for n_in, n_out in pairwise(sizes):
            layers += [normalise(StackedLinear(copies, n_in, n_out)), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers, normalise(StackedLinear(copies, sizes[-1], 1)))

    def forward(self, x: Tensor) -> Tensor:
        return self.scale * self.layers(x).squeeze(-1)


def dcgan_init(module: nn.Module) -> None:
    """Weights N(0, 0.02), batch normalisation's gains N(1, 0.02); for `model.apply(dcgan_init)`.

    Source: Radford, Metz and Chintala 2015, section 4 (the gains: the authors' code).
    """
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)


def _smallest_map(image_shape: tuple[int, int, int], stages: int) -> tuple[int, int]:
    _, height, width = image_shape
    if stages < 1 or height % 2**stages or width % 2**stages:
        raise ValueError(
            f"{stages} stages halve an image {stages} times, which {height}x{width} does not "
            f"allow; choose `stages` so that 2**stages divides both sides"
        )
    return height // 2**stages, width // 2**stages


class DCGANGenerator(nn.Module):
    """Noise z `(B, latent)` to images `(B, C, H, W)` within -1 to 1, by transposed convolutions.

    Each stage doubles the side and halves the channels, down to `width` before the last. The
    paper's 64x64 images: stages=4, width=128 (Radford, Metz and Chintala 2015, figure 1).
    """

    def __init__(
        self, image_shape: tuple[int, int, int], latent: int = 32, width: int = 16, stages: int = 2
    ) -> None:
        super().__init__()
        self.latent = latent
        smallest = _smallest_map(image_shape, stages)
        channels = width * 2 ** (stages - 1)
        layers = [nn.ConvTranspose2d(latent, channels, smallest, bias=False)]
        for stage in reversed(range(stages)):
            n_out = channels // 2 if stage else image_shape[0]
            double = nn.ConvTranspose2d(channels, n_out, 4, stride=2, padding=1, bias=stage == 0)
            layers += [nn.BatchNorm2d(channels), nn.ReLU(), double]
            channels = n_out
        self.layers = nn.Sequential(*layers, nn.Tanh())
        self.apply(dcgan_init)

    def forward(self, z: Tensor) -> Tensor:
        return self.layers(z[:, :, None, None])


class DCGANDiscriminator(nn.Module):
    """Images `(B, C, H, W)` within -1 to 1 to one logit each `(B,)`, by strided convolutions.

    norm: "batch" as in DCGAN (not in the first layer); "none" for the critic of WGAN-GP, whose
    penalty needs each example's own gradient; "spectral" for every layer.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int],
        width: int = 16,
        stages: int = 2,
        norm: str = "batch",
    ) -> None:
        super().__init__()
        if norm not in ("batch", "none", "spectral"):
            raise ValueError(f"unknown norm {norm!r}; there are: batch, none, spectral")
        smallest = _smallest_map(image_shape, stages)
        channels, layers = image_shape[0], []
        for stage in range(stages):
            batch = norm == "batch" and stage > 0
            n_out = width * 2**stage
            layers.append(nn.Conv2d(channels, n_out, 4, stride=2, padding=1, bias=not batch))
            layers += [nn.BatchNorm2d(n_out)] * batch + [nn.LeakyReLU(0.2)]
            channels = n_out
        self.layers = nn.Sequential(*layers, nn.Conv2d(channels, 1, smallest))
        self.apply(dcgan_init)
        if norm == "spectral":
            for layer in self.layers:
                if isinstance(layer, nn.Conv2d):
                    spectral_norm(layer)

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x).flatten()


def noise(generator: nn.Module, count: int, rng: torch.Generator | None = None) -> Tensor:
    """z ~ N(0, I), as the generator takes it: `(count, latent)` or `(S, count, latent)`."""
    copies = getattr(generator, "copies", None)
    leading = (count,) if copies is None else (copies, count)
    return torch.randn(*leading, generator.latent, generator=rng)


@torch.no_grad()
def generate(generator: nn.Module, z: Tensor, batch_size: int = 500) -> Tensor:
    """G(z) on the CPU, in eval mode, of z `(N, latent)`, or `(S, N, latent)` side by side."""
    device = next(generator.parameters()).device
    with eval_mode(generator):
        parts = [generator(part.to(device)).cpu() for part in z.split(batch_size, dim=z.ndim - 2)]
    return torch.cat(parts, dim=z.ndim - 2)
