def largest_singular_value(w, u, steps):
    """s = |W v|, whose gradient by W, v held, is u v^T too."""
    W = w.view(len(w), -1)
    with torch.no_grad():
        for _ in range(steps - 1):
            u = F.normalize(W @ F.normalize(W.T @ u, dim=0), dim=0)
        v = F.normalize(W.T @ u, dim=0)
    s = torch.linalg.vector_norm(W @ v)
    return s, (W @ v / s).detach()
