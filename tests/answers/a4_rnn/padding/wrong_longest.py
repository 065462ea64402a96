# says: each sequence has its own length
def summaries(h, lengths):
    """h (B, T, H), lengths int64 (B,) -> (last, mean), each (B, H)."""
    B, T, _ = h.shape
    last = h[:, lengths.max() - 1]
    valid = torch.arange(T) < lengths[:, None]  # (B, T)
    total = h.masked_fill(~valid[..., None], 0).sum(1)
    return last, total / lengths[:, None]
