def summaries(h, lengths):
    B, T, H = h.shape
    at = (lengths - 1).view(B, 1, 1).expand(B, 1, H)
    last = h.gather(1, at).squeeze(1)
    steps = torch.arange(T).unsqueeze(0).expand(B, T)
    kept = torch.where((steps < lengths.unsqueeze(1)).unsqueeze(2), h, torch.zeros_like(h))
    return last, kept.sum(dim=1) / lengths.to(h.dtype).unsqueeze(1)
