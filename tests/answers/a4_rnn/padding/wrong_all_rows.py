# says: one index for each row
def summaries(h, lengths):
    """h (B, T, H), lengths int64 (B,) -> (last, mean), each (B, H)."""
    B, T, _ = h.shape
    last = h[:, lengths - 1]
    padding = torch.arange(T) >= lengths[:, None]
    mean = h.masked_fill(padding[:, :, None], 0).sum(1) / lengths[:, None]
    return last, mean
