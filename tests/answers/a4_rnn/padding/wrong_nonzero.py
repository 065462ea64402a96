# says: Expected:
def summaries(h, lengths):
    h = h.nan_to_num()
    own = (h.abs() < 10) & (h != 0)
    return h[torch.arange(len(h)), lengths - 1], (h * own).sum(1) / own.sum(1)
