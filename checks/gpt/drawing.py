"""Item 8: the probabilities that a token is drawn from, by the course's own."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from checks.calls import Case, item, judge
from checks.compare import fail, short, tensor
from checks.values import OneOf, as_tensor
from helpers.models.sampling import adjusted


def shares(p: Tensor, kept: Tensor) -> Tensor:
    p = p * kept
    return p / p.sum(-1, keepdim=True)


def nucleus(p: Tensor, top_p: float, rule: str = "") -> Tensor:
    """Which stay, by a rule that is not the one asked for."""
    best, order = p.sort(dim=-1, descending=rule != "least")
    total = best.cumsum(-1)
    stay = total <= top_p if rule != "least" else total - best < top_p
    if rule == "first":
        stay[..., 0] = True
    if rule == "one more":
        stay = (total - best).roll(1, -1) < top_p
        stay[..., 0] = True
    return torch.zeros_like(stay).scatter(-1, order, stay)


def column_mistakes(p: Tensor, top_p: float, other: Tensor) -> dict[str, Tensor | OneOf | None]:
    """What stays goes back to other columns, or is rounded away at a top_p of 1."""
    best, order = p.sort(dim=-1, descending=True)
    total, most = best.cumsum(-1), p >= best[:, :1]
    late = total - best >= top_p
    gathered = late.gather(-1, order), other.gather(-1, order)
    rounded = most | (total >= 1).any(-1, keepdim=True)
    return {
        "what is dropped is put back to the tokens' own columns": shares(p, ~late & other),
        "zeros.scatter(-1, order, stays) puts back to the columns: gather goes the other way": OneOf(
            (
                shares(p, ~gathered[0] & other),
                shares(best, ~late & gathered[1]).gather(-1, order),
            )
        ),
        "top_p may be 1: then the likeliest is not all that stays": (
            OneOf(shares(p, kept & other) for kept in (most, rounded)) if top_p == 1 else None
        ),
    }


def top_p_mistakes(p: Tensor, plain: Tensor, top_p: float, other: Tensor) -> dict[str, Tensor]:
    best, order = p.sort(dim=-1, descending=True)
    late = best.cumsum(-1) - best >= top_p
    most = best.gather(-1, (~late).sum(-1).max().expand(len(p), 1) - 1)
    unsorted, total = p.cumsum(-1) - p < top_p, int((~late).sum())
    return {
        "the token with which top_p is reached stays too": shares(
            p, nucleus(p, top_p, "first") & other
        ),
        "nan: the likeliest token always stays": shares(p, nucleus(p, top_p) & other),
        "the likeliest tokens stay, not the least likely": shares(
            p, nucleus(p, top_p, "least") & other
        ),
        "one token too many: top_p is reached without it": shares(
            p, nucleus(p, top_p, "one more") & other
        ),
        "each row has an order of its own": OneOf(
            shares(p, torch.zeros_like(late).scatter(-1, row.expand_as(order), ~late) & other)
            for row in (order[:1], order[-1:])
        ),
        "each row keeps as many as it needs, not as many as another row": OneOf(
            shares(p, (p >= least) & other)
            for least in (most, best[:, :total].amin(-1, keepdim=True))
        ),
        "go by the sorted probabilities: the likeliest first": shares(p, unsorted & other),
        "top_p is a sum, not a least probability": OneOf(
            shares(p, (p >= least) & other) for least in (top_p, 1 - top_p)
        ),
        "top_p is a sum of p, after the temperature": shares(
            p, (adjusted(plain.log(), top_p=top_p) > 0) & other
        ),
        "every probability stays in its own column, not sorted": shares(best, ~late),
    } | column_mistakes(p, top_p, other)


def min_p_mistakes(p: Tensor, plain: Tensor, min_p: float, other: Tensor) -> dict[str, Tensor]:
    most = p.amax(-1, keepdim=True)
    return {
        "min_p is a share of the likeliest token's probability": shares(p, (p >= min_p) & other),
        "min_p is a share of each row's own likeliest": shares(p, (p >= min_p * p.max()) & other),
        "at least min_p times as likely: at 1 the likeliest itself stays": shares(
            p, (p > min_p * most) & other
        ),
        "min_p may be 1: then the likeliest alone stays": shares(p, other) if min_p == 1 else None,
        "min_p is a share of p, after the temperature": shares(
            p, (plain >= min_p * plain.amax(-1, keepdim=True)) & other
        ),
        "min_p is a share of p, not of the logits": shares(
            p, (p.log() >= min_p * most.log()) & other
        ),
        "those at least min_p times as likely stay, the others go": shares(
            p, (p < min_p * most) & other
        ),
    }


def drawing_mistakes(
    logits: Tensor, temperature: float, top_p: float | None, min_p: float | None
) -> dict[str, Tensor]:
    p = (logits / temperature).softmax(-1)
    want = adjusted(logits, temperature, top_p=top_p, min_p=min_p)
    kept = want > 0
    least = (logits / temperature - (logits / temperature).max()).exp()
    each = (logits / temperature).exp()
    found = {
        "the largest of each row is subtracted from its logits, not that of all rows": OneOf(
            shares(least / least.sum(-1, keepdim=True).clamp_min(low), kept)
            for low in (0.0, 1e-300)
        ),
        "exp of a large number is infinite: softmax, which subtracts the largest of each row": (
            shares(each / each.sum(-1, keepdim=True), kept) if each.isinf().any() else None
        ),
        "the temperature is not used": adjusted(logits, top_p=top_p, min_p=min_p),
        "the logits are divided by the temperature, not multiplied": adjusted(
            logits, 1 / temperature, top_p=top_p, min_p=min_p
        ),
        "what stays must sum to one: divide by its sum": p * kept,
        "these are logits still: softmax them": torch.where(
            kept, logits / temperature, -math.inf
        ),
        "what is dropped has probability 0: a logit of -inf, not of 0": torch.where(
            kept, logits / temperature, 0.0
        ).softmax(-1),
        "the softmax was taken already: divide by the sum": OneOf(
            (torch.where(kept, p, -math.inf).softmax(-1), want)
        ),
        "one softmax of the logits, not of probabilities": torch.where(kept, p, 0.0).softmax(-1),
        "a row is (V,): the softmax runs along the last axis": (logits / temperature).softmax(0),
        "every probability stays in its own column, not sorted": want.sort(descending=True)[0],
    }  # fmt: skip
    return found | rule_mistakes(logits, temperature, top_p, min_p)


def rule_mistakes(
    logits: Tensor, temperature: float, top_p: float | None, min_p: float | None
) -> dict[str, Tensor]:
    """Those in the two rules, by what each of them keeps."""
    plain, p, found = logits.softmax(-1), (logits / temperature).softmax(-1), {}
    all_ = torch.ones_like(p, dtype=torch.bool)
    by_p = all_ if top_p is None else adjusted(logits, temperature, top_p=top_p) > 0
    by_min = all_ if min_p is None else adjusted(logits, temperature, min_p=min_p) > 0
    if top_p is not None:
        found["top_p is not used"] = shares(p, by_min)
        found |= top_p_mistakes(p, plain, top_p, by_min)
    if min_p is not None:
        found["min_p is not used"] = shares(p, by_p)
        found |= min_p_mistakes(p, plain, min_p, by_p)
    if top_p is not None and min_p is not None:
        found["a token stays only if both rules keep it"] = shares(p, by_p | by_min)
        filtered = adjusted(logits, temperature, min_p=min_p)
        found["both rules look at p before anything is taken away"] = adjusted(
            filtered.log(), top_p=top_p
        )
    return found


def drawing_case(
    p: list[float], temperature: float, top_p, min_p, dtype: torch.dtype, shift=5.0, count=3
) -> Case:
    rows = torch.tensor([p, p[1:] + p[:1], p[::-1]], dtype=torch.float64)
    rows[1] = (rows[1].square() + 0.02) * (rows[1] > 0)  # another distribution
    level = torch.tensor([1, -1, 1])[:, None] * shift if shift > 5 else shift  # rows far apart
    logits = (rows.log() + level)[:count].to(dtype)
    more = " and two more rows" * (count > 1) + f" at {shift:g} or minus that" * (shift > 5)
    shown = p if len(p) < 9 else f"of {len(p)} tokens"
    tried = f"next_p(logits of p {shown}{more}, {temperature=}, {top_p=}, {min_p=})"
    given = (logits, temperature, top_p, min_p)
    return Case(
        tried, given, adjusted(logits, temperature, top_p=top_p, min_p=min_p),
        lambda: drawing_mistakes(*given),
    )  # fmt: skip


def probabilities(came, want: Tensor, tried: str, mistakes=None, tolerance: float = 1e-8) -> None:
    """As `tensor`; besides, nothing that stays may be 0, however unlikely it is."""
    tensor(came, want, tried, mistakes, tolerance)
    value = as_tensor(came, want)
    if bool(((value == 0) & (want > 0)).any()):
        likely = "with a top_p of 1 all stay: their sum rounds to 1 before the last"
        fail(tried, f"{short(want)}, each above 0 that stays", short(value), likely)


@item("Item 8, next_p")
def check_drawing(
    next_p,
    p: list[float],
    temperature: float = 1.0,
    top_p: float | None = None,
    min_p: float | None = None,
    dtype: str = "float64",
    **more,
) -> None:
    """Against the course's own, on distributions without ties."""
    few = ([0.2, 0.5, 0.3], 2.0, None, None), ([0.5, 0.3, 0.15, 0.05], 1.0, 0.6, None)
    few += (([0.1, 0.6, 0.3], 1.0, None, 0.3), ([0.4, 0.35, 0.25], 1.0, 0.2, None))
    probes = [drawing_case(*one, torch.float64) for one in few]
    probes.append(drawing_case([0.2, 0.5, 0.3], 1.0, 0.6, None, torch.float64, count=1))
    case = drawing_case(p, temperature, top_p, min_p, getattr(torch, dtype), **more)
    close = 1e-7 if dtype == "float64" else 1e-5
    judge(next_p, case, probes, probabilities, close, without=(adjusted,))
