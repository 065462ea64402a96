def lstm_step(x, h, c, W_ih, W_hh, b, order="ifgo"):
    at = [order.index(name) for name in "ifgo"]
    W_ih, W_hh, b = (torch.cat([w.chunk(4)[k] for k in at]) for w in (W_ih, W_hh, b))
    i, f, g, o = (x @ W_ih.T + h @ W_hh.T + b).split(h.shape[1], dim=1)
    c_new = torch.sigmoid(f).mul(c).add(torch.sigmoid(i).mul(torch.tanh(g)))
    return [torch.sigmoid(o) * torch.tanh(c_new), c_new]
