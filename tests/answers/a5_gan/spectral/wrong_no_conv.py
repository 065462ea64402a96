# says: RuntimeError
def largest_singular_value(w, u, steps):
    with torch.no_grad():
        for _ in range(steps):
            v = F.normalize(w.T @ u, dim=0)
            u = F.normalize(w @ v, dim=0)
    return u @ w @ v, u
