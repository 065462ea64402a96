def gan_value(d_real, d_fake):
    return torch.log(d_real).mean() + torch.log1p(-d_fake).mean()


def rnn_states(x, W_ih, W_hh, b):
    states = [torch.zeros(len(x), len(b), dtype=x.dtype)]
    for step in x.unbind(1):
        states.append(torch.tanh(F.linear(step, W_ih, b) + F.linear(states[-1], W_hh)))
    return torch.stack(states[1:], dim=1)


def delta_below(delta, W, z):
    with torch.no_grad():
        return (1 - torch.tanh(z).square()) * (delta @ W)


def convolve(f, g):
    n = len(f) + len(g) - 1
    return torch.fft.irfft(torch.fft.rfft(f, n) * torch.fft.rfft(g, n), n)
