"""Items 2 and 3: an LSTM and a GRU, against PyTorch's, whose gates are forced to see inside."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from checks.calls import Case, gradient, item, judge
from checks.compare import pair, tensor
from checks.rnn.cells import HAND, draw, named

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
            "the blocks are taken in PyTorch's order: look at `order`": self.stacked(order),
            "the order is turned round: block k belongs to the letter order[k]": self.stacked(back),
            "the blocks of b stand in `order` too, not in PyTorch's": [
                *self.weights[:2], *self.stacked(order, self.weights[2:]),
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

    def mistakes(self, order: str) -> dict:
        x, h, c, (W_ih, W_hh, b) = self.x, self.h, self.c, self.weights
        want_h, want_c = self.step(x, h, c, *self.weights)
        i, f, candidate, o = self.gates()
        raw = candidate.atanh()

        def state(c) -> tuple[Tensor, Tensor]:
            return o * c.tanh(), c

        def turned(letters) -> tuple[Tensor, Tensor]:
            return self.step(x, h, c, *self.stacked(letters))

        return self.misplaced(order) | self.changed(order) | {
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
        f"lstm_step on x {(B, D)}, {H=}, {order=}", **HAND,
    )  # fmt: skip


@item("Item 2, lstm_step")
def check_all_orders(lstm_step) -> None:
    """All 24 orders of the four blocks."""
    letters = torch.cartesian_prod(*[torch.arange(4)] * 4).tolist()
    orders = ["".join("ifgo"[k] for k in one) for one in letters if len(set(one)) == 4]
    for n, order in enumerate(orders):
        check_lstm(lstm_step, 1 + n % 3, 1 + n % 4, 1 + n % 5, order)


def forced(b, H: int, **gate) -> Tensor:
    """A bias of three blocks r, z, n with gates forced to 1 or 0."""
    push = torch.zeros(3, H, dtype=b.dtype)
    for name, value in gate.items():
        push["rzn".index(name)] = value
    return b + push.flatten()


def gates(x, h, W_ih, W_hh, b_ih, b_hh) -> tuple[Tensor, Tensor]:
    """r and z, read off PyTorch's cell."""
    H = h.shape[1]
    keep = torch.ones(3, H, 1, dtype=h.dtype)
    keep[2] = 0
    keep = keep.view(3 * H, 1)  # no candidate but r * 1/2
    quiet = (W_ih * keep, W_hh * keep, b_ih * keep[:, 0])
    half = torch.cat([b_hh[: 2 * H], torch.full((H,), 0.5, dtype=h.dtype)])
    half_r = torch.gru_cell(x, h, *quiet, forced(half, H, z=-FAR)).atanh()
    rest = torch.gru_cell(x, h, W_ih, W_hh, forced(b_ih, H, n=FAR), b_hh)  # z h + 1 - z
    return 2 * half_r, (1 - rest) / (1 - h)


def gru(after: bool, *arguments) -> Tensor:
    """PyTorch's cell, or the paper's form put together from it."""
    if after:
        return torch.gru_cell(*arguments)
    x, h, W_ih, W_hh, b_ih, b_hh = arguments
    r, z = gates(*arguments)
    pushed = forced(b_ih, h.shape[1], r=FAR, z=-FAR)
    return z * h + (1 - z) * torch.gru_cell(x, r * h, W_ih, W_hh, pushed, b_hh)


def place_of_r(after: bool, n: Tensor, r: Tensor, x, h, W_ih, W_hh, b_ih, b_hh) -> dict:
    """n: the candidate, r: the reset gate, which acts before the matrix or after it."""
    H, given = h.shape[1], (x, h, W_ih, W_hh, b_ih, b_hh)
    z = gates(*given)[1]
    if after:
        n_bias = torch.cat([torch.zeros(2 * H, dtype=h.dtype), b_hh[2 * H :]])
        moved = gru(after, x, h, W_ih, W_hh, b_ih + n_bias, b_hh - n_bias)
        return {
            "reset_after=True: r multiplies W_hn h + b_hn, after the matrix": gru(False, *given),
            "r multiplies b_hn too: r * (W_hn h + b_hn)": moved,
        }
    biased = (n.atanh() - (1 - r) * b_hh[2 * H :]).tanh()
    from_x, W_hn, b_hn = (x @ W_ih.T + b_ih).chunk(3, 1), W_hh[2 * H :], b_hh[2 * H :]
    late = (from_x[1] + ((r * h) @ W_hh.T + b_hh).chunk(3, 1)[1]).sigmoid()
    turned = torch.tanh(from_x[2] + (r * h) @ W_hn + b_hn)
    return {
        "r acts in the candidate alone: z reads h itself": late * h + (1 - late) * n,
        "rows, not columns: (r * h) @ W_hn.T": z * h + (1 - z) * turned,
        "reset_after=False: r multiplies h, before the matrix": gru(True, *given),
        "before the matrix r multiplies h only, not the bias b_hn": z * h + (1 - z) * biased,
    }


def gru_mistakes(after: bool, x, h, W_ih, W_hh, b_ih, b_hh) -> dict:
    H, given = h.shape[1], (x, h, W_ih, W_hh, b_ih, b_hh)
    want, (r, z) = gru(after, *given), gates(*given)
    n = (want - z * h) / (1 - z)
    opened = torch.gru_cell(x, h, W_ih, W_hh, forced(b_ih, H, r=FAR, z=-FAR), b_hh)  # with r = 1
    n_bias = torch.cat([torch.zeros(2 * H, dtype=h.dtype), b_hh[2 * H :]])

    def other(*biases, x=x, h=h) -> Tensor:
        return gru(after, x, h, W_ih, W_hh, *biases)

    moved = [torch.cat([w.chunk(3)[k] for k in (1, 0, 2)]) for w in given[2:]]
    found = {
        "z keeps the old state: z * h + (1 - z) * n": z * n + (1 - z) * h,
        "the blocks stand in the order r, z, n": gru(after, x, h, *moved),
        "this is the candidate alone": n,
        "the old state counts z, the candidate 1 - z: they add up to 1": h + (1 - z) * n,
        "the old state is missing: z * h + (1 - z) * n": (1 - z) * n,
        "the reset gate is not used": other(forced(b_ih, H, r=FAR), b_hh),
        "no bias is added": other(0 * b_ih, 0 * b_hh),
        "b_hh is not added": other(b_ih, 0 * b_hh),
        "b_hn is not added: it stands in the candidate": other(b_ih, b_hh - n_bias),
        "b_ih is not added": other(0 * b_ih, b_hh),
        "b_hh is added in the gates r and z too": other(b_ih, n_bias),
        "b_hn is added once, with W_hn: not with W_in x too": other(b_ih + n_bias, b_hh),
        "1 - z scales n, after the tanh": z * h + ((1 - z) * n.atanh()).tanh(),
        "the candidate is a tanh, not a sigmoid": z * h + (1 - z) * n.atanh().sigmoid(),
        "the candidate has no tanh": z * h + (1 - z) * n.atanh(),
        "r acts on the whole candidate's pre-activation: on the recurrent part alone": (
            z * h + (1 - z) * (r * opened.atanh()).tanh()
        ),
    }  # fmt: skip
    found |= {
        "r, not z, acts in the candidate": explicit(after, *given, use="z"),
        "r acts in the candidate, not 1 - r": explicit(after, *given, use="1 - r"),
        "z * h keeps the old state as it was, without r": z * r * h + (1 - z) * n,
    }
    return found | place_of_r(after, n, r, *given)


def explicit(after, x, h, W_ih, W_hh, b_ih, b_hh, use="r", cut="") -> Tensor:
    """The cell step by step; use: what acts in the candidate; cut: which gates are detached."""
    H, from_x = h.shape[1], (x @ W_ih.T + b_ih).chunk(3, 1)
    from_h = (h @ W_hh.T + b_hh).chunk(3, 1)
    r, z = ((a + b).sigmoid() for a, b in zip(from_x[:2], from_h[:2], strict=True))
    r, z = r.detach() if "r" in cut else r, z.detach() if "z" in cut else z
    r = {"r": r, "z": z, "1 - r": 1 - r}[use]
    inner = r * from_h[2] if after else (r * h) @ W_hh[2 * H :].T + b_hh[2 * H :]
    return z * h + (1 - z) * torch.tanh(from_x[2] + inner)


def gru_case(B, D, H, after, dtype) -> Case:
    shapes = ((B, D), (B, H), (3 * H, D), (3 * H, H), (3 * H,), (3 * H,))
    given = draw(shapes, 10 * D + H, dtype)
    tried = f"gru_step on x {(B, D)}, {H=}, reset_after={after}" + named(dtype)
    return Case(tried, (*given, after), gru(after, *given), lambda: gru_mistakes(after, *given))


@item("Item 3, gru_step")
def check_gru(gru_step, B: int, D: int, H: int, reset_after: bool, dtype: str = "float64") -> None:
    """The new state and its gradients against PyTorch's own cell, or what is built from it."""
    kind = getattr(torch, dtype)
    case, sizes = gru_case(B, D, H, reset_after, kind), ((1, 1, 1), (2, 1, 2), (1, 2, 3))
    probes = [gru_case(*size, reset_after, kind) for size in sizes]
    judge(gru_step, case, probes, tensor, 1e-7 if kind == torch.float64 else 1e-5, **HAND)
    if kind != torch.float64:
        return
    gates = {"r": "the reset gate passes", "z": "the update gate passes", "rz": "the gates pass"}
    gradient(
        lambda *a: gru_step(*a, reset_after), lambda *a: gru(reset_after, *a), case.arguments[:6],
        case.tried, **HAND, mistakes={
            f"{text} a gradient on: nothing is detached": lambda *a, cut=cut: explicit(
                reset_after, *a, cut=cut
            )
            for cut, text in gates.items()
        },
    )  # fmt: skip
