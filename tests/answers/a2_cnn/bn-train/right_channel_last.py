def batch_norm_train(x, gamma, beta, eps=1e-5):
    z = x.permute(0, 2, 3, 1)  # (B, H, W, C): the last axis broadcasts by itself
    flat = z.reshape(-1, z.shape[3])
    z = (z - flat.mean(0)) / (flat.var(0, correction=0) + eps) ** 0.5
    return (gamma * z + beta).permute(0, 3, 1, 2)
