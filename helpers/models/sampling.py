"""From logits to the probabilities that the next token is drawn from.

Sources: Fan, Lewis and Dauphin, Hierarchical Neural Story Generation, ACL 2018 (top-k);
Holtzman and others, The Curious Case of Neural Text Degeneration, ICLR 2020 (top-p, "nucleus");
Nguyen and others, Turning Up the Heat: Min-p Sampling, ICLR 2025 (min-p).
"""

import math

import torch.nn.functional as F
from torch import Tensor


def adjusted(
    logits: Tensor,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    min_p: float | None = None,
) -> Tensor:
    """Probabilities `(..., V)`: softmax of logits / temperature, and of those some are kept.

    top_k: the k likeliest (and what is as likely as the last of them). top_p: the fewest of the
    likeliest that together have at least p. min_p: those at least p times as likely as the
    likeliest. Several together: each filters what the one before it, in this order, has left.
    """
    _check(temperature, top_k, top_p, min_p)
    if top_k is not None:
        least = logits.topk(min(top_k, logits.shape[-1])).values[..., -1:]
        logits = logits.masked_fill(logits < least, -math.inf)
    logits = logits / temperature
    if top_p is not None and top_p < 1:  # at 1 all stay, though their sum may round to 1 early
        p, order = F.softmax(logits, -1).sort(dim=-1, descending=True, stable=True)
        late = p.cumsum(-1) - p >= top_p  # those before it have enough already
        late[..., 0] = False
        logits = logits.masked_fill(late.gather(-1, order.argsort(-1)), -math.inf)
    if min_p is not None:
        least = logits.amax(-1, keepdim=True) + math.log(min_p) if min_p else -math.inf
        logits = logits.masked_fill(logits < least, -math.inf)
    return F.softmax(logits, -1)


def _check(temperature: float, top_k: int | None, top_p: float | None, min_p: float | None) -> None:
    if not temperature > 0:
        raise ValueError(
            f"the temperature must be above 0, not {temperature}; "
            "for the likeliest character every time use top_k=1"
        )
    if top_k is not None and top_k < 1:
        raise ValueError(f"top_k must be at least 1, not {top_k}")
    if top_p is not None and not 0 < top_p <= 1:
        raise ValueError(f"top_p is a probability, above 0 and at most 1, not {top_p}")
    if min_p is not None and not 0 <= min_p <= 1:
        raise ValueError(f"min_p is a share of the largest probability, from 0 to 1, not {min_p}")
