# says: o goes through the sigmoid
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    """x (B, D), h and c (B, H), W_ih (4H, D), W_hh (4H, H), b (4H,) -> the new (h, c)."""
    blocks = (x @ W_ih.T + h @ W_hh.T + b).chunk(4, dim=1)
    gate = dict(zip(order, blocks, strict=True))
    i, f = (torch.sigmoid(gate[k]) for k in "if")
    c = f * c + i * torch.tanh(gate["g"])
    return gate["o"] * torch.tanh(c), c
