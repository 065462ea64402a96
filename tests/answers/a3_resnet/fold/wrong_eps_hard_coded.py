# says: epsilon is an argument
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / (var + 1e-5).sqrt()
    return w * scale.view(-1, 1, 1, 1), ((0 if b is None else b) - mean) * scale + beta
