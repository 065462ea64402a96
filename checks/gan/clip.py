"""Item 7: a step of WGAN's critic, worked out without backward()."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.func import functional_call

from checks.calls import call, item
from checks.compare import number, tensor
from checks.gan.player import Player, flat, maker, mixed
from checks.values import OneOf


def critic_net(seed: int) -> nn.Module:
    """A critic no parameter of which has the slope 0, which rounding would make a step of Adam."""
    torch.manual_seed(seed)
    last = nn.Linear(6, 1), nn.Softplus(), nn.Flatten(0)
    return nn.Sequential(nn.Linear(2, 6), nn.Tanh(), *last).double()


def other_losses(f: nn.Module, real: Tensor, fake: Tensor) -> dict[str, Callable]:
    """Losses of the parameters that are not the one asked for."""

    def of_2014(theta):
        a, b = functional_call(f, theta, (real,)), functional_call(f, theta, (fake,))
        return -F.logsigmoid(a).mean() - F.logsigmoid(-b).mean()

    def halved(theta):
        a, b = functional_call(f, theta, (torch.cat([real, fake]),)).chunk(2)
        return b.mean() - a.mean()

    def least(theta):
        a, b = (
            functional_call(f, theta, (real[: len(fake)],)),
            functional_call(f, theta, (fake[: len(real)],)),
        )
        return b.mean() - a.mean()

    def weighted(on_real: float, on_fake: float) -> Callable:
        return lambda theta: (
            on_fake * functional_call(f, theta, (fake,)).mean()
            - on_real * functional_call(f, theta, (real,)).mean()
        )

    text = "a critic has neither logarithms nor a sigmoid: this is the loss of 2014"
    found = {text: of_2014}
    if len(real) != len(fake) and len(real) + len(fake) > 2:
        found["the batches are not equally large: cut both at B, not in two halves"] = halved
        share = len(real) / (len(real) + len(fake))
        for text, k in (("not one mean over all", 1), ("not twice the mean over all", 2)):
            found[f"two expectations: {text}"] = weighted(k * share, k * (1 - share))
        for text, on_real, on_fake in (
            ("both are divided by the number of real ones", 1, len(fake) / len(real)),
            ("both are divided by that of generated ones", len(real) / len(fake), 1),
        ):
            found[f"a mean over each batch: here {text}"] = weighted(on_real, on_fake)
        found["all examples count: neither batch is cut to the length of the other"] = least
    return found


@item("Item 7, critic_step")
def check_clip(critic_step, optimiser, rate, B, M, c, seed, steps=1) -> None:
    """The difference, and all parameters after each of some steps."""
    f = mixed(critic_net(seed), seed % 2 == 0)
    player = Player(f, maker(optimiser, rate))
    for step in range(1, steps + 1):
        real, fake = torch.randn(B, 2).double() + 1, torch.randn(M, 2).double()

        def gap(theta, mean=torch.mean, real=real, fake=fake):
            return mean(functional_call(f, theta, (real,))) - mean(
                functional_call(f, theta, (fake,))
            )

        player.note()
        want = gap(player.theta()).item()
        player.step(lambda t, gap=gap: -gap(t), clip=lambda p: p.clamp(-c, c))
        kind = type(player.optimiser).__name__
        tried = f"critic_step with {kind}, {B=}, {M=}, {c=}, step {step}"
        came = call(critic_step, f, player.optimiser, real, fake, c, tried=tried)
        player.check_kept(tried)

        others = other_losses(f, real, fake)

        def mistakes(gap=gap, others=others, first=step == 1) -> dict:
            if first:
                return clip_mistakes(player, gap, others, c)
            return player.forgetful(lambda t: -gap(t), lambda p: p.clamp(-c, c))

        told = f"{tried}: all parameters"
        player.check_moved(told)
        # a mean by shares in float32, the default, is right too
        tensor(flat(player.kept), flat(player.right), told, mistakes, 1e-6)
        slips = {"the sign: E f(real) - E f(fake)": -want}
        slips["the difference before the step"] = gap(player.theta(player.right)).item()
        slips["the difference itself is asked, not divided by c"] = want / c if c != 1 else None
        number(came, want, f"{tried}: E f(real) - E f(fake)", slips, 1e-6, plain=float)


def clipped_otherwise(moved: list[Tensor], c: float) -> dict:
    """What usual mistakes make of parameters that have moved, in place of cutting them off."""

    def shrunk(size: Callable) -> list[Tensor]:
        return [q * min(1, c / size(q).item()) for q in moved]

    return {
        "nothing is clipped (p.clamp(...) makes a new tensor: p.clamp_ changes p)": moved,
        "the biases have to be clipped too": [
            q if q.ndim == 1 else q.clamp(-c, c) for q in moved
        ],
        "the weights have to be clipped, not the biases only": [
            q if q.ndim > 1 else q.clamp(-c, c) for q in moved
        ],
        "clip below too: to [-c, c]": [q.clamp(max=c) for q in moved],
        "clip to [-c, c], not to [0, c]": [q.clamp(0, c) for q in moved],
        "each number is cut off at c, not the whole tensor shrunk to norm c": shrunk(torch.norm),
        "each number is cut off at c, not the whole tensor scaled to within c": shrunk(
            lambda q: q.abs().max()
        ),
        "what is below -c becomes -c, not c": [q.where(q.abs() <= c, c) for q in moved],
        "what is outside goes to the bound, not to 0": [
            q.where(q.abs() <= c, 0) for q in moved
        ],
        "what is within the bounds stays as it is (no tanh, no sign)": OneOf(
            torch.cat([bent(q).flatten() for q in moved])
            for bent in (lambda q: c * (q / c).tanh(), lambda q: c * q.tanh(), lambda q: c * q.sign())
        ),
    }  # fmt: skip


def clip_mistakes(player: Player, gap: Callable, others: dict[str, Callable], c: float) -> dict:
    """others: losses that are not the one asked for."""

    def clipped(parameters: list[Tensor]) -> list[Tensor]:
        return [p.clamp(-c, c) for p in parameters]

    up = [-s for s in player.slopes(gap)]  # an optimiser goes down
    moved, at_bound = player.moved(up), clipped(player.before)
    late = [-s for s in player.slopes(gap, at_bound)]
    found = clipped_otherwise(moved, c) | {
        "clip after the step, not before it": player.moved(up, at_bound),
        "clip after the step; this is before, and the slopes are taken there": player.moved(
            late, at_bound
        ),
        "the weights are to be clipped, not the gradient": player.moved(clipped(up)),
        "the weights are to be clipped, not the gradient's norm": player.moved(
            [s * min(1, c / flat(up).norm().item()) for s in up]
        ),
        "c is the bound that is given: here a smaller one has taken its place": OneOf(
            flat(p.clamp(-b, b) for p in moved) for b in (0.01, 0.1, 0.2, 1.0) if b < c
        ),
        "the sign: the critic makes E f(real) - E f(fake) large": clipped(player.after(gap)),
        "the gradient left by the step before is still there: zero_grad() before backward()": (
            clipped(player.after(lambda t: -gap(t), stale=1.0))
        ),
        "clipped, but not moved": at_bound,
        "an expectation is a mean, not a sum": clipped(
            player.after(lambda t: -gap(t, torch.sum))
        ),
        "one step, not several": player.several(lambda t: -gap(t), lambda p: p.clamp(-c, c)),
    }  # fmt: skip
    found |= {text: clipped(player.after(loss)) for text, loss in others.items()}
    return {t: wrong if isinstance(wrong, OneOf) else flat(wrong) for t, wrong in found.items()}
