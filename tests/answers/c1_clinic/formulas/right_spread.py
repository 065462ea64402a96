def gan_value(d_real, d_fake):
    return torch.log(d_real).mean() + torch.log1p(-d_fake).mean()


def rnn_states(x, W_ih, W_hh, b):
    h = x.new_zeros(len(x), len(b))
    states = []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_ih.T + h @ W_hh.T + b)
        states.append(h)
    return torch.stack(states, 1)


def delta_below(delta, W, z):
    return (delta @ W) * z.cosh() ** -2


def convolve(f, g):
    y = f.new_zeros(len(f) + len(g) - 1)
    for m in range(len(f)):
        y = y + F.pad(f[m] * g, (m, len(f) - 1 - m))
    return y
