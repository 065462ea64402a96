# says: look at `order`
def lstm_step(x, h, c, W_ih, W_hh, b, order="ifgo"):
    blocks = (x @ W_ih.T + h @ W_hh.T + b).chunk(4, 1)
    if order == "iofg":
        i, o, f, g = blocks
    else:
        i, f, g, o = blocks
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c
