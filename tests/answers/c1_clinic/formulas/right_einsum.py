def gan_value(d_real, d_fake):
    return d_real.log().mean() + (1 - d_fake).log().mean()


def rnn_states(x, W_ih, W_hh, b):
    h = x.new_zeros(len(x), len(b))
    states = []
    for t in range(x.shape[1]):
        h = torch.tanh(torch.cat([x[:, t], h], 1) @ torch.cat([W_ih, W_hh], 1).T + b)
        states.append(h)
    return torch.stack(states, 1)


def delta_below(delta, W, z):
    return torch.einsum("bn,nm->bm", delta, W) * (1 - z.tanh() ** 2)


def convolve(f, g):
    grid = torch.outer(f, g).flip(0)
    return torch.stack([grid.diagonal(k).sum() for k in range(1 - len(f), len(g))])
