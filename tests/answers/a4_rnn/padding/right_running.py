def summaries(h, lengths):
    total, last = torch.zeros_like(h[:, 0]), torch.zeros_like(h[:, 0])
    for t in range(h.shape[1]):
        alive = (t < lengths)[:, None]
        total = torch.where(alive, total + h[:, t], total)
        last = torch.where(alive, h[:, t], last)
    return last, total / lengths[:, None]
