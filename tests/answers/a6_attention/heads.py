# %% right: a loop over heads
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads, mask=None):
    C = x.shape[-1]
    d = C // heads
    q = x @ W_in[:C].T + b_in[:C]
    k = memory @ W_in[C : 2 * C].T + b_in[C : 2 * C]
    v = memory @ W_in[2 * C :].T + b_in[2 * C :]
    outs = []
    for h in range(heads):
        part = slice(h * d, (h + 1) * d)
        scores = q[..., part] @ k[..., part].transpose(1, 2) / d**0.5
        if mask is not None:
            scores = scores.masked_fill(mask == False, float("-inf"))  # noqa: E712
        outs.append(scores.softmax(-1) @ v[..., part])
    return torch.cat(outs, -1) @ W_out.T + b_out


# %% right: heads in the batch
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads, mask=None):
    B, T, C = x.shape
    S, d = memory.shape[1], C // heads
    W_q, W_k, W_v = W_in.view(3, C, C)
    b_q, b_k, b_v = b_in.view(3, C)

    def cut(p, n):
        return p.view(B, n, heads, d).permute(0, 2, 1, 3).reshape(B * heads, n, d)

    q, k, v = (
        cut(F.linear(x, W_q, b_q), T),
        cut(F.linear(memory, W_k, b_k), S),
        cut(F.linear(memory, W_v, b_v), S),
    )
    scores = torch.bmm(q, k.mT) / math.sqrt(d)
    if mask is not None:
        scores = scores.masked_fill(~mask.repeat_interleave(heads, 0), -math.inf)
    out = torch.bmm(scores.softmax(-1), v).view(B, heads, T, d)
    return F.linear(out.permute(0, 2, 1, 3).reshape(B, T, C), W_out, b_out)


# %% right: einsum
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads, mask=None):
    C = W_out.shape[0]
    W, b = W_in.view(3, heads, C // heads, C), b_in.view(3, heads, 1, C // heads)
    q = torch.einsum("btc,hdc->bhtd", x, W[0]) + b[0]
    k, v = (torch.einsum("bsc,hdc->bhsd", memory, W[i]) + b[i] for i in (1, 2))
    scores = torch.einsum("bhtd,bhsd->bhts", q, k) / math.sqrt(C // heads)
    if mask is not None:
        scores = (
            scores + torch.zeros(mask.shape, dtype=x.dtype).masked_fill(~mask, -math.inf)[:, None]
        )
    out = torch.einsum("bhts,bhsd->bthd", scores.softmax(-1), v)
    return out.reshape(*x.shape) @ W_out.T + b_out


# %% wrong: root of C (karpathy/ng-video-lecture 6) | says: that of a head's d, not of C
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    """x (B, T, C), memory (B, S, C), mask bool (B, T, S) or None -> (B, T, C)."""
    W, b = W_in.chunk(3), b_in.chunk(3)
    q, k, v = (p @ W[i].T + b[i] for i, p in enumerate((x, memory, memory)))
    q, k, v = (p.unflatten(-1, (heads, -1)).transpose(1, 2) for p in (q, k, v))  # (B, h, ., d)
    mask = None if mask is None else mask[:, None]
    out = F.scaled_dot_product_attention(q, k, v, mask, scale=x.shape[-1] ** -0.5)  # (B, h, T, d)
    return out.transpose(1, 2).flatten(2) @ W_out.T + b_out


# %% wrong: no root | says: not divided by the root of d
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    """x (B, T, C), memory (B, S, C), mask bool (B, T, S) or None -> (B, T, C)."""
    W, b = W_in.chunk(3), b_in.chunk(3)
    q, k, v = (p @ W[i].T + b[i] for i, p in enumerate((x, memory, memory)))
    q, k, v = (p.unflatten(-1, (heads, -1)).transpose(1, 2) for p in (q, k, v))  # (B, h, ., d)
    mask = None if mask is None else mask[:, None]
    out = F.scaled_dot_product_attention(q, k, v, mask, scale=1.0)  # (B, h, T, d)
    return out.transpose(1, 2).flatten(2) @ W_out.T + b_out


# %% wrong: joined without the transpose | says: go back behind the places
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    """x (B, T, C), memory (B, S, C), mask bool (B, T, S) or None -> (B, T, C)."""
    W, b = W_in.chunk(3), b_in.chunk(3)
    q, k, v = (p @ W[i].T + b[i] for i, p in enumerate((x, memory, memory)))
    q, k, v = (p.unflatten(-1, (heads, -1)).transpose(1, 2) for p in (q, k, v))  # (B, h, ., d)
    mask = None if mask is None else mask[:, None]
    out = F.scaled_dot_product_attention(q, k, v, mask)  # (B, h, T, d)
    return out.reshape(x.shape) @ W_out.T + b_out


# %% wrong: a view in place of cutting | says: no view (B, heads, T, d)
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    """x (B, T, C), memory (B, S, C), mask bool (B, T, S) or None -> (B, T, C)."""
    W, b = W_in.chunk(3), b_in.chunk(3)
    q, k, v = (p @ W[i].T + b[i] for i, p in enumerate((x, memory, memory)))
    q, k, v = (p.reshape(len(p), heads, p.shape[1], -1) for p in (q, k, v))  # (B, h, ., d)
    mask = None if mask is None else mask[:, None]
    out = F.scaled_dot_product_attention(q, k, v, mask)  # (B, h, T, d)
    return out.transpose(1, 2).flatten(2) @ W_out.T + b_out


# %% wrong: heads interleaved | says: stand side by side
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    """x (B, T, C), memory (B, S, C), mask bool (B, T, S) or None -> (B, T, C)."""
    W, b = W_in.chunk(3), b_in.chunk(3)
    q, k, v = (p @ W[i].T + b[i] for i, p in enumerate((x, memory, memory)))
    q, k, v = (p.unflatten(-1, (-1, heads)).movedim(-1, 1) for p in (q, k, v))  # (B, h, ., d)
    mask = None if mask is None else mask[:, None]
    out = F.scaled_dot_product_attention(q, k, v, mask)  # (B, h, T, d)
    return out.transpose(1, 2).flatten(2) @ W_out.T + b_out


# %% wrong: keys from x | says: from the memory, not from x
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    """x (B, T, C), memory (B, S, C), mask bool (B, T, S) or None -> (B, T, C)."""
    W, b = W_in.chunk(3), b_in.chunk(3)
    q, k, v = (p @ W[i].T + b[i] for i, p in enumerate((x, x, x)))
    q, k, v = (p.unflatten(-1, (heads, -1)).transpose(1, 2) for p in (q, k, v))  # (B, h, ., d)
    mask = None if mask is None else mask[:, None]
    out = F.scaled_dot_product_attention(q, k, v, mask)  # (B, h, T, d)
    return out.transpose(1, 2).flatten(2) @ W_out.T + b_out


# %% wrong: blocks in another order | says: the blocks of W_in
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    """x (B, T, C), memory (B, S, C), mask bool (B, T, S) or None -> (B, T, C)."""
    W, b = W_in.chunk(3), b_in.chunk(3)
    k, q, v = (p @ W[i].T + b[i] for i, p in enumerate((memory, x, memory)))
    q, k, v = (p.unflatten(-1, (heads, -1)).transpose(1, 2) for p in (q, k, v))  # (B, h, ., d)
    mask = None if mask is None else mask[:, None]
    out = F.scaled_dot_product_attention(q, k, v, mask)  # (B, h, T, d)
    return out.transpose(1, 2).flatten(2) @ W_out.T + b_out


# %% wrong: W not transposed | says: x @ W.T
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    """x (B, T, C), memory (B, S, C), mask bool (B, T, S) or None -> (B, T, C)."""
    W, b = W_in.chunk(3), b_in.chunk(3)
    q, k, v = (p @ W[i] + b[i] for i, p in enumerate((x, memory, memory)))
    q, k, v = (p.unflatten(-1, (heads, -1)).transpose(1, 2) for p in (q, k, v))  # (B, h, ., d)
    mask = None if mask is None else mask[:, None]
    out = F.scaled_dot_product_attention(q, k, v, mask)  # (B, h, T, d)
    return out.transpose(1, 2).flatten(2) @ W_out.T + b_out


# %% wrong: W_out not transposed | says: for W_out
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    """x (B, T, C), memory (B, S, C), mask bool (B, T, S) or None -> (B, T, C)."""
    W, b = W_in.chunk(3), b_in.chunk(3)
    q, k, v = (p @ W[i].T + b[i] for i, p in enumerate((x, memory, memory)))
    q, k, v = (p.unflatten(-1, (heads, -1)).transpose(1, 2) for p in (q, k, v))  # (B, h, ., d)
    mask = None if mask is None else mask[:, None]
    out = F.scaled_dot_product_attention(q, k, v, mask)  # (B, h, T, d)
    return out.transpose(1, 2).flatten(2) @ W_out + b_out


# %% wrong: no b_in | says: b_in is not added
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    """x (B, T, C), memory (B, S, C), mask bool (B, T, S) or None -> (B, T, C)."""
    W, b = W_in.chunk(3), b_in.chunk(3)
    q, k, v = (p @ W[i].T for i, p in enumerate((x, memory, memory)))
    q, k, v = (p.unflatten(-1, (heads, -1)).transpose(1, 2) for p in (q, k, v))  # (B, h, ., d)
    mask = None if mask is None else mask[:, None]
    out = F.scaled_dot_product_attention(q, k, v, mask)  # (B, h, T, d)
    return out.transpose(1, 2).flatten(2) @ W_out.T + b_out


# %% wrong: no b_out | says: b_out is not added
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    """x (B, T, C), memory (B, S, C), mask bool (B, T, S) or None -> (B, T, C)."""
    W, b = W_in.chunk(3), b_in.chunk(3)
    q, k, v = (p @ W[i].T + b[i] for i, p in enumerate((x, memory, memory)))
    q, k, v = (p.unflatten(-1, (heads, -1)).transpose(1, 2) for p in (q, k, v))  # (B, h, ., d)
    mask = None if mask is None else mask[:, None]
    out = F.scaled_dot_product_attention(q, k, v, mask)  # (B, h, T, d)
    return out.transpose(1, 2).flatten(2) @ W_out.T


# %% wrong: no W_out | says: W_out is not used
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    """x (B, T, C), memory (B, S, C), mask bool (B, T, S) or None -> (B, T, C)."""
    W, b = W_in.chunk(3), b_in.chunk(3)
    q, k, v = (p @ W[i].T + b[i] for i, p in enumerate((x, memory, memory)))
    q, k, v = (p.unflatten(-1, (heads, -1)).transpose(1, 2) for p in (q, k, v))  # (B, h, ., d)
    mask = None if mask is None else mask[:, None]
    out = F.scaled_dot_product_attention(q, k, v, mask)  # (B, h, T, d)
    return out.transpose(1, 2).flatten(2)


# %% wrong: one head | says: one head of C numbers
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    """x (B, T, C), memory (B, S, C), mask bool (B, T, S) or None -> (B, T, C)."""
    W, b = W_in.chunk(3), b_in.chunk(3)
    q, k, v = (p @ W[i].T + b[i] for i, p in enumerate((x, memory, memory)))
    q, k, v = (p.unflatten(-1, (1, -1)).transpose(1, 2) for p in (q, k, v))  # (B, h, ., d)
    mask = None if mask is None else mask[:, None]
    out = F.scaled_dot_product_attention(q, k, v, mask)  # (B, h, T, d)
    return out.transpose(1, 2).flatten(2) @ W_out.T + b_out


# %% wrong: d heads | says: C / heads numbers to a head
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    """x (B, T, C), memory (B, S, C), mask bool (B, T, S) or None -> (B, T, C)."""
    W, b = W_in.chunk(3), b_in.chunk(3)
    q, k, v = (p @ W[i].T + b[i] for i, p in enumerate((x, memory, memory)))
    q, k, v = (p.unflatten(-1, (-1, heads)).transpose(1, 2) for p in (q, k, v))  # (B, h, ., d)
    mask = None if mask is None else mask[:, None]
    out = F.scaled_dot_product_attention(q, k, v, mask)  # (B, h, T, d)
    return out.transpose(1, 2).flatten(2) @ W_out.T + b_out


# %% wrong: mask as nn.MultiheadAttention's (rasbt/LLMs-from-scratch 1061) | says: turned round
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    """x (B, T, C), memory (B, S, C), mask bool (B, T, S) or None -> (B, T, C)."""
    W, b = W_in.chunk(3), b_in.chunk(3)
    q, k, v = (p @ W[i].T + b[i] for i, p in enumerate((x, memory, memory)))
    q, k, v = (p.unflatten(-1, (heads, -1)).transpose(1, 2) for p in (q, k, v))  # (B, h, ., d)
    mask = None if mask is None else ~mask[:, None]
    out = F.scaled_dot_product_attention(q, k, v, mask)  # (B, h, T, d)
    return out.transpose(1, 2).flatten(2) @ W_out.T + b_out


# %% wrong: mask forgotten | says: the mask is not used
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    """x (B, T, C), memory (B, S, C), mask bool (B, T, S) or None -> (B, T, C)."""
    W, b = W_in.chunk(3), b_in.chunk(3)
    q, k, v = (p @ W[i].T + b[i] for i, p in enumerate((x, memory, memory)))
    q, k, v = (p.unflatten(-1, (heads, -1)).transpose(1, 2) for p in (q, k, v))  # (B, h, ., d)
    mask = None if mask is None else mask[:, None]
    out = F.scaled_dot_product_attention(q, k, v)  # (B, h, T, d)
    return out.transpose(1, 2).flatten(2) @ W_out.T + b_out


# %% wrong: the mask repeated, not interleaved | says: keeps its own mask
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    W, b = W_in.chunk(3), b_in.chunk(3)
    q, k, v = (p @ W[i].T + b[i] for i, p in enumerate((x, memory, memory)))
    q, k, v = (p.unflatten(-1, (heads, -1)).transpose(1, 2).flatten(0, 1) for p in (q, k, v))
    mask = None if mask is None else mask.repeat(heads, 1, 1)
    out = F.scaled_dot_product_attention(q, k, v, mask).unflatten(0, (-1, heads))
    return out.transpose(1, 2).flatten(2) @ W_out.T + b_out


# %% wrong: PyTorch's own | says: by hand
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    layer = nn.MultiheadAttention(x.shape[-1], heads, batch_first=True).to(x.dtype)
    names = {"in_proj_weight": W_in, "in_proj_bias": b_in}
    names |= {"out_proj.weight": W_out, "out_proj.bias": b_out}
    hide = None if mask is None else ~mask.repeat_interleave(heads, 0)
    return torch.func.functional_call(layer, names, (x, memory, memory), {"attn_mask": hide})[0]


# %% wrong: mask turned round, filled with the lowest number | says: turned round
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    B, T, C = x.shape
    q = F.linear(x, W_in[:C], b_in[:C]).unflatten(-1, (heads, -1)).transpose(1, 2)
    k = (
        F.linear(memory, W_in[C : 2 * C], b_in[C : 2 * C])
        .unflatten(-1, (heads, -1))
        .transpose(1, 2)
    )
    v = F.linear(memory, W_in[2 * C :], b_in[2 * C :]).unflatten(-1, (heads, -1)).transpose(1, 2)
    scores = q @ k.mT / math.sqrt(C // heads)
    if mask is not None:
        scores = scores.masked_fill(mask[:, None], torch.finfo(x.dtype).min)
    y = scores.softmax(-1) @ v
    return F.linear(y.transpose(1, 2).reshape(B, T, C), W_out, b_out)


# %% wrong: hidden scores are -50 | says: Expected:
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    W, b = W_in.chunk(3), b_in.chunk(3)
    q, k, v = (F.linear(p, W[i], b[i]) for i, p in enumerate((x, memory, memory)))
    q, k, v = (p.unflatten(-1, (heads, -1)).transpose(1, 2) for p in (q, k, v))
    scores = q @ k.mT / q.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask[:, None], -50.0)
    return F.linear((scores.softmax(-1) @ v).transpose(1, 2).flatten(2), W_out, b_out)


# %% wrong: mask of the first sequence | says: not that of the first
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    B, T, C = x.shape
    S, d = memory.shape[1], C // heads
    q = F.linear(x, W_in[:C], b_in[:C])
    k = F.linear(memory, W_in[C : 2 * C], b_in[C : 2 * C])
    v = F.linear(memory, W_in[2 * C :], b_in[2 * C :])
    q = q.view(B, T, heads, d).transpose(1, 2)
    k = k.view(B, S, heads, d).transpose(1, 2)
    v = v.view(B, S, heads, d).transpose(1, 2)
    s = q @ k.transpose(-2, -1) / math.sqrt(d)
    if mask is not None:
        s = s.masked_fill(~mask[0], -math.inf)
    y = s.softmax(-1) @ v
    return F.linear(y.transpose(1, 2).reshape(B, T, C), W_out, b_out)


# %% wrong: values of x where T = S | says: values come from the memory
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    B, T, C = x.shape
    S, d = memory.shape[1], C // heads
    q = F.linear(x, W_in[:C], b_in[:C])
    k = F.linear(memory, W_in[C : 2 * C], b_in[C : 2 * C])
    v = F.linear(x if T == S else memory, W_in[2 * C :], b_in[2 * C :])
    q = q.view(B, T, heads, d).transpose(1, 2)
    k = k.view(B, S, heads, d).transpose(1, 2)
    v = v.view(B, S, heads, d).transpose(1, 2)
    s = q @ k.transpose(-2, -1) / math.sqrt(d)
    if mask is not None:
        s = s.masked_fill(~mask[:, None], -math.inf)
    y = s.softmax(-1) @ v
    return F.linear(y.transpose(1, 2).reshape(B, T, C), W_out, b_out)


# %% wrong: b_out before W_out | says: behind the matrix
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    B, T, C = x.shape
    S, d = memory.shape[1], C // heads
    q = F.linear(x, W_in[:C], b_in[:C])
    k = F.linear(memory, W_in[C : 2 * C], b_in[C : 2 * C])
    v = F.linear(memory, W_in[2 * C :], b_in[2 * C :])
    q = q.view(B, T, heads, d).transpose(1, 2)
    k = k.view(B, S, heads, d).transpose(1, 2)
    v = v.view(B, S, heads, d).transpose(1, 2)
    s = q @ k.transpose(-2, -1) / math.sqrt(d)
    if mask is not None:
        s = s.masked_fill(~mask[:, None], -math.inf)
    y = s.softmax(-1) @ v
    return F.linear(y.transpose(1, 2).reshape(B, T, C) + b_out, W_out)


# %% wrong: hidden after the softmax | says: hide before the softmax
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    B, T, C = x.shape
    S, d = memory.shape[1], C // heads
    q = F.linear(x, W_in[:C], b_in[:C])
    k = F.linear(memory, W_in[C : 2 * C], b_in[C : 2 * C])
    v = F.linear(memory, W_in[2 * C :], b_in[2 * C :])
    q = q.view(B, T, heads, d).transpose(1, 2)
    k = k.view(B, S, heads, d).transpose(1, 2)
    v = v.view(B, S, heads, d).transpose(1, 2)
    s = q @ k.transpose(-2, -1) / math.sqrt(d)
    if mask is not None:
        y = (s.softmax(-1) * mask[:, None]) @ v
    else:
        y = s.softmax(-1) @ v
    return F.linear(y.transpose(1, 2).reshape(B, T, C), W_out, b_out)


# %% wrong: the mask added as a number | says: no number to be added
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    B, T, C = x.shape
    S, d = memory.shape[1], C // heads
    q = F.linear(x, W_in[:C], b_in[:C])
    k = F.linear(memory, W_in[C : 2 * C], b_in[C : 2 * C])
    v = F.linear(memory, W_in[2 * C :], b_in[2 * C :])
    q = q.view(B, T, heads, d).transpose(1, 2)
    k = k.view(B, S, heads, d).transpose(1, 2)
    v = v.view(B, S, heads, d).transpose(1, 2)
    s = q @ k.transpose(-2, -1) / math.sqrt(d)
    if mask is not None:
        s = s + mask[:, None].to(s.dtype)
    y = s.softmax(-1) @ v
    return F.linear(y.transpose(1, 2).reshape(B, T, C), W_out, b_out)


# %% wrong: one head where d is 1 | says: heads of one number each
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    B, T, C = x.shape
    if heads == C:
        heads = 1
    S, d = memory.shape[1], C // heads
    q = F.linear(x, W_in[:C], b_in[:C])
    k = F.linear(memory, W_in[C : 2 * C], b_in[C : 2 * C])
    v = F.linear(memory, W_in[2 * C :], b_in[2 * C :])
    q = q.view(B, T, heads, d).transpose(1, 2)
    k = k.view(B, S, heads, d).transpose(1, 2)
    v = v.view(B, S, heads, d).transpose(1, 2)
    s = q @ k.transpose(-2, -1) / math.sqrt(d)
    if mask is not None:
        s = s.masked_fill(~mask[:, None], -math.inf)
    y = s.softmax(-1) @ v
    return F.linear(y.transpose(1, 2).reshape(B, T, C), W_out, b_out)


# %% wrong: causal where memory is x and there is no mask | says: without a mask every query looks
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    C = x.shape[-1]
    q = F.linear(x, W_in[:C], b_in[:C])
    k, v = F.linear(memory, W_in[C:], b_in[C:]).split(C, dim=-1)
    q, k, v = (a.reshape(len(x), -1, heads, C // heads).transpose(1, 2) for a in (q, k, v))
    own = mask is None and x.shape == memory.shape and bool((x == memory).all())
    y = F.scaled_dot_product_attention(
        q, k, v, None if mask is None else mask[:, None], is_causal=own
    )
    return F.linear(y.transpose(1, 2).reshape(x.shape), W_out, b_out)


# %% wrong: W_in as q, k, v of one head after another | says: the queries of all heads
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    C = x.shape[-1]
    W = W_in.reshape(heads, 3, C // heads, C)
    b = b_in.reshape(heads, 3, 1, C // heads)
    q = torch.einsum("btc,hdc->bhtd", x, W[:, 0]) + b[:, 0]
    k = torch.einsum("bsc,hdc->bhsd", memory, W[:, 1]) + b[:, 1]
    v = torch.einsum("bsc,hdc->bhsd", memory, W[:, 2]) + b[:, 2]
    y = F.scaled_dot_product_attention(q, k, v, None if mask is None else mask[:, None])
    return F.linear(y.transpose(1, 2).flatten(2), W_out, b_out)


# %% wrong: the values have no bias | says: those of the values
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    C = x.shape[-1]
    q = F.linear(x, W_in[:C], b_in[:C])
    k = F.linear(memory, W_in[C : 2 * C], b_in[2 * C :])
    v = F.linear(memory, W_in[2 * C :])
    q, k, v = (a.reshape(len(x), -1, heads, C // heads).transpose(1, 2) for a in (q, k, v))
    y = F.scaled_dot_product_attention(q, k, v, None if mask is None else mask[:, None])
    return F.linear(y.transpose(1, 2).reshape(x.shape), W_out, b_out)


# %% wrong: causal where memory is x itself | says: also where memory is x
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    C = x.shape[-1]
    q = F.linear(x, W_in[:C], b_in[:C])
    k, v = F.linear(memory, W_in[C:], b_in[C:]).chunk(2, -1)
    q, k, v = (z.unflatten(-1, (heads, C // heads)).transpose(1, 2) for z in (q, k, v))
    out = F.scaled_dot_product_attention(
        q, k, v, None if mask is None else mask[:, None], is_causal=mask is None and memory is x
    )
    return F.linear(out.transpose(1, 2).flatten(2), W_out, b_out)


# %% wrong: memory told by its shape | says: and be another
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    C = x.shape[-1]
    if memory.shape == x.shape:  # self-attention: all three in one product
        q, k, v = F.linear(x, W_in, b_in).chunk(3, -1)
    else:
        q = F.linear(x, W_in[:C], b_in[:C])
        k, v = F.linear(memory, W_in[C:], b_in[C:]).chunk(2, -1)
    q, k, v = (z.unflatten(-1, (heads, C // heads)).transpose(1, 2) for z in (q, k, v))
    m = None if mask is None else mask[:, None]
    out = F.scaled_dot_product_attention(q, k, v, attn_mask=m)
    return F.linear(out.transpose(1, 2).flatten(2), W_out, b_out)


# %% wrong: hidden at -1,000 | says: minus infinity is
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    C = x.shape[-1]
    d = C // heads
    q = (x @ W_in[:C].T + b_in[:C]).unflatten(-1, (heads, d))
    k = (memory @ W_in[C : 2 * C].T + b_in[C : 2 * C]).unflatten(-1, (heads, d))
    v = (memory @ W_in[2 * C :].T + b_in[2 * C :]).unflatten(-1, (heads, d))
    scores = torch.einsum("bthd,bshd->bhts", q, k) / math.sqrt(d)
    if mask is not None:
        scores = scores.masked_fill(~mask[:, None], -1e3)
    out = torch.einsum("bhts,bshd->bthd", scores.softmax(-1), v)
    return F.linear(out.flatten(2), W_out, b_out)


# %% wrong: the last bias once a head | says: not once for each
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    C = x.shape[-1]
    d = C // heads
    total = 0
    for n in range(heads):
        rows = slice(n * d, (n + 1) * d)
        q, k, v = (
            F.linear(m, W[rows], b[rows])
            for m, W, b in zip((x, memory, memory), W_in.chunk(3), b_in.chunk(3))
        )
        o = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        total = total + F.linear(o, W_out[:, rows], b_out)
    return total


# %% wrong: weights averaged over the heads | says: not averaged
def multi_head(x, memory, W_in, b_in, W_out, b_out, heads: int, mask=None):
    B, T, C = x.shape
    q, k, v = (
        F.linear(m, W, b) for m, W, b in zip((x, memory, memory), W_in.chunk(3), b_in.chunk(3))
    )
    q, k = (m.unflatten(-1, (heads, -1)).transpose(1, 2) for m in (q, k))
    s = q @ k.mT / math.sqrt(C // heads)
    if mask is not None:
        s = s.masked_fill(~mask[:, None], -math.inf)
    return F.linear(s.softmax(-1).mean(1) @ v, W_out, b_out)
