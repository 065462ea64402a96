# %% right: einsum and where
def additive(q, k, W_q, W_k, v, lengths):
    a = torch.einsum("btd,hd->bth", q, W_q).unsqueeze(2)
    b = torch.einsum("bsd,hd->bsh", k, W_k).unsqueeze(1)
    scores = torch.einsum("btsh,h->bts", torch.tanh(a + b), v)
    inside = torch.arange(k.size(1)).view(1, 1, -1) < lengths.view(-1, 1, 1)
    weights = torch.softmax(torch.where(inside, scores, torch.full_like(scores, -math.inf)), -1)
    return torch.bmm(weights, k), weights


# %% right: each sequence alone
def additive(q, k, W_q, W_k, v, lengths):
    contexts, weights = [], []
    for b, n in enumerate(lengths.tolist()):
        keys = k[b, :n]
        score = (F.linear(q[b], W_q).unsqueeze(1) + F.linear(keys, W_k)).tanh() @ v
        w = score.softmax(1)
        contexts.append(w @ keys)
        weights.append(F.pad(w, (0, k.shape[1] - n)))
    return torch.stack(contexts), torch.stack(weights)


# %% right: loops over queries and keys
def additive(q, k, W_q, W_k, v, lengths):
    B, T, S = q.shape[0], q.shape[1], k.shape[1]
    rows = []
    for b in range(B):
        n = int(lengths[b])
        for t in range(T):
            each = [torch.dot(v, torch.tanh(W_q @ q[b, t] + W_k @ k[b, s])) for s in range(n)]
            e = torch.exp(torch.stack(each) - max(each).detach())
            rows.append(torch.cat([e / e.sum(), torch.zeros(S - n, dtype=q.dtype)]))
    weights = torch.stack(rows).reshape(B, T, S)
    return (weights.unsqueeze(-1) * k.unsqueeze(1)).sum(2), weights


# %% wrong: no mask (IBM/pytorch-seq2seq 141) | says: the padding is looked at
def additive(q, k, W_q, W_k, v, lengths):
    """-> context (B, T, D_k), weights (B, T, S); looks at the first lengths[b] keys only."""
    both = (q @ W_q.T)[:, :, None] + (k @ W_k.T)[:, None]  # (B, T, S, H)
    scores = both.tanh() @ v  # (B, T, S)
    padding = torch.arange(k.shape[1]) >= lengths[:, None]  # (B, S)
    weights = scores.softmax(-1)
    return weights @ k, weights


# %% wrong: no tanh | says: the tanh is missing
def additive(q, k, W_q, W_k, v, lengths):
    """-> context (B, T, D_k), weights (B, T, S); looks at the first lengths[b] keys only."""
    both = (q @ W_q.T)[:, :, None] + (k @ W_k.T)[:, None]  # (B, T, S, H)
    scores = both @ v  # (B, T, S)
    padding = torch.arange(k.shape[1]) >= lengths[:, None]  # (B, S)
    weights = scores.masked_fill(padding[:, None], -math.inf).softmax(-1)
    return weights @ k, weights


# %% wrong: tanh apart | says: not of its parts
def additive(q, k, W_q, W_k, v, lengths):
    """-> context (B, T, D_k), weights (B, T, S); looks at the first lengths[b] keys only."""
    both = (q @ W_q.T).tanh()[:, :, None] + (k @ W_k.T).tanh()[:, None]  # (B, T, S, H)
    scores = both @ v  # (B, T, S)
    padding = torch.arange(k.shape[1]) >= lengths[:, None]  # (B, S)
    weights = scores.masked_fill(padding[:, None], -math.inf).softmax(-1)
    return weights @ k, weights


# %% wrong: product | says: a product, not a sum
def additive(q, k, W_q, W_k, v, lengths):
    """-> context (B, T, D_k), weights (B, T, S); looks at the first lengths[b] keys only."""
    both = (q @ W_q.T)[:, :, None] * (k @ W_k.T)[:, None]  # (B, T, S, H)
    scores = both.tanh() @ v  # (B, T, S)
    padding = torch.arange(k.shape[1]) >= lengths[:, None]  # (B, S)
    weights = scores.masked_fill(padding[:, None], -math.inf).softmax(-1)
    return weights @ k, weights


# %% wrong: scaled | says: no root here
def additive(q, k, W_q, W_k, v, lengths):
    """-> context (B, T, D_k), weights (B, T, S); looks at the first lengths[b] keys only."""
    both = (q @ W_q.T)[:, :, None] + (k @ W_k.T)[:, None]  # (B, T, S, H)
    scores = both.tanh() @ v / math.sqrt(len(v))  # (B, T, S)
    padding = torch.arange(k.shape[1]) >= lengths[:, None]  # (B, S)
    weights = scores.masked_fill(padding[:, None], -math.inf).softmax(-1)
    return weights @ k, weights


# %% wrong: sigmoid | says: a sigmoid in place
def additive(q, k, W_q, W_k, v, lengths):
    """-> context (B, T, D_k), weights (B, T, S); looks at the first lengths[b] keys only."""
    both = (q @ W_q.T)[:, :, None] + (k @ W_k.T)[:, None]  # (B, T, S, H)
    scores = both.sigmoid() @ v  # (B, T, S)
    padding = torch.arange(k.shape[1]) >= lengths[:, None]  # (B, S)
    weights = scores.masked_fill(padding[:, None], -math.inf).softmax(-1)
    return weights @ k, weights


# %% wrong: v forgotten | says: v is not used
def additive(q, k, W_q, W_k, v, lengths):
    """-> context (B, T, D_k), weights (B, T, S); looks at the first lengths[b] keys only."""
    both = (q @ W_q.T)[:, :, None] + (k @ W_k.T)[:, None]  # (B, T, S, H)
    scores = both.tanh().sum(-1)  # (B, T, S)
    padding = torch.arange(k.shape[1]) >= lengths[:, None]  # (B, S)
    weights = scores.masked_fill(padding[:, None], -math.inf).softmax(-1)
    return weights @ k, weights


# %% wrong: softmax over the queries | says: along the keys
def additive(q, k, W_q, W_k, v, lengths):
    """-> context (B, T, D_k), weights (B, T, S); looks at the first lengths[b] keys only."""
    both = (q @ W_q.T)[:, :, None] + (k @ W_k.T)[:, None]  # (B, T, S, H)
    scores = both.tanh() @ v  # (B, T, S)
    padding = torch.arange(k.shape[1]) >= lengths[:, None]  # (B, S)
    weights = scores.masked_fill(padding[:, None], -math.inf).softmax(1)
    return weights @ k, weights


# %% wrong: hidden afterwards | says: no longer sum to 1
def additive(q, k, W_q, W_k, v, lengths):
    """-> context (B, T, D_k), weights (B, T, S); looks at the first lengths[b] keys only."""
    both = (q @ W_q.T)[:, :, None] + (k @ W_k.T)[:, None]  # (B, T, S, H)
    scores = both.tanh() @ v  # (B, T, S)
    padding = torch.arange(k.shape[1]) >= lengths[:, None]  # (B, S)
    weights = scores.softmax(-1).masked_fill(padding[:, None], 0)
    return weights @ k, weights


# %% wrong: hidden scores are 0 | says: minus infinity, not 0
def additive(q, k, W_q, W_k, v, lengths):
    """-> context (B, T, D_k), weights (B, T, S); looks at the first lengths[b] keys only."""
    both = (q @ W_q.T)[:, :, None] + (k @ W_k.T)[:, None]  # (B, T, S, H)
    scores = both.tanh() @ v  # (B, T, S)
    padding = torch.arange(k.shape[1]) >= lengths[:, None]  # (B, S)
    weights = scores.masked_fill(padding[:, None], 0.0).softmax(-1)
    return weights @ k, weights


# %% wrong: one key too many | says: < lengths, not <=
def additive(q, k, W_q, W_k, v, lengths):
    """-> context (B, T, D_k), weights (B, T, S); looks at the first lengths[b] keys only."""
    both = (q @ W_q.T)[:, :, None] + (k @ W_k.T)[:, None]  # (B, T, S, H)
    scores = both.tanh() @ v  # (B, T, S)
    padding = torch.arange(k.shape[1]) > lengths[:, None]  # (B, S)
    weights = scores.masked_fill(padding[:, None], -math.inf).softmax(-1)
    return weights @ k, weights


# %% wrong: the longest | says: a length of its own
def additive(q, k, W_q, W_k, v, lengths):
    """-> context (B, T, D_k), weights (B, T, S); looks at the first lengths[b] keys only."""
    both = (q @ W_q.T)[:, :, None] + (k @ W_k.T)[:, None]  # (B, T, S, H)
    scores = both.tanh() @ v  # (B, T, S)
    padding = torch.arange(k.shape[1]) >= lengths.max()[None, None]  # (B, S)
    weights = scores.masked_fill(padding[:, None].expand(len(k), 1, -1), -math.inf).softmax(-1)
    return weights @ k, weights


# %% wrong: filled with -10 | says: Expected:
def additive(q, k, W_q, W_k, v, lengths):
    """-> context (B, T, D_k), weights (B, T, S); looks at the first lengths[b] keys only."""
    both = (q @ W_q.T)[:, :, None] + (k @ W_k.T)[:, None]  # (B, T, S, H)
    scores = both.tanh() @ v  # (B, T, S)
    padding = torch.arange(k.shape[1]) >= lengths[:, None]  # (B, S)
    weights = scores.masked_fill(padding[:, None], -10.0).softmax(-1)
    return weights @ k, weights


# %% wrong: one result | says: the pair
def additive(q, k, W_q, W_k, v, lengths):
    """-> context (B, T, D_k), weights (B, T, S); looks at the first lengths[b] keys only."""
    both = (q @ W_q.T)[:, :, None] + (k @ W_k.T)[:, None]  # (B, T, S, H)
    scores = both.tanh() @ v  # (B, T, S)
    padding = torch.arange(k.shape[1]) >= lengths[:, None]  # (B, S)
    weights = scores.masked_fill(padding[:, None], -math.inf).softmax(-1)
    return weights @ k


# %% wrong: the helper | says: by hand
def additive(q, k, W_q, W_k, v, lengths):
    from helpers.models.attention import masked_softmax

    scores = ((q @ W_q.T)[:, :, None] + (k @ W_k.T)[:, None]).tanh() @ v
    inside = (torch.arange(k.shape[1]) < lengths[:, None])[:, None]
    weights = masked_softmax(scores, inside)
    return weights @ k, weights


# %% wrong: keys zeroed, scores not | says: a key of zeros has a score too
def additive(q, k, W_q, W_k, v, lengths):
    real = torch.arange(k.shape[1]) < lengths[:, None]
    k = k * real[:, :, None]
    weights = (torch.tanh((q @ W_q.T)[:, :, None] + (k @ W_k.T)[:, None]) @ v).softmax(-1)
    return weights @ k, weights


# %% wrong: mean of the projected keys | says: not of W_k k
def additive(q, k, W_q, W_k, v, lengths):
    real = torch.arange(k.shape[1]) < lengths[:, None]
    k = k.masked_fill(~real[:, :, None], 0.0)
    keys = k @ W_k.T
    scores = torch.tanh((q @ W_q.T)[:, :, None] + keys[:, None]) @ v
    weights = scores.masked_fill(~real[:, None, :], -math.inf).softmax(-1)
    return weights @ keys, weights


# %% wrong: weights cut from the graph | says: the graph is cut
def additive(q, k, W_q, W_k, v, lengths):
    scores = ((q @ W_q.T)[:, :, None] + (k @ W_k.T)[:, None]).tanh() @ v
    padding = torch.arange(k.shape[1]) >= lengths[:, None]
    weights = scores.masked_fill(padding[:, None], -math.inf).softmax(-1)
    return weights @ k, weights.detach()


# %% wrong: keys zeroed, hidden after the softmax | says: hide before the softmax
def additive(q, k, W_q, W_k, v, lengths):
    real = torch.arange(k.shape[1]) < lengths[:, None]
    k = k.masked_fill(~real[:, :, None], 0.0)
    s = torch.tanh((q @ W_q.T)[:, :, None] + (k @ W_k.T)[:, None]) @ v
    w = s.softmax(-1) * real[:, None]
    return w @ k, w


# %% wrong: keys zeroed, scores of 0 | says: is minus infinity, not 0
def additive(q, k, W_q, W_k, v, lengths):
    real = torch.arange(k.shape[1]) < lengths[:, None]
    k = k.masked_fill(~real[:, :, None], 0.0)
    s = torch.tanh((q @ W_q.T)[:, :, None] + (k @ W_k.T)[:, None]) @ v
    w = (s * real[:, None]).softmax(-1)
    return w @ k, w


# %% wrong: keys zeroed, softmax along the queries | says: runs along the keys
def additive(q, k, W_q, W_k, v, lengths):
    real = torch.arange(k.shape[1]) < lengths[:, None]
    k = k.masked_fill(~real[:, :, None], 0.0)
    s = torch.tanh((q @ W_q.T)[:, :, None] + (k @ W_k.T)[:, None]) @ v
    w = s.softmax(1) * real[:, None]
    return w @ k, w


# %% wrong: the averaged keys are detached | says: averaged have a gradient too
def additive(q, k, W_q, W_k, v, lengths):
    s = ((q @ W_q.T)[:, :, None] + (k @ W_k.T)[:, None]).tanh() @ v
    hide = (torch.arange(k.shape[1]) >= lengths[:, None])[:, None]
    w = s.masked_fill(hide, -math.inf).softmax(-1)
    return w @ k.detach(), w


# %% wrong: matrices reshaped | says: a reshape puts its numbers
def additive(q, k, W_q, W_k, v, lengths):
    H = len(v)
    a = q @ W_q.reshape(q.shape[-1], H)
    b = k @ W_k.reshape(k.shape[-1], H)
    pad = torch.arange(k.shape[1]) >= lengths[:, None, None]
    scores = torch.tanh(a[:, :, None] + b[:, None]) @ v
    weights = scores.masked_fill(pad, -math.inf).softmax(-1)
    return weights @ k, weights


# %% wrong: exponentials as they are | says: exp of numbers far from 0
def additive(q, k, W_q, W_k, v, lengths):
    own = (torch.arange(k.shape[1]) < lengths[:, None])[:, None]
    scores = torch.tanh((q @ W_q.T)[:, :, None] + (k @ W_k.T)[:, None]) @ v
    each = scores.exp() * own
    weights = each / each.sum(-1, keepdim=True)
    return weights @ k, weights


# %% wrong: one maximum for all | says: from its own, not one of all
def additive(q, k, W_q, W_k, v, lengths):
    own = (torch.arange(k.shape[1]) < lengths[:, None])[:, None]
    scores = torch.tanh((q @ W_q.T)[:, :, None] + (k @ W_k.T)[:, None]) @ v
    each = (scores - scores.max()).exp() * own
    weights = each / each.sum(-1, keepdim=True).clamp_min(1e-300)
    return weights @ k, weights


# %% wrong: hidden after the softmax, and made to sum to 1 again | says: leaves no weight to the others
def additive(q, k, W_q, W_k, v, lengths):
    scores = ((q @ W_q.T)[:, :, None] + (k @ W_k.T)[:, None]).tanh() @ v
    real = (torch.arange(k.shape[1]) < lengths[:, None])[:, None]
    weights = scores.softmax(-1) * real
    weights = weights / (weights.sum(-1, keepdim=True) + 1e-12)
    return weights @ k, weights


# %% wrong: shared out anew after the softmax | says: a hidden score that is far larger
def additive(q, k, W_q, W_k, v, lengths):
    scores = torch.tanh((q @ W_q.T).unsqueeze(2) + (k @ W_k.T).unsqueeze(1)) @ v
    weights = scores.softmax(-1)
    own = torch.arange(k.shape[1]) < lengths[:, None, None]
    weights = weights * own
    weights = weights / weights.sum(-1, keepdim=True)
    return weights @ k, weights


# %% wrong: padding wiped in the keys | says: clone() first
def additive(q, k, W_q, W_k, v, lengths):
    pad = torch.arange(k.shape[1]) >= lengths[:, None]
    k[pad] = 0
    scores = torch.tanh((q @ W_q.T)[:, :, None] + (k @ W_k.T)[:, None]) @ v
    weights = scores.masked_fill(pad[:, None], -torch.inf).softmax(-1)
    return weights @ k, weights
