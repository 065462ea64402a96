# %% right: minus infinity, with rows of nothing let see all
def attend(q, k, v, mask=None):
    scores = torch.einsum("btd,bsd->bts", q, k) * q.size(-1) ** -0.5
    if mask is None:
        weights = F.softmax(scores, dim=2)
    else:
        sees = mask.any(dim=2, keepdim=True)
        weights = F.softmax(scores.masked_fill(~(mask | ~sees), float("-inf")), dim=2) * sees
    return torch.einsum("bts,bse->bte", weights, v), weights


# %% right: exponentials by hand, masked before the maximum
def attend(q, k, v, mask=None):
    B, T, d = q.shape
    if mask is None:
        mask = torch.ones(B, T, k.shape[1], dtype=torch.bool)
    scores = torch.bmm(q, k.transpose(1, 2)) / d**0.5
    scores = torch.where(mask, scores, torch.full_like(scores, torch.finfo(q.dtype).min))
    top = scores.max(-1, keepdim=True).values.detach()
    e = torch.exp(scores - top) * mask.to(q.dtype)
    total = e.sum(-1, keepdim=True)
    weights = e / torch.where(total == 0, torch.ones_like(total), total)
    return [torch.bmm(weights, v), weights]


# %% right: query by query
def attend(q, k, v, mask=None):
    B, T, d = q.shape
    S = k.shape[1]
    outs, all_weights = [], []
    for b in range(B):
        for t in range(T):
            seen = torch.arange(S) if mask is None else mask[b, t].nonzero().flatten()
            w = torch.zeros(S, dtype=q.dtype)
            if len(seen):
                w = w.index_add(0, seen, torch.softmax(k[b, seen] @ q[b, t] / math.sqrt(d), 0))
            all_weights.append(w)
            outs.append(w @ v[b])
    return torch.stack(outs).view(B, T, -1), torch.stack(all_weights).view(B, T, S)


# %% right: a bias of the lowest number
def attend(q, k, v, mask=None):
    scores = (q / math.sqrt(q.shape[-1])) @ k.transpose(-1, -2)
    if mask is not None:
        keep = mask.to(scores.dtype)
        scores = scores * keep + (1 - keep) * torch.finfo(scores.dtype).min
    weights = torch.softmax(scores, -1)
    if mask is not None:
        weights = weights * keep
    return weights @ v, weights


# %% wrong: without the root | says: not divided by the root of d
def attend(q, k, v, mask=None):
    """q (B, T, d), k (B, S, d), v (B, S, e) -> out (B, T, e), weights (B, T, S)."""
    scores = q @ k.mT  # (B, T, S)
    if mask is None:
        weights = scores.softmax(-1)
    else:
        lowest = torch.finfo(scores.dtype).min  # a row of -inf would be nan
        weights = scores.masked_fill(~mask, lowest).softmax(-1).masked_fill(~mask, 0)
    return weights @ v, weights


# %% wrong: divided by d | says: the root of d, not by d
def attend(q, k, v, mask=None):
    """q (B, T, d), k (B, S, d), v (B, S, e) -> out (B, T, e), weights (B, T, S)."""
    scores = q @ k.mT / q.shape[-1]  # (B, T, S)
    if mask is None:
        weights = scores.softmax(-1)
    else:
        lowest = torch.finfo(scores.dtype).min  # a row of -inf would be nan
        weights = scores.masked_fill(~mask, lowest).softmax(-1).masked_fill(~mask, 0)
    return weights @ v, weights


# %% wrong: multiplied by the root | says: not multiplied
def attend(q, k, v, mask=None):
    """q (B, T, d), k (B, S, d), v (B, S, e) -> out (B, T, e), weights (B, T, S)."""
    scores = q @ k.mT * math.sqrt(q.shape[-1])  # (B, T, S)
    if mask is None:
        weights = scores.softmax(-1)
    else:
        lowest = torch.finfo(scores.dtype).min  # a row of -inf would be nan
        weights = scores.masked_fill(~mask, lowest).softmax(-1).masked_fill(~mask, 0)
    return weights @ v, weights


# %% wrong: root of the values' size | says: not the length of a value
def attend(q, k, v, mask=None):
    """q (B, T, d), k (B, S, d), v (B, S, e) -> out (B, T, e), weights (B, T, S)."""
    scores = q @ k.mT / math.sqrt(v.shape[-1])  # (B, T, S)
    if mask is None:
        weights = scores.softmax(-1)
    else:
        lowest = torch.finfo(scores.dtype).min  # a row of -inf would be nan
        weights = scores.masked_fill(~mask, lowest).softmax(-1).masked_fill(~mask, 0)
    return weights @ v, weights


# %% wrong: root of the number of keys | says: number of keys
def attend(q, k, v, mask=None):
    """q (B, T, d), k (B, S, d), v (B, S, e) -> out (B, T, e), weights (B, T, S)."""
    scores = q @ k.mT / math.sqrt(k.shape[1])  # (B, T, S)
    if mask is None:
        weights = scores.softmax(-1)
    else:
        lowest = torch.finfo(scores.dtype).min  # a row of -inf would be nan
        weights = scores.masked_fill(~mask, lowest).softmax(-1).masked_fill(~mask, 0)
    return weights @ v, weights


# %% wrong: softmax over the queries | says: not along the queries
def attend(q, k, v, mask=None):
    """q (B, T, d), k (B, S, d), v (B, S, e) -> out (B, T, e), weights (B, T, S)."""
    scores = q @ k.mT / math.sqrt(q.shape[-1])  # (B, T, S)
    if mask is None:
        weights = scores.softmax(1)
    else:
        lowest = torch.finfo(scores.dtype).min  # a row of -inf would be nan
        weights = scores.masked_fill(~mask, lowest).softmax(1).masked_fill(~mask, 0)
    return weights @ v, weights


# %% wrong: softmax over the batch | says: not along the batch
def attend(q, k, v, mask=None):
    """q (B, T, d), k (B, S, d), v (B, S, e) -> out (B, T, e), weights (B, T, S)."""
    scores = q @ k.mT / math.sqrt(q.shape[-1])  # (B, T, S)
    if mask is None:
        weights = scores.softmax(0)
    else:
        lowest = torch.finfo(scores.dtype).min  # a row of -inf would be nan
        weights = scores.masked_fill(~mask, lowest).softmax(0).masked_fill(~mask, 0)
    return weights @ v, weights


# %% wrong: mask turned round | says: the mask is turned round
def attend(q, k, v, mask=None):
    """q (B, T, d), k (B, S, d), v (B, S, e) -> out (B, T, e), weights (B, T, S)."""
    scores = q @ k.mT / math.sqrt(q.shape[-1])  # (B, T, S)
    if mask is None:
        weights = scores.softmax(-1)
    else:
        lowest = torch.finfo(scores.dtype).min  # a row of -inf would be nan
        weights = scores.masked_fill(mask, lowest).softmax(-1).masked_fill(mask, 0)
    return weights @ v, weights


# %% wrong: no mask | says: the mask is not used
def attend(q, k, v, mask=None):
    """q (B, T, d), k (B, S, d), v (B, S, e) -> out (B, T, e), weights (B, T, S)."""
    scores = q @ k.mT / math.sqrt(q.shape[-1])  # (B, T, S)
    if True:
        weights = scores.softmax(-1)
    else:
        lowest = torch.finfo(scores.dtype).min  # a row of -inf would be nan
        weights = scores.masked_fill(~mask, lowest).softmax(-1).masked_fill(~mask, 0)
    return weights @ v, weights


# %% wrong: hidden scores are 0 | says: minus infinity, not 0
def attend(q, k, v, mask=None):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores * mask
    weights = scores.softmax(-1)
    return weights @ v, weights


# %% wrong: hidden after the softmax | says: no longer sum to 1
def attend(q, k, v, mask=None):
    weights = (q @ k.mT / math.sqrt(q.shape[-1])).softmax(-1)
    if mask is not None:
        weights = weights * mask
    return weights @ v, weights


# %% wrong: as in the lecture: a row of nothing is nan | says: softmax over minus infinity alone is nan
def attend(q, k, v, mask=None):
    scores = q @ k.mT / math.sqrt(q.shape[-1])  # (..., T, S)
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    weights = scores.softmax(-1)
    return weights @ v, weights


# %% wrong: minus infinity added, nan replaced too late (pytorch 41508) | says: comes too late for the gradient
def attend(q, k, v, mask=None):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores + torch.zeros_like(scores).masked_fill(~mask, -math.inf)
    weights = scores.softmax(-1).nan_to_num(0.0)
    return weights @ v, weights


# %% right: minus infinity filled in, nan replaced: no gradient goes through what is filled in
def attend(q, k, v, mask=None):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    weights = torch.nan_to_num(scores.softmax(-1))
    return weights @ v, weights


# %% wrong: a row of nothing is the mean | says: not the mean of all values
def attend(q, k, v, mask=None):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
    weights = scores.softmax(-1)
    return weights @ v, weights


# %% wrong: filled with -100 | says: not below every score
def attend(q, k, v, mask=None):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    if mask is None:
        weights = scores.softmax(-1)
    else:
        weights = scores.masked_fill(~mask, -100.0).softmax(-1)
        weights = weights.masked_fill(~mask.any(-1, keepdim=True), 0.0)
    return weights @ v, weights


# %% wrong: filled with -10,000 | says: Expected:
def attend(q, k, v, mask=None):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    if mask is None:
        weights = scores.softmax(-1)
    else:
        weights = scores.masked_fill(~mask, -1e4).softmax(-1).masked_fill(~mask, 0)
    return weights @ v, weights


# %% wrong: output alone | says: the pair (out, weights)
def attend(q, k, v, mask=None):
    """q (B, T, d), k (B, S, d), v (B, S, e) -> out (B, T, e), weights (B, T, S)."""
    scores = q @ k.mT / math.sqrt(q.shape[-1])  # (B, T, S)
    if mask is None:
        weights = scores.softmax(-1)
    else:
        lowest = torch.finfo(scores.dtype).min  # a row of -inf would be nan
        weights = scores.masked_fill(~mask, lowest).softmax(-1).masked_fill(~mask, 0)
    return weights @ v


# %% wrong: exchanged | says: Expected:
def attend(q, k, v, mask=None):
    """q (B, T, d), k (B, S, d), v (B, S, e) -> out (B, T, e), weights (B, T, S)."""
    scores = q @ k.mT / math.sqrt(q.shape[-1])  # (B, T, S)
    if mask is None:
        weights = scores.softmax(-1)
    else:
        lowest = torch.finfo(scores.dtype).min  # a row of -inf would be nan
        weights = scores.masked_fill(~mask, lowest).softmax(-1).masked_fill(~mask, 0)
    return weights, weights @ v


# %% wrong: first sequence's mask | says: a mask of its own
def attend(q, k, v, mask=None):
    """q (B, T, d), k (B, S, d), v (B, S, e) -> out (B, T, e), weights (B, T, S)."""
    scores = q @ k.mT / math.sqrt(q.shape[-1])  # (B, T, S)
    if mask is None:
        weights = scores.softmax(-1)
    else:
        lowest = torch.finfo(scores.dtype).min  # a row of -inf would be nan
        weights = scores.masked_fill(~mask[:1], lowest).softmax(-1).masked_fill(~mask[:1], 0)
    return weights @ v, weights


# %% wrong: PyTorch's kernel | says: by hand
def attend(q, k, v, mask=None):
    places = torch.eye(k.shape[1], dtype=q.dtype).expand(len(q), -1, -1)
    weights = F.scaled_dot_product_attention(q, k, places, mask)
    return weights @ v, weights


# %% wrong: the helper | says: by hand
def attend(q, k, v, mask=None):
    from helpers.models.attention import attention

    return attention(q, k, v, mask)


# %% wrong: q changed in place | says: an operation in place
def attend(q, k, v, mask=None):
    with torch.no_grad():
        q /= math.sqrt(q.shape[-1])
    scores = q @ k.mT
    if mask is None:
        weights = scores.softmax(-1)
    else:
        lowest = torch.finfo(scores.dtype).min
        weights = scores.masked_fill(~mask, lowest).softmax(-1).masked_fill(~mask, 0)
    return weights @ v, weights


# %% wrong: detached | says: the graph is cut
def attend(q, k, v, mask=None):
    """q (B, T, d), k (B, S, d), v (B, S, e) -> out (B, T, e), weights (B, T, S)."""
    scores = q @ k.mT / math.sqrt(q.shape[-1])  # (B, T, S)
    if mask is None:
        weights = scores.softmax(-1)
    else:
        lowest = torch.finfo(scores.dtype).min  # a row of -inf would be nan
        weights = scores.masked_fill(~mask, lowest).softmax(-1).masked_fill(~mask, 0)
    weights = weights.detach()
    return weights @ v, weights


# %% wrong: in float64 | says: dtype
def attend(q, k, v, mask=None):
    """q (B, T, d), k (B, S, d), v (B, S, e) -> out (B, T, e), weights (B, T, S)."""
    q, k, v = q.double(), k.double(), v.double()
    scores = q @ k.mT / math.sqrt(q.shape[-1])  # (B, T, S)
    if mask is None:
        weights = scores.softmax(-1)
    else:
        lowest = torch.finfo(scores.dtype).min  # a row of -inf would be nan
        weights = scores.masked_fill(~mask, lowest).softmax(-1).masked_fill(~mask, 0)
    return weights @ v, weights


# %% wrong: weights cut from the graph | says: the graph is cut
def attend(q, k, v, mask=None):
    scores = q @ k.transpose(1, 2) / math.sqrt(q.shape[-1])
    if mask is None:
        mask = torch.ones_like(scores, dtype=torch.bool)
    scores = scores.masked_fill(~mask, torch.finfo(q.dtype).min)
    weights = scores.softmax(-1).masked_fill(~mask, 0.0)
    return weights @ v, weights.detach()


# %% wrong: exp without the maximum | says: the largest is to be subtracted first
def attend(q, k, v, mask=None):
    scores = q @ k.transpose(1, 2) / math.sqrt(q.shape[-1])
    e = scores.exp()
    if mask is not None:
        e = torch.where(mask, e, 0.0)
    weights = e / e.sum(-1, keepdim=True).clamp(min=torch.finfo(q.dtype).tiny)
    return weights @ v, weights


# %% wrong: largest of all subtracted | says: the largest score that is seen
def attend(q, k, v, mask=None):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    e = (scores - scores.amax(-1, keepdim=True)).exp()
    if mask is not None:
        e = e * mask
    total = e.sum(-1, keepdim=True)
    weights = e / torch.where(total > 0, total, torch.ones_like(total))
    return weights @ v, weights


# %% wrong: exponentials first | says: comes too late for the gradient
def attend(q, k, v, mask=None):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    if mask is None:
        mask = torch.ones_like(scores, dtype=torch.bool)
    top = scores.masked_fill(~mask, torch.finfo(scores.dtype).min).amax(-1, keepdim=True).detach()
    e = torch.where(mask, torch.exp(scores - top), torch.zeros_like(scores))
    total = e.sum(-1, keepdim=True)
    weights = e / total.masked_fill(total == 0, 1.0)
    return weights @ v, weights


# %% wrong: hidden scores times 0, blind rows zeroed | says: is minus infinity, not 0
def attend(q, k, v, mask=None):
    s = q @ k.mT / math.sqrt(q.shape[-1])
    if mask is not None:
        s = s * mask
    w = torch.softmax(s, -1)
    if mask is not None:
        w = w * mask.any(-1, keepdim=True)
    return w @ v, w


# %% wrong: zeros in the weights alone | says: the output too, where nothing is seen
def attend(q, k, v, mask=None):
    s = q @ k.mT / math.sqrt(q.shape[-1])
    if mask is not None:
        s = s.masked_fill(~mask, torch.finfo(s.dtype).min)
    w = torch.softmax(s, -1)
    out = w @ v
    if mask is not None:
        w = w.masked_fill(~mask, 0.0)
    return out, w


# %% wrong: a softmax in float32 | says: to the precision of float32
def attend(q, k, v, mask=None):
    s = (q @ k.mT / math.sqrt(q.shape[-1])).float()
    if mask is not None:
        s = s.masked_fill(~mask, -math.inf)
    w = torch.softmax(s, -1).nan_to_num(0.0).to(q.dtype)
    return w @ v, w


# %% wrong: a root in float32 | says: to the precision of float32
def attend(q, k, v, mask=None):
    s = q @ k.mT / torch.sqrt(torch.tensor(float(q.shape[-1]), dtype=torch.float32))
    if mask is not None:
        s = s.masked_fill(~mask, -math.inf)
    w = torch.softmax(s, -1).nan_to_num(0.0)
    return w @ v, w


# %% wrong: the largest of the batch subtracted | says: the largest score that is seen
def attend(q, k, v, mask=None):
    s = q @ k.mT / math.sqrt(q.shape[-1])
    e = torch.exp(s - s.max().detach())
    if mask is not None:
        e = e * mask
    total = e.sum(-1, keepdim=True)
    w = e / torch.where(total == 0, torch.ones_like(total), total)
    return w @ v, w


# %% wrong: a blind query blinds its sequence | says: blinds no other one
def attend(q, k, v, mask=None):
    s = q @ k.mT / math.sqrt(q.shape[-1])
    if mask is None:
        w = s.softmax(-1)
    else:
        blind = (~mask.any(-1)).any(-1)[:, None, None]
        w = s.masked_fill(~mask & ~blind, -math.inf).softmax(-1).masked_fill(blind, 0.0)
    return w @ v, w


# %% wrong: the axis of a single query is squeezed | says: keeps its axis
def attend(q, k, v, mask=None):
    s = (q @ k.mT / math.sqrt(q.shape[-1])).squeeze()
    if mask is not None:
        m = mask.squeeze()
        s = s.masked_fill(~m, torch.finfo(s.dtype).min)
    w = s.softmax(s.ndim - 1 if s.ndim else 0) if s.ndim == 3 else s.softmax(0)
    w = w.reshape(q.shape[0], q.shape[1], k.shape[1])
    if mask is not None:
        w = w.masked_fill(~mask, 0)
    return w @ v, w


# %% wrong: the largest score of all that are seen | says: the largest score of each query
def attend(q, k, v, mask=None):
    s = q @ k.mT / math.sqrt(q.shape[-1])
    seen = torch.ones_like(s, dtype=torch.bool) if mask is None else mask
    most = s.detach()[seen].max() if seen.any() else 0.0
    e = torch.where(seen, (s - most).masked_fill(~seen, 0.0).exp(), 0.0)
    w = e / e.sum(-1, keepdim=True).clamp_min(torch.finfo(s.dtype).tiny)
    return w @ v, w


# %% wrong: even weights where nothing is seen | says: the weights too, where nothing is seen
def attend(q, k, v, mask=None):
    s = q @ k.mT / math.sqrt(q.shape[-1])
    if mask is None:
        w = s.softmax(-1)
        return w @ v, w
    w = s.masked_fill(~mask, torch.finfo(s.dtype).min).softmax(-1)
    return (w @ v) * mask.any(-1, keepdim=True), w


# %% wrong: scores clamped at 80 | says: not cut off at a bound
def attend(q, k, v, mask=None):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    e = scores.clamp(-80, 80).exp()
    if mask is not None:
        e = e * mask
    total = e.sum(-1, keepdim=True)
    weights = e / torch.where(total == 0, torch.ones_like(total), total)
    return weights @ v, weights


# %% wrong: a blind query is shown the first key | says: no key is opened
def attend(q, k, v, mask=None):
    scores = torch.einsum("btd,bsd->bts", q, k) / q.shape[-1] ** 0.5
    if mask is not None:
        mask = mask.clone()
        mask[..., 0] |= ~mask.any(-1)
        scores = scores.masked_fill(~mask, -torch.inf)
    weights = scores.softmax(-1)
    return weights @ v, weights
