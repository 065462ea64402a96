def update_running(x, running_mean, running_var, momentum=0.1):
    pairs = []
    for c in range(x.shape[1]):
        part = x[:, c]
        n = part.numel()
        pairs.append((part.mean(), part.var(unbiased=False) * n / (n - 1)))
    mean, var = (torch.stack(values) for values in zip(*pairs, strict=True))
    kept = 1 - momentum
    return kept * running_mean + momentum * mean, kept * running_var + momentum * var
