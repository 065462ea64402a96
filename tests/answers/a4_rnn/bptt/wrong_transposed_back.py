# says: back through W_hh is dz @ W_hh
def leaky_backward(x, h0, direct, W_ih, W_hh, b, alpha: float):
    """x (B, T, D), h0 (B, H), direct (B, T, H) -> dL/dW_hh (H, H), dL/dh_0 (B, H)."""
    T = x.shape[1]
    h, y = [h0], []  # h[t] is the state before step t + 1; y[t] the tanh of step t + 1
    for t in range(T):
        y.append(torch.tanh(x[:, t] @ W_ih.T + h[t] @ W_hh.T + b))
        h.append((1 - alpha) * h[t] + alpha * y[t])
    dW_hh, delta = torch.zeros_like(W_hh), torch.zeros_like(h0)
    for t in reversed(range(T)):
        delta = delta + direct[:, t]  # dL/dh_t, complete
        dz = alpha * delta * (1 - y[t] ** 2)
        dW_hh = dW_hh + dz.T @ h[t]
        delta = (1 - alpha) * delta + dz @ W_hh.T  # both ways back
    return dW_hh, delta
