"""Train a language model on windows of one stream of tokens: `fit_gpt`."""

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from helpers.models.gpt import GPT
from helpers.training.history import History
from helpers.training.sources import Source
from helpers.training.train import train_language


class Windows(Source):
    """Windows of `length` tokens from anywhere in one stream `(N,)`, and what comes after each."""

    def __init__(self, tokens: Tensor, batch_size: int, length: int) -> None:
        if batch_size < 1 or length < 1 or len(tokens) <= length:
            raise ValueError(
                f"{len(tokens)} tokens are too few for windows of {length} and what comes next; "
                f"batch_size ({batch_size}) and length must be at least 1"
            )
        self.tokens, self.batch_size, self.length = tokens, batch_size, length
        self.updates = max(1, (len(tokens) - 1) // (batch_size * length))

    def draw(self, order: torch.Generator) -> Tensor:
        starts = len(self.tokens) - self.length
        return torch.randint(starts, (self.batch_size,), generator=order)

    def batch(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """x and y, one token ahead of x: int64 `(B, T)` both."""
        steps = torch.arange(self.length + 1, device=self.tokens.device)
        found = self.tokens[rows.to(self.tokens.device)[:, None] + steps].long()
        return found[:, :-1], found[:, 1:]


def fit_gpt(model: GPT, tokens: Tensor, *, batch_size: int = 16, **settings) -> History:
    """Train on windows as long as the context, from anywhere in `tokens` `(N,)`; AdamW, 2e-3.

    The rate warms up over a tenth of the steps and falls along a cosine; the gradient is clipped
    to norm 1. settings: steps, watch and others, see `train_language`; `loss` is in nats.
    """
    model.check_known(tokens)
    windows = Windows(tokens, batch_size, model.context)

    def step(batch: tuple[Tensor, Tensor]) -> Iterator[Tensor]:
        x, y = batch
        yield F.cross_entropy(model(x).flatten(0, 1), y.flatten())

    usual = {"lr": 2e-3, "clip": 1.0, "schedule": "cosine", "warm_up": 0.1}
    same = {"batch_size": batch_size, "tokens": len(tokens)}
    return train_language(step, windows, model, same=same, **(usual | settings))
