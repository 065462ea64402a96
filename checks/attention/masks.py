"""Item 2: who may look at whom, by PyTorch's own causal mask and its padding."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.attention.bias import causal_lower_right

from checks.calls import Case, item, judge
from checks.compare import tensor
from checks.values import OneOf
from helpers.models import attention

OWN = (attention.causal_mask, attention.padding_mask)


def keys(lengths: list[int], S: int) -> Tensor:
    """(B, 1, S): what is no padding, as PyTorch pads."""
    rows = [torch.ones(n, dtype=torch.bool) for n in (*lengths, S)]
    return nn.utils.rnn.pad_sequence(rows, batch_first=True)[:-1, None]


def earlier(T: int, S: int) -> Tensor:
    """(T, S): where PyTorch's kernel puts weight, with queries at the end of the keys."""
    q, k = torch.zeros(1, 1, T, 8), torch.zeros(1, 1, S, 8)
    places = torch.eye(S)[None, None]
    return F.scaled_dot_product_attention(q, k, places, causal_lower_right(T, S))[0, 0] > 0


def mask_mistakes(lengths: list[int], T: int, S: int, causal: bool) -> dict[str, Tensor | None]:
    own, B = keys(lengths, S), len(lengths)
    whole = torch.ones(B, T, S, dtype=torch.bool)
    after = earlier(T, S) if causal else whole
    want = own & after

    def moved(k: int) -> Tensor | None:
        return own & torch.ones(T, S, dtype=torch.bool).tril(S - T + k) if causal else None

    query = keys(lengths, T) if max(lengths) <= T else None
    return key_mistakes(lengths, S, after, causal) | {
        "the mask is turned round: True means may look": ~want,
        "the padding is not hidden": whole & after,
        "the future is not hidden": whole & own if causal else None,
        "the future is hidden only if causal is True": None if causal else own & earlier(T, S),
        "both must allow it: &, not |": own | after if causal else None,
        "a query may look at its own place too": moved(-1),
        "a query may look no further than its own place": moved(1),
        "the queries are the last T of the S places, not the first": moved(T - S),
        "query t stands at place S - T + t: its diagonal is S - T, not T - S": moved(2 * (T - S)),
        "query t stands at place S - T + t, whatever lengths[b] is": (
            from_the_end(own, lengths, T, S) if causal else None
        ),
        "this hides the past and shows the future": (
            own & torch.ones(T, S, dtype=torch.bool).triu(S - T) if causal else None
        ),
        "the padding stands at the end, not at the beginning": own.flip(-1) & after,
        "lengths[b] keys are there: < lengths, not <=": (
            keys([min(n + 1, S) for n in lengths], S) & after
        ),
        "the last key of each sequence is missing": keys([max(n - 1, 0) for n in lengths], S)
        & after,
        "each sequence has a length of its own": keys([max(lengths)] * B, S) & after,
        "the padding is among the keys: a query is not hidden for its length": (
            want & query.mT if query is not None else None
        ),
        "the axes are (B, T, S): one row for each query": (
            None if causal else OneOf([own, own[:, 0]])
        ),
    }  # fmt: skip


def key_mistakes(lengths: list[int], S: int, after: Tensor, causal: bool) -> dict[str, Tensor]:
    T, W = after.shape[-2], max(lengths)
    ends = [after[..., :W], *[torch.ones(T, W, dtype=torch.bool).tril(W - T)] * causal]
    return {
        "S places are asked, not as many as the longest sequence has": OneOf(
            keys(lengths, S)[..., :W] & end for end in ends
        ),
        "the padding is hidden where it is causal too: both at once": (
            after.expand(len(lengths), *after.shape[-2:]) if causal else keys(lengths, S) & after
        ),
        "lengths[b] counts keys from the first of the S places, not from the first query's": (
            keys([min(n + S - T, S) for n in lengths], S) & after
        ),
        "the future is hidden too where there are fewer queries than places": (
            keys(lengths, S) & (after if after.shape[-2] == S else torch.ones_like(after))
        ),
        "a single query sees no padding either": (
            torch.ones(len(lengths), 1, S, dtype=torch.bool)
            if after.shape[-2] == 1
            else keys(lengths, S) & after
        ),
        "a sequence without keys has none: nothing is opened for it": (
            keys([max(n, 1) for n in lengths], S) & after
        ),
        "the last key of a sequence without keys is none: place -1 is the end of the row": (
            keys([n or S for n in lengths], S) & after
        ),
        "the slice [-0:] is all of it: where nothing is padding, nothing is hidden": (
            keys([n % S for n in lengths], S) & after
        ),
    }


def from_the_end(keys: Tensor, lengths: list[int], T: int, S: int) -> OneOf:
    """The queries taken for the last T of each sequence's own keys, or of the longest's."""
    places = (torch.tensor(ends)[:, None] - T + torch.arange(T) for ends in (
        lengths, [max(lengths)] * len(lengths)
    ))  # fmt: skip
    return OneOf(keys & (torch.arange(S) <= own[..., None]) for own in places)


def mask_case(lengths: list[int], T: int, S: int, causal: bool) -> Case:
    after = earlier(T, S) if causal else torch.ones(T, S, dtype=torch.bool)
    tried = f"may_look(lengths {lengths}, {T=}, {S=}, {causal=})"
    given = (torch.tensor(lengths), T, S, causal)
    return Case(tried, given, keys(lengths, S) & after, lambda: mask_mistakes(lengths, T, S, causal))  # fmt: skip


def compare_mask(came, want, tried) -> None:
    tensor(came, want, tried, tolerance=0)


@item("Item 2, may_look")
def check_masks(may_look, lengths: list[int], T: int, S: int, causal: bool) -> None:
    """Bool (B, T, S), place by place."""
    probes = [mask_case([2, 3], 2, 4, c) for c in (False, True)] + [mask_case([3, 1], 3, 3, True)]
    case = mask_case(lengths, T, S, causal)
    judge(may_look, case, probes, compare_mask, 0, without=OWN)
