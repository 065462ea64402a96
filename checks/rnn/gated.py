"""Item 2: an LSTM, against PyTorch's, whose gates are forced to see inside."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from checks.calls import Case, gradient, item, judge
from checks.compare import pair, tensor
from checks.rnn.cells import BENDS, HAND, draw, named
from checks.values import OneOf

FAR = 60.0  # added to a gate, makes it 1; taken off, 0
NEAR = {torch.float64: 1e-9, torch.float32: 1e-5}


class Lstm:
    """PyTorch's LSTM cell for weights drawn in its own order of the blocks, i, f, g, o."""

    def __init__(self, B: int, D: int, H: int, dtype: torch.dtype) -> None:
        shapes = ((B, D), (B, H), (B, H), (4 * H, D), (4 * H, H), (4 * H,))
        self.x, self.h, self.c, *self.weights = draw(shapes, 10 * D + H, dtype)

    def stacked(self, order, weights=None) -> list[Tensor]:
        """The same blocks in another order."""
        weights = weights or self.weights
        return [torch.cat([w.chunk(4)["ifgo".index(n)] for n in order]) for w in weights]

    @staticmethod
    def step(x, h, c, W_ih, W_hh, b) -> tuple[Tensor, Tensor]:
        return torch.lstm_cell(x, (h, c), W_ih, W_hh, b, torch.zeros_like(b))

    def forced(self, c, **gate) -> Tensor:
        """The new c from that c, where some gates are 1 or 0."""
        b = self.weights[2].clone()
        for name, value in gate.items():
            b.chunk(4)["ifgo".index(name)].add_(value)
        return self.step(self.x, self.h, c, *self.weights[:2], b)[1]

    def misplaced(self, order: str) -> dict:
        """Blocks that are taken for others."""
        back, H = [order["ifgo".index(n)] for n in order], self.h.shape[1]
        fourth = [w.unflatten(0, (H, 4)).transpose(0, 1).flatten(0, 1) for w in self.stacked(order)]
        mixed = [torch.cat([w.chunk(4)[order.index(n)] for n in "ifgo"]) for w in fourth]
        weights = {
            "the blocks are taken in PyTorch's order, not in that of this call's `order`": self.stacked(order),
            "the order is turned round: block k belongs to the letter order[k]": self.stacked(back),
            "the blocks of b stand in `order` too, not in PyTorch's": [
                *self.weights[:2], *self.stacked(order, self.weights[2:]),
            ],
            "the blocks of W_hh stand in `order` too, not in PyTorch's": [
                self.weights[0], *self.stacked(order, self.weights[1:2]), self.weights[2],
            ],
            "the letters of `order` stand as they are given: they are not sorted": [
                torch.cat([w.chunk(4)["fgio".index(n)] for n in "ifgo"])
                for w in self.stacked(order)
            ],
            "each block is H rows that follow one another, not every fourth row": mixed,
        }  # fmt: skip
        return {t: self.step(self.x, self.h, self.c, *w) for t, w in weights.items()}

    def gates(self) -> tuple[Tensor, ...]:
        """i, f, the candidate and o, read off PyTorch's cell."""
        one, none = torch.ones_like(self.c), torch.zeros_like(self.c)
        i, f = self.forced(none, g=FAR), self.forced(one, i=-FAR)
        h, c = self.step(self.x, self.h, self.c, *self.weights)
        return i, f, self.forced(none, i=FAR), h / c.tanh()

    def of(self, raw: dict[str, Tensor], sigma=torch.sigmoid) -> tuple[Tensor, Tensor]:
        """The new state from what goes into sigma and tanh."""
        i, f, o = (sigma(raw[n]) for n in "ifo")
        new = f * self.c + i * raw["g"].tanh()
        return o * new.tanh(), new

    def changed(self, order: str) -> dict:
        """The tanh on the third block, whichever that is; one added to the forget gate's b."""
        i, f, candidate, o = self.gates()
        raws = zip("ifgo", (i.logit(), f.logit(), candidate.atanh(), o.logit()), strict=True)
        raws = dict(raws)
        third = {n: z.tanh() if n == order[2] else z.sigmoid() for n, z in raws.items()}
        new, more = third["f"] * self.c + third["i"] * third["g"], self.weights[2].clone()
        more.chunk(4)[1].add_(1)
        stacked = torch.cat([raws[n] for n in order], 1).view(4, *self.c.shape)
        return {
            "the blocks stand side by side in (B, 4H): chunk(4, 1), not view(4, B, H)": self.of(
                dict(zip(order, stacked, strict=True))
            ),
            "sigma is the sigmoid itself, not the hard one": self.of(raws, F.hardsigmoid),
            "the tanh belongs to g, not to the third block": (third["o"] * new.tanh(), new),
            "nothing is added to the forget gate but its b": self.step(
                self.x, self.h, self.c, *self.weights[:2], more
            ),
        }

    def other_parts(self, i, f, candidate, o) -> dict:
        """Gates that read more than they should, cells that are cut off; x and h exchanged."""
        raw, c = {"i": i.logit(), "f": f.logit(), "g": candidate.atanh(), "o": o.logit()}, self.c
        new, alike_ = f * c + i * candidate, self.x.shape == self.h.shape
        peeping = [
            self.of(raw | {n: raw[n] + c for n in letters}) for letters in ("if", "ifo", "f", "i")
        ] + [(((raw["o"] + new).sigmoid()) * new.tanh(), new)]
        return {
            "the gates read x and h alone, not c": OneOf(peeping),
            "all gates read the h that is given: it is replaced before the last of them": OneOf(
                (late * cell.tanh(), cell) for late, cell in self.overwritten(raw, new)
            ),
            "nothing is cut off: c may have any size": OneOf(
                (o * cut.tanh(), cut)
                for top in (1.0, 2.0, 3.0, 5.0)
                for cut in (new.clamp(-top, top),)
            ),
            "f has weights of its own, it is not 1 - i": (
                o * ((1 - i) * c + i * candidate).tanh(),
                (1 - i) * c + i * candidate,
            ),
            "W_ih multiplies x, W_hh multiplies h": self.step(self.h, self.x, c, *self.weights)
            if alike_
            else None,
        }

    def overwritten(self, raw: dict[str, Tensor], new: Tensor) -> list[tuple[Tensor, Tensor]]:
        """o (which is made last) and the new c, where h has become tanh(c) before o reads it."""
        rows = self.weights[1].chunk(4)[3]
        return [((raw["o"] + (h - self.h) @ rows.T).sigmoid(), new) for h in (new.tanh(), new)]

    def bent(self, i, f, raw, o) -> dict[str, OneOf]:
        """Other functions in place of both tanh, or of one of them; raw: what goes into g's."""

        def both(*bends) -> OneOf:
            pairs = [
                pair
                for bend in bends
                for pair in ((bend, bend), (bend, torch.tanh), (torch.tanh, bend))
            ]
            cells = [(f * self.c + i * inner(raw), outer) for inner, outer in pairs]
            return OneOf((o * outer(c), c) for c, outer in cells)

        return {
            "tanh(z) is 2 sigmoid(2 z) - 1: the 2 inside is missing": both(
                lambda z: torch.tanh(z / 2)
            ),
            "g and h have a tanh, not one of its relatives": both(*BENDS),
        }

    def mistakes(self, order: str) -> dict:
        x, h, c, (W_ih, W_hh, b) = self.x, self.h, self.c, self.weights
        want_h, want_c = self.step(x, h, c, *self.weights)
        i, f, candidate, o = self.gates()
        raw = candidate.atanh()

        def state(c) -> tuple[Tensor, Tensor]:
            return o * c.tanh(), c

        def turned(letters) -> tuple[Tensor, Tensor]:
            return self.step(x, h, c, *self.stacked(letters))

        bends = self.bent(i, f, raw, o) | self.other_parts(i, f, candidate, o)
        return self.misplaced(order) | self.changed(order) | bends | {
            "return (h, c), in this order": (want_c, want_h),
            "f scales the old cell, i scales g": turned("figo"),
            "o and i are exchanged": turned("ofgi"),
            "f and o are exchanged": turned("iogf"),
            "h is o * tanh(c): the tanh is missing": (o * want_c, want_c),
            "h is o * tanh(c), not o * sigmoid(c)": (o * want_c.sigmoid(), want_c),
            "h is o * tanh(c): o is missing": (want_c.tanh(), want_c),
            "h is made from the new c, not from the old": (o * c.tanh(), want_c),
            "the old c is returned: the new one is asked for": (want_h, c),
            "g is a tanh, not a sigmoid": state(f * c + i * raw.sigmoid()),
            "g has no tanh": state(f * c + i * raw),
            "o goes through the sigmoid, as i and f do": (o.logit() * want_c.tanh(), want_c),
            "o goes through the sigmoid, not the tanh": (o.logit().tanh() * want_c.tanh(), want_c),
            "the old cell is missing: f * c + i * g": state(i * candidate),
            "this keeps all of the old cell: f * c": state(c + i * candidate),
            "i scales g: f * c + i * g": state(f * c + candidate),
            "i has weights of its own, it is not 1 - f": state(f * c + (1 - f) * candidate),
            "the bias b is not added": self.step(x, h, c, W_ih, W_hh, 0 * b),
            "b is added once: it stands for both biases": self.step(x, h, c, W_ih, W_hh, 2 * b),
            "h, not c, goes through W_hh": self.step(x, c, c, W_ih, W_hh, b),
            "the recurrent part W_hh h is missing": self.step(x, 0 * h, c, W_ih, W_hh, b),
            "the tanh of c is what h is made of; c itself is handed on without it": (
                want_h, want_c.tanh(),
            ),
        }  # fmt: skip


def lstm_case(B, D, H, order, dtype=torch.float64) -> Case:
    cell = Lstm(B, D, H, dtype)
    given = (cell.x, cell.h, cell.c, *cell.stacked(order), order)
    want = cell.step(cell.x, cell.h, cell.c, *cell.weights)
    tried = f"lstm_step on x {(B, D)}, {H=}, {order=}" + named(dtype)
    return Case(tried, given, want, lambda: cell.mistakes(order))


def compare_states(came, want, tried, tolerance) -> None:
    for part, right, name in zip(pair(came, "(h, c)", tried), want, "hc", strict=True):
        tensor(part, right, f"{tried}, {name}", tolerance=tolerance)


PARTS = {"i": "i", "f": "f", "g": "g", "o": "o", "ifo": "each gate", "c": "c", "t": "tanh(c)"}


def by_steps(x, h, c, W_ih, W_hh, b, cut: str) -> tuple[Tensor, Tensor]:
    """The cell step by step, in PyTorch's order; cut: what is detached."""
    raw = dict(zip("ifgo", (x @ W_ih.T + h @ W_hh.T + b).chunk(4, 1), strict=True))
    bent = {n: z.tanh() if n == "g" else z.sigmoid() for n, z in raw.items()}
    i, f, g, o = (z.detach() if n in cut else z for n, z in bent.items())
    new = f * (c.detach() if "c" in cut else c) + i * g
    return o * (new.detach() if "t" in cut else new).tanh(), new


@item("Item 2, lstm_step")
def check_lstm(lstm_step, B: int, D: int, H: int, order: str, dtype: str = "float64") -> None:
    """h and c and their gradients against PyTorch's own cell."""
    kind = getattr(torch, dtype)
    probes = [lstm_case(*sizes, kind) for sizes in ((1, 1, 1, "ogif"), (2, 1, 2, "gfoi"))]
    near, case = NEAR[kind], lstm_case(B, D, H, order, kind)
    judge(lstm_step, case, probes, compare_states, near, **HAND)
    cell = Lstm(B, D, H, torch.float64)

    def theirs(x, h, c, *weights) -> Tensor:
        given = (x, h, c, *cell.stacked(order, weights), order)
        return torch.cat(pair(lstm_step(*given), "(h, c)", "lstm_step"), 1)

    gradient(
        theirs, lambda *a: torch.cat(cell.step(*a), 1), (cell.x, cell.h, cell.c, *cell.weights),
        f"lstm_step on x {(B, D)}, {H=}, {order=}", **HAND, mistakes={
            f"{name} passes a gradient on: nothing is detached": lambda *a, cut=cut: torch.cat(
                by_steps(*a, cut=cut), 1
            )
            for cut, name in PARTS.items()
        },
    )  # fmt: skip


@item("Item 2, lstm_step")
def check_all_orders(lstm_step) -> None:
    """All 24 orders of the four blocks."""
    letters = torch.cartesian_prod(*[torch.arange(4)] * 4).tolist()
    orders = ["".join("ifgo"[k] for k in one) for one in letters if len(set(one)) == 4]
    for n, order in enumerate(orders):
        check_lstm(lstm_step, 1 + n % 3, 1 + n % 4, 1 + n % 5, order)
