# %% right: row by row
def next_p(logits, temperature=1.0, top_p=None, min_p=None):
    rows = []
    for p in (logits / temperature).softmax(-1):
        values = p.tolist()
        stay, total = set(), 0.0
        for k in sorted(range(len(values)), key=lambda k: -values[k]):
            if top_p in (None, 1) or total < top_p:
                stay.add(k)
            total += values[k]
        if min_p is not None:
            stay = {k for k in stay if values[k] >= min_p * max(values)}
        row = [value if k in stay else 0.0 for k, value in enumerate(values)]
        rows.append([value / sum(row) for value in row])
    return torch.tensor(rows, dtype=logits.dtype)


# %% right: -inf and softmax
def next_p(logits, temperature=1.0, top_p=None, min_p=None):
    z = logits / temperature
    p, out = z.softmax(-1), z
    if top_p is not None and top_p < 1:
        s, i = p.sort(-1, True)
        gone = s.cumsum(-1).roll(1, -1)
        gone[..., 0] = 0
        out = out.masked_fill((gone >= top_p).gather(-1, i.argsort(-1)), -torch.inf)
    if min_p is not None:
        out = out.masked_fill(p < min_p * p.max(-1, keepdim=True).values, -torch.inf)
    return out.softmax(-1)


# %% right: mass of likelier ones
def next_p(logits, temperature=1.0, top_p=None, min_p=None):
    p = F.softmax(logits / temperature, 1)
    likelier = (p[:, None, :] > p[:, :, None]).to(p) @ p[:, :, None]
    stay = likelier[..., 0] < (2 if top_p in (None, 1) else top_p)
    stay = stay & (p >= (min_p or 0) * p.max(1, keepdim=True)[0])
    kept = torch.where(stay, p, 0)
    return kept / kept.sum(1, keepdim=True)


# %% right: as helpers do, copied
def next_p(logits, temperature=1.0, top_p=None, min_p=None):
    logits = logits / temperature
    if top_p is not None and top_p < 1:
        p, order = F.softmax(logits, -1).sort(dim=-1, descending=True, stable=True)
        late = p.cumsum(-1) - p >= top_p
        late[..., 0] = False
        logits = logits.masked_fill(late.gather(-1, order.argsort(-1)), -math.inf)
    if min_p is not None:
        least = logits.amax(-1, keepdim=True) + math.log(min_p)
        logits = logits.masked_fill(logits < least - 1e-12, -math.inf)
    return F.softmax(logits, -1)


# %% wrong: drops the one that crosses (C2C#21) | says: the token with which top_p is reached stays
def next_p(logits, temperature=1.0, top_p=None, min_p=None):
    p = torch.softmax(logits / temperature, dim=-1)
    stay = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None:
        best, order = p.sort(dim=-1, descending=True)
        needed = best.cumsum(-1) <= top_p
        needed[:, 0] = True
        stay &= torch.zeros_like(stay).scatter(-1, order, needed)
    if min_p is not None:
        stay &= p >= min_p * p.amax(-1, keepdim=True)
    p = p * stay
    return p / p.sum(-1, keepdim=True)


# %% wrong: nothing may stay | says: the likeliest token always stays
def next_p(logits, temperature=1.0, top_p=None, min_p=None):
    p = torch.softmax(logits / temperature, dim=-1)
    stay = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None:
        best, order = p.sort(dim=-1, descending=True)
        needed = best.cumsum(-1) <= top_p
        stay &= torch.zeros_like(stay).scatter(-1, order, needed)
    if min_p is not None:
        stay &= p >= min_p * p.amax(-1, keepdim=True)
    p = p * stay
    return p / p.sum(-1, keepdim=True)


# %% wrong: not put back | says: put back to the tokens' own columns
def next_p(logits, temperature=1.0, top_p=None, min_p=None):
    p = torch.softmax(logits / temperature, dim=-1)
    stay = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None:
        best, order = p.sort(dim=-1, descending=True)
        needed = best.cumsum(-1) - best < top_p
        needed[:, 0] = True
        stay &= needed
    if min_p is not None:
        stay &= p >= min_p * p.amax(-1, keepdim=True)
    p = p * stay
    return p / p.sum(-1, keepdim=True)


# %% wrong: least likely | says: not the least likely
def next_p(logits, temperature=1.0, top_p=None, min_p=None):
    p = torch.softmax(logits / temperature, dim=-1)
    stay = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None:
        best, order = p.sort(dim=-1, descending=False)
        needed = best.cumsum(-1) - best < top_p
        stay &= torch.zeros_like(stay).scatter(-1, order, needed)
    if min_p is not None:
        stay &= p >= min_p * p.amax(-1, keepdim=True)
    p = p * stay
    return p / p.sum(-1, keepdim=True)


# %% wrong: not sorted | says: the likeliest first
def next_p(logits, temperature=1.0, top_p=None, min_p=None):
    p = torch.softmax(logits / temperature, dim=-1)
    stay = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None:
        stay &= p.cumsum(-1) - p < top_p
    if min_p is not None:
        stay &= p >= min_p * p.amax(-1, keepdim=True)
    p = p * stay
    return p / p.sum(-1, keepdim=True)


# %% wrong: top-p before the temperature | says: after the temperature
def next_p(logits, temperature=1.0, top_p=None, min_p=None):
    p = torch.softmax(logits / temperature, dim=-1)
    stay = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None:
        best, order = logits.softmax(-1).sort(dim=-1, descending=True)
        needed = best.cumsum(-1) - best < top_p
        needed[:, 0] = True
        stay &= torch.zeros_like(stay).scatter(-1, order, needed)
    if min_p is not None:
        stay &= p >= min_p * p.amax(-1, keepdim=True)
    p = p * stay
    return p / p.sum(-1, keepdim=True)


# %% wrong: min-p absolute | says: a share of the likeliest
def next_p(logits, temperature=1.0, top_p=None, min_p=None):
    p = torch.softmax(logits / temperature, dim=-1)
    stay = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None:
        best, order = p.sort(dim=-1, descending=True)
        needed = best.cumsum(-1) - best < top_p
        needed[:, 0] = True
        stay &= torch.zeros_like(stay).scatter(-1, order, needed)
    if min_p is not None:
        stay &= p >= min_p
    p = p * stay
    return p / p.sum(-1, keepdim=True)


# %% wrong: min-p of the batch | says: each row's own likeliest
def next_p(logits, temperature=1.0, top_p=None, min_p=None):
    p = torch.softmax(logits / temperature, dim=-1)
    stay = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None:
        best, order = p.sort(dim=-1, descending=True)
        needed = best.cumsum(-1) - best < top_p
        needed[:, 0] = True
        stay &= torch.zeros_like(stay).scatter(-1, order, needed)
    if min_p is not None:
        stay &= p >= min_p * p.max()
    p = p * stay
    return p / p.sum(-1, keepdim=True)


# %% wrong: min-p of the logits | says: not of the logits
def next_p(logits, temperature=1.0, top_p=None, min_p=None):
    p = torch.softmax(logits / temperature, dim=-1)
    stay = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None:
        best, order = p.sort(dim=-1, descending=True)
        needed = best.cumsum(-1) - best < top_p
        needed[:, 0] = True
        stay &= torch.zeros_like(stay).scatter(-1, order, needed)
    if min_p is not None:
        stay &= p.log() >= min_p * p.log().amax(-1, keepdim=True)
    p = p * stay
    return p / p.sum(-1, keepdim=True)


# %% wrong: not renormalised | says: what stays must sum to one
def next_p(logits, temperature=1.0, top_p=None, min_p=None):
    p = torch.softmax(logits / temperature, dim=-1)
    stay = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None:
        best, order = p.sort(dim=-1, descending=True)
        needed = best.cumsum(-1) - best < top_p
        needed[:, 0] = True
        stay &= torch.zeros_like(stay).scatter(-1, order, needed)
    if min_p is not None:
        stay &= p >= min_p * p.amax(-1, keepdim=True)
    p = p * stay
    return p


# %% wrong: no temperature | says: the temperature is not used
def next_p(logits, temperature=1.0, top_p=None, min_p=None):
    p = torch.softmax(logits, dim=-1)
    stay = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None:
        best, order = p.sort(dim=-1, descending=True)
        needed = best.cumsum(-1) - best < top_p
        needed[:, 0] = True
        stay &= torch.zeros_like(stay).scatter(-1, order, needed)
    if min_p is not None:
        stay &= p >= min_p * p.amax(-1, keepdim=True)
    p = p * stay
    return p / p.sum(-1, keepdim=True)


# %% wrong: multiplied | says: divided by the temperature, not multiplied
def next_p(logits, temperature=1.0, top_p=None, min_p=None):
    p = torch.softmax(logits * temperature, dim=-1)
    stay = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None:
        best, order = p.sort(dim=-1, descending=True)
        needed = best.cumsum(-1) - best < top_p
        needed[:, 0] = True
        stay &= torch.zeros_like(stay).scatter(-1, order, needed)
    if min_p is not None:
        stay &= p >= min_p * p.amax(-1, keepdim=True)
    p = p * stay
    return p / p.sum(-1, keepdim=True)


# %% wrong: either rule keeps | says: both rules keep it
def next_p(logits, temperature=1.0, top_p=None, min_p=None):
    p = torch.softmax(logits / temperature, dim=-1)
    stay = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None:
        best, order = p.sort(dim=-1, descending=True)
        needed = best.cumsum(-1) - best < top_p
        needed[:, 0] = True
        stay &= torch.zeros_like(stay).scatter(-1, order, needed)
    if min_p is not None:
        least = p >= min_p * p.amax(-1, keepdim=True)
        stay = least if top_p is None else stay | least
    p = p * stay
    return p / p.sum(-1, keepdim=True)


# %% wrong: min-p first, top-p of what is left | says: before anything is taken away
def next_p(logits, temperature=1.0, top_p=None, min_p=None):
    p = torch.softmax(logits / temperature, dim=-1)
    if min_p is not None:
        p = p * (p >= min_p * p.amax(-1, keepdim=True))
        p = p / p.sum(-1, keepdim=True)
    if top_p is not None:
        best, order = p.sort(dim=-1, descending=True)
        needed = best.cumsum(-1) - best < top_p
        p = p * torch.zeros_like(needed).scatter(-1, order, needed)
        p = p / p.sum(-1, keepdim=True)
    return p


# %% wrong: softmax twice | says: the softmax was taken already
def next_p(logits, temperature=1.0, top_p=None, min_p=None):
    p = torch.softmax(logits / temperature, dim=-1)
    stay = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None:
        best, order = p.sort(dim=-1, descending=True)
        needed = best.cumsum(-1) - best < top_p
        needed[:, 0] = True
        stay &= torch.zeros_like(stay).scatter(-1, order, needed)
    if min_p is not None:
        stay &= p >= min_p * p.amax(-1, keepdim=True)
    return p.masked_fill(~stay, -math.inf).softmax(-1)


# %% wrong: softmax of zeros | says: not of probabilities
def next_p(logits, temperature=1.0, top_p=None, min_p=None):
    p = torch.softmax(logits / temperature, dim=-1)
    stay = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None:
        best, order = p.sort(dim=-1, descending=True)
        needed = best.cumsum(-1) - best < top_p
        needed[:, 0] = True
        stay &= torch.zeros_like(stay).scatter(-1, order, needed)
    if min_p is not None:
        stay &= p >= min_p * p.amax(-1, keepdim=True)
    p = p * stay
    return p.softmax(-1)


# %% wrong: changes the logits | says: it was changed
def next_p(logits, temperature=1.0, top_p=None, min_p=None):
    logits /= temperature
    p = torch.softmax(logits, dim=-1)
    stay = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None:
        best, order = p.sort(dim=-1, descending=True)
        needed = best.cumsum(-1) - best < top_p
        needed[:, 0] = True
        stay &= torch.zeros_like(stay).scatter(-1, order, needed)
    if min_p is not None:
        stay &= p >= min_p * p.amax(-1, keepdim=True)
    p = p * stay
    return p / p.sum(-1, keepdim=True)


# %% wrong: one of the helpers | says: the function for it
from helpers.models.sampling import adjusted


def next_p(logits, temperature=1.0, top_p=None, min_p=None):
    return adjusted(logits, temperature, top_p=top_p, min_p=min_p)


# %% wrong: as many in every row | says: not as many as another row
def next_p(logits, temperature: float = 1.0, top_p=None, min_p=None):
    p = (logits / temperature).softmax(-1)
    keep = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None:
        order = p.sort(dim=-1, descending=True).values
        n = int((order.cumsum(-1) - order < top_p).sum(-1).max())
        keep &= p >= order[:, n - 1 : n]
    if min_p is not None:
        keep &= p >= min_p * p.amax(-1, keepdim=True)
    kept = p * keep
    return kept / kept.sum(-1, keepdim=True)


# %% wrong: exp without the maximum | says: Expected:
def next_p(logits, temperature: float = 1.0, top_p=None, min_p=None):
    p = (logits / temperature).exp()
    p = p / p.sum(-1, keepdim=True)
    stay = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None:
        best, order = p.sort(dim=-1, descending=True)
        stay = torch.zeros_like(stay).scatter(1, order, best.cumsum(-1) - best < top_p)
    if min_p is not None:
        stay &= p >= min_p * p.amax(-1, keepdim=True)
    p = p * stay
    return p / p.sum(-1, keepdim=True)


# %% wrong: a single row loses its axis | says: a dimension of size 1 is lost
def next_p(logits, temperature: float = 1.0, top_p=None, min_p=None):
    p = torch.softmax(logits / temperature, dim=-1)
    stay = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None:
        best, order = p.sort(dim=-1, descending=True)
        stay = torch.zeros_like(stay).scatter(1, order, best.cumsum(-1) - best < top_p)
    if min_p is not None:
        stay &= p >= min_p * p.amax(-1, keepdim=True)
    p = p * stay
    return (p / p.sum(-1, keepdim=True)).squeeze()


# %% wrong: gather for scatter | says: gather goes the other way
def next_p(logits, temperature: float = 1.0, top_p=None, min_p=None):
    p = torch.softmax(logits / temperature, dim=-1)
    keep = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None and top_p < 1:
        sorted_p, order = p.sort(dim=-1, descending=True)
        before = sorted_p.cumsum(-1) - sorted_p
        stays = before < top_p
        stays[:, 0] = True
        keep &= stays.gather(-1, order)
    if min_p is not None:
        keep &= p >= min_p * p.amax(-1, keepdim=True)
    p = p * keep
    return p / p.sum(-1, keepdim=True)


# %% wrong: one order for all rows | says: an order of its own
def next_p(logits, temperature: float = 1.0, top_p=None, min_p=None):
    p = torch.softmax(logits / temperature, dim=-1)
    keep = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None and top_p < 1:
        sorted_p, order = p.sort(dim=-1, descending=True)
        before = sorted_p.cumsum(-1) - sorted_p
        stays = before < top_p
        stays[:, 0] = True
        keep &= torch.zeros_like(keep).scatter(-1, order[:1].expand_as(order), stays)
    if min_p is not None:
        keep &= p >= min_p * p.amax(-1, keepdim=True)
    p = p * keep
    return p / p.sum(-1, keepdim=True)


# %% wrong: min_p strictly | says: at 1 the likeliest itself stays
def next_p(logits, temperature: float = 1.0, top_p=None, min_p=None):
    p = torch.softmax(logits / temperature, dim=-1)
    keep = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None and top_p < 1:
        sorted_p, order = p.sort(dim=-1, descending=True)
        before = sorted_p.cumsum(-1) - sorted_p
        stays = before < top_p
        stays[:, 0] = True
        keep &= torch.zeros_like(keep).scatter(-1, order, stays)
    if min_p is not None:
        keep &= p > min_p * p.amax(-1, keepdim=True)
    p = p * keep
    return p / p.sum(-1, keepdim=True)


# %% wrong: exp less the largest of all rows | says: the largest of each row
def next_p(logits, temperature: float = 1.0, top_p=None, min_p=None):
    z = logits / temperature
    p = (z - z.max()).exp()
    p = p / p.sum(-1, keepdim=True)
    keep = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None:
        likely, order = p.sort(-1, descending=True)
        late = likely.cumsum(-1) - likely >= top_p
        keep &= ~late.gather(-1, order.argsort(-1))
    if min_p is not None:
        keep &= p >= min_p * p.amax(-1, keepdim=True)
    return p * keep / (p * keep).sum(-1, keepdim=True)


# %% wrong: exp without the largest | says: exp of a large number is infinite
def next_p(logits, temperature: float = 1.0, top_p=None, min_p=None):
    e = torch.exp(logits / temperature)
    p = e / e.sum(-1, keepdim=True)
    out = torch.zeros_like(p, dtype=torch.bool)
    if top_p is not None:
        values, order = p.sort(-1, descending=True)
        late = values.cumsum(-1) - values >= top_p
        late[:, 0] = False
        out |= late.gather(-1, order.argsort(-1))
    if min_p is not None:
        out |= p < min_p * p.amax(-1, keepdim=True)
    p = p.masked_fill(out, 0)
    return p / p.sum(-1, keepdim=True)


# %% wrong: min_p of 1 is none | says: the likeliest alone stays
def next_p(logits, temperature: float = 1.0, top_p=None, min_p=None):
    p = torch.softmax(logits / temperature, -1)
    keep = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None and top_p < 1:
        s, order = p.sort(descending=True)
        keep = torch.zeros_like(keep).scatter(1, order, s.cumsum(1) - s < top_p)
    if min_p is not None and min_p < 1:
        keep &= p >= min_p * p.amax(1, keepdim=True)
    p = p * keep
    return p / p.sum(1, keepdim=True)


# %% wrong: argmax of nothing | says: not all that stays
def next_p(logits, temperature: float = 1.0, top_p=None, min_p=None):
    p = torch.softmax(logits / temperature, -1)
    keep = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None:
        s, order = p.sort(descending=True)
        last = (s.cumsum(1).clamp(max=1) > top_p).int().argmax(1, keepdim=True)
        least = s.gather(1, last)
        keep &= p >= least
    if min_p is not None:
        keep &= p >= min_p * p.amax(1, keepdim=True)
    p = p * keep
    return p / p.sum(1, keepdim=True)


# %% wrong: the rows together | says: each row keeps as many
def next_p(logits, temperature: float = 1.0, top_p=None, min_p=None):
    p = torch.softmax(logits / temperature, -1)
    keep = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None:
        s, order = p.sort(descending=True)
        k = int((s.cumsum(1) - s < top_p).sum())
        keep = torch.zeros_like(keep).scatter(1, order[:, :k], True)
    if min_p is not None:
        keep &= p >= min_p * p.amax(1, keepdim=True)
    p = p * keep
    return p / p.sum(1, keepdim=True)


# %% wrong: sorted probabilities gathered instead of scattered | says: gather goes the other way
def next_p(logits, temperature: float = 1.0, top_p=None, min_p=None):
    p = (logits / temperature).softmax(-1)
    ordered, index = p.sort(dim=-1, descending=True)
    keep = torch.ones_like(ordered, dtype=torch.bool)
    if top_p is not None and top_p < 1:
        keep &= ordered.cumsum(-1) - ordered < top_p
    if min_p is not None:
        keep &= ordered >= min_p * ordered[:, :1]
    ordered = ordered * keep
    return ordered.gather(1, index) / ordered.sum(-1, keepdim=True)


# %% wrong: argmax where nothing is reached | says: top_p may be 1
def next_p(logits, temperature: float = 1.0, top_p=None, min_p=None):
    p = torch.softmax(logits / temperature, dim=-1)
    keep = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None:
        ordered, index = p.sort(descending=True)
        last = (ordered.cumsum(-1) >= top_p).int().argmax(-1, keepdim=True)
        first_ones = torch.arange(p.shape[1])[None] <= last
        keep &= torch.zeros_like(keep).scatter(1, index, first_ones)
    if min_p is not None:
        keep &= p >= min_p * p.amax(-1, keepdim=True)
    p = torch.where(keep, p, torch.zeros_like(p))
    return p / p.sum(-1, keepdim=True)


# %% wrong: the sum reaches one too early | says: their sum rounds to 1
def next_p(logits, temperature: float = 1.0, top_p=None, min_p=None):
    p = torch.softmax(logits / temperature, -1)
    keep = torch.ones_like(p, dtype=torch.bool)
    if top_p is not None:
        q, order = p.sort(dim=-1, descending=True)
        before = q.cumsum(-1) - q
        keep = torch.zeros_like(keep).scatter(-1, order, before < top_p)
    if min_p is not None:
        keep &= p >= min_p * p.max(-1, keepdim=True).values
    p = p * keep
    return p / p.sum(-1, keepdim=True)
