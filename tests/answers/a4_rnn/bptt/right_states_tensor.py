def leaky_backward(x, h0, direct, W_ih, W_hh, b, alpha):
    B, T, _ = x.shape
    h = torch.empty(T + 1, *h0.shape, dtype=h0.dtype)
    h[0] = h0
    slope = torch.empty(T, *h0.shape, dtype=h0.dtype)
    for t in range(T):
        y = torch.tanh(x[:, t] @ W_ih.T + h[t] @ W_hh.T + b)
        slope[t] = alpha * (1 - y * y)
        h[t + 1] = h[t] + alpha * (y - h[t])
    dz, delta = torch.empty_like(slope), torch.zeros_like(h0)
    for t in range(T - 1, -1, -1):
        delta = delta + direct[:, t]
        dz[t] = delta * slope[t]
        delta = delta - alpha * delta + dz[t] @ W_hh
    return torch.einsum("tbi,tbj->ij", dz, h[:-1]), delta
