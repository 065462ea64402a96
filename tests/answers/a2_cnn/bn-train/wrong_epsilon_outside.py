# says: under the root
def batch_norm_train(x, gamma, beta, eps=1e-5):
    mean = x.mean((0, 2, 3), keepdim=True)
    var = x.var((0, 2, 3), keepdim=True, unbiased=False)
    return gamma.view(1, -1, 1, 1) * (x - mean) / (var.sqrt() + eps) + beta.view(1, -1, 1, 1)
