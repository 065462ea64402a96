# says: gradient of argument 1
def batch_norm_train(x, gamma, beta, eps=1e-5):
    mean = x.mean((0, 2, 3), keepdim=True).detach()
    var = x.var((0, 2, 3), keepdim=True, unbiased=False).detach()
    return gamma.view(1, -1, 1, 1) * (x - mean) / (var + eps).sqrt() + beta.view(1, -1, 1, 1)
