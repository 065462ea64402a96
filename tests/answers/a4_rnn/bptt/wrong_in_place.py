# says: an operation in place
def leaky_backward(x, h0, direct, W_ih, W_hh, b, alpha):
    h, y = [h0], []
    for t in range(x.shape[1]):
        y.append(torch.tanh(x[:, t] @ W_ih.T + h[t] @ W_hh.T + b))
        h.append((1 - alpha) * h[t] + alpha * y[t])
    dW, delta = torch.zeros_like(W_hh), torch.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        direct[:, t] += delta
        dz = alpha * direct[:, t] * (1 - y[t] ** 2)
        dW += dz.T @ h[t]
        delta = (1 - alpha) * direct[:, t] + dz @ W_hh
    return dW, delta
