"""From one sequence to another: a GRU encoder and decoder, how a pair is learnt, how one writes.

Sources: Cho and others, Learning Phrase Representations using RNN Encoder-Decoder, 2014 (no
attention); Bahdanau, Cho and Bengio, 2014 (additive attention); Luong, Pham and Manning, Effective
Approaches to Attention-based NMT, 2015 (first the state, then attention, here with either score).

Tokens are numbers; 0 is padding, at the right end. The functions take any model that has `encode`,
source to memory, and `decode`, target and memory to logits, as `Transformer` has too.
"""

from collections.abc import Callable, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from helpers.models.attention import AdditiveAttention, attention
from helpers.models.modes import eval_mode
from helpers.training.history import History
from helpers.training.numbers import Loss
from helpers.training.sources import Shuffled
from helpers.training.train import train

KINDS = ("none", "additive", "dot")


class Seq2Seq(nn.Module):
    """Tokens `(B, S)` and a target's beginning `(B, T)` to logits of what comes next `(B, T, V)`.

    attention: "none" reads the encoder's last state at every step; "additive" and "dot" read a
    weighted mean of all its states. watch: set it True, and `weights` keeps the last `(B, T, S)`.
    """

    def __init__(
        self,
        source_symbols: int,
        target_symbols: int,
        *,
        attention: str = "additive",
        hidden_size: int = 64,
        embedding: int = 32,
    ) -> None:
        super().__init__()
        if attention not in KINDS:
            raise ValueError(f"attention must be one of {', '.join(KINDS)}, not {attention!r}")
        H = hidden_size
        self.kind, self.watch, self.weights = attention, False, None
        self.source = nn.Embedding(source_symbols, embedding, padding_idx=0)
        self.target = nn.Embedding(target_symbols, embedding)
        self.encoder = nn.GRU(embedding, H, batch_first=True)
        self.decoder = nn.GRU(embedding, H, batch_first=True)
        self.additive = AdditiveAttention(H, H, H // 2) if attention == "additive" else None
        self.join = nn.Linear(2 * H, H)
        self.readout = nn.Linear(H, target_symbols)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        return self.decode(target, self.encode(source))

    def encode(self, source: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """All states `(B, S, H)`, which of them may be looked at `(B, 1, S)`, the last `(B, H)`."""
        mask = source != 0
        lengths = mask.sum(1)
        if len(lengths) == 0 or int(lengths.min()) == 0:
            raise ValueError("every source needs at least one token that is not padding")
        states, _ = self.encoder(self.source(source))  # those of the padding are never looked at
        last = states[torch.arange(len(source), device=source.device), lengths - 1]
        return states, mask[:, None], last

    def decode(self, target: Tensor, memory: tuple[Tensor, Tensor, Tensor]) -> Tensor:
        """Logits `(B, T, V)` of the token after each of the target's."""
        states, mask, last = memory
        h, _ = self.decoder(self.target(target), last[None])  # (B, T, H)
        if self.kind == "none":
            context, weights = last[:, None].expand_as(h), None
        elif self.kind == "additive":
            context, weights = self.additive(h, states, mask)
        else:
            context, weights = attention(h, states, states, mask)
        if self.watch:
            self.weights = weights
        return self.readout(self.join(torch.cat([h, context], -1)).tanh())


def before(target: Tensor, start: int) -> Tensor:
    """What is written before each token of the target `(B, T)`: start, then all but the last."""
    return F.pad(target[:, :-1], (1, 0), value=start)


def fit_pairs(
    model: nn.Module,
    source: Tensor,
    target: Tensor,
    *,
    start: int,
    batch_size: int = 64,
    **settings,
) -> History:
    """Learn to make target `(N, T)` of source `(N, S)`, each token from the true ones before it.

    The loss is the mean over the target's tokens, padding left out. start: the token that stands
    before the first. settings: epochs, seed, and those of `Plan` (Adam at 3e-3, one cycle, clip 1).
    """

    def trimmed(source: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        longest = [int((tokens != 0).sum(1).max()) for tokens in (source, target)]
        return source[:, : longest[0]], target[:, : longest[1]]  # no column of padding alone

    def step(batch: tuple[Tensor, Tensor]) -> Iterator[Loss]:
        source, target = batch
        logits = model(source, before(target, start))
        loss = F.cross_entropy(logits.flatten(0, 1), target.flatten(), ignore_index=0)
        yield Loss(loss, count=(target != 0).sum())

    usual = {"lr": 3e-3, "optimiser": "adam", "schedule": "one_cycle", "clip": 1.0}
    pairs = Shuffled(source, target, batch_size=batch_size, change=trimmed)
    return train(step, pairs, model, **(usual | settings))


@torch.no_grad()
def exact(model: nn.Module, source: Tensor, target: Tensor, start: int) -> Tensor:
    """For which pairs greedy writing gives the target, to the last token: bool `(N,)`."""
    right = []  # it does where the likeliest token after every true beginning is the true one
    with eval_mode(model):
        for some, wanted in zip(source.split(500), target.split(500), strict=True):
            guess = model(some, before(wanted, start)).argmax(-1)
            right.append(((guess == wanted) | (wanted == 0)).all(1))
    return torch.cat(right)


@torch.no_grad()
def greedy(model: nn.Module, source: Tensor, start: int, end: int, longest: int) -> Tensor:
    """The likeliest token, again and again, to `end` or `longest`: `(B, T)`, then padding."""
    with eval_mode(model):
        memory = model.encode(source)
        written = source.new_full((len(source), 1), start)
        done = torch.zeros(len(source), dtype=torch.bool, device=source.device)
        while written.shape[1] <= longest and not done.all():
            token = model.decode(written, memory)[:, -1].argmax(-1).masked_fill(done, 0)
            written = torch.cat([written, token[:, None]], 1)
            done |= token == end
    return written[:, 1:]


def beam_search(
    log_p: Callable[[Tensor], Tensor],
    start: int,
    end: int,
    *,
    width: int,
    longest: int,
    alpha: float,
) -> list[tuple[list[int], float, float]]:
    """The best endings found with `width` beginnings kept at each step, best first.

    log_p: beginnings `(W, t)`, the start token included, to log-probabilities of the next `(W, V)`.
    Each result, which ends with `end`, is its tokens, the sum of their log-probabilities, and that
    sum divided by length^alpha, which decides.
    """
    if width < 1 or longest < 1:
        raise ValueError(f"width and longest must be at least 1, not {width} and {longest}")
    beams, sums, found = torch.tensor([[start]]), torch.zeros(1), []
    for length in range(1, longest + 1):
        totals = sums[:, None] + log_p(beams)  # (W, V)
        best, place = totals.flatten().topk(min(width, totals.numel()))
        row, token = place // totals.shape[1], place % totals.shape[1]
        beams = torch.cat([beams[row], token[:, None]], 1)
        over = token == end
        for b, total in zip(beams[over].tolist(), best[over].tolist(), strict=True):
            found.append((b[1:], total, total / length**alpha))
        beams, sums = beams[~over], best[~over]
        if len(beams) == 0:
            break
    return sorted(found, key=lambda result: -result[2])
