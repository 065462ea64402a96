def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    kernels, biases = [], []
    for o in range(len(w)):
        scale = gamma[o] / (var[o] + eps) ** 0.5
        kernels.append(scale * w[o])
        before = -mean[o] if b is None else b[o] - mean[o]
        biases.append(before * scale + beta[o])
    return torch.stack(kernels), torch.stack(biases)
