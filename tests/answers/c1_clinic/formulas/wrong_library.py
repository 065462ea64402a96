# says: to be done by hand
def gan_value(d_real, d_fake):
    return d_real.log().mean() + (1 - d_fake).log().mean()


def rnn_states(x, W_ih, W_hh, b):
    h = x.new_zeros(len(x), len(b))
    states = []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_ih.T + h @ W_hh.T + b)
        states.append(h)
    return torch.stack(states, 1)


def delta_below(delta, W, z):
    return (delta @ W) * (1 - z.tanh() ** 2)


def convolve(f, g):
    return F.conv1d(f[None, None], g.flip(0)[None, None], padding=len(g) - 1)[0, 0]
