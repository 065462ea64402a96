"""Items 9 and 10: a loss predicted by a law that is known; weights at places given by hand."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from checks.calls import Case, call, item, judge
from checks.compare import Wrong, cause, number, tensor
from checks.values import OneOf, as_number

ALPHAS = (0.05, 0.076, 0.095, 0.1, 0.2, 0.25, 0.28, 0.3, 1 / 3, 0.34, 0.35, 0.4, 0.5, 1)


def line(x: list[float], y: list[float], at: float) -> float:
    slope, start = np.polyfit(x, y, 1)
    return float(slope * at + start)


def curved(x: list[float], y: list[float], degree: int, at: float) -> float:
    """The polynomial of that degree through these points, or nearest to them."""
    return float(np.polyval(np.polyfit(x, y, min(degree, len(x) - 1)), at))


def law_mistakes(sizes: list[float], losses: list[float], size: float) -> dict:
    """What is worked out with no search, to the last digit."""
    sizes, losses = (
        list(each) for each in zip(*sorted(zip(sizes, losses, strict=True)), strict=True)
    )
    logs, log_losses = np.log(sizes).tolist(), np.log(losses).tolist()
    at, least = math.log(size), min(losses)

    def known(E: float) -> float:
        """By a straight line, where E is taken for known."""
        return E + math.exp(line(logs, [math.log(loss - E) for loss in losses], at))

    shares = (0.9, 0.95, 0.98, 0.99, 0.999)
    return {
        "E is left out: a straight line through log L against log N bends upwards": math.exp(
            line(logs, log_losses, at)
        ),
        "E is left out: through the last two sizes alone": math.exp(
            line(logs[-2:], log_losses[-2:], at)
        ),
        "L is no straight line against log N": line(logs, losses, at),
        "L is no straight line against log N, nor are its last two sizes": line(
            logs[-2:], losses[-2:], at
        ),
        "L is no straight line against N": line(sizes, losses, size),
        "E + A N^-alpha is no polynomial: what leads through the sizes goes astray beyond": OneOf(
            value
            for degree in (2, 3, 4, 5)
            for value in (curved(logs, losses, degree, at), math.exp(curved(logs, log_losses, degree, at)))
        ),
        "E is to be found from the losses: it is no fixed share of the smallest": OneOf(
            known(share * least) for share in shares
        ),
        "this is a loss that was given, the last or the smallest": OneOf((losses[-1], least)),
    }  # fmt: skip


def search_mistakes(sizes: list[float], losses: list[float], size: float, E: float) -> dict:
    """What comes of an E that was found, as well as it was found."""
    above = [math.log(loss - E) for loss in losses]
    power = math.exp(line(np.log(sizes).tolist(), above, math.log(size)))
    turned = -line(np.log(sizes).tolist(), above, math.log(size))
    return {
        "this is E alone: add A N^-alpha": E,
        "E is missing from the prediction": power,
        "the sign of alpha is turned: the loss falls with N": E + math.exp(turned),
    }


@item("Item 9, predict")
def check_law(predict, E: float, A: float, alpha: float, sizes: list[float], size: float) -> None:
    """The loss of a size that was not given, to 0.01."""
    losses = [E + A * n**-alpha for n in sizes]
    tried = f"predict(sizes {[f'{n:.3g}' for n in sizes]}, losses {[round(x, 3) for x in losses]}, "
    came = call(predict, list(sizes), losses, size, tried=tried + f"{size:.3g})")
    want = E + A * size**-alpha
    try:
        number(came, want, tried + f"{size:.3g})", tolerance=0.01)
    except Wrong as wrong:
        plain = cause(came, want, law_mistakes(sizes, losses, size), 1e-7)
        near = cause(came, want, search_mistakes(sizes, losses, size, E), 5e-3)
        wrong.likely = plain or near or wrong.likely
        wrong.likely = wrong.likely or by_other_laws(predict, (E, A, alpha), sizes, size)
        wrong.likely = wrong.likely or fixed(predict, sizes) or fixed_alpha(predict, sizes)
        raise


def fixed(predict, sizes: list[float]) -> str:
    """What is said of an answer whose E, far beyond all sizes, is one whatever the losses."""
    found = []
    for E in (0.5, 2.5):
        losses = [E + (n / min(sizes)) ** -0.3 for n in sizes]
        try:
            found.append(as_number(call(predict, list(sizes), losses, 1e300, tried="another law")))
        except Wrong:
            return ""
    if None in found or not abs(found[0] - found[1]) < 1e-6 < found[0]:
        return ""
    return f"E is to be found from the losses: here it is {found[0]:.4g} whatever they are"


def fixed_alpha(predict, sizes: list[float]) -> str:
    """What is said of an answer that fits E and A to one alpha, tried on laws of two others."""
    fits, at = set(ALPHAS), 100 * max(sizes)
    for alpha in (0.15, 0.6):
        losses = [1 + (n / min(sizes)) ** -alpha for n in sizes]
        try:
            came = as_number(call(predict, list(sizes), losses, at, tried="another law"))
        except Wrong:
            return ""
        if came is not None:
            fits = {
                a for a in fits if abs(line([n**-a for n in sizes], losses, at**-a) - came) < 1e-6
            }
    return "alpha is to be found from the losses: it is no fixed number" if len(fits) == 1 else ""


def by_other_laws(predict, law: tuple[float, float, float], sizes: list, size: float) -> str:
    """What is special about this law, as others that are like it but for one thing are met."""
    E, A, alpha = law
    ratio = (max(sizes) / min(sizes)) ** (1 / (len(sizes) - 1))
    even = [min(sizes) * ratio ** sorted(sizes).index(n) for n in sizes]

    def met(E: float, A: float, alpha: float, sizes: list[float]) -> bool:
        losses = [E + A * n**-alpha for n in sizes]
        try:
            came = call(predict, list(sizes), losses, size, tried="another law")
        except Wrong:
            return False
        value = as_number(came)
        return value is not None and abs(value - E - A * size**-alpha) <= 0.01

    scale = A * min(sizes) ** -alpha  # what the smallest model has above E

    def steep(alpha: float) -> tuple:
        return E, scale * min(sizes) ** alpha, alpha, sizes

    coarse, usual = round(20 * alpha) / 20, {n: met(*steep(n)) for n in (0.2, 0.3, 0.4)}
    whole = E if 2 * E == round(2 * E) else round(E) + 1.0
    usual_E = 1.5 if E == 0 or E > 3 else E
    others = {
        "E may be below 1": (E + (0 < E < 1), A, alpha, sizes),
        "E may be 0, and as large as the smallest loss": (usual_E, A, alpha, sizes),
        "sizes may come in any order, each with its own loss": (E, A, alpha, sorted(sizes)),
        "E is sought in steps that are too coarse": (whole, A, alpha, sizes),
        "E may be 0, or far below the smallest loss": (E + 3 * scale, A, alpha, sizes),
        "the sizes need not grow by one ratio": (E, A, alpha, even),
    }
    if abs(coarse - alpha) > 1e-9 and met(*steep(coarse)):
        return "alpha is sought in steps that are too coarse"
    found = next((t for t, o in others.items() if list(o) != [*law, sizes] and met(*o)), "")
    if not found and sum(usual.values()) > 1:
        return "alpha is between 0.05 and 1: it is not sought where it is"
    only = "alpha is to be found too, it is not always 0.3"
    return found or only * (usual[0.3] and sum(usual.values()) == 1)


def attention_of(T: int, heads: int, dtype: torch.dtype, ahead: bool) -> Tensor:
    g = torch.Generator().manual_seed(T + 100 * heads)
    raw = torch.rand(heads, T, T, generator=g, dtype=torch.float64)
    raw = raw if ahead else raw.tril()
    raw[0, 1::2, 1:] = 0  # every second place looks at the first one alone
    return (raw / raw.sum(-1, keepdim=True)).to(dtype)


def mean_mistakes(a: Tensor, T: int, looks: dict[int, list[int]]) -> dict:
    """The right weights, added up and divided wrongly."""
    each = [a[:, i, places] for i, places in looks.items()] or [a.new_zeros(len(a), 1)]
    found, n = torch.stack([weights.sum(-1) for weights in each]), len(each)
    want, pairs = found.mean(0), sum(weights.shape[1] for weights in each)
    return {
        "the weights of the places that are sought are added: no mean of them": torch.stack(
            [weights.mean(-1) for weights in each]
        ).mean(0),
        "the mean over the places i whose token stood there before i, not over all": want * n / T,
        "the sum of the weights of one place, then the mean over places": want * n / pairs,
        "the mean over the places, not the sum": want * n,
        "the mean over all such places, also those at which a head looks elsewhere": (
            found.sum(0) / (found > 0).sum(0).clamp_min(1)
        ),
        "one score for each head": OneOf((want.mean(), want.amax(), want.sum())),
        "the weights of the places that are sought are added: not the largest alone": torch.stack(
            [weights.amax(-1) for weights in each]
        ).mean(0),
        "no token comes twice: the score is 0, not 0 / 0": None if looks else want * math.nan,
        "no token comes twice: each head has the score 0, (h,)": None if looks else a.new_zeros(()),
        "nothing was found: two tensors are never one key of a dict": 0 * want,
    }  # fmt: skip


def token_mistakes(a: Tensor, text: str, looks: dict[int, list[int]]) -> dict[str, Tensor]:
    """The places of each token averaged first, or those of one diagonal."""
    each: dict[str, list[Tensor]] = {}
    for i, places in looks.items():
        each.setdefault(text[i], []).append(a[:, i, places].sum(-1))
    means = [torch.stack(found).mean(0) for found in each.values()] or [a.new_zeros(len(a))]
    return {
        "one mean over all places, not the mean of each token's mean": torch.stack(means).mean(0),
        "one diagonal holds the places sought of a text that stands twice, not of any text": (
            a.diagonal(1 - len(text) // 2, 1, 2).mean(1)
        ),
    }


def induction_mistakes(a: Tensor, text: str, looks: dict[int, list[int]]) -> dict[str, Tensor]:
    T, n, flat = len(text), max(1, len(looks)), [(i, j) for i in looks for j in looks[i]]

    def total(pairs: list[tuple[int, int]]) -> Tensor:
        return sum((a[:, i, j] for i, j in pairs if 0 <= j < T), a.new_zeros(len(a)))

    turned = total([(j, i) for i, j in flat]) / n
    others, before = [(i, j) for i, j in flat if j != i], [(i, j - 2) for i, j in flat]
    later = [(i, j + 1) for i in looks for j in range(i + 1, T) if text[i] == text[j]]
    twins = [(i, j + 1) for i in range(T) for j in range(T) if i != j and text[i] == text[j]]
    places = [len({i for i, j in twins if j < end}) or 1 for end in (T, T + 1)]
    last = [(i, 0) for i in looks if text[i] == text[-1] and i < T - 1]
    rolled = [(i, 0) for i in looks if text[i] == text[-1]]
    return mean_mistakes(a, T, looks) | token_mistakes(a, text, looks) | {
        "roll brings the last column to place 0, which follows none: earlier ones first, then roll": (
            OneOf(total(flat + more) / n for more in (rolled, later + rolled, last, later + last))
        ),
        "earlier occurrences count, not later ones": OneOf(
            [total(flat + later) / n, *(total(twins) / many for many in places)]
        ),
        "the place after the earlier one: that is where the next token stands": total(
            [(i, j - 1) for i, j in flat]
        ) / n,
        "the place after the earlier one, not the one before it": OneOf(
            total(before) / many for many in (n, max(1, len({i for i, j in before if j >= 0})))
        ),
        "all earlier occurrences count, not the last ones only": OneOf(
            total([(i, j) for i in looks for j in sorted(looks[i])[-most:]]) / n
            for most in (1, 2, 3)
        ),
        "all earlier occurrences count, not the first ones only": OneOf(
            total([(i, j) for i in looks for j in sorted(looks[i])[:most]]) / n
            for most in (1, 2, 3)
        ),
        "attention[h, i, j] is how much place i looks at place j: nothing looks at a later one": turned,
        "after aa the place after the first a is that of the second: it counts": total(others) / n,
        "after aa the place after the first a is that of the second, and is sought from there": (
            total(others) / max(1, len({i for i, _ in others}))
        ),
    }  # fmt: skip


def induction_case(
    text: str, looks: dict[int, list[int]], heads: int, dtype: str, ahead: bool = False
) -> Case:
    """ahead: places look at later ones too, as in no GPT."""
    a = attention_of(len(text), heads, getattr(torch, dtype), ahead)
    tokens = torch.tensor([300 * n for n in text.encode()], dtype=torch.int64)
    want = a.new_zeros(heads)
    for i, places in looks.items():
        want = want + a[:, i, places].sum(-1) / len(looks)
    tried = f"induction_score(attention {tuple(a.shape)} {dtype}, {text!r} as tokens)"
    tried += ", which look ahead too" * ahead
    return Case(tried, (a, tokens), want, lambda: induction_mistakes(a, text, looks))


@item("Item 10, induction_score")
def check_induction(
    induction_score, text: str, looks: dict, heads: int, dtype="float64", ahead: bool = False
) -> None:
    """looks: for each place whose letter stood there before, the places that an induction head seeks."""
    few = ("ababa", {2: [1], 3: [2], 4: [1, 3]}, 3), ("aabba", {1: [1], 3: [3], 4: [1, 2]}, 4)
    probes = [induction_case(*one, "float64") for one in few]
    judge(induction_score, induction_case(text, looks, heads, dtype, ahead), probes, tensor, 1e-6)
