"""Item 12: summaries of what is no padding, from each sequence by itself."""

from __future__ import annotations

import torch
from torch import Tensor

from checks.calls import call, gradient, item
from checks.compare import fail, pair, tensor
from checks.values import OneOf


class Padded:
    """Sequences of those lengths, and what stands behind them."""

    def __init__(self, lengths: list[int], T: int, H: int, padding: str, dtype: torch.dtype):
        g = torch.Generator().manual_seed(sum(lengths) + T)
        sizes = [(n, H) for n in lengths] + [(len(lengths), T, H)]
        *self.own, waste = (torch.randn(s, generator=g, dtype=torch.float64) for s in sizes)
        self.own = [part.to(dtype) for part in self.own]
        fills = {"nan": torch.nan, "zeros": 0.0, "infinity": torch.inf, "large numbers": 50.0}
        fill = fills.get(padding, 1.0)
        self.waste = (waste * fill).to(dtype)  # infinity of both signs

    def whole(self, *own: Tensor) -> Tensor:
        rows = zip(own or self.own, self.waste, strict=True)
        return torch.stack([torch.cat([part, rest[len(part) :]]) for part, rest in rows])

    def summaries(self, *own: Tensor) -> tuple[Tensor, Tensor]:
        parts = own or self.own
        return torch.stack([p[-1] for p in parts]), torch.stack([p.mean(0) for p in parts])


def last_mistakes(h: Tensor, n: Tensor, mean: Tensor) -> dict[str, Tensor]:
    rows, T = torch.arange(len(h)), h.shape[1]
    return {
        "the state after a sequence's own last step, not after the padding": h[:, -1],
        "the last state has index lengths - 1": h[rows, n.clamp_max(T - 1)],
        "the last state has index lengths - 1, not lengths - 2": h[rows, n - 2],
        "places are counted from the front: h[b, lengths[b] - 1]": OneOf(
            (h[rows, -n], h[rows, T - 1 - (n - 1)])
        ),
        "one index for each row: h[torch.arange(B), lengths - 1]": h[:, n - 1],
        "each sequence has its own length": h[:, int(n.max()) - 1],
        "each sequence has its own length, not that of the first": h[:, int(n[0]) - 1],
        "return (last, mean), in this order": mean,
        "this is the first state": h[:, 0],
    }


def moving(part: Tensor) -> Tensor:
    """Half of what was and half of what comes, step by step."""
    m = part[0]
    for state in part[1:]:
        m = (m + state) / 2
    return m


OTHER_MEANS = (
    moving, lambda p: p.amax(0), lambda p: p.amin(0), lambda p: p.median(0).values,
    lambda p: (p[0] + p[-1]) / 2, lambda p: (p.amax(0) + p.amin(0)) / 2, lambda p: p[0],
    lambda p: p[-1], lambda p: p.square().mean(0).sqrt(),
)  # fmt: skip


def mean_mistakes(h: Tensor, n: Tensor, own: list[Tensor]) -> dict[str, Tensor]:
    T, longest = h.shape[1], int(n.max())
    sums, mean = torch.stack([p.sum(0) for p in own]), torch.stack([p.mean(0) for p in own])

    def up_to(more: int, divided: int = 0) -> Tensor:
        rows = zip(h, n.tolist(), strict=True)
        return torch.stack([row[: k + more].sum(0) / (k + divided) for row, k in rows])

    return {
        "the mean over all T reads the padding": h.mean(1),
        "the sum reads the padding, which may be any number": h.sum(1) / n[:, None],
        "the mean up to the longest sequence reads the padding of the others": h[
            :, :longest
        ].mean(1),
        "divide by each sequence's own length, not by T": sums / T,
        "divide by each sequence's own length, not by the longest": sums / longest,
        "divide by each sequence's own length, not by all of them": sums / n.sum(),
        "the sum still has to be divided": sums,
        "the step with index lengths is padding: < lengths, not <=": up_to(1),
        "one step too many, the first of the padding": up_to(1, 1),
        "the last step of each sequence is missing": up_to(-1),
        "the last step of each sequence is missing, and not counted": up_to(-1, -1),
        "the divisor is the length, not one more": up_to(0, 1),
        "a mean for each sequence, (B, H)": mean.mean(0),
        "the mean runs over the steps, not over the units": torch.stack(
            [part.mean(1).sum().expand(h.shape[2]) for part in own]
        ),
        "the mean runs over the steps, not over the steps and units": sums.mean(1) / n,
        "the mean: the sum of all its states, each once, by their number": OneOf(
            torch.stack([other(part) for part in own]) for other in OTHER_MEANS
        ),
        "padding is told by its place, not by the size of its numbers": by_size(h, n),
    }  # fmt: skip


def by_size(h: Tensor, n: Tensor) -> OneOf:
    """The means of what is not above some size; of what is not 0."""
    kept = [h.abs() <= bound for bound in (1, 2, 3, 5, 10, 100, 1e3, 1e6)] + [h != 0]
    kept += [k.all(2, keepdim=True).expand_as(h) for k in kept]
    kept = [k for k in kept if not k.all()]
    sums = [(k, h.masked_fill(~k, 0).sum(1)) for k in kept]
    return OneOf(s / by for k, s in sums for by in (n[:, None], k.sum(1), k.sum(1).clamp_min(1)))


@item("Item 12, summaries")
def check_padding(
    summaries, lengths: list[int], T: int, H: int, padding: str, dtype: str = "float64"
) -> None:
    """Against each sequence by itself; gradients too."""
    batch, n = Padded(lengths, T, H, padding, getattr(torch, dtype)), torch.tensor(lengths)
    h, (last, mean) = batch.whole(), batch.summaries()
    tried = f"summaries(h {tuple(h.shape)} {dtype}, {lengths=}), {padding} in the padding"
    came = pair(call(summaries, h, n, tried=tried), "(last, mean)", tried)
    for part in came if padding in ("nan", "infinity") else ():
        if isinstance(part, Tensor) and not bool(part.isfinite().all()):
            likely = (
                f"the padding is read; 0 * {padding} is nan too: use masked_fill, where, indices"
            )
            fail(tried, "numbers", "nan or infinity among them", likely)
    tolerance = 1e-6 if dtype == "float64" else 1e-5  # by shares in float32, too
    tensor(came[0], last, tried + ", last", lambda: last_mistakes(h, n, mean), tolerance)
    tensor(came[1], mean, tried + ", mean", lambda: mean_mistakes(h, n, batch.own), tolerance)
    if dtype == "float64":
        cut = {
            f"a gradient goes through {name} too: nothing is detached": lambda *own, k=k: torch.cat(
                [part if i == k else part.detach() for i, part in enumerate(batch.summaries(*own))],
                1,
            )
            for k, name in enumerate(("the mean", "the last state"))
        }
        gradient(
            lambda *own: torch.cat(pair(summaries(batch.whole(*own), n), "(last, mean)", tried), 1),
            lambda *own: torch.cat(batch.summaries(*own), 1), tuple(batch.own), tried, mistakes=cut,
            tolerance=tolerance,
        )  # fmt: skip
