# %% right: gather
def summaries(h, lengths):
    B, T, H = h.shape
    at = (lengths - 1).view(B, 1, 1).expand(B, 1, H)
    last = h.gather(1, at).squeeze(1)
    steps = torch.arange(T).unsqueeze(0).expand(B, T)
    kept = torch.where((steps < lengths.unsqueeze(1)).unsqueeze(2), h, torch.zeros_like(h))
    return last, kept.sum(dim=1) / lengths.to(h.dtype).unsqueeze(1)


# %% right: loop
def summaries(h, lengths):
    rows = [row[:n] for row, n in zip(h, lengths.tolist(), strict=False)]
    return torch.stack([r[-1] for r in rows]), torch.stack([r.mean(0) for r in rows])


# %% right: packed
def summaries(h, lengths):
    pieces = nn.utils.rnn.unpad_sequence(h, lengths, batch_first=True)
    last = torch.stack([piece[-1] for piece in pieces])
    return (last, torch.stack([torch.sum(piece, 0) / len(piece) for piece in pieces]))


# %% right: running
def summaries(h, lengths):
    total, last = torch.zeros_like(h[:, 0]), torch.zeros_like(h[:, 0])
    for t in range(h.shape[1]):
        alive = (t < lengths)[:, None]
        total = torch.where(alive, total + h[:, t], total)
        last = torch.where(alive, h[:, t], last)
    return last, total / lengths[:, None]


# %% wrong: all rows | says: one index for each row
def summaries(h, lengths):
    """h (B, T, H), lengths int64 (B,) -> (last, mean), each (B, H)."""
    B, T, _ = h.shape
    last = h[:, lengths - 1]
    padding = torch.arange(T) >= lengths[:, None]
    mean = h.masked_fill(padding[:, :, None], 0).sum(1) / lengths[:, None]
    return last, mean


# %% wrong: batch mean | says: a mean for each sequence
def summaries(h, lengths):
    """h (B, T, H), lengths int64 (B,) -> (last, mean), each (B, H)."""
    B, T, _ = h.shape
    last = h[torch.arange(B), lengths - 1]
    valid = torch.arange(T) < lengths[:, None]  # (B, T)
    total = h.masked_fill(~valid[..., None], 0).sum(1)
    return last, (total / lengths[:, None]).mean(0)


# %% wrong: by value | says: Expected:
def summaries(h, lengths):
    last = h[torch.arange(len(h)), lengths - 1]
    return last, h.nanmean(1)


# %% wrong: divided by T | says: own length, not by T
def summaries(h, lengths):
    """h (B, T, H), lengths int64 (B,) -> (last, mean), each (B, H)."""
    B, T, _ = h.shape
    last = h[torch.arange(B), lengths - 1]
    valid = torch.arange(T) < lengths[:, None]  # (B, T)
    total = h.masked_fill(~valid[..., None], 0).sum(1)
    return last, total / T


# %% wrong: divided by all | says: not by all of them
def summaries(h, lengths):
    """h (B, T, H), lengths int64 (B,) -> (last, mean), each (B, H)."""
    B, T, _ = h.shape
    last = h[torch.arange(B), lengths - 1]
    valid = torch.arange(T) < lengths[:, None]  # (B, T)
    total = h.masked_fill(~valid[..., None], 0).sum(1)
    return last, total / lengths.sum()


# %% wrong: divided by longest | says: not by the longest
def summaries(h, lengths):
    """h (B, T, H), lengths int64 (B,) -> (last, mean), each (B, H)."""
    B, T, _ = h.shape
    last = h[torch.arange(B), lengths - 1]
    valid = torch.arange(T) < lengths[:, None]  # (B, T)
    total = h.masked_fill(~valid[..., None], 0).sum(1)
    return last, total / lengths.max()


# %% wrong: float64 | says: dtype torch.float32
def summaries(h, lengths):
    """h (B, T, H), lengths int64 (B,) -> (last, mean), each (B, H)."""
    B, T, _ = h.shape
    last = h[torch.arange(B), lengths - 1]
    valid = torch.arange(T) < lengths[:, None]  # (B, T)
    total = h.masked_fill(~valid[..., None], 0).sum(1)
    return last, total / lengths[:, None].double()


# %% wrong: in place | says: an operation in place
def summaries(h, lengths):
    """h (B, T, H), lengths int64 (B,) -> (last, mean), each (B, H)."""
    B, T, _ = h.shape
    last = h[torch.arange(B), lengths - 1]
    valid = torch.arange(T) < lengths[:, None]  # (B, T)
    h[~valid] = 0
    total = h.sum(1)
    return last, total / lengths[:, None]


# %% wrong: index before | says: not lengths - 2
def summaries(h, lengths):
    """h (B, T, H), lengths int64 (B,) -> (last, mean), each (B, H)."""
    B, T, _ = h.shape
    last = h[torch.arange(B), (lengths - 2).clamp_min(0)]
    valid = torch.arange(T) < lengths[:, None]  # (B, T)
    total = h.masked_fill(~valid[..., None], 0).sum(1)
    return last, total / lengths[:, None]


# %% wrong: index length | says: the last state has index lengths - 1
def summaries(h, lengths):
    """h (B, T, H), lengths int64 (B,) -> (last, mean), each (B, H)."""
    B, T, _ = h.shape
    last = h[torch.arange(B), lengths]
    valid = torch.arange(T) < lengths[:, None]  # (B, T)
    total = h.masked_fill(~valid[..., None], 0).sum(1)
    return last, total / lengths[:, None]


# %% wrong: last column | says: not after the padding
def summaries(h, lengths):
    """h (B, T, H), lengths int64 (B,) -> (last, mean), each (B, H)."""
    B, T, _ = h.shape
    last = h[:, -1]
    valid = torch.arange(T) < lengths[:, None]  # (B, T)
    total = h.masked_fill(~valid[..., None], 0).sum(1)
    return last, total / lengths[:, None]


# %% wrong: longest | says: each sequence has its own length
def summaries(h, lengths):
    """h (B, T, H), lengths int64 (B,) -> (last, mean), each (B, H)."""
    B, T, _ = h.shape
    last = h[:, lengths.max() - 1]
    valid = torch.arange(T) < lengths[:, None]  # (B, T)
    total = h.masked_fill(~valid[..., None], 0).sum(1)
    return last, total / lengths[:, None]


# %% wrong: mean of all | says: the mean over all T reads the padding
def summaries(h, lengths):
    """h (B, T, H), lengths int64 (B,) -> (last, mean), each (B, H)."""
    B, T, _ = h.shape
    last = h[torch.arange(B), lengths - 1]
    valid = torch.arange(T) < lengths[:, None]  # (B, T)
    total = h.masked_fill(~valid[..., None], 0).sum(1)
    return last, h.mean(1)


# %% wrong: multiplied | says: 0 * nan is nan too
def summaries(h, lengths):
    """h (B, T, H), lengths int64 (B,) -> (last, mean), each (B, H)."""
    B, T, _ = h.shape
    last = h[torch.arange(B), lengths - 1]
    valid = torch.arange(T) < lengths[:, None]  # (B, T)
    total = (h * valid[..., None]).sum(1)
    return last, total / lengths[:, None]


# %% wrong: nan to num | says: the sum reads the padding
def summaries(h, lengths):
    """h (B, T, H), lengths int64 (B,) -> (last, mean), each (B, H)."""
    B = len(h)
    last = h[torch.arange(B), lengths - 1]
    mean = h.nan_to_num().sum(1) / lengths[:, None]
    return last, mean


# %% wrong: nonzero | says: Expected:
def summaries(h, lengths):
    h = h.nan_to_num()
    own = (h.abs() < 10) & (h != 0)
    return h[torch.arange(len(h)), lengths - 1], (h * own).sum(1) / own.sum(1)


# %% wrong: numpy | says: the graph is cut
def summaries(h, lengths):
    """h (B, T, H), lengths int64 (B,) -> (last, mean), each (B, H)."""
    B, T, _ = h.shape
    last = h[torch.arange(B), lengths - 1]
    valid = torch.arange(T) < lengths[:, None]  # (B, T)
    total = h.masked_fill(~valid[..., None], 0).sum(1)
    return last.detach(), (total / lengths[:, None]).detach()


# %% wrong: one result | says: the pair (last, mean)
def summaries(h, lengths):
    """h (B, T, H), lengths int64 (B,) -> (last, mean), each (B, H)."""
    B, T, _ = h.shape
    last = h[torch.arange(B), lengths - 1]
    valid = torch.arange(T) < lengths[:, None]  # (B, T)
    total = h.masked_fill(~valid[..., None], 0).sum(1)
    return last


# %% wrong: one too few | says: the last step of each sequence is missing
def summaries(h, lengths):
    """h (B, T, H), lengths int64 (B,) -> (last, mean), each (B, H)."""
    B, T, _ = h.shape
    last = h[torch.arange(B), lengths - 1]
    valid = torch.arange(T) < lengths[:, None] - 1  # (B, T)
    total = h.masked_fill(~valid[..., None], 0).sum(1)
    return last, total / lengths[:, None]


# %% wrong: one too many | says: < lengths, not <=
def summaries(h, lengths):
    """h (B, T, H), lengths int64 (B,) -> (last, mean), each (B, H)."""
    B, T, _ = h.shape
    last = h[torch.arange(B), lengths - 1]
    valid = torch.arange(T) <= lengths[:, None]  # (B, T)
    total = h.masked_fill(~valid[..., None], 0).sum(1)
    return last, total / lengths[:, None]


# %% wrong: summed | says: the sum still has to be divided
def summaries(h, lengths):
    """h (B, T, H), lengths int64 (B,) -> (last, mean), each (B, H)."""
    B, T, _ = h.shape
    last = h[torch.arange(B), lengths - 1]
    valid = torch.arange(T) < lengths[:, None]  # (B, T)
    total = h.masked_fill(~valid[..., None], 0).sum(1)
    return last, total


# %% wrong: turned | says: return (last, mean)
def summaries(h, lengths):
    """h (B, T, H), lengths int64 (B,) -> (last, mean), each (B, H)."""
    B, T, _ = h.shape
    last = h[torch.arange(B), lengths - 1]
    valid = torch.arange(T) < lengths[:, None]  # (B, T)
    total = h.masked_fill(~valid[..., None], 0).sum(1)
    return total / lengths[:, None], last


# %% wrong: nan replaced, infinity multiplied by 0 | says: 0 * infinity is nan
def summaries(h, lengths):
    own = (torch.arange(h.shape[1]) < lengths[:, None]).to(h.dtype)[..., None]
    clean = torch.where(h.isnan(), torch.zeros_like(h), h)
    last = h[torch.arange(len(h)), lengths - 1]
    return last, (clean * own).sum(1) / lengths[:, None].to(h.dtype)


# %% wrong: a mask kept from a batch of the same shape | says: Expected:
MASKS = {}


def summaries(h, lengths):
    if h.shape[:2] not in MASKS:
        MASKS[h.shape[:2]] = torch.arange(h.shape[1]) < lengths[:, None]
    own = MASKS[h.shape[:2]]
    last = h[torch.arange(len(h)), own.sum(1) - 1]
    total = torch.where(own[..., None], h, torch.zeros_like(h)).sum(1)
    return last, total / own.sum(1)[:, None].to(h.dtype)


# %% wrong: padding told by its size | says: not by the size
def summaries(h, lengths):
    last = h[torch.arange(len(h)), lengths - 1]
    real = torch.isfinite(h) & (h.abs() <= 1)
    mean = torch.where(real, h, torch.zeros_like(h)).sum(1) / lengths[:, None]
    return last, mean


# %% wrong: median | says: by their number
def summaries(h, lengths):
    rows = torch.arange(len(h))
    return h[rows, lengths - 1], torch.stack(
        [s[:n].median(0).values for s, n in zip(h, lengths.tolist())]
    )


# %% wrong: padding is what is not finite | says: the mean over all T reads the padding
def summaries(h, lengths):
    real = torch.isfinite(h)
    mean = torch.where(real, h, 0.0).sum(1) / real.sum(1)
    return h[torch.arange(len(h)), lengths - 1], mean


# %% wrong: padding is what is large or 0 | says: the mean over all T reads the padding
def summaries(h, lengths):
    real = ((h.nan_to_num(9.0).abs() < 4) & (h != 0)).all(2, keepdim=True)
    mean = torch.where(real, h, 0.0).sum(1) / real.sum(1)
    return h[torch.arange(len(h)), lengths - 1], mean


# %% right: both in one tensor
def summaries(h, lengths):
    own = [s[:n] for s, n in zip(h, lengths.tolist())]
    return torch.stack([torch.stack([s[-1], s.mean(0)]) for s in own], 1)


# %% wrong: packed as if sorted | says: enforce_sorted=False
def summaries(h, lengths):
    packed = nn.utils.rnn.pack_padded_sequence(h, lengths, batch_first=True)
    clean, _ = nn.utils.rnn.pad_packed_sequence(packed, batch_first=True, padding_value=0.0)
    last = clean[torch.arange(len(lengths)), lengths - 1]
    return last, clean.sum(1) / lengths[:, None]
