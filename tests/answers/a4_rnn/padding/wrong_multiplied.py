# says: 0 * nan is nan too
def summaries(h, lengths):
    """h (B, T, H), lengths int64 (B,) -> (last, mean), each (B, H)."""
    B, T, _ = h.shape
    last = h[torch.arange(B), lengths - 1]
    valid = torch.arange(T) < lengths[:, None]  # (B, T)
    total = (h * valid[..., None]).sum(1)
    return last, total / lengths[:, None]
