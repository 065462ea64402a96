# says: no direct share for h_0
def leaky_backward(x, h0, direct, W_ih, W_hh, b, alpha: float):
    """x (B, T, D), h0 (B, H), direct (B, T, H) -> dL/dW_hh (H, H), dL/dh_0 (B, H)."""
    T = x.shape[1]
    h, a = [h0], []
    for t in range(T):
        a.append(torch.tanh(x[:, t] @ W_ih.T + h[-1] @ W_hh.T + b))
        h.append((1 - alpha) * h[-1] + alpha * a[-1])
    delta, dW = torch.zeros_like(h0), torch.zeros_like(W_hh)
    for t in reversed(range(T)):
        delta = delta + direct[:, t]
        dz = delta * alpha * (1 - a[t] ** 2)
        dW += dz.T @ h[t]
        delta = (1 - alpha) * delta + dz @ W_hh
    return dW, delta + direct[:, 0]
