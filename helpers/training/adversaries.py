"""Train two adversaries: `fit_gan`."""

from collections.abc import Callable, Iterator
from functools import partial

import torch
from torch import Tensor, nn
from torch.optim import Adam

from helpers.models import gan
from helpers.training.checkpoint import number
from helpers.training.history import History
from helpers.training.loop import Loop
from helpers.training.numbers import Loss
from helpers.training.plan import Plan, at_least_one
from helpers.training.sources import Source


def fit_gan(
    generator: nn.Module,
    discriminator: nn.Module,
    x: Tensor,
    *,
    steps: int,
    loss: str = "non_saturating",
    critic_steps: int = 1,
    every: int = 0,
    watch: Callable[[int], object] | None = None,
    seed: int = 0,
    **settings,
) -> History:
    """Train the two against each other on examples x `(N, ...)`, scaled as generated ones are.

    A round is `critic_steps` steps of the discriminator, each on a fresh batch, and one of the
    generator, by Adam, lr 2e-4, from halfway on linearly to 0. `every` so many, the losses and mean
    logits are recorded (`(S,)` of copies side by side), and as `watched` what `watch(step)` gives.
    loss: a name in `gan.LOSSES`; "wasserstein" needs `penalty` (of the gradient), `clip` (of every
    weight) or spectral normalisation. settings: batch_size, betas, those two, those of `Plan`.
    """
    own = {"critic_steps": critic_steps, "batch_size": 64, "penalty": 0.0, "clip": None}
    own = {name: number(settings.pop(name, usual)) for name, usual in own.items()}
    game = Game(generator, discriminator, x, loss, **own)
    steps, every = number(steps), number(every)
    at_least_one(steps=steps, every=every or 1)
    betas = list(map(float, settings.pop("betas", (0.5, 0.999))))
    usual = {"lr": 2e-4, "schedule": "second_half", "optimiser": partial(Adam, betas=betas)}
    nets = {"discriminator": discriminator, "generator": generator}
    same = {"loss": loss, "betas": betas, **own, "examples": len(x)}

    def record(loop: Loop) -> dict:
        found = {"steps": loop.done, **loop.numbers.latest()}
        return found if watch is None else found | {"watched": watch(loop.done)}

    plan = Plan.of(**(usual | settings))
    return Loop(game.play, game, nets, plan, seed=seed, same=same).run(steps, every, record)


Drawn = tuple[Tensor, Tensor, Tensor | None]  # examples, noise, places between the two


class Game(Source):
    """The game's draws and losses: `critic_steps` of the discriminator, one of the generator."""

    def __init__(self, generator, discriminator, x, loss, critic_steps, batch_size, penalty, clip):
        _check(generator, discriminator, x, loss)
        if clip is not None and not clip > 0:
            raise ValueError(f"clip must be above 0, not {clip}")
        at_least_one(critic_steps=critic_steps, batch_size=batch_size)
        self.generator, self.discriminator, self.x = generator, discriminator, x
        self.critic_steps, self.batch_size = critic_steps, batch_size
        self.penalty, self.clip = penalty, clip
        self.loss_d, self.loss_g = gan.LOSSES[loss]
        copies = getattr(generator, "copies", None)
        self.shape = (batch_size,) if copies is None else (copies, batch_size)

    def draw(self, order: torch.Generator) -> Tensor:
        """All random numbers of a round, of the whole batch; the rows are places in the batch."""
        self.drawn = []  # for each step of the discriminator
        for _ in range(self.critic_steps):
            real = torch.randint(len(self.x), self.shape, generator=order)
            z = gan.noise(self.generator, self.batch_size, order)
            share = torch.rand(self.shape, generator=order) if self.penalty else None
            self.drawn.append((real, z, share))
        self.last_z = gan.noise(self.generator, self.batch_size, order)
        return torch.arange(self.batch_size)

    def batch(self, rows: Tensor) -> tuple[list[Drawn], Tensor]:
        """The same for these places alone, on the device."""

        def mine(drawn: Tensor) -> Tensor:
            return drawn.index_select(len(self.shape) - 1, rows).to(self.x.device)

        drawn = [
            (self.x[mine(real)], mine(z), None if share is None else mine(share))
            for real, z, share in self.drawn
        ]
        return drawn, mine(self.last_z)

    def play(self, batch: tuple[list[Drawn], Tensor]) -> Iterator[Loss]:
        drawn, last_z = batch
        for real, z, share in drawn:
            with torch.no_grad():
                fake = self.generator(z)
            on_real, on_fake = self.discriminator(real), self.discriminator(fake)  # (..., B)
            loss = self.loss_d(on_real, on_fake)
            if self.penalty:
                penalty = gan.gradient_penalty(self.discriminator, real, fake, share)
                loss = loss + self.penalty * penalty
            logits = {"real": on_real.detach().sum(-1), "fake": on_fake.detach().sum(-1)}
            yield Loss(loss, "discriminator", sums=logits)
            if self.clip is not None:
                with torch.no_grad():
                    for p in self.discriminator.parameters():
                        p.clamp_(-self.clip, self.clip)
        yield Loss(self.loss_g(self.discriminator(self.generator(last_z))), "generator")


def _check(generator: nn.Module, discriminator: nn.Module, x: Tensor, loss: str) -> None:
    if loss not in gan.LOSSES:
        raise ValueError(f"unknown loss {loss!r}; there are: {', '.join(gan.LOSSES)}")
    if not isinstance(x, Tensor) or not x.is_floating_point() or len(x) == 0:
        what = f"{x.dtype} {tuple(x.shape)}" if isinstance(x, Tensor) else type(x).__name__
        raise ValueError(
            f"x must be float examples (N, ...), not {what}; for pixels 0 to 255 and a generator "
            "that ends in tanh: x.float() / 127.5 - 1"
        )
    pair = getattr(generator, "copies", None), getattr(discriminator, "copies", None)
    if pair[0] != pair[1]:
        raise ValueError(f"the generator holds {pair[0]} copies and the discriminator {pair[1]}")
    kind = nn.modules.batchnorm._BatchNorm
    if loss == "wasserstein" and any(isinstance(m, kind) for m in discriminator.modules()):
        raise ValueError(
            "a critic must not use batch normalisation: its slope at one example would depend on "
            "the rest of the batch; build it with norm='none' or norm='spectral'"
        )
