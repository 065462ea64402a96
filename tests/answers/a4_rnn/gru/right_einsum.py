def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after=True):
    H = h.shape[1]
    a = torch.einsum("bd,khd->kbh", x, W_ih.view(3, H, -1)) + b_ih.view(3, 1, H)
    u = torch.einsum("bj,khj->kbh", h, W_hh.view(3, H, H)) + b_hh.view(3, 1, H)
    r, z = torch.sigmoid(a[:2] + u[:2])
    if reset_after:
        n = torch.tanh(a[2] + r * u[2])
    else:
        n = torch.tanh(a[2] + torch.einsum("bj,hj->bh", r * h, W_hh[2 * H :]) + b_hh[2 * H :])
    return (1 - z) * n + z * h
