# says: Expected:
def summaries(h, lengths):
    last = h[torch.arange(len(h)), lengths - 1]
    return last, h.nanmean(1)
