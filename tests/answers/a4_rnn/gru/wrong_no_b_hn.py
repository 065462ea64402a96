# says: b_hn is not added
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after: bool = True):
    """x (B, D), h (B, H), W_ih (3H, D), W_hh (3H, H), b_ih and b_hh (3H,) -> the new h (B, H)."""
    H = h.shape[1]
    r_x, z_x, n_x = (x @ W_ih.T + b_ih).chunk(3, dim=1)
    r_h, z_h, n_h = (h @ W_hh.T + b_hh).chunk(3, dim=1)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    if reset_after:
        n = torch.tanh(n_x + r * n_h)
    else:
        n = torch.tanh(n_x + (r * h) @ W_hh[2 * H :].T)
    return z * h + (1 - z) * n
