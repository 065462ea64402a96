"""Item 12: formulas, against torch's own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checks.calls import call, gradient, item
from checks.compare import failing, tensor
from checks.training.before import AUTOGRAD
from checks.values import OneOf
from checks.watch import AllBut
from helpers.models import cells

CUT = "each state is cut off from the one before (detach, no_grad): gradients go back in time"
RECURRENT = {"by_hand": ("linear",), "without": (cells.rnn_step,)}
CONVOLUTIONS = (np.convolve, np.correlate, np.polymul)


def check_single(function, given: tuple, want: Tensor, tried: str) -> None:
    """In float32 the same, of that dtype."""
    tried = f"{tried}, float32"
    came = call(function, *(part.float() for part in given), tried=tried)
    tensor(came, want.float(), tried, tolerance=1e-4)


def not_v(real: Tensor, fake: Tensor, reference) -> dict:
    """reference: V by the library."""
    B, B_fake, want = len(real), len(fake), reference(real, fake)
    means = real.mean(), (1 - fake).mean()
    whole = B * reference(real, 0 * fake) + B_fake * reference(0 * real + 1, fake)
    return {
        "the logarithms are missing": sum(means),
        "the logarithms stand inside the mean: E[ln D], not ln E[D]": sum(m.log() for m in means),
        "ln(1 - D(G(z))), not ln D(G(z))": reference(real, 1 - fake),
        "V is what D maximises: this is the loss, its negative": -want,
        "this is minus the non-saturating form": reference(real, 0 * fake) - reference(
            0 * real + 1, 1 - fake
        ),
        "ln(1 - D), not 1 - ln D": real.log().mean() + 1 - fake.log().mean(),
        "nothing is added inside the logarithms": OneOf(
            (real + a * small).log().mean() + (1 - fake + b * small).log().mean()
            for small in (10.0**-k for k in (*range(2, 17), 20, 30, 38, 40, 45, 50))
            for a, b in ((1, 1), (1, 0), (0, 1))
        ),
        "D may be as near to 0 and 1 as it likes: nothing is cut off": OneOf(
            cut(real).log().mean() + (1 - cut(fake)).log().mean()
            for cut in (partial(torch.clamp, min=10.0**-k, max=1 - 10.0**-k) for k in range(1, 16))
        ),
        "ln 0 would be -inf, and nothing is cut off: F.binary_cross_entropy stops at -100": OneOf(
            real.log().clamp_min(-n).mean() + torch.log1p(-fake).clamp_min(-n).mean()
            for n in (10, 20, 30, 50, 100)
        ),
        "the sum of two means": want / 2,
        "two means, not one over all examples": whole / (B + B_fake) if B != B_fake else None,
        "two means, not twice the one over all examples": 2 * whole / (B + B_fake),
        "ln(1 - D(G(z))): the second logarithm is missing": real.log().mean() + (1 - fake).mean(),
        "ln D(x): the first logarithm is missing": real.mean() + (1 - fake).log().mean(),
        "means, not sums": whole,
    }  # fmt: skip


@item("Item 12, gan_value")
def check_gan_value(gan_value, B: int, B_fake: int) -> None:
    """Against the logarithms, which the library's cross-entropy stops at -100."""
    g = torch.Generator().manual_seed(B)
    draws = (torch.randn(n, generator=g, dtype=torch.float64) for n in (B, B_fake))
    real, fake = (z.sigmoid() for z in draws)

    def reference(real, fake):
        return real.log().mean() + torch.log1p(-fake).mean()

    want = reference(real, fake)
    tried = f"gan_value of {B} real and {B_fake} generated examples"
    # a mean by shares in float32, the default, is right too
    likely = "two means, each over its own examples, which may not be equally many" * (B != B_fake)
    with failing(likely, "size of tensor"):
        came = call(gan_value, real, fake, tried=tried)
    tensor(came, want, tried, lambda: not_v(real, fake, reference), 1e-6)
    gradient(gan_value, reference, (real, fake), tried, tolerance=1e-6)
    check_single(gan_value, (real, fake), want, tried)
    tried = f"{tried}, D as near to 0 and 1 as 1e-60 and 1 - 2^-40"
    real[0], fake[0], real[1], fake[1] = 1e-60, 1e-60, 1 - 2**-40, 1 - 2**-40
    came, want = call(gan_value, real, fake, tried=tried), reference(real, fake)
    tensor(came, want, tried, lambda: not_v(real, fake, reference), 1e-6)


def recurrent(drive: Tensor, step: Callable) -> Tensor:
    """The states of another rule; step: of what the input gives (B, H), the state before and t."""
    h, states = torch.zeros_like(drive[:, 0]), []
    for t in range(drive.shape[1]):
        h = step(drive[:, t], h, t)
        states.append(h)
    return torch.stack(states, 1)


def other_rules(drive: Tensor, W_hh: Tensor, b: Tensor) -> dict:
    """The states of usual other rules; drive: what the input and the bias give."""
    return {
        "the bias enters once in each step": OneOf((
            recurrent(drive, lambda d, h, t: torch.tanh(d + h @ W_hh.T + b)),
            recurrent(drive, lambda d, h, t: torch.tanh(d + h @ W_hh.T + b * (t > 0))),
            recurrent(drive, lambda d, h, t: torch.tanh(d + h @ W_hh.T - b * (t > 0))),
        )),
        "tanh, not another function": OneOf(
            recurrent(drive, lambda d, h, t, of=of: of(d + h @ W_hh.T))
            for of in (torch.sigmoid, torch.relu, lambda u: u, F.gelu, F.silu, F.elu)
        ),
        "the state before enters inside tanh, by W_hh": OneOf((
            recurrent(drive, lambda d, h, t: torch.tanh(d) + h @ W_hh.T),
            recurrent(drive, lambda d, h, t: torch.tanh(d) + torch.tanh(h @ W_hh.T)),
            recurrent(drive, lambda d, h, t: torch.tanh(d + h)),
            recurrent(drive, lambda d, h, t: h + torch.tanh(d + h @ W_hh.T)),
        )),
        "every state goes on from the one before, not from the first alone": recurrent(
            drive, lambda d, h, t: torch.tanh(d + (t == 1) * (h @ W_hh.T))
        ),
    }  # fmt: skip


def not_states(reference, x: Tensor, W_ih: Tensor, W_hh: Tensor, b: Tensor) -> dict:
    """reference: the states by the library."""
    (B, T, D), H, want = x.shape, len(b), reference(x, W_ih, W_hh, b)
    drive, sums = x @ W_ih.T + b, [x.new_zeros(B, H)]
    for t in range(T):
        sums.append(drive[:, t] + sums[-1] @ W_hh.T)
    return {
        "what goes on to the next step is the state, after tanh, not the sum inside": torch.stack(
            sums[1:], 1
        ).tanh(),
        "no recurrence: h_{t-1} has to enter": reference(x, W_ih, 0 * W_hh, b),
        "W_hh is (H, H) and multiplies columns: h @ W_hh.T for rows": reference(x, W_ih, W_hh.T, b),
        "all states, not the last one alone": want[:, -1],
        "batch first: (B, T, H)": want.transpose(0, 1),
        "the bias is missing": reference(x, W_ih, W_hh, 0 * b),
        **other_rules(drive, W_hh, b),
        "it starts from zeros, not from ones": reference(
            x, W_ih, W_hh, b, torch.ones(1, B, H, dtype=x.dtype)
        ),
        "the state before enters, not the input before": torch.cat([
            reference(x[:, t : t + 1], W_ih, W_hh, b, x[None, :, t - 1] if t else None)
            for t in range(T)
        ], 1) if D == H else None,
        "time runs from the first step to the last": reference(x.flip(1), W_ih, W_hh, b).flip(1),
    }  # fmt: skip


@item("Item 12, rnn_states")
def check_rnn_states(rnn_states, B: int, T: int, D: int, H: int) -> None:
    """Against nn.RNN with the same parameters."""
    torch.manual_seed(B + T)
    net = nn.RNN(D, H, batch_first=True).double()
    x = torch.randn(B, T, D, dtype=torch.float64)
    W_ih, W_hh, b_ih, b_hh = (p.detach() for p in net.parameters())
    b = b_ih + b_hh

    def reference(x, W_ih, W_hh, b, h0=None):
        names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
        values = dict(zip(names, (W_ih, W_hh, b, torch.zeros_like(b)), strict=True))
        return torch.func.functional_call(net, values, (x, h0))[0]

    want = reference(x, W_ih, W_hh, b)
    tried = f"rnn_states of x {tuple(x.shape)}, {H=}"
    came = call(rnn_states, x, W_ih, W_hh, b, tried=tried, **RECURRENT)
    tensor(came, want, tried, lambda: not_states(reference, x, W_ih, W_hh, b))

    def cut(x, *rest):
        h, states = x.new_zeros(B, H), []
        for t in range(T):
            states.append(reference(x[:, t : t + 1], *rest, h.detach()[None]))
            h = states[-1][:, 0]
        return torch.cat(states, 1)

    given = (x, W_ih, W_hh, b)
    gradient(rnn_states, reference, given, tried, **RECURRENT, mistakes={CUT: cut})
    check_single(rnn_states, given, want, tried)


@item("Item 12, delta_below")
def check_delta(delta_below, B: int, N: int, M: int) -> None:
    """Against autograd, its gradients too."""
    g = torch.Generator().manual_seed(N * M)
    delta, W, z = (
        torch.randn(size, generator=g, dtype=torch.float64) for size in ((B, N), (N, M), (B, M))
    )

    def below(delta, W, z, sigma=torch.tanh):
        at = z if z.requires_grad else z.clone().requires_grad_()
        return torch.autograd.grad(sigma(at) @ W.T, at, delta, create_graph=True)[0]

    given, plain = (delta, W, z), delta @ W
    want = below(*given).detach()
    mistakes = {
        "the factor tanh'(z) is missing: multiply number by number": plain,
        "tanh' is 1 - tanh squared": plain * z.tanh(),
        "tanh' is 1 - tanh squared: the square is missing": plain * (1 - z.tanh()),
        "z goes through tanh before it is squared": plain * (1 - z**2),
        "z is what tanh takes: here tanh is taken twice": plain * (1 - z.tanh().tanh() ** 2),
        "this is the derivative of the logistic function": below(*given, torch.sigmoid),
        "this is the derivative of ReLU": below(*given, torch.relu),
        "the slope enters once": want * want / plain,
        "each example has its own z: no mean over the batch": below(
            delta, W, z.mean(0).repeat(B, 1)
        ).detach() if B > 1 else None,
    }  # fmt: skip
    tried = f"delta_below of delta {(B, N)}, W {(N, M)}, z {(B, M)}"
    watched = {"by_hand": AllBut("backward", "grad", "vjp", "jvp"), "without": AUTOGRAD}
    tensor(call(delta_below, *given, tried=tried, **watched), want, tried, mistakes)
    gradient(delta_below, below, given, tried, **watched)
    check_single(delta_below, given, want, tried)


def last(f: Tensor, g: Tensor) -> Tensor:
    """Of each number of the convolution the product with the largest m."""
    m = torch.arange(len(f) + len(g) - 1).clamp_max(len(f) - 1)
    return f[m] * g[torch.arange(len(m)) - m]


@item("Item 12, convolve")
def check_convolve(convolve, M: int, N: int) -> None:
    """Against the library's convolution of signals, padded all round."""
    g = torch.Generator().manual_seed(10 * M + N)
    f, h = (torch.randn(n, generator=g, dtype=torch.float64) for n in (M, N))

    def reference(f, h):
        return F.conv1d(f[None, None], h.flip(0)[None, None], padding=len(h) - 1)[0, 0]

    want, n = reference(f, h), torch.arange(M + N - 1)
    spectra = ((torch.fft.fft(f, k), torch.fft.fft(h, k)) for k in range(max(M, N), M + N - 1))
    short = [torch.fft.ifft(a * b).real for a, b in spectra]
    guessed = torch.fft.irfft(torch.fft.rfft(f, M + N - 1) * torch.fft.rfft(h, M + N - 1))
    index = n[:, None] - torch.arange(M)  # n - m
    inside = (index >= -N) & (index < N)
    wrapped = torch.where(inside, f * h[index.clamp(-N, N - 1)], 0.0).sum(1)
    mistakes = {
        "+= sums all products of a place, = keeps the last of them": OneOf(
            [last(f, h), last(h, f)]
        ),
        f"there are M + N - 1 numbers, not {M}": want[:M],
        f"there are M + N - 1 numbers, not {N}": want[:N],
        "where n < m there is no g[n - m]: in Python a negative index counts from the end": wrapped,
        "g runs backwards in a convolution: g[n - m]": reference(f, h.flip(0)),
        "irfft without n gives an even number of values: n=M + N - 1": guessed,
        "a Fourier transform of too few points lets the end come round to the beginning": OneOf(
            [*short, *(F.pad(y, (0, M + N - 1 - len(y))) for y in short)]
        ),
        "either sequence may be the longer one: the end of g is left out": (
            F.pad(reference(f, h[:M]), (0, N - M)) if N > M else None
        ),
        "either sequence may be the longer one: the end of f is left out": (
            F.pad(reference(f[:N], h), (0, M - N)) if M > N else None
        ),
    }
    tried = f"convolve of sequences of {M} and {N} numbers"
    watched = {"by_hand": AllBut("conv"), "without": CONVOLUTIONS}
    tensor(call(convolve, f, h, tried=tried, **watched), want, tried, mistakes)
    gradient(convolve, reference, (f, h), tried, **watched)
    check_single(convolve, (f, h), want, tried)
