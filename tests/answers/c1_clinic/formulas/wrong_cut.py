# says: the graph is cut
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
    M, N = len(f), len(g)
    y = [0.0] * (M + N - 1)
    for m in range(M):
        for n in range(N):
            y[m + n] += f[m].item() * g[n].item()
    return torch.tensor(y, dtype=f.dtype)
