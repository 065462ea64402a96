def lstm_step(x, h, c, W_ih, W_hh, b, order="ifgo"):
    H = h.shape[1]
    z = torch.einsum("bd,khd->kbh", x, W_ih.view(4, H, -1))
    z = z + torch.einsum("bj,khj->kbh", h, W_hh.view(4, H, H)) + b.view(4, 1, H)
    gates = {name: z[k] for k, name in enumerate(order)}
    i, f, o = (1 / (1 + torch.exp(-gates[name])) for name in ("i", "f", "o"))
    c = f * c + i * gates["g"].tanh()
    return o * c.tanh(), c
