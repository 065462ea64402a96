def patch_at(x, i, j, K, S=1, P=0, D=1):
    H, W = x.shape[2:]
    rows = i * S - P + D * torch.arange(K)
    columns = j * S - P + D * torch.arange(K)
    inside = ((rows >= 0) & (rows < H))[:, None] & ((columns >= 0) & (columns < W))
    patch = x[:, :, rows.clamp(0, H - 1)[:, None], columns.clamp(0, W - 1)]
    return torch.where(inside, patch, 0.0)
