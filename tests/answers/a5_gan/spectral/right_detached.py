def largest_singular_value(w, u, steps):
    W = w.reshape(w.shape[0], -1)
    fixed = W.detach()
    for _ in range(steps):
        v = fixed.T @ u
        v = v / v.norm()
        u = fixed @ v
        u = u / u.norm()
    return torch.dot(u, W @ v), u
