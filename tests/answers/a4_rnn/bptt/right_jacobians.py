def leaky_backward(x, h0, direct, W_ih, W_hh, b, alpha):
    """Sequence by sequence, with the Jacobian of each step written out."""
    H = h0.shape[1]
    dW, dh0 = torch.zeros_like(W_hh), []
    for i in range(len(x)):
        h, before, jacobians, slopes = h0[i], [], [], []
        for t in range(x.shape[1]):
            y = torch.tanh(W_ih @ x[i, t] + W_hh @ h + b)
            slopes.append(alpha * (1 - y**2))
            before.append(h)
            h = (1 - alpha) * h + alpha * y
            eye = torch.eye(H, dtype=h.dtype)
            jacobians.append((1 - alpha) * eye + slopes[-1][:, None] * W_hh)
        delta = torch.zeros(H, dtype=h.dtype)
        for t in reversed(range(x.shape[1])):
            delta = delta + direct[i, t]
            dW += torch.outer(delta * slopes[t], before[t])
            delta = jacobians[t].T @ delta
        dh0.append(delta)
    return dW, torch.stack(dh0)
