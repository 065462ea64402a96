def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = torch.diag(gamma / torch.sqrt(var + eps))
    shift = beta - scale @ mean
    if b is not None:
        shift = shift + scale @ b
    return (scale @ w.flatten(1)).view(w.shape), shift
