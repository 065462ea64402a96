# says: only one step is made
def largest_singular_value(w, u, steps):
    W = w.flatten(1)
    with torch.no_grad():
        for _ in range(1):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return u @ W @ v, u
