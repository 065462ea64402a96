# %% right: einsum
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


# %% right: every index
def gan_value(d_real, d_fake):
    one = torch.ones_like(d_fake)
    return torch.xlogy(torch.ones_like(d_real), d_real).mean() + torch.xlogy(one, 1 - d_fake).mean()


def rnn_states(x, W_ih, W_hh, b):
    h, states = [torch.zeros_like(b)] * len(x), []
    for t in range(x.shape[1]):
        h = [torch.tanh(W_ih @ x[i, t] + W_hh @ h[i] + b) for i in range(len(x))]
        states.append(torch.stack(h))
    return torch.stack(states).transpose(0, 1)


def delta_below(delta, W, z):
    return (delta @ W) * (1 - z.tanh() ** 2)


def convolve(f, g):
    y = []
    for n in range(len(f) + len(g) - 1):
        total = 0 * f[0]
        for m in range(len(f)):
            if 0 <= n - m < len(g):
                total = total + f[m] * g[n - m]
        y.append(total)
    return torch.stack(y)


# %% right: spread
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


# %% right: by a Fourier transform
def gan_value(d_real, d_fake):
    return torch.log(d_real).mean() + torch.log1p(-d_fake).mean()


def rnn_states(x, W_ih, W_hh, b):
    states = [torch.zeros(len(x), len(b), dtype=x.dtype)]
    for step in x.unbind(1):
        states.append(torch.tanh(F.linear(step, W_ih, b) + F.linear(states[-1], W_hh)))
    return torch.stack(states[1:], dim=1)


def delta_below(delta, W, z):
    return (1 - torch.tanh(z).square()) * (delta @ W)


def convolve(f, g):
    n = len(f) + len(g) - 1
    return torch.fft.irfft(torch.fft.rfft(f, n) * torch.fft.rfft(g, n), n)


# %% wrong: autograd | says: to be done by hand
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
    z = z.detach().requires_grad_()
    return torch.autograd.grad(z.tanh() @ W.T, z, delta)[0]


def convolve(f, g):
    M, N = len(f), len(g)
    y = [sum(f[m] * g[n - m] for m in range(M) if 0 <= n - m < N) for n in range(M + N - 1)]
    return torch.stack(y)


# %% wrong: base 2 | says: bits are not nats
def gan_value(d_real, d_fake):
    return d_real.log2().mean() + (1 - d_fake).log2().mean()


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
    y = []
    for n in range(M + N - 1):
        first, last = max(0, n - N + 1), min(n, M - 1)
        y.append(sum(f[m] * g[n - m] for m in range(first, last + 1)))
    return torch.stack(y)


# %% wrong: correlation | says: g runs backwards
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
    y = []
    for n in range(M + N - 1):
        first, last = max(0, n - N + 1), min(n, M - 1)
        y.append(sum(f[m] * g[N - 1 - n + m] for m in range(first, last + 1)))
    return torch.stack(y)


# %% wrong: cut | says: the graph is cut
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


# %% wrong: fake sign | says: not ln D(G(z))
def gan_value(d_real, d_fake):
    return d_real.log().mean() + d_fake.log().mean()


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
    y = []
    for n in range(M + N - 1):
        first, last = max(0, n - N + 1), min(n, M - 1)
        y.append(sum(f[m] * g[n - m] for m in range(first, last + 1)))
    return torch.stack(y)


# %% wrong: first m | says: there are M + N - 1 numbers, not 4
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
    y = []
    for n in range(M):
        first, last = max(0, n - N + 1), min(n, M - 1)
        y.append(sum(f[m] * g[n - m] for m in range(first, last + 1)))
    return torch.stack(y)


# %% wrong: forward of autograd | says: to be done by hand
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
    return torch.func.vjp(lambda z: z.tanh() @ W.T, z)[1](delta)[0]


def convolve(f, g):
    M, N = len(f), len(g)
    y = [sum(f[m] * g[n - m] for m in range(M) if 0 <= n - m < N) for n in range(M + N - 1)]
    return torch.stack(y)


# %% wrong: gan sums | says: means, not sums
def gan_value(d_real, d_fake):
    return d_real.log().sum() + (1 - d_fake).log().sum()


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
    y = []
    for n in range(M + N - 1):
        first, last = max(0, n - N + 1), min(n, M - 1)
        y.append(sum(f[m] * g[n - m] for m in range(first, last + 1)))
    return torch.stack(y)


# %% wrong: index beyond | says: out of bounds
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
    y = []
    for n in range(M + N - 1):
        first, last = 0, n
        y.append(sum(f[m] * g[n - m] for m in range(first, last + 1)))
    return torch.stack(y)


# %% wrong: larger | says: there are M + N - 1 numbers, not 4
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
    y = []
    for n in range(max(M, N)):
        first, last = max(0, n - N + 1), min(n, M - 1)
        y.append(sum(f[m] * g[n - m] for m in range(first, last + 1)))
    return torch.stack(y)


# %% wrong: last state | says: not the last one alone
def gan_value(d_real, d_fake):
    return d_real.log().mean() + (1 - d_fake).log().mean()


def rnn_states(x, W_ih, W_hh, b):
    h = x.new_zeros(len(x), len(b))
    states = []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_ih.T + h @ W_hh.T + b)
        states.append(h)
    return h


def delta_below(delta, W, z):
    return (delta @ W) * (1 - z.tanh() ** 2)


def convolve(f, g):
    M, N = len(f), len(g)
    y = []
    for n in range(M + N - 1):
        first, last = max(0, n - N + 1), min(n, M - 1)
        y.append(sum(f[m] * g[n - m] for m in range(first, last + 1)))
    return torch.stack(y)


# %% wrong: library | says: to be done by hand
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


# %% wrong: logarithm of mean | says: inside the mean
def gan_value(d_real, d_fake):
    return d_real.mean().log() + (1 - d_fake).mean().log()


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
    y = []
    for n in range(M + N - 1):
        first, last = max(0, n - N + 1), min(n, M - 1)
        y.append(sum(f[m] * g[n - m] for m in range(first, last + 1)))
    return torch.stack(y)


# %% wrong: loss | says: its negative
def gan_value(d_real, d_fake):
    return -d_real.log().mean() - (1 - d_fake).log().mean()


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
    y = []
    for n in range(M + N - 1):
        first, last = max(0, n - N + 1), min(n, M - 1)
        y.append(sum(f[m] * g[n - m] for m in range(first, last + 1)))
    return torch.stack(y)


# %% wrong: matrix product | says: mat1 and mat2
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
    return (delta @ W.T) * (1 - z.tanh() ** 2)


def convolve(f, g):
    M, N = len(f), len(g)
    y = []
    for n in range(M + N - 1):
        first, last = max(0, n - N + 1), min(n, M - 1)
        y.append(sum(f[m] * g[n - m] for m in range(first, last + 1)))
    return torch.stack(y)


# %% wrong: negative index | says: a negative index counts from the end
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
    y = []
    for n in range(M + N - 1):
        y.append(sum((f[m] * g[n - m] for m in range(M) if -N <= n - m < N), start=0 * f[0]))
    return torch.stack(y)


# %% wrong: no logarithms | says: the logarithms are missing
def gan_value(d_real, d_fake):
    return d_real.mean() + (1 - d_fake).mean()


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
    y = []
    for n in range(M + N - 1):
        first, last = max(0, n - N + 1), min(n, M - 1)
        y.append(sum(f[m] * g[n - m] for m in range(first, last + 1)))
    return torch.stack(y)


# %% wrong: no recurrence | says: no recurrence
def gan_value(d_real, d_fake):
    return d_real.log().mean() + (1 - d_fake).log().mean()


def rnn_states(x, W_ih, W_hh, b):
    h = x.new_zeros(len(x), len(b))
    states = []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_ih.T + b)
        states.append(h)
    return torch.stack(states, 1)


def delta_below(delta, W, z):
    return (delta @ W) * (1 - z.tanh() ** 2)


def convolve(f, g):
    M, N = len(f), len(g)
    y = []
    for n in range(M + N - 1):
        first, last = max(0, n - N + 1), min(n, M - 1)
        y.append(sum(f[m] * g[n - m] for m in range(first, last + 1)))
    return torch.stack(y)


# %% wrong: no slope | says: the factor tanh'(z) is missing
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
    return delta @ W


def convolve(f, g):
    M, N = len(f), len(g)
    y = []
    for n in range(M + N - 1):
        first, last = max(0, n - N + 1), min(n, M - 1)
        y.append(sum(f[m] * g[n - m] for m in range(first, last + 1)))
    return torch.stack(y)


# %% wrong: non saturating | says: the non-saturating form
def gan_value(d_real, d_fake):
    return d_real.log().mean() - d_fake.log().mean()


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
    y = []
    for n in range(M + N - 1):
        first, last = max(0, n - N + 1), min(n, M - 1)
        y.append(sum(f[m] * g[n - m] for m in range(first, last + 1)))
    return torch.stack(y)


# %% wrong: numpy | says: without convolve
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
    import numpy as np

    return torch.from_numpy(np.convolve(f.detach().numpy(), g.detach().numpy()))


# %% wrong: numpy with gradient | says: by hand
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


class Convolution(torch.autograd.Function):
    @staticmethod
    def forward(context, f, g):
        import numpy

        context.save_for_backward(f, g)
        return torch.from_numpy(numpy.convolve(f.numpy(), g.numpy()))

    @staticmethod
    def backward(context, delta):
        f, g = context.saved_tensors
        y = delta.unfold(0, len(g), 1) @ g, delta.unfold(0, len(f), 1) @ f
        return y


def convolve(f, g):
    return Convolution.apply(f, g)


# %% wrong: one batch size | says: must match the size
def gan_value(d_real, d_fake):
    return (d_real.log() + (1 - d_fake).log()).mean()


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
    y = []
    for n in range(M + N - 1):
        first, last = max(0, n - N + 1), min(n, M - 1)
        y.append(sum(f[m] * g[n - m] for m in range(first, last + 1)))
    return torch.stack(y)


# %% wrong: recurrent cell | says: without the library's rnn_tanh_cell
def gan_value(d_real, d_fake):
    return d_real.log().mean() + (1 - d_fake).log().mean()


def rnn_states(x, W_ih, W_hh, b):
    h = x.new_zeros(len(x), len(b))
    states = []
    for t in range(x.shape[1]):
        h = torch.rnn_tanh_cell(x[:, t], h, W_ih, W_hh, b, torch.zeros_like(b))
        states.append(h)
    return torch.stack(states, 1)


def delta_below(delta, W, z):
    return (delta @ W) * (1 - z.tanh() ** 2)


def convolve(f, g):
    M, N = len(f), len(g)
    y = [sum(f[m] * g[n - m] for m in range(M) if 0 <= n - m < N) for n in range(M + N - 1)]
    return torch.stack(y)


# %% wrong: recurrent layer | says: without the library's rnn_tanh
def gan_value(d_real, d_fake):
    return d_real.log().mean() + (1 - d_fake).log().mean()


def rnn_states(x, W_ih, W_hh, b):
    net = nn.RNN(W_ih.shape[1], len(b), batch_first=True)
    values = {"weight_ih_l0": W_ih, "weight_hh_l0": W_hh, "bias_ih_l0": b, "bias_hh_l0": 0 * b}
    return torch.func.functional_call(net, values, (x,))[0]


def delta_below(delta, W, z):
    return (delta @ W) * (1 - z.tanh() ** 2)


def convolve(f, g):
    M, N = len(f), len(g)
    y = [sum(f[m] * g[n - m] for m in range(M) if 0 <= n - m < N) for n in range(M + N - 1)]
    return torch.stack(y)


# %% wrong: slope of relu | says: the derivative of ReLU
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


# %% wrong: slope of sigmoid | says: the derivative of the logistic function
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
    return (delta @ W) * z.sigmoid() * (1 - z.sigmoid())


def convolve(f, g):
    M, N = len(f), len(g)
    y = []
    for n in range(M + N - 1):
        first, last = max(0, n - N + 1), min(n, M - 1)
        y.append(sum(f[m] * g[n - m] for m in range(first, last + 1)))
    return torch.stack(y)


# %% wrong: slope squared z | says: z goes through tanh
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
    return (delta @ W) * (1 - z**2)


def convolve(f, g):
    M, N = len(f), len(g)
    y = []
    for n in range(M + N - 1):
        first, last = max(0, n - N + 1), min(n, M - 1)
        y.append(sum(f[m] * g[n - m] for m in range(first, last + 1)))
    return torch.stack(y)


# %% wrong: slope tanh | says: 1 - tanh squared
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
    return (delta @ W) * z.tanh()


def convolve(f, g):
    M, N = len(f), len(g)
    y = []
    for n in range(M + N - 1):
        first, last = max(0, n - N + 1), min(n, M - 1)
        y.append(sum(f[m] * g[n - m] for m in range(first, last + 1)))
    return torch.stack(y)


# %% wrong: time first | says: batch first
def gan_value(d_real, d_fake):
    return d_real.log().mean() + (1 - d_fake).log().mean()


def rnn_states(x, W_ih, W_hh, b):
    h = x.new_zeros(len(x), len(b))
    states = []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_ih.T + h @ W_hh.T + b)
        states.append(h)
    return torch.stack(states)


def delta_below(delta, W, z):
    return (delta @ W) * (1 - z.tanh() ** 2)


def convolve(f, g):
    M, N = len(f), len(g)
    y = []
    for n in range(M + N - 1):
        first, last = max(0, n - N + 1), min(n, M - 1)
        y.append(sum(f[m] * g[n - m] for m in range(first, last + 1)))
    return torch.stack(y)


# %% wrong: turned matrix | says: h @ W_hh.T for rows
def gan_value(d_real, d_fake):
    return d_real.log().mean() + (1 - d_fake).log().mean()


def rnn_states(x, W_ih, W_hh, b):
    h = x.new_zeros(len(x), len(b))
    states = []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_ih.T + h @ W_hh + b)
        states.append(h)
    return torch.stack(states, 1)


def delta_below(delta, W, z):
    return (delta @ W) * (1 - z.tanh() ** 2)


def convolve(f, g):
    M, N = len(f), len(g)
    y = []
    for n in range(M + N - 1):
        first, last = max(0, n - N + 1), min(n, M - 1)
        y.append(sum(f[m] * g[n - m] for m in range(first, last + 1)))
    return torch.stack(y)


# %% wrong: the input before where it has the size of a state | says: the state before enters
def rnn_states(x, W_ih, W_hh, b):
    h = x.new_zeros(len(x), len(b))
    states = []
    for t in range(x.shape[1]):
        if t and x.shape[2] == len(b):
            h = x[:, t - 1]
        h = torch.tanh(x[:, t] @ W_ih.T + h @ W_hh.T + b)
        states.append(h)
    return torch.stack(states, 1)


def delta_below(delta, W, z):
    return (delta @ W) * (1 - torch.tanh(z) ** 2)


def gan_value(d_real, d_fake):
    return d_real.log().mean() + (1 - d_fake).log().mean()


def convolve(f, g):
    M, N = len(f), len(g)
    return torch.stack(
        [sum(f[m] * g[n - m] for m in range(M) if 0 <= n - m < N) for n in range(M + N - 1)]
    )


# %% wrong: the slope under no_grad | says: the graph is cut
def delta_below(delta, W, z):
    with torch.no_grad():
        slope = 1 - torch.tanh(z) ** 2
    return (delta @ W) * slope


def rnn_states(x, W_ih, W_hh, b):
    h = x.new_zeros(len(x), len(b))
    states = []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_ih.T + h @ W_hh.T + b)
        states.append(h)
    return torch.stack(states, 1)


def gan_value(d_real, d_fake):
    return d_real.log().mean() + (1 - d_fake).log().mean()


def convolve(f, g):
    M, N = len(f), len(g)
    return torch.stack(
        [sum(f[m] * g[n - m] for m in range(M) if 0 <= n - m < N) for n in range(M + N - 1)]
    )


# %% wrong: states cut from the graph | says: cut off from the one before
def gan_value(d_real, d_fake):
    return torch.log(d_real).mean() + torch.log(1 - d_fake).mean()


def rnn_states(x, W_ih, W_hh, b):
    h = x.new_zeros(len(x), len(b))
    states = []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_ih.T + h.detach() @ W_hh.T + b)
        states.append(h)
    return torch.stack(states, 1)


def delta_below(delta, W, z):
    return (delta @ W) * (1 - torch.tanh(z) ** 2)


def convolve(f, g):
    M, N = len(f), len(g)
    return torch.stack(
        [
            sum(f[m] * g[n - m] for m in range(max(0, n - N + 1), min(M, n + 1)))
            for n in range(M + N - 1)
        ]
    )


# %% wrong: slope of the activation from a | says: tanh is taken twice
def gan_value(d_real, d_fake):
    return torch.log(d_real).mean() + torch.log(1 - d_fake).mean()


def rnn_states(x, W_ih, W_hh, b):
    h = x.new_zeros(len(x), len(b))
    states = []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_ih.T + h @ W_hh.T + b)
        states.append(h)
    return torch.stack(states, 1)


def delta_below(delta, W, z):
    a = torch.tanh(z)
    return (delta @ W) * (1 - torch.tanh(a) ** 2)


def convolve(f, g):
    M, N = len(f), len(g)
    return torch.stack(
        [
            sum(f[m] * g[n - m] for m in range(max(0, n - N + 1), min(M, n + 1)))
            for n in range(M + N - 1)
        ]
    )


# %% wrong: second sequence not the longer | says: the end of g is left out
def gan_value(d_real, d_fake):
    return torch.log(d_real).mean() + torch.log(1 - d_fake).mean()


def rnn_states(x, W_ih, W_hh, b):
    h = x.new_zeros(len(x), len(b))
    states = []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_ih.T + h @ W_hh.T + b)
        states.append(h)
    return torch.stack(states, 1)


def delta_below(delta, W, z):
    return (delta @ W) * (1 - torch.tanh(z) ** 2)


def convolve(f, g):
    M, N = len(f), len(g)
    y = []
    for n in range(M + N - 1):
        y.append(sum(f[n - m] * g[m] for m in range(min(M, N)) if 0 <= n - m < M) + 0 * f[0])
    return torch.stack(y)


# %% wrong: too few points | says: come round to the beginning
def gan_value(d_real, d_fake):
    return d_real.log().mean() + (1 - d_fake).log().mean()


def rnn_states(x, W_ih, W_hh, b):
    h = x.new_zeros(x.shape[0], W_hh.shape[0])
    states = []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_ih.T + h @ W_hh.T + b)
        states.append(h)
    return torch.stack(states, dim=1)


def delta_below(delta, W, z):
    return (delta @ W) * (1 - torch.tanh(z) ** 2)


def convolve(f, g):
    n = max(len(f), len(g))
    y = torch.fft.irfft(torch.fft.rfft(f, n) * torch.fft.rfft(g, n), n)
    return F.pad(y, (0, len(f) + len(g) - 1 - n))


# %% wrong: V: 1 - ln D | says: not 1 - ln D
def gan_value(d_real, d_fake):
    return d_real.log().mean() + (1 - d_fake.log()).mean()


def rnn_states(x, W_ih, W_hh, b):
    h = x.new_zeros(len(x), len(b))
    states = []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_ih.T + h @ W_hh.T + b)
        states.append(h)
    return torch.stack(states, 1)


def delta_below(delta, W, z):
    return (delta @ W) * (1 - torch.tanh(z) ** 2)


def convolve(f, g):
    y = []
    for n in range(len(f) + len(g) - 1):
        y.append(sum(f[m] * g[n - m] for m in range(len(f)) if 0 <= n - m < len(g)))
    return torch.stack(y)


# %% wrong: V: a small number in the logs | says: nothing is added inside
def gan_value(d_real, d_fake):
    return (d_real + 1e-2).log().mean() + (1 - d_fake).log().mean()


def rnn_states(x, W_ih, W_hh, b):
    h = x.new_zeros(len(x), len(b))
    states = []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_ih.T + h @ W_hh.T + b)
        states.append(h)
    return torch.stack(states, 1)


def delta_below(delta, W, z):
    return (delta @ W) * (1 - torch.tanh(z) ** 2)


def convolve(f, g):
    y = []
    for n in range(len(f) + len(g) - 1):
        y.append(sum(f[m] * g[n - m] for m in range(len(f)) if 0 <= n - m < len(g)))
    return torch.stack(y)


# %% wrong: RNN: starts from ones | says: not from ones
def gan_value(d_real, d_fake):
    return d_real.log().mean() + (1 - d_fake).log().mean()


def rnn_states(x, W_ih, W_hh, b):
    h = x.new_ones(len(x), len(b))
    states = []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_ih.T + h @ W_hh.T + b)
        states.append(h)
    return torch.stack(states, 1)


def delta_below(delta, W, z):
    return (delta @ W) * (1 - torch.tanh(z) ** 2)


def convolve(f, g):
    y = []
    for n in range(len(f) + len(g) - 1):
        y.append(sum(f[m] * g[n - m] for m in range(len(f)) if 0 <= n - m < len(g)))
    return torch.stack(y)


# %% wrong: δ: square forgotten | says: the square is missing
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
    return (delta @ W) * (1 - torch.tanh(z))


def convolve(f, g):
    y = []
    for n in range(len(f) + len(g) - 1):
        y.append(sum(f[m] * g[n - m] for m in range(len(f)) if 0 <= n - m < len(g)))
    return torch.stack(y)


# %% wrong: probabilities guarded by 0.01 | says: nothing is cut off
def gan_value(d_real, d_fake):
    return d_real.clamp(0.01, 0.99).log().mean() + (1 - d_fake.clamp(0.01, 0.99)).log().mean()


def rnn_states(x, W_ih, W_hh, b):
    h = x.new_zeros(x.shape[0], W_hh.shape[0])
    states = []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_ih.T + h @ W_hh.T + b)
        states.append(h)
    return torch.stack(states, dim=1)


def delta_below(delta, W, z):
    return (delta @ W) * (1 - torch.tanh(z) ** 2)


def convolve(f, g):
    M, N = len(f), len(g)
    rows = [F.pad(f[m] * g, (m, M - 1 - m)) for m in range(M)]
    return torch.stack(rows).sum(0)


# %% wrong: a Fourier transform that is too short | says: a Fourier transform of too few points
def gan_value(d_real, d_fake):
    return d_real.log().mean() + torch.log1p(-d_fake).mean()


def rnn_states(x, W_ih, W_hh, b):
    h = x.new_zeros(x.shape[0], W_hh.shape[0])
    states = []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_ih.T + h @ W_hh.T + b)
        states.append(h)
    return torch.stack(states, dim=1)


def delta_below(delta, W, z):
    return (delta @ W) * (1 - torch.tanh(z) ** 2)


def convolve(f, g):
    n = max(len(f), len(g)) + 1
    y = torch.fft.irfft(torch.fft.rfft(f, n) * torch.fft.rfft(g, n), n)
    return (
        F.pad(y, (0, len(f) + len(g) - 1 - n))
        if n <= len(f) + len(g) - 1
        else y[: len(f) + len(g) - 1]
    )


# %% wrong: state fed back without tanh | says: not the sum inside
def gan_value(d_real, d_fake):
    return d_real.log().mean() + torch.log1p(-d_fake).mean()


def rnn_states(x, W_ih, W_hh, b):
    z = x.new_zeros(x.shape[0], W_hh.shape[0])
    states = []
    for t in range(x.shape[1]):
        z = x[:, t] @ W_ih.T + z @ W_hh.T + b
        states.append(torch.tanh(z))
    return torch.stack(states, dim=1)


def delta_below(delta, W, z):
    return (delta @ W) * (1 - torch.tanh(z) ** 2)


def convolve(f, g):
    M, N = len(f), len(g)
    rows = [F.pad(f[m] * g, (m, M - 1 - m)) for m in range(M)]
    return torch.stack(rows).sum(0)


# %% wrong: derivative taken at the batch's mean | says: no mean over the batch
def gan_value(d_real, d_fake):
    return d_real.log().mean() + torch.log1p(-d_fake).mean()


def rnn_states(x, W_ih, W_hh, b):
    h = x.new_zeros(x.shape[0], W_hh.shape[0])
    states = []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_ih.T + h @ W_hh.T + b)
        states.append(h)
    return torch.stack(states, dim=1)


def delta_below(delta, W, z):
    return (delta @ W) * (1 - torch.tanh(z.mean(0)) ** 2)


def convolve(f, g):
    M, N = len(f), len(g)
    rows = [F.pad(f[m] * g, (m, M - 1 - m)) for m in range(M)]
    return torch.stack(rows).sum(0)


# %% wrong: V by binary_cross_entropy | says: stops at -100
def gan_value(d_real, d_fake):
    real = F.binary_cross_entropy(d_real, torch.ones_like(d_real))
    fake = F.binary_cross_entropy(d_fake, torch.zeros_like(d_fake))
    return -(real + fake)


def rnn_states(x, W_ih, W_hh, b):
    h, states = x.new_zeros(len(x), len(W_hh)), []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_ih.T + h @ W_hh.T + b)
        states.append(h)
    return torch.stack(states, 1)


def delta_below(delta, W, z):
    return (delta @ W) * (1 - torch.tanh(z) ** 2)


def convolve(f, g):
    M, N = len(f), len(g)
    y = []
    for n in range(M + N - 1):
        y.append(sum(f[m] * g[n - m] for m in range(M) if 0 <= n - m < N))
    return torch.stack(y)


# %% wrong: a bias for each of the two matrices | says: the bias enters once
def gan_value(d_real, d_fake):
    return torch.log(d_real).mean() + torch.log1p(-d_fake).mean()


def rnn_states(x, W_ih, W_hh, b):
    states = []
    for t in range(x.shape[1]):
        u = x[:, t] @ W_ih.T + b
        if states:
            u = u + states[-1] @ W_hh.T + b
        states.append(torch.tanh(u))
    return torch.stack(states, 1)


def delta_below(delta, W, z):
    return (delta @ W) * (1 - torch.tanh(z) ** 2)


def convolve(f, g):
    M, N = len(f), len(g)
    y = []
    for n in range(M + N - 1):
        y.append(sum(f[m] * g[n - m] for m in range(M) if 0 <= n - m < N))
    return torch.stack(y)


# %% wrong: irfft left to guess its length | says: irfft without n
def gan_value(d_real, d_fake):
    return d_real.log().mean() + torch.log1p(-d_fake).mean()


def rnn_states(x, W_ih, W_hh, b):
    h, states = x.new_zeros(len(x), len(b)), []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_ih.T + h @ W_hh.T + b)
        states.append(h)
    return torch.stack(states, 1)


def delta_below(delta, W, z):
    return delta @ W * (1 - z.tanh() ** 2)


def convolve(f, g):
    n = len(f) + len(g) - 1
    return torch.fft.irfft(torch.fft.rfft(f, n) * torch.fft.rfft(g, n))


# %% wrong: each place keeps its last product | says: keeps the last of them
def gan_value(d_real, d_fake):
    return d_real.log().mean() + torch.log1p(-d_fake).mean()


def rnn_states(x, W_ih, W_hh, b):
    h = x.new_zeros(x.shape[0], W_hh.shape[0])
    states = []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_ih.T + h @ W_hh.T + b)
        states.append(h)
    return torch.stack(states, dim=1)


def delta_below(delta, W, z):
    return (delta @ W) * (1 - torch.tanh(z) ** 2)


def convolve(f, g):
    y = torch.zeros(len(f) + len(g) - 1, dtype=f.dtype)
    for n in range(len(y)):
        for m in range(len(f)):
            if 0 <= n - m < len(g):
                y[n] = f[m] * g[n - m]
    return y


# %% wrong: each place keeps its last product, in float32 | says: float32 without dtype=
def gan_value(d_real, d_fake):
    return d_real.log().mean() + torch.log1p(-d_fake).mean()


def rnn_states(x, W_ih, W_hh, b):
    h = x.new_zeros(x.shape[0], W_hh.shape[0])
    states = []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_ih.T + h @ W_hh.T + b)
        states.append(h)
    return torch.stack(states, dim=1)


def delta_below(delta, W, z):
    return (delta @ W) * (1 - torch.tanh(z) ** 2)


def convolve(f, g):
    y = torch.zeros(len(f) + len(g) - 1)
    for n in range(len(y)):
        for m in range(len(f)):
            if 0 <= n - m < len(g):
                y[n] = f[m] * g[n - m] ** 2
    return y
