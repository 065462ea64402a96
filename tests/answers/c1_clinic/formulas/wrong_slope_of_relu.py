# says: the derivative of ReLU
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
    return (delta @ W) * (z > 0)


def convolve(f, g):
    M, N = len(f), len(g)
    y = []
    for n in range(M + N - 1):
        first, last = max(0, n - N + 1), min(n, M - 1)
        y.append(sum(f[m] * g[n - m] for m in range(first, last + 1)))
    return torch.stack(y)
