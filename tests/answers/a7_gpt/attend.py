# %% right: by hand
def attend(x, cache, places, W_qkv, W_out, heads):
    B, T, C = x.shape
    S = 0 if cache is None else cache[0].shape[2]
    u = x + places[S : S + T]
    q, k, v = (part.view(B, T, heads, -1).transpose(1, 2) for part in (u @ W_qkv.T).chunk(3, -1))
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    mask = torch.ones(T, S + T, dtype=torch.bool).tril(S)
    scores = q @ k.mT / math.sqrt(C // heads)
    y = scores.masked_fill(~mask, -math.inf).softmax(-1) @ v
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, (k, v)


# %% right: the cache is the text
def attend(x, cache, places, W_qkv, W_out, heads):
    T = x.shape[1]
    text = x if cache is None else torch.cat([cache, x], 1)
    u = text + places[: text.shape[1]]
    q, k, v = (
        p.unflatten(-1, (heads, -1)).transpose(1, 2) for p in F.linear(u, W_qkv).chunk(3, -1)
    )
    y = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).flatten(2)
    return F.linear(y, W_out)[:, -T:], text


# %% right: a dict, one query at a time
def attend(x, cache, places, W_qkv, W_out, heads):
    old = cache or {"k": [], "v": []}
    new = {name: list(values) for name, values in old.items()}
    B, T, C = x.shape
    rows = []
    for t in range(T):
        u = x[:, t] + places[len(new["k"])]
        q, k, v = (u @ W_qkv.T).view(B, 3, heads, C // heads).unbind(1)
        new["k"].append(k)
        new["v"].append(v)
        keys, values = torch.stack(new["k"], 2), torch.stack(new["v"], 2)
        weights = ((q[:, :, None] * keys).sum(-1) / (C // heads) ** 0.5).softmax(-1)
        rows.append((weights[..., None] * values).sum(2).flatten(1) @ W_out.T)
    return torch.stack(rows, 1), new


# %% right: a class for the cache
class Kept:
    def __init__(self, k, v):
        self.k, self.v = k, v


def attend(x, cache, places, W_qkv, W_out, heads):
    B, T, C = x.shape
    S = cache.k.shape[1] if cache else 0
    u = x + places[S : S + T]
    q, k, v = (u @ W_qkv.T).split(C, -1)
    if cache:
        k, v = torch.cat([cache.k, k], 1), torch.cat([cache.v, v], 1)
    split = lambda z: z.reshape(B, -1, heads, C // heads).permute(0, 2, 1, 3)
    seen = torch.arange(S + T)[None] <= torch.arange(S, S + T)[:, None]
    y = F.scaled_dot_product_attention(split(q), split(k), split(v), attn_mask=seen)
    return y.permute(0, 2, 1, 3).reshape(B, T, C) @ W_out.T, Kept(k, v)


# %% right: full cache beside a length
def attend(x, cache, places, W_qkv, W_out, heads):
    B, T, C = x.shape
    S = 0 if cache is None else cache[0].shape[2]
    u = x + places[S : S + T]
    q, k, v = (part.view(B, T, heads, -1).transpose(1, 2) for part in (u @ W_qkv.T).chunk(3, -1))
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    mask = torch.ones(T, S + T, dtype=torch.bool).tril(S)
    scores = q @ k.mT / math.sqrt(C // heads)
    y = scores.masked_fill(~mask, -math.inf).softmax(-1) @ v
    k, v = k.clone(), v.clone()
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, (k, v)


# %% wrong: no offset | says: not from 0
def attend(x, cache, places, W_qkv, W_out, heads):
    B, T, C = x.shape
    S = 0 if cache is None else cache[0].shape[2]
    u = x + places[:T]
    q, k, v = (part.view(B, T, heads, -1).transpose(1, 2) for part in (u @ W_qkv.T).chunk(3, -1))
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    mask = torch.ones(T, S + T, dtype=torch.bool).tril(S)
    scores = q @ k.mT / math.sqrt(C // heads)
    y = scores.masked_fill(~mask, -math.inf).softmax(-1) @ v
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, (k, v)


# %% wrong: offset one too far | says: not S + 1
def attend(x, cache, places, W_qkv, W_out, heads):
    B, T, C = x.shape
    S = 0 if cache is None else cache[0].shape[2]
    u = x + places[S + (S > 0) : S + T + (S > 0)]
    q, k, v = (part.view(B, T, heads, -1).transpose(1, 2) for part in (u @ W_qkv.T).chunk(3, -1))
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    mask = torch.ones(T, S + T, dtype=torch.bool).tril(S)
    scores = q @ k.mT / math.sqrt(C // heads)
    y = scores.masked_fill(~mask, -math.inf).softmax(-1) @ v
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, (k, v)


# %% wrong: offset one short | says: not S - 1
def attend(x, cache, places, W_qkv, W_out, heads):
    B, T, C = x.shape
    S = 0 if cache is None else cache[0].shape[2]
    u = x + places[max(S - 1, 0) : max(S - 1, 0) + T]
    q, k, v = (part.view(B, T, heads, -1).transpose(1, 2) for part in (u @ W_qkv.T).chunk(3, -1))
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    mask = torch.ones(T, S + T, dtype=torch.bool).tril(S)
    scores = q @ k.mT / math.sqrt(C // heads)
    y = scores.masked_fill(~mask, -math.inf).softmax(-1) @ v
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, (k, v)


# %% wrong: prompt counted twice (tiny-llm#46) | says: counted
def attend(x, cache, places, W_qkv, W_out, heads):
    B, T, C = x.shape
    first = T if cache is None else cache[2]
    S = 0 if cache is None else cache[0].shape[2]
    start = S + first * (S > first)
    at = torch.arange(start, start + T).clamp_max(len(places) - 1)
    u = x + places[at]
    q, k, v = (part.view(B, T, heads, -1).transpose(1, 2) for part in (u @ W_qkv.T).chunk(3, -1))
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    mask = torch.ones(T, S + T, dtype=torch.bool).tril(S)
    y = F.scaled_dot_product_attention(q, k, v, mask)
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, (k, v, first)


# %% wrong: mask from the top left (pytorch#144858) | says: not a mask from the top left corner
def attend(x, cache, places, W_qkv, W_out, heads):
    B, T, C = x.shape
    S = 0 if cache is None else cache[0].shape[2]
    u = x + places[S : S + T]
    q, k, v = (part.view(B, T, heads, -1).transpose(1, 2) for part in (u @ W_qkv.T).chunk(3, -1))
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    mask = torch.ones(T, S + T, dtype=torch.bool).tril()
    scores = q @ k.mT / math.sqrt(C // heads)
    y = scores.masked_fill(~mask, -math.inf).softmax(-1) @ v
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, (k, v)


# %% wrong: is_causal over a cache | says: top left corner
def attend(x, cache, places, W_qkv, W_out, heads):
    B, T, C = x.shape
    S = 0 if cache is None else cache[0].shape[2]
    u = x + places[S : S + T]
    q, k, v = (part.view(B, T, heads, -1).transpose(1, 2) for part in (u @ W_qkv.T).chunk(3, -1))
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    mask = torch.ones(T, S + T, dtype=torch.bool).tril(S)
    scores = q @ k.mT / math.sqrt(C // heads)
    y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, (k, v)


# %% wrong: no mask over a cache | says: mask them over a cache too
def attend(x, cache, places, W_qkv, W_out, heads):
    B, T, C = x.shape
    S = 0 if cache is None else cache[0].shape[2]
    u = x + places[S : S + T]
    q, k, v = (part.view(B, T, heads, -1).transpose(1, 2) for part in (u @ W_qkv.T).chunk(3, -1))
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    mask = torch.ones(T, S + T, dtype=torch.bool).tril(S if S == 0 else S + T)
    scores = q @ k.mT / math.sqrt(C // heads)
    y = scores.masked_fill(~mask, -math.inf).softmax(-1) @ v
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, (k, v)


# %% wrong: no mask | says: the mask is missing
def attend(x, cache, places, W_qkv, W_out, heads):
    B, T, C = x.shape
    S = 0 if cache is None else cache[0].shape[2]
    u = x + places[S : S + T]
    q, k, v = (part.view(B, T, heads, -1).transpose(1, 2) for part in (u @ W_qkv.T).chunk(3, -1))
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    mask = torch.ones(T, S + T, dtype=torch.bool)
    scores = q @ k.mT / math.sqrt(C // heads)
    y = scores.masked_fill(~mask, -math.inf).softmax(-1) @ v
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, (k, v)


# %% wrong: the cache is not read | says: what the cache holds is looked at too
def attend(x, cache, places, W_qkv, W_out, heads):
    B, T, C = x.shape
    S = cache or 0
    u = x + places[S : S + T]
    q, k, v = (part.view(B, T, heads, -1).transpose(1, 2) for part in (u @ W_qkv.T).chunk(3, -1))
    y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, S + T


# %% wrong: only the last piece is kept | says: not those of the last piece
def attend(x, cache, places, W_qkv, W_out, heads):
    B, T, C = x.shape
    S = 0 if cache is None else cache[2]
    u = x + places[S : S + T]
    q, k, v = (part.view(B, T, heads, -1).transpose(1, 2) for part in (u @ W_qkv.T).chunk(3, -1))
    new = k, v, S + T
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    mask = torch.ones(T, k.shape[2], dtype=torch.bool).tril(k.shape[2] - T)
    y = F.scaled_dot_product_attention(q, k, v, mask)
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, new


# %% wrong: a new token does not see itself | says: looks at itself too
def attend(x, cache, places, W_qkv, W_out, heads):
    B, T, C = x.shape
    S = 0 if cache is None else cache[0].shape[2]
    u = x + places[S : S + T]
    q, k, v = (part.view(B, T, heads, -1).transpose(1, 2) for part in (u @ W_qkv.T).chunk(3, -1))
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    mask = torch.ones(T, S + T, dtype=torch.bool).tril(S - (S > 0))
    scores = q @ k.mT / math.sqrt(C // heads)
    y = scores.masked_fill(~mask, -math.inf).softmax(-1) @ v
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, (k, v)


# %% wrong: places never added | says: the vectors of the places are not added
def attend(x, cache, places, W_qkv, W_out, heads):
    B, T, C = x.shape
    S = 0 if cache is None else cache[0].shape[2]
    u = x
    q, k, v = (part.view(B, T, heads, -1).transpose(1, 2) for part in (u @ W_qkv.T).chunk(3, -1))
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    mask = torch.ones(T, S + T, dtype=torch.bool).tril(S)
    scores = q @ k.mT / math.sqrt(C // heads)
    y = scores.masked_fill(~mask, -math.inf).softmax(-1) @ v
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, (k, v)


# %% wrong: root of the width (ng-video-lecture#6) | says: the numbers of a head, not of C
def attend(x, cache, places, W_qkv, W_out, heads):
    B, T, C = x.shape
    S = 0 if cache is None else cache[0].shape[2]
    u = x + places[S : S + T]
    q, k, v = (part.view(B, T, heads, -1).transpose(1, 2) for part in (u @ W_qkv.T).chunk(3, -1))
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    mask = torch.ones(T, S + T, dtype=torch.bool).tril(S)
    scores = q @ k.mT / math.sqrt(C)
    y = scores.masked_fill(~mask, -math.inf).softmax(-1) @ v
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, (k, v)


# %% wrong: not scaled | says: divide the scores
def attend(x, cache, places, W_qkv, W_out, heads):
    B, T, C = x.shape
    S = 0 if cache is None else cache[0].shape[2]
    u = x + places[S : S + T]
    q, k, v = (part.view(B, T, heads, -1).transpose(1, 2) for part in (u @ W_qkv.T).chunk(3, -1))
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    mask = torch.ones(T, S + T, dtype=torch.bool).tril(S)
    scores = q @ k.mT
    y = scores.masked_fill(~mask, -math.inf).softmax(-1) @ v
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, (k, v)


# %% wrong: W_out turned | says: out @ W_out.T
def attend(x, cache, places, W_qkv, W_out, heads):
    B, T, C = x.shape
    S = 0 if cache is None else cache[0].shape[2]
    u = x + places[S : S + T]
    q, k, v = (part.view(B, T, heads, -1).transpose(1, 2) for part in (u @ W_qkv.T).chunk(3, -1))
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    mask = torch.ones(T, S + T, dtype=torch.bool).tril(S)
    scores = q @ k.mT / math.sqrt(C // heads)
    y = scores.masked_fill(~mask, -math.inf).softmax(-1) @ v
    return y.transpose(1, 2).reshape(B, T, C) @ W_out, (k, v)


# %% wrong: heads not side by side | says: heads side by side again
def attend(x, cache, places, W_qkv, W_out, heads):
    B, T, C = x.shape
    S = 0 if cache is None else cache[0].shape[2]
    u = x + places[S : S + T]
    q, k, v = (part.view(B, T, heads, -1).transpose(1, 2) for part in (u @ W_qkv.T).chunk(3, -1))
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    mask = torch.ones(T, S + T, dtype=torch.bool).tril(S)
    scores = q @ k.mT / math.sqrt(C // heads)
    y = scores.masked_fill(~mask, -math.inf).softmax(-1) @ v
    return y.reshape(B, T, C) @ W_out.T, (k, v)


# %% wrong: the cache is changed in place | says: left as it was
def attend(x, cache, places, W_qkv, W_out, heads):
    cache = cache if cache is not None else [[], []]
    B, T, C = x.shape
    S = sum(k.shape[2] for k in cache[0])
    u = x + places[S : S + T]
    q, k, v = (part.view(B, T, heads, -1).transpose(1, 2) for part in (u @ W_qkv.T).chunk(3, -1))
    cache[0].append(k)
    cache[1].append(v)
    mask = torch.ones(T, S + T, dtype=torch.bool).tril(S)
    y = F.scaled_dot_product_attention(q, torch.cat(cache[0], 2), torch.cat(cache[1], 2), mask)
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, cache


# %% wrong: one cache for all texts | says: argument 2 left as it was
def attend(x, cache, places, W_qkv, W_out, heads):
    cache = cache if cache is not None else {"k": None, "v": None}
    B, T, C = x.shape
    S = 0 if cache["k"] is None else cache["k"].shape[2]
    u = x + places[S : S + T]
    q, k, v = (part.view(B, T, heads, -1).transpose(1, 2) for part in (u @ W_qkv.T).chunk(3, -1))
    cache["k"] = k if S == 0 else torch.cat([cache["k"], k], 2)
    cache["v"] = v if S == 0 else torch.cat([cache["v"], v], 2)
    mask = torch.ones(T, S + T, dtype=torch.bool).tril(S)
    y = F.scaled_dot_product_attention(q, cache["k"], cache["v"], mask)
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, cache


# %% wrong: one of the helpers | says: the function for it
from helpers.models.attention import attention


def attend(x, cache, places, W_qkv, W_out, heads):
    B, T, C = x.shape
    S = 0 if cache is None else cache[0].shape[2]
    u = x + places[S : S + T]
    q, k, v = (part.view(B, T, heads, -1).transpose(1, 2) for part in (u @ W_qkv.T).chunk(3, -1))
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    y, _ = attention(q, k, v, torch.ones(T, S + T, dtype=torch.bool).tril(S))
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, (k, v)


# %% wrong: y alone | says: the pair (y, cache)
def attend(x, cache, places, W_qkv, W_out, heads):
    B, T, C = x.shape
    S = 0 if cache is None else cache[0].shape[2]
    u = x + places[S : S + T]
    q, k, v = (part.view(B, T, heads, -1).transpose(1, 2) for part in (u @ W_qkv.T).chunk(3, -1))
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    mask = torch.ones(T, S + T, dtype=torch.bool).tril(S)
    scores = q @ k.mT / math.sqrt(C // heads)
    y = scores.masked_fill(~mask, -math.inf).softmax(-1) @ v
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T


# %% wrong: S from the axis of heads | says: not another axis
def attend(x, cache, places, W_qkv, W_out, heads: int):
    B, T, C = x.shape
    S = 0 if cache is None else cache[0].shape[1]
    z = F.linear(x + places[S : S + T], W_qkv)
    q, k, v = z.unflatten(-1, (3, heads, -1)).permute(2, 0, 3, 1, 4)
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    mask = torch.ones(T, k.shape[2], dtype=torch.bool).tril(k.shape[2] - T)
    y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, (k, v)


# %% wrong: q, k, v inside each head | says: for all heads
def attend(x, cache, places, W_qkv, W_out, heads: int):
    B, T, C = x.shape
    S = 0 if cache is None else cache[0].shape[2]
    z = F.linear(x + places[S : S + T], W_qkv)
    q, k, v = z.unflatten(-1, (heads, 3, -1)).permute(3, 0, 2, 1, 4)
    if S:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    mask = torch.ones(T, S + T, dtype=torch.bool).tril(S)
    y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, (k, v)


# %% wrong: values without places | says: all made of u
def attend(x, cache, places, W_qkv, W_out, heads: int):
    B, T, C = x.shape
    d = C // heads
    S = 0 if cache is None else cache[0].shape[2]
    u = x + places[S : S + T]
    q, k, v = (u @ W_qkv.T).chunk(3, -1)
    v = x @ W_qkv[2 * C :].T
    q, k, v = (z.reshape(B, T, heads, d).transpose(1, 2) for z in (q, k, v))
    if cache is not None:
        k = torch.cat([cache[0], k], 2)
        v = torch.cat([cache[1], v], 2)
    scores = q @ k.transpose(2, 3) / math.sqrt(d)
    mask = torch.arange(S + T)[None] <= torch.arange(S, S + T)[:, None]
    y = scores.masked_fill(~mask, -math.inf).softmax(-1) @ v
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, (k, v)


# %% wrong: a cache of its own | says: keep nothing elsewhere
def attend(x, cache, places, W_qkv, W_out, heads: int):
    B, T, C = x.shape
    d = C // heads
    S = 0 if cache is None else attend.k.shape[2]
    q, k, v = ((x + places[S : S + T]) @ W_qkv.T).chunk(3, -1)
    q, k, v = (z.reshape(B, T, heads, d).transpose(1, 2) for z in (q, k, v))
    if cache is not None:
        k, v = torch.cat([attend.k, k], 2), torch.cat([attend.v, v], 2)
    attend.k, attend.v = k, v
    mask = torch.ones(T, S + T, dtype=torch.bool).tril(S)
    y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, True


# %% wrong: heads of every so-manieth number | says: unflatten into (heads, d)
def attend(x, cache, places, W_qkv, W_out, heads: int):
    B, T, C = x.shape
    d = C // heads
    S = 0 if cache is None else cache[0].shape[2]
    u = x + places[S : S + T]
    q, k, v = (u @ W_qkv.T).chunk(3, -1)
    q, k, v = (z.reshape(B, T, d, heads).permute(0, 3, 1, 2) for z in (q, k, v))
    if cache is not None:
        k = torch.cat([cache[0], k], 2)
        v = torch.cat([cache[1], v], 2)
    scores = q @ k.transpose(2, 3) / math.sqrt(d)
    mask = torch.arange(S + T)[None] <= torch.arange(S, S + T)[:, None]
    y = scores.masked_fill(~mask, -math.inf).softmax(-1) @ v
    return y.permute(0, 2, 3, 1).reshape(B, T, C) @ W_out.T, (k, v)


# %% wrong: W_out left out | says: go through W_out
def attend(x, cache, places, W_qkv, W_out, heads: int):
    B, T, C = x.shape
    d = C // heads
    S = 0 if cache is None else cache[0].shape[2]
    u = x + places[S : S + T]
    q, k, v = (u @ W_qkv.T).chunk(3, -1)
    q, k, v = (z.reshape(B, T, heads, d).transpose(1, 2) for z in (q, k, v))
    if cache is not None:
        k = torch.cat([cache[0], k], 2)
        v = torch.cat([cache[1], v], 2)
    scores = q @ k.transpose(2, 3) / math.sqrt(d)
    mask = torch.arange(S + T)[None] <= torch.arange(S, S + T)[:, None]
    y = scores.masked_fill(~mask, -math.inf).softmax(-1) @ v
    return y.transpose(1, 2).reshape(B, T, C), (k, v)


# %% wrong: S counts the pieces | says: not how many pieces
def attend(x, cache, places, W_qkv, W_out, heads: int):
    B, T, C = x.shape
    d = C // heads
    S = 0 if cache is None else cache[0].shape[2]
    calls = 0 if cache is None else cache[2]
    u = x + places[calls : calls + T]
    q, k, v = (u @ W_qkv.T).chunk(3, -1)
    q, k, v = (z.reshape(B, T, heads, d).transpose(1, 2) for z in (q, k, v))
    if cache is not None:
        k = torch.cat([cache[0], k], 2)
        v = torch.cat([cache[1], v], 2)
    scores = q @ k.transpose(2, 3) / math.sqrt(d)
    mask = torch.arange(S + T)[None] <= torch.arange(S, S + T)[:, None]
    y = scores.masked_fill(~mask, -math.inf).softmax(-1) @ v
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, (k, v, calls + 1)


# %% wrong: new keys in front of the cache | says: torch.cat([cache, new])
def attend(x, cache, places, W_qkv, W_out, heads: int):
    B, T, C = x.shape
    S = 0 if cache is None else cache[0].shape[2]
    u = x + places[S : S + T]
    q, k, v = (
        a.reshape(B, T, heads, C // heads).transpose(1, 2) for a in (u @ W_qkv.T).split(C, -1)
    )
    if cache is not None:
        k, v = torch.cat([k, cache[0]], 2), torch.cat([v, cache[1]], 2)
    mask = torch.ones(T, S + T, dtype=torch.bool).tril(S)
    y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, (k, v)


# %% wrong: one buffer for all that goes on from it | says: argument 2 left as it was
def attend(x, cache, places, W_qkv, W_out, heads: int):
    B, T, C = x.shape
    d = C // heads
    if cache is None:
        K, V, S = x.new_zeros(B, heads, len(places), d), x.new_zeros(B, heads, len(places), d), 0
    else:
        K, V, S = cache["K"], cache["V"], cache["S"]
    q, k, v = ((x + places[S : S + T]) @ W_qkv.T).reshape(B, T, 3, heads, d).permute(2, 0, 3, 1, 4)
    K[:, :, S : S + T], V[:, :, S : S + T] = k, v
    mask = torch.ones(T, S + T, dtype=torch.bool).tril(S)
    y = F.scaled_dot_product_attention(q, K[:, :, : S + T], V[:, :, : S + T], attn_mask=mask)
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, {"K": K, "V": V, "S": S + T}


# %% wrong: every heads-th number to a head, put together side by side | says: unflatten into (heads, d)
def attend(x, cache, places, W_qkv, W_out, heads: int):
    B, T, C = x.shape
    S = 0 if cache is None else cache[0].shape[2]
    u = x + places[S : S + T]
    q, k, v = (
        a.reshape(B, T, C // heads, heads).permute(0, 3, 1, 2) for a in (u @ W_qkv.T).split(C, -1)
    )
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    mask = torch.ones(T, S + T, dtype=torch.bool).tril(S)
    y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, (k, v)


# %% wrong: is_causal for several | says: a mask from the top left corner
def attend(x, cache, places, W_qkv, W_out, heads: int):
    B, T, C = x.shape
    S = 0 if cache is None else cache[0].shape[2]
    q, k, v = (
        part.reshape(B, T, heads, -1).transpose(1, 2)
        for part in F.linear(x + places[S : S + T], W_qkv).chunk(3, -1)
    )
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    y = F.scaled_dot_product_attention(q, k, v, is_causal=T > 1)
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, (k, v)


# %% wrong: the tokens read are counted | says: keep nothing elsewhere
def attend(x, cache, places, W_qkv, W_out, heads: int):
    B, T, C = x.shape
    if cache is None:
        attend.read = 0
    here = places[torch.arange(attend.read, attend.read + T) % len(places)]
    attend.read += T
    q, k, v = (
        part.reshape(B, T, heads, -1).transpose(1, 2)
        for part in F.linear(x + here, W_qkv).chunk(3, -1)
    )
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    S = k.shape[2] - T
    mask = torch.ones(T, S + T, dtype=torch.bool).tril(S)
    y = F.scaled_dot_product_attention(q, k, v, mask)
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, (k, v)


# %% wrong: exponentials as they are | says: own largest is subtracted
def attend(x, cache, places, W_qkv, W_out, heads: int):
    T = x.shape[1]
    S = 0 if cache is None else cache[0].shape[2]
    parts = ((x + places[S : S + T]) @ W_qkv.T).chunk(3, -1)
    q, k, v = (part.unflatten(-1, (heads, -1)).transpose(1, 2) for part in parts)
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    each = (q @ k.mT / math.sqrt(q.shape[-1])).exp().tril(S)
    y = each @ v / each.sum(-1, keepdim=True)
    return y.transpose(1, 2).flatten(2) @ W_out.T, (k, v)


# %% wrong: a hidden key at -10,000 | says: minus infinity
def attend(x, cache, places, W_qkv, W_out, heads: int):
    T = x.shape[1]
    S = 0 if cache is None else cache[0].shape[2]
    parts = ((x + places[S : S + T]) @ W_qkv.T).chunk(3, -1)
    q, k, v = (part.unflatten(-1, (heads, -1)).transpose(1, 2) for part in parts)
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    later = torch.ones(T, S + T, dtype=torch.bool).triu(S + 1)
    scores = (q @ k.mT / math.sqrt(q.shape[-1])).masked_fill(later, -1e4)
    return (scores.softmax(-1) @ v).transpose(1, 2).flatten(2) @ W_out.T, (k, v)


# %% wrong: a cache in 16 bits | says: not in 16 bits
def attend(x, cache, places, W_qkv, W_out, heads: int):
    B, T, C = x.shape
    S = 0 if cache is None else cache[0].shape[2]
    q, k, v = (
        z.unflatten(-1, (heads, -1)).transpose(1, 2)
        for z in ((x + places[S : S + T]) @ W_qkv.T).chunk(3, -1)
    )
    if cache is not None:
        k, v = (torch.cat([old.to(x.dtype), new], 2) for old, new in zip(cache, (k, v)))
    sees = torch.ones(T, S + T, dtype=torch.bool).tril(S)
    y = F.scaled_dot_product_attention(q, k, v, sees)
    return y.transpose(1, 2).flatten(2) @ W_out.T, (k.bfloat16(), v.bfloat16())


# %% wrong: several do not see themselves | says: looks at itself too
def attend(x, cache, places, W_qkv, W_out, heads: int):
    B, T, C = x.shape
    S = 0 if cache is None else cache[0].shape[2]
    q, k, v = (
        z.unflatten(-1, (heads, -1)).transpose(1, 2)
        for z in ((x + places[S : S + T]) @ W_qkv.T).chunk(3, -1)
    )
    if cache is None:
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
    else:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
        sees = torch.ones(T, S + T, dtype=torch.bool).tril(S - 1)
        y = F.scaled_dot_product_attention(q, k, v, sees if T > 1 else None)
    return y.transpose(1, 2).flatten(2) @ W_out.T, (k, v)


# %% wrong: a thousand is taken away where the mask hides | says: minus infinity is
def attend(x, cache, places, W_qkv, W_out, heads: int):
    B, T, C = x.shape
    d = C // heads
    S = 0 if cache is None else cache[0].shape[2]
    u = x + places[S : S + T]
    q, k, v = (z.view(B, T, heads, d).transpose(1, 2) for z in (u @ W_qkv.T).split(C, -1))
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    hidden = torch.ones(T, S + T, dtype=x.dtype).triu(S + 1)
    weights = F.softmax(q @ k.mT / d**0.5 - 1000 * hidden, -1)
    y = (weights @ v).transpose(1, 2).reshape(B, T, C)
    return y @ W_out.T, (k, v)


# %% wrong: a mask of ones and zeros added | says: a mask of numbers is added
def attend(x, cache, places, W_qkv, W_out, heads):
    B, T, C = x.shape
    S = 0 if cache is None else cache[0].shape[2]
    u = x + places[S : S + T]
    q, k, v = ((u @ w.T).view(B, T, heads, -1).transpose(1, 2) for w in W_qkv.chunk(3))
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    mask = torch.ones(T, S + T, dtype=x.dtype).tril(S)
    y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, (k, v)


# %% wrong: heads by a view alone | says: mixes tokens
def attend(x, cache, places, W_qkv, W_out, heads):
    B, T, C = x.shape
    S = 0 if cache is None else cache[0].shape[2]
    u = x + places[S : S + T]
    q, k, v = ((u @ w.T).view(B, heads, T, -1) for w in W_qkv.chunk(3))
    if cache is not None:
        k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
    mask = torch.ones(T, S + T, dtype=torch.bool).tril(S)
    y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    return y.transpose(1, 2).reshape(B, T, C) @ W_out.T, (k, v)
