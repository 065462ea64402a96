# says: the order is turned round
def lstm_step(x, h, c, W_ih, W_hh, b, order="ifgo"):
    blocks = (x @ W_ih.T + h @ W_hh.T + b).chunk(4, 1)
    i, f, g, o = (blocks["ifgo".index(name)] for name in order)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c
