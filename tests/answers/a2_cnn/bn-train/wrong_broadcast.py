# says: RuntimeError
def batch_norm_train(x, gamma, beta, eps=1e-5):
    mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
    return gamma * (x - mean) / (var + eps).sqrt() + beta
