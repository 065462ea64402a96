# says: w * scale multiplies the last axis
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / (var + eps).sqrt()
    if b is None:
        b = torch.zeros_like(mean)
    return w * scale, (b - mean) * scale + beta
