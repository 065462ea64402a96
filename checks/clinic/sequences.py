"""Items 4 and 5: the hidden state, by a net that notes its calls; samples into a batch."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checks.calls import call, item
from checks.compare import fail, kind, tensor
from checks.relations import related
from checks.values import OneOf, listed

EARLIER = "an earlier call's last text: every text begins afresh, with None or zeros, in each call"
STACK = "torch.stack makes a new dimension for the batch, torch.cat does not"
ZEROS = "a caption's own numbers stay, 0 too: here each 0 has become padding"


class WatchedReader(nn.Module):
    """A language model that notes its parameters, what it is given and what it gives back."""

    def __init__(self, cell) -> None:
        super().__init__()
        self.embedding = nn.Embedding(6, 4)
        self.layer = cell(4, 4, batch_first=True)
        self.readout = nn.Linear(4, 6)
        self.calls = []

    def forward(self, x, state=None):
        if isinstance(state, Iterator):
            raise TypeError("the state is a generator: tuple(...) of it makes the pair")
        state = tuple(state) if isinstance(state, list) else state
        parts = () if state is None else state if isinstance(state, tuple) else (state,)
        is_pair = isinstance(self.layer, nn.LSTM)
        if state is not None and isinstance(state, tuple) != is_pair:
            if not self.calls and any(part.any() for part in parts):
                raise TypeError(f"the state still holds {EARLIER}")
            wants = "a pair (tuple) of tensors" if is_pair else "one tensor"
            raise TypeError(f"the state of nn.{type(self.layer).__name__} is {wants}")
        if hang := [part.requires_grad for part in parts if part.requires_grad]:
            some = ", both parts of the pair" * (len(hang) < len(parts))
            raise RuntimeError(
                f"the state still hangs on the graph of the piece before: detach it{some}"
            )
        h, after = self.layer(self.embedding(x), state)
        logits = self.readout(h).transpose(1, 2)
        kept = after if is_pair else [after]
        self.calls.append(
            {
                "theta": {n: p.detach().clone() for n, p in self.named_parameters()},
                "x": x.detach().clone(),
                "given": tuple(part.detach().clone() for part in parts),
                "state": state,
                "after": tuple(part.detach().clone() for part in kept),
                "logits": logits.detach().clone(),
            }
        )
        return logits, after


def check_call(now: dict, before: dict, first: bool, where: str) -> None:
    """The state given to the net: zeros at the start of a text, else what came back before."""
    zeros = all(not part.any() for part in now["given"])
    if first and not zeros:
        likely = "every text begins afresh, in each call: state = None before its first piece"
        fail(where, "a state of zeros, or None", "a state left over", likely)
    if not first and zeros:
        likely = "within a text the state goes on to the next piece"
        fail(where, "the state that came back from the piece before", "zeros", likely)
    if not first and not all(map(torch.equal, now["given"], before["after"])):
        some = any(map(torch.equal, now["given"], before["after"]))
        likely = "of the pair (h, c) both parts go on, not one alone" if some else ""
        back = before["after"][::-1]
        if len(back) > 1 and all(map(torch.equal, now["given"], back)):
            likely = "h and c have changed places"
        elif not some and all(
            a.shape == b.shape and related(a, b)
            for a, b in zip(now["given"], before["after"], strict=False)
        ):
            likely = "the state goes on as it came back: nothing is scaled, no copy is rounded"
        if before["given"] and all(map(torch.equal, now["given"], before["given"])):
            likely = "the state is never replaced by the one that comes back"
        fail(where, "the state that came back from the piece before", "another state", likely)


def bounded(flat: Tensor) -> Iterator[Tensor]:
    """A gradient whose norm, or each number of which, is cut off at usual bounds."""
    for most in (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0):
        yield flat * min(1.0, most / (flat.norm().item() + 1e-6))
        yield flat.clamp(-most, most)


def check_piece(net, now: dict, after: dict, x, y, gathered, where: str) -> Tensor:
    """The parameters moved by 0.5 times the gradient of this piece's loss."""
    leaves = {n: p.clone().requires_grad_() for n, p in now["theta"].items()}
    logits, _ = torch.func.functional_call(net, leaves, (x, now["state"]))
    gradients = torch.autograd.grad(F.cross_entropy(logits, y), list(leaves.values()))
    flat = torch.cat([g.flatten() for g in gradients])
    moved = torch.cat([(after[n] - now["theta"][n]).flatten() for n in leaves])

    def other(tokens: slice = slice(None), **named) -> Tensor:
        logits, _ = torch.func.functional_call(net, leaves, (x, now["state"]))
        loss = F.cross_entropy(logits[:, :, tokens], y[:, tokens], **named)
        found = torch.autograd.grad(loss, list(leaves.values()))
        return -0.5 * torch.cat([g.flatten() for g in found])

    def mistakes() -> dict[str, Tensor]:
        logits, _ = torch.func.functional_call(net, leaves, (x, now["state"]))
        loss = F.cross_entropy(logits.reshape(-1, logits.shape[1]), y.reshape(-1))
        mixed = torch.autograd.grad(loss, list(leaves.values()))
        found = {
            "no step was made: backward() and step() for every piece": 0 * flat,
            "the labels are as they are: nothing is smoothed": OneOf(
                other(label_smoothing=share) for share in (0.05, 0.1, 0.2, 0.3)
            ),
            "every token of a piece counts, not the last alone": other(slice(-1, None)),
            "the gradient as it is: nothing is cut off": OneOf(-0.5 * cut for cut in bounded(flat)),
            "the sum over all tokens stands where the mean should": -0.5 * y.numel() * flat,
            "the step goes uphill": 0.5 * flat,
            "reshape mixes tokens and places: logits are (B, V, T), as cross_entropy takes them": (
                -0.5 * torch.cat([g.flatten() for g in mixed])
            ),
        }
        if gathered is not None:
            likely = "gradients from before are still in it: zero_grad() before backward()"
            found[likely] = -0.5 * (flat + gathered)
        return found

    tensor(moved, -0.5 * flat, where + ": the step", mistakes, 1e-9)
    return flat + (0 if gathered is None else gathered)


def text_pieces(B: int, T: int, count: int, last: int = 0) -> list[tuple[Tensor, Tensor]]:
    """last: how many tokens the last piece has, if not T."""
    tokens = torch.randint(6, (B, T * count + 1))[:, : T * (count - 1) + (last or T) + 1]
    pieces = zip(tokens[:, :-1].split(T, dim=1), tokens[:, 1:].split(T, dim=1), strict=True)
    return list(pieces)


def check_order(calls: list[dict], texts: list, short: bool, tried: str) -> None:
    """Every piece went through the net once, and in its place. short: the last of a text may be."""
    came, want = [now["x"] for now in calls], [x for text in texts for x, _ in text]
    if len(came) != len(want):
        times = f"the net used {len(want)} times, once per piece"
        likely = (
            "every piece goes through the net, and goes once" + ", a shorter last one too" * short
        )
        fail(tried, times, f"{len(came)} times", likely)
    where = [next((k for k, x in enumerate(want) if torch.equal(x, one)), 0) for one in came]
    if sorted(where) == list(range(len(want))) != where:
        likely = "the texts are read one after the other, each from its first piece to its last"
        fail(tried, "the pieces in their order", "all of them, in another order", likely)


@item("Item 4, train_texts")
def check_state(train_texts, cell: str, sizes: list, stale: float = 0.0) -> None:
    """cell: LSTM, GRU or RNN; sizes: of each text, see `text_pieces`; stale: left gradients."""
    torch.manual_seed(len(sizes))
    net = WatchedReader(getattr(nn, cell)).double()
    texts = [text_pieces(*size) for size in sizes]
    optimiser = torch.optim.SGD(net.parameters(), lr=0.5)
    for p in net.parameters() if stale else ():
        p.grad = torch.full_like(p, stale)
    tried = f"train_texts with nn.{cell} on texts of (B, T, pieces) {sizes}"
    short = any(len(size) > 3 for size in sizes)
    tried += " (a fourth number: T of the last piece)" * short
    tried += ", gradients left over from before" * (stale > 0)
    came = call(train_texts, net, [list(t) for t in texts], optimiser, tried=tried)
    calls, net.calls = net.calls, []
    places = [(t, i) for t, text in enumerate(texts) for i in range(len(text))]
    check_order(calls, texts, short, tried)
    last = {"theta": {n: p.detach().clone() for n, p in net.named_parameters()}}
    gathered, want = torch.tensor(stale) if stale else None, []
    for index, (t, i) in enumerate(places):
        where = f"{tried}: text {t + 1}, piece {i + 1}"
        now, following = calls[index], [*calls, last][index + 1]
        check_call(now, calls[index - 1], i == 0, where)
        gathered = check_piece(net, now, following["theta"], *texts[t][i], gathered, where)
        want.append(F.cross_entropy(now["logits"], texts[t][i][1]).item())
    check_losses(came, want, list(map(len, texts)), tried)


def check_losses(came, want: list[float], pieces: list[int], tried: str) -> None:
    """pieces: how many each text has."""
    losses = listed(came)
    numbers = losses is not None and all(isinstance(loss, float | np.floating) for loss in losses)
    if not numbers or len(losses) != len(want):
        hangs = losses is not None and any(isinstance(loss, Tensor) for loss in losses)
        likely = "losses.append(loss.item())" if hangs else ""
        if losses is not None and len(losses) == len(pieces) < len(want):
            likely = "one loss for every piece, not for every text"
        fail(tried, f"a list of {len(want)} floats", kind(came), likely)
    want = torch.tensor(want, dtype=torch.float64)
    so_far = [part.cumsum(0) / torch.arange(1, len(part) + 1) for part in want.split(pieces)]
    mistakes = {
        "the loss of every piece, not the mean so far": OneOf(
            (torch.cat(so_far), want.cumsum(0) / torch.arange(1, len(want) + 1))
        ),
        "the loss of every piece, not the sum so far": want.cumsum(0),
    }
    tensor(losses, want, tried + ": the losses", mistakes)


def four_tensors(came, tried: str) -> list[Tensor]:
    parts = list(came) if isinstance(came, list | tuple) else []
    if len(parts) != 4:
        found = f"{len(parts)} parts" if parts else kind(came)
        likely = "the lengths are returned too, between captions and labels" * (len(parts) == 3)
        fail(tried, "images, captions, lengths, labels", found, likely)
    for part, name in zip(parts, ("images", "captions", "lengths", "labels"), strict=True):
        if not isinstance(part, Tensor):
            likely = "torch.tensor(...) of the list" * isinstance(part, list)
            fail(f"{tried}: {name}", "a torch.Tensor", kind(part), likely)
    return parts


def length_mistakes(captions: Tensor, padding: int) -> dict[str, Tensor]:
    """Lengths that are read off the padded captions (B, T)."""
    (B, T), own = captions.shape, captions != padding
    other, last = own.sum(1), (own * torch.arange(1, T + 1)).amax(1)
    return {
        "count the tokens of each caption, not those that differ from the padding: "
        "a caption may contain it": OneOf((other, other.clamp_min(1))),
        "count the tokens of each caption: its last ones may be the padding too": (
            None if torch.equal(other, last) else OneOf((last, last.clamp_min(1)))
        ),
        "every caption has its own length": torch.full((B,), T),
    }


@item("Item 5, collate")
def check_collate(collate, lengths, size, padding=0, dtype="float32") -> None:
    """lengths of the captions, size of the images; 0 may stand inside a caption."""
    g = torch.Generator().manual_seed(sum(lengths))
    dtype, B, T = getattr(torch, dtype), len(lengths), max(lengths)
    images = torch.randint(0, 256, (B, *size), generator=g).to(dtype)
    tokens = torch.randint(0, 9, (B, T), generator=g)
    labels = torch.randint(0, 5, (B,), generator=g)
    inside = torch.arange(T) < torch.tensor(lengths)[:, None]  # (B, T)
    want, left = torch.where(inside, tokens, padding), torch.full((B, T), padding)
    for row, one, n in zip(left, tokens, lengths, strict=True):
        row[T - n :] = one[:n]
    samples = [
        (images[i].clone(), tokens[i, : lengths[i]].clone(), int(labels[i])) for i in range(B)
    ]
    tried = f"collate of {B} samples, images {size} {dtype}, {lengths=}, {padding=}"
    came = call(collate, list(samples), padding, tried=tried)
    parts = four_tensors(came, tried)
    order = torch.tensor(lengths).argsort(descending=True, stable=True)
    kept = "the samples have been sorted: keep their order"
    mistakes = {
        "images stay as they are: here they are divided": OneOf((images / 255, images / 256)),
        STACK: images.flatten(0, 1) if B > 1 else None,
        kept: images[order],
    }
    tensor(parts[0], images, tried + ": images", mistakes)
    mistakes = {
        "the padding goes on the right, after the last token": left,
        "cut at the shortest caption: fill the shorter ones up instead": want[:, : min(lengths)],
        "sequences are (B, T), batch first": want.T,
        kept: want[order],
        "the captions are joined into one: pad each to the longest": tokens[inside],
        "the padding is the argument `padding`, not 0": torch.where(inside, tokens, 0),
        ZEROS: want.where(want != 0, padding),
    }
    tensor(parts[1], want, tried + ": captions", mistakes)
    mistakes = length_mistakes(want, padding) | {kept: torch.tensor(lengths)[order]}
    tensor(parts[2], torch.tensor(lengths), tried + ": lengths", mistakes)
    tensor(parts[3], labels, tried + ": labels", {kept: labels[order]})
