# %% right: nansum
def next_probabilities(logits, temperature=1.0, top_k=None):
    if temperature == 0:
        temperature, top_k = 1, 1
    scaled = logits / temperature
    if top_k is not None:
        k = min(top_k, scaled.size(-1))
        threshold = scaled.sort(1, descending=True).values[:, k - 1, None]
        scaled = torch.where(scaled >= threshold, scaled, torch.tensor(-torch.inf))
    log_p = scaled.log_softmax(1)
    p = log_p.exp()
    return p, -(p * log_p).nansum(1) / math.log(2)


# %% right: row by row
def next_probabilities(logits, temperature=1.0, top_k=None):
    rows = []
    for row in logits:
        p = torch.zeros_like(row)
        order = row.argsort(descending=True)
        if temperature == 0:
            p[order[0]] = 1
        else:
            kept = order[:top_k]
            e = torch.exp((row[kept] - row[order[0]]) / temperature)
            p[kept] = e / e.sum()
        rows.append(p)
    p = torch.stack(rows)
    terms = torch.where(p > 0, p * torch.log2(torch.where(p > 0, p, 1.0)), 0.0)
    return p, -terms.sum(1)


# %% right: scatter
def next_probabilities(logits, temperature=1.0, top_k=None):
    B, V = logits.shape
    if temperature == 0:
        p = F.one_hot(logits.argmax(1), V).to(logits.dtype)
        return p, torch.zeros(B, dtype=logits.dtype)
    k = V if top_k is None else min(top_k, V)
    values, places = logits.topk(k, dim=1)
    p = torch.zeros_like(logits).scatter(1, places, F.softmax(values / temperature, 1))
    return [p, torch.special.entr(p).sum(1) / math.log(2)]


# %% wrong: after softmax | says: not the probabilities
def next_probabilities(logits, temperature=1.0, top_k=None):
    if temperature == 0:
        p = F.one_hot(logits.argmax(1), logits.shape[1]).to(logits.dtype)
    else:
        plain = logits.softmax(1)
        if top_k is not None and top_k < logits.shape[1]:
            plain = plain.masked_fill(plain < plain.topk(top_k).values[:, -1:], 0)
        p = torch.softmax(logits.softmax(1) / temperature, 1)
        p = p * (plain > 0)
        p = p / p.sum(1, keepdim=True)
    return p, -torch.special.xlogy(p, p).sum(1) / math.log(2)


# %% wrong: courses own | says: by hand
from helpers.models.rnn import adjusted


def next_probabilities(logits, temperature=1.0, top_k=None):
    p = adjusted(logits, temperature or 1.0, top_k if temperature else 1)
    return p, -torch.special.xlogy(p, p).sum(1) / math.log(2)


# %% wrong: in place | says: an operation in place
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    """logits (B, V) -> p (B, V) and the entropy of each row in bits (B,)."""
    k = min(top_k or logits.shape[1], logits.shape[1])
    if temperature == 0:
        k, temperature = 1, 1.0
    least = logits.topk(k, dim=1).values[:, -1:]
    logits[logits < least] = -math.inf
    p = torch.softmax(logits.masked_fill(logits < least, -math.inf) / temperature, dim=1)
    entropy = -torch.special.xlogy(p, p).sum(1) / math.log(2)
    return p, entropy


# %% wrong: large k | says: Came:
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    """logits (B, V) -> p (B, V) and the entropy of each row in bits (B,)."""
    k = top_k or logits.shape[1]
    if temperature == 0:
        k, temperature = 1, 1.0
    least = logits.topk(k, dim=1).values[:, -1:]
    p = torch.softmax(logits.masked_fill(logits < least, -math.inf) / temperature, dim=1)
    entropy = -torch.special.xlogy(p, p).sum(1) / math.log(2)
    return p, entropy


# %% wrong: least likely | says: not the least likely
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    """logits (B, V) -> p (B, V) and the entropy of each row in bits (B,)."""
    k = min(top_k or logits.shape[1], logits.shape[1])
    if temperature == 0:
        k, temperature = 1, 1.0
    most = logits.topk(k, dim=1, largest=False).values[:, -1:]
    p = torch.softmax(logits.masked_fill(logits > most, -math.inf) / temperature, dim=1)
    entropy = -torch.special.xlogy(p, p).sum(1) / math.log(2)
    return p, entropy


# %% wrong: log added | says: Expected:
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    """logits (B, V) -> p (B, V) and the entropy of each row in bits (B,)."""
    k = min(top_k or logits.shape[1], logits.shape[1])
    if temperature == 0:
        k, temperature = 1, 1.0
    least = logits.topk(k, dim=1).values[:, -1:]
    p = torch.softmax(logits.masked_fill(logits < least, -math.inf) / temperature, dim=1)
    entropy = -(p * (p + 1e-3).log()).sum(1) / math.log(2)
    return p, entropy


# %% wrong: mean entropy | says: one entropy for each row
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    """logits (B, V) -> p (B, V) and the entropy of each row in bits (B,)."""
    k = min(top_k or logits.shape[1], logits.shape[1])
    if temperature == 0:
        k, temperature = 1, 1.0
    least = logits.topk(k, dim=1).values[:, -1:]
    p = torch.softmax(logits.masked_fill(logits < least, -math.inf) / temperature, dim=1)
    entropy = -torch.special.xlogy(p, p).sum(1).mean() / math.log(2)
    return p, entropy


# %% wrong: multiplied | says: divided by the temperature, not multiplied
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    """logits (B, V) -> p (B, V) and the entropy of each row in bits (B,)."""
    k = min(top_k or logits.shape[1], logits.shape[1])
    if temperature == 0:
        k, temperature = 1, 1.0
    least = logits.topk(k, dim=1).values[:, -1:]
    p = torch.softmax(logits.masked_fill(logits < least, -math.inf) * temperature, dim=1)
    entropy = -torch.special.xlogy(p, p).sum(1) / math.log(2)
    return p, entropy


# %% wrong: nan | says: 0 * log 0
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    """logits (B, V) -> p (B, V) and the entropy of each row in bits (B,)."""
    k = min(top_k or logits.shape[1], logits.shape[1])
    if temperature == 0:
        k, temperature = 1, 1.0
    least = logits.topk(k, dim=1).values[:, -1:]
    p = torch.softmax(logits.masked_fill(logits < least, -math.inf) / temperature, dim=1)
    entropy = -(p * p.log()).sum(1) / math.log(2)
    return p, entropy


# %% wrong: nats | says: the entropy is in nats
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    """logits (B, V) -> p (B, V) and the entropy of each row in bits (B,)."""
    k = min(top_k or logits.shape[1], logits.shape[1])
    if temperature == 0:
        k, temperature = 1, 1.0
    least = logits.topk(k, dim=1).values[:, -1:]
    p = torch.softmax(logits.masked_fill(logits < least, -math.inf) / temperature, dim=1)
    entropy = -torch.special.xlogy(p, p).sum(1)
    return p, entropy


# %% wrong: no temperature | says: the temperature is not used
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    """logits (B, V) -> p (B, V) and the entropy of each row in bits (B,)."""
    k = min(top_k or logits.shape[1], logits.shape[1])
    if temperature == 0:
        k, temperature = 1, 1.0
    least = logits.topk(k, dim=1).values[:, -1:]
    p = torch.softmax(logits.masked_fill(logits < least, -math.inf), dim=1)
    entropy = -torch.special.xlogy(p, p).sum(1) / math.log(2)
    return p, entropy


# %% wrong: no top k | says: top_k is not used
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    """logits (B, V) -> p (B, V) and the entropy of each row in bits (B,)."""
    k = logits.shape[1]
    if temperature == 0:
        k, temperature = 1, 1.0
    least = logits.topk(k, dim=1).values[:, -1:]
    p = torch.softmax(logits.masked_fill(logits < least, -math.inf) / temperature, dim=1)
    entropy = -torch.special.xlogy(p, p).sum(1) / math.log(2)
    return p, entropy


# %% wrong: not renormalised | says: must sum to one
def next_probabilities(logits, temperature=1.0, top_k=None):
    if temperature == 0:
        p = F.one_hot(logits.argmax(1), logits.shape[1]).to(logits.dtype)
    else:
        p = torch.softmax(logits / temperature, 1)
        if top_k is not None and top_k < logits.shape[1]:
            p = p.masked_fill(logits < logits.topk(top_k).values[:, -1:], 0)
    return p, -torch.special.xlogy(p, p).sum(1) / math.log(2)


# %% wrong: overflow | says: exp overflows
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    """logits (B, V) -> p (B, V) and the entropy of each row in bits (B,)."""
    k = min(top_k or logits.shape[1], logits.shape[1])
    if temperature == 0:
        k, temperature = 1, 1.0
    least = logits.topk(k, dim=1).values[:, -1:]
    e = torch.exp(logits.masked_fill(logits < least, -math.inf) / temperature)
    p = e / e.sum(1, keepdim=True)
    entropy = -torch.special.xlogy(p, p).sum(1) / math.log(2)
    return p, entropy


# %% wrong: plain entropy | says: not of the plain softmax
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    """logits (B, V) -> p (B, V) and the entropy of each row in bits (B,)."""
    k = min(top_k or logits.shape[1], logits.shape[1])
    if temperature == 0:
        k, temperature = 1, 1.0
    least = logits.topk(k, dim=1).values[:, -1:]
    p = torch.softmax(logits.masked_fill(logits < least, -math.inf) / temperature, dim=1)
    q = logits.softmax(1)
    entropy = -torch.special.xlogy(q, q).sum(1) / math.log(2)
    return p, entropy


# %% wrong: sign | says: p log p is negative
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    """logits (B, V) -> p (B, V) and the entropy of each row in bits (B,)."""
    k = min(top_k or logits.shape[1], logits.shape[1])
    if temperature == 0:
        k, temperature = 1, 1.0
    least = logits.topk(k, dim=1).values[:, -1:]
    p = torch.softmax(logits.masked_fill(logits < least, -math.inf) / temperature, dim=1)
    entropy = torch.special.xlogy(p, p).sum(1) / math.log(2)
    return p, entropy


# %% wrong: sorted | says: stays in its own column
def next_probabilities(logits, temperature=1.0, top_k=None):
    V = logits.shape[1]
    best = logits.topk(min(top_k or V, V), dim=1).values
    if temperature == 0:
        best, temperature = best[:, :1], 1.0
    p = F.pad(torch.softmax(best / temperature, 1), (0, V - best.shape[1]))
    return p, -torch.special.xlogy(p, p).sum(1) / math.log(2)


# %% wrong: topk dim | says: topk along dim 1
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    """logits (B, V) -> p (B, V) and the entropy of each row in bits (B,)."""
    V = logits.shape[1]
    if temperature == 0:
        p = F.one_hot(logits.argmax(1), V).to(logits.dtype)
    else:
        if top_k is not None:
            smallest = logits.topk(min(top_k, len(logits)), dim=0).values[-1:]
            logits = logits.masked_fill(logits < smallest, -math.inf)
        p = torch.softmax(logits / temperature, dim=1)
    entropy = -torch.special.xlogy(p, p).sum(1) / math.log(2)
    return p, entropy


# %% wrong: uniform at zero | says: not every one alike
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    """logits (B, V) -> p (B, V) and the entropy of each row in bits (B,)."""
    k = min(top_k or logits.shape[1], logits.shape[1])
    if temperature == 0:
        p = torch.full_like(logits, 1 / logits.shape[1])
        return p, -torch.special.xlogy(p, p).sum(1) / math.log(2)
    least = logits.topk(k, dim=1).values[:, -1:]
    p = torch.softmax(logits.masked_fill(logits < least, -math.inf) / temperature, dim=1)
    entropy = -torch.special.xlogy(p, p).sum(1) / math.log(2)
    return p, entropy


# %% wrong: whole batch | says: each row has its own k likeliest
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    """logits (B, V) -> p (B, V) and the entropy of each row in bits (B,)."""
    k = min(top_k or logits.shape[1], logits.shape[1])
    if temperature == 0:
        k, temperature = 1, 1.0
    least = logits.flatten().topk(k).values[-1]
    p = torch.softmax(logits.masked_fill(logits < least, -math.inf) / temperature, dim=1)
    entropy = -torch.special.xlogy(p, p).sum(1) / math.log(2)
    return p, entropy


# %% wrong: wrong dim | says: the softmax runs along the characters
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    """logits (B, V) -> p (B, V) and the entropy of each row in bits (B,)."""
    k = min(top_k or logits.shape[1], logits.shape[1])
    if temperature == 0:
        k, temperature = 1, 1.0
    least = logits.topk(k, dim=1).values[:, -1:]
    p = torch.softmax(logits.masked_fill(logits < least, -math.inf) / temperature, dim=0)
    entropy = -torch.special.xlogy(p, p).sum(1) / math.log(2)
    return p, entropy


# %% wrong: zero logits | says: those thrown away get -inf
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    """logits (B, V) -> p (B, V) and the entropy of each row in bits (B,)."""
    k = min(top_k or logits.shape[1], logits.shape[1])
    if temperature == 0:
        k, temperature = 1, 1.0
    least = logits.topk(k, dim=1).values[:, -1:]
    p = torch.softmax(logits.masked_fill(logits < least, 0) / temperature, dim=1)
    entropy = -torch.special.xlogy(p, p).sum(1) / math.log(2)
    return p, entropy


# %% wrong: zero temperature | says: nothing can be divided by it
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    """logits (B, V) -> p (B, V) and the entropy of each row in bits (B,)."""
    k = min(top_k or logits.shape[1], logits.shape[1])
    least = logits.topk(k, dim=1).values[:, -1:]
    p = torch.softmax(logits.masked_fill(logits < least, -math.inf) / temperature, dim=1)
    entropy = -torch.special.xlogy(p, p).sum(1) / math.log(2)
    return p, entropy


# %% wrong: fill minus 100 | says: those thrown away get -inf
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    k = min(top_k or logits.shape[1], logits.shape[1])
    limit = logits.topk(k, 1).values[:, -1:]
    z = logits.masked_fill(logits < limit, -100.0)
    if temperature == 0:
        p = (z == z.max(1, keepdim=True).values).to(logits.dtype)
    else:
        p = (z / temperature).softmax(1)
    return p, -torch.xlogy(p, p).sum(1) / math.log(2)


# %% wrong: fill minus 1000 | says: those thrown away get -inf
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    k = min(top_k or logits.shape[1], logits.shape[1])
    limit = logits.topk(k, 1).values[:, -1:]
    z = logits.masked_fill(logits < limit, -1000.0)
    if temperature == 0:
        p = (z == z.max(1, keepdim=True).values).to(logits.dtype)
    else:
        p = (z / temperature).softmax(1)
    return p, -torch.xlogy(p, p).sum(1) / math.log(2)


# %% wrong: temperature 1e 2 | says: used as it is, however low
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    k = min(top_k or logits.shape[1], logits.shape[1])
    limit = logits.topk(k, 1).values[:, -1:]
    z = logits.masked_fill(logits < limit, -torch.inf)
    p = (z / max(temperature, 1e-2)).softmax(1)
    return p, -torch.xlogy(p, p).sum(1) / math.log(2)


# %% wrong: one threshold for all rows, the lowest | says: not one limit for all
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    k = min(top_k or logits.shape[1], logits.shape[1])
    if temperature == 0:
        p = F.one_hot(logits.argmax(1), logits.shape[1]).to(logits.dtype)
    else:
        least = logits.topk(k, 1).values[:, -1].min()
        p = torch.softmax(logits.masked_fill(logits < least, -math.inf) / temperature, 1)
    return p, -torch.special.xlogy(p, p).sum(1) / math.log(2)


# %% wrong: k above V raises | says: top_k may be above V
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    if temperature == 0:
        top_k, temperature = 1, 1.0
    if top_k is not None:
        least = logits.topk(top_k, 1).values[:, -1:]
        logits = logits.masked_fill(logits < least, -math.inf)
    p = torch.softmax(logits / temperature, 1)
    return p, -torch.special.xlogy(p, p).sum(1) / math.log(2)


# %% wrong: temperature 0 ignores which is likeliest among negative logits | says: a forbidden character is below every other
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    k = min(top_k or logits.shape[1], logits.shape[1])
    if temperature == 0:
        p = F.one_hot(logits.nan_to_num(neginf=0.0).argmax(1), logits.shape[1]).to(logits.dtype)
    else:
        least = logits.topk(k, 1).values[:, -1:]
        p = torch.softmax(logits.masked_fill(logits < least, -math.inf) / temperature, 1)
    return p, -torch.special.xlogy(p, p).sum(1) / math.log(2)


# %% wrong: fill minus 10000 | says: those thrown away get -inf
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    if temperature == 0:
        top_k, temperature = 1, 1.0
    z = logits
    if top_k is not None:
        least = z.topk(min(top_k, z.shape[1])).values[:, -1:]
        z = z.masked_fill(z < least, -1e4)
    p = (z / temperature).softmax(-1)
    return p, -torch.xlogy(p, p).sum(-1) / math.log(2)


# %% wrong: logits capped | says: top_k=3
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    z = logits.clamp(max=1000.0)
    if top_k is not None and top_k < z.shape[1]:
        z = z.masked_fill(z < z.topk(top_k).values[:, -1:], -math.inf)
    if temperature == 0:
        p = F.one_hot(z.argmax(1), z.shape[1]).to(z.dtype)
    else:
        p = (z / temperature).softmax(1)
    return p, torch.special.entr(p).sum(1) / math.log(2)


# %% wrong: filled with minus twenty | says: not below every logit
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    V = logits.shape[1]
    if temperature == 0:
        p = F.one_hot(logits.argmax(1), V).to(logits.dtype)
    else:
        if top_k is not None and top_k < V:
            least = logits.topk(top_k, dim=1).values[:, -1:]
            logits = logits.masked_fill(logits < least, -20.0)
        p = torch.softmax((logits - logits.amax(1, keepdim=True)) / temperature, dim=1)
    return p, -torch.special.xlogy(p, p).sum(1) / math.log(2)


# %% wrong: nothing below a tenth | says: however low
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    V = logits.shape[1]
    if temperature == 0:
        p = F.one_hot(logits.argmax(1), V).to(logits.dtype)
    else:
        if top_k is not None and top_k < V:
            least = logits.topk(top_k, dim=1).values[:, -1:]
            logits = logits.masked_fill(logits < least, -math.inf)
        p = torch.softmax((logits - logits.amax(1, keepdim=True)) / max(temperature, 0.1), dim=1)
    return p, -torch.special.xlogy(p, p).sum(1) / math.log(2)


# %% wrong: one-hot as wide as the largest winner | says: num_classes
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    V = logits.shape[1]
    if temperature == 0:
        p = F.one_hot(logits.argmax(1)).to(logits.dtype)
    else:
        if top_k is not None and top_k < V:
            least = logits.topk(top_k, dim=1).values[:, -1:]
            logits = logits.masked_fill(logits < least, -math.inf)
        p = torch.softmax((logits - logits.amax(1, keepdim=True)) / temperature, dim=1)
    return p, -torch.special.xlogy(p, p).sum(1) / math.log(2)


# %% wrong: k of the row with the fewest allowed | says: another may allow fewer
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    allowed = torch.isfinite(logits).sum(dim=-1)
    k = logits.shape[-1] if top_k is None else top_k
    if temperature == 0:
        k, temperature = 1, 1.0
    k = min(k, int(allowed.min()))
    values, index = logits.topk(k, dim=-1)
    p = torch.zeros_like(logits).scatter(1, index, torch.softmax(values / temperature, -1))
    entropy = -(p * p.clamp_min(torch.finfo(p.dtype).tiny).log2()).sum(-1)
    return p, entropy


# %% wrong: left in float64 | says: the dtype is not
def next_probabilities(logits, temperature=1.0, top_k=None):
    z = logits.double()
    if temperature == 0:
        temperature, top_k = 1.0, 1
    if top_k is not None and top_k < z.shape[1]:
        z = z.masked_fill(z < z.topk(top_k).values[:, -1:], -math.inf)
    p = torch.softmax((z - z.amax(1, keepdim=True)) / temperature, 1)
    return p, torch.special.entr(p).sum(1) / math.log(2)


# %% wrong: the likeliest of the whole batch | says: each row has its own k likeliest
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    if temperature == 0:
        top_k, temperature = 1, 1.0
    if top_k is not None:
        k = min(top_k * len(logits), logits.numel())
        least = logits.flatten().topk(k).values[-1]
        logits = logits.masked_fill(logits < least, -math.inf)
    p = F.softmax(logits / temperature, dim=1)
    return p, -torch.xlogy(p, p).sum(1) / math.log(2)


# %% wrong: forbidden characters come back | says: no 0 stands in for it
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    logits = torch.nan_to_num(logits, neginf=0.0)
    if temperature == 0:
        top_k, temperature = 1, 1.0
    if top_k is not None:
        least = logits.topk(min(top_k, logits.shape[1]), dim=1).values[:, -1:]
        logits = logits.masked_fill(logits < least, -math.inf)
    p = F.softmax(logits / temperature, dim=1)
    return p, -torch.xlogy(p, p).sum(1) / math.log(2)


# %% wrong: the k least likely go | says: one character too few
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    if temperature == 0:
        top_k, temperature = 1, 1.0
    if top_k is not None and 1 < top_k < logits.shape[1]:
        least = logits.topk(top_k, dim=1).values[:, -1:]
        logits = logits.masked_fill(logits <= least, -math.inf)
    elif top_k == 1:
        logits = logits.masked_fill(logits < logits.amax(1, keepdim=True), -math.inf)
    p = F.softmax(logits / temperature, dim=1)
    return p, -torch.xlogy(p, p).sum(1) / math.log(2)


# %% wrong: the first row chooses for all | says: each row has its own k likeliest
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    V = logits.shape[1]
    k = V if top_k is None else min(top_k, V)
    keep = logits[0].topk(k).indices
    z = torch.full_like(logits, -math.inf)
    z[:, keep] = logits[:, keep]
    if temperature == 0:
        p = torch.zeros_like(logits).scatter(1, z.argmax(1, keepdim=True), 1.0)
    else:
        p = ((z - z.amax(1, keepdim=True)) / temperature).softmax(1)
    return p, -torch.where(p > 0, p * p.log2(), torch.zeros_like(p)).sum(1)


# %% wrong: a low temperature in place of 0 | says: none of 0
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    temperature = max(temperature, 0.1) if temperature == 0 else temperature
    V = logits.shape[1]
    k = V if top_k is None else min(top_k, V)
    least = logits.topk(k, dim=1).values[:, -1:]
    z = logits.masked_fill(logits < least, -math.inf)
    if temperature == 0:
        p = torch.zeros_like(logits).scatter(1, z.argmax(1, keepdim=True), 1.0)
    else:
        p = ((z - z.amax(1, keepdim=True)) / temperature).softmax(1)
    entropy = -torch.where(p > 0, p * p.log2(), torch.zeros_like(p)).sum(1)
    return p, entropy


# %% wrong: the first row says what is forbidden | says: of its own
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    keep = torch.isfinite(logits[0])
    small = logits[:, keep]
    z = small - small.amax(1, keepdim=True)
    if top_k is not None and top_k < z.shape[1]:
        z = z.masked_fill(z < z.topk(top_k).values[:, -1:], -math.inf)
    q = (z == 0).to(z.dtype) if temperature == 0 else (z / temperature).softmax(1)
    p = torch.zeros_like(logits)
    p[:, keep] = q
    return p, -torch.xlogy(p, p).sum(1) / math.log(2)


# %% wrong: the largest of the batch subtracted | says: the largest logit of each row
def next_probabilities(logits, temperature=1.0, top_k=None):
    V = logits.shape[1]
    k = 1 if temperature == 0 else min(top_k or V, V)
    z = logits.masked_fill(logits < logits.topk(k).values[:, -1:], -math.inf) / (temperature or 1)
    e = (z - z.max()).exp()
    p = e / e.sum(1, keepdim=True)
    return p, torch.special.entr(p).sum(1) / math.log(2)


# %% wrong: 1e-8 in place of temperature 0 | says: a low temperature is none of 0
def next_probabilities(logits, temperature=1.0, top_k=None):
    V = logits.shape[1]
    if temperature == 0:
        temperature = 1e-8
    k = min(top_k or V, V)
    z = logits.masked_fill(logits < logits.topk(k).values[:, -1:], -math.inf)
    p = (z / temperature).softmax(1)
    return p, torch.special.entr(p).sum(1) / math.log(2)


# %% wrong: noise added | says: nothing is drawn here
def next_probabilities(logits, temperature=1.0, top_k=None):
    V = logits.shape[1]
    k = 1 if temperature == 0 else min(top_k or V, V)
    z = logits.masked_fill(logits < logits.topk(k).values[:, -1:], -math.inf) / (temperature or 1)
    p = (z - torch.rand_like(z).log().neg().log()).softmax(1)
    return p, torch.special.entr(p).sum(1) / math.log(2)


# %% wrong: rows that are nan get no entropy | says: in each place
def next_probabilities(logits, temperature=1.0, top_k=None):
    V = logits.shape[1]
    k = 1 if temperature == 0 else min(top_k or V, V)
    z = logits.masked_fill(logits < logits.topk(k).values[:, -1:], -math.inf)
    p = ((z - z.amax(1, keepdim=True)) / (temperature or 1)).softmax(1)
    return p, torch.nan_to_num(-(p * p.log2()).sum(1))


# %% wrong: a one-hot of whole numbers | says: F.one_hot
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    if temperature == 0:
        p = F.one_hot(logits.argmax(dim=1), logits.shape[1])
        return p, logits.new_zeros(len(logits))
    if top_k is not None:
        top = logits.topk(min(top_k, logits.shape[1]))
        logits = torch.full_like(logits, -torch.inf).scatter(1, top.indices, top.values)
    log_p = (logits / temperature).log_softmax(1)
    p = log_p.exp()
    return p, -torch.where(p > 0, p * log_p, 0).sum(1) / math.log(2)
