def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = gamma * torch.rsqrt(var + eps)
    b = 0 if b is None else b
    return torch.einsum("o,ocuv->ocuv", scale, w), beta + scale * (b - mean)
