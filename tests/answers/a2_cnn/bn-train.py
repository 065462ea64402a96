# %% right: by channel
def batch_norm_train(x, gamma, beta, eps=1e-5):
    parts = []
    for c in range(x.shape[1]):
        part = x[:, c]
        mean = part.sum() / part.numel()
        var = (part - mean).pow(2).sum() / part.numel()
        parts.append(gamma[c] * (part - mean) / torch.sqrt(var + eps) + beta[c])
    return torch.stack(parts, 1)


# %% right: channel last
def batch_norm_train(x, gamma, beta, eps=1e-5):
    z = x.permute(0, 2, 3, 1)  # (B, H, W, C): the last axis broadcasts by itself
    flat = z.reshape(-1, z.shape[3])
    z = (z - flat.mean(0)) / (flat.var(0, correction=0) + eps) ** 0.5
    return (gamma * z + beta).permute(0, 3, 1, 2)


# %% right: var mean
def batch_norm_train(x, gamma, beta, eps=1e-5):
    var, mean = torch.var_mean(x, (0, 2, 3), correction=0, keepdim=True)
    y = (x - mean) * torch.rsqrt(var + eps)
    return y * gamma[None, :, None, None] + beta[None, :, None, None]


# %% wrong: all | says: one mean for all channels
def batch_norm_train(x, gamma, beta, eps=1e-5):
    mean = x.mean((0, 1, 2, 3), keepdim=True)
    var = x.var((0, 1, 2, 3), keepdim=True, unbiased=False)
    return gamma.view(1, -1, 1, 1) * (x - mean) / (var + eps).sqrt() + beta.view(1, -1, 1, 1)


# %% wrong: batch only | says: both image axes
def batch_norm_train(x, gamma, beta, eps=1e-5):
    mean = x.mean(0, keepdim=True)
    var = x.var(0, keepdim=True, unbiased=False)
    return gamma.view(1, -1, 1, 1) * (x - mean) / (var + eps).sqrt() + beta.view(1, -1, 1, 1)


# %% wrong: broadcast | says: RuntimeError
def batch_norm_train(x, gamma, beta, eps=1e-5):
    mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
    return gamma * (x - mean) / (var + eps).sqrt() + beta


# %% wrong: epsilon outside | says: under the root
def batch_norm_train(x, gamma, beta, eps=1e-5):
    mean = x.mean((0, 2, 3), keepdim=True)
    var = x.var((0, 2, 3), keepdim=True, unbiased=False)
    return gamma.view(1, -1, 1, 1) * (x - mean) / (var.sqrt() + eps) + beta.view(1, -1, 1, 1)


# %% wrong: group norm | says: by hand
def batch_norm_train(x, gamma, beta, eps: float = 1e-5):
    y = F.group_norm(x.transpose(0, 1), 1, eps=eps).transpose(0, 1)
    return y * gamma[:, None, None] + beta[:, None, None]


# %% wrong: layer | says: layer normalisation
def batch_norm_train(x, gamma, beta, eps=1e-5):
    mean = x.mean((1, 2, 3), keepdim=True)
    var = x.var((1, 2, 3), keepdim=True, unbiased=False)
    return gamma.view(1, -1, 1, 1) * (x - mean) / (var + eps).sqrt() + beta.view(1, -1, 1, 1)


# %% wrong: library | says: by hand
def batch_norm_train(x, gamma, beta, eps=1e-5):
    return F.batch_norm(x, None, None, gamma, beta, training=True, eps=eps)


# %% wrong: no gamma | says: gamma and beta are not applied
def batch_norm_train(x, gamma, beta, eps=1e-5):
    mean = x.mean((0, 2, 3), keepdim=True)
    var = x.var((0, 2, 3), keepdim=True, unbiased=False)
    return (x - mean) / (var + eps).sqrt()


# %% wrong: no gradient | says: gradient of argument 1
def batch_norm_train(x, gamma, beta, eps=1e-5):
    mean = x.mean((0, 2, 3), keepdim=True).detach()
    var = x.var((0, 2, 3), keepdim=True, unbiased=False).detach()
    return gamma.view(1, -1, 1, 1) * (x - mean) / (var + eps).sqrt() + beta.view(1, -1, 1, 1)


# %% wrong: per image | says: instance normalisation
def batch_norm_train(x, gamma, beta, eps=1e-5):
    mean = x.mean((2, 3), keepdim=True)
    var = x.var((2, 3), keepdim=True, unbiased=False)
    return gamma.view(1, -1, 1, 1) * (x - mean) / (var + eps).sqrt() + beta.view(1, -1, 1, 1)


# %% wrong: unbiased | says: the mean of the squared deviations
def batch_norm_train(x, gamma, beta, eps=1e-5):
    mean = x.mean((0, 2, 3), keepdim=True)
    var = x.var((0, 2, 3), keepdim=True, unbiased=True)
    return gamma.view(1, -1, 1, 1) * (x - mean) / (var + eps).sqrt() + beta.view(1, -1, 1, 1)


# %% wrong: library rms norm | says: rms_norm
def batch_norm_train(x, gamma, beta, eps: float = 1e-5):
    B, C, H, W = x.shape
    rows = x.transpose(0, 1).reshape(C, -1)
    rows = rows - rows.mean(1, keepdim=True)
    y = F.rms_norm(rows, (rows.shape[1],), eps=eps)
    y = gamma[:, None] * y + beta[:, None]
    return y.view(C, B, H, W).transpose(0, 1)


# %% wrong: rms norm module | says: without the library's rms_norm
def batch_norm_train(x, gamma, beta, eps: float = 1e-5):
    B, C, H, W = x.shape
    rows = x.movedim(1, 0).flatten(1)
    norm = nn.RMSNorm(rows.shape[1], eps=eps, elementwise_affine=False)
    y = norm(rows - rows.mean(1, keepdim=True)) * gamma[:, None] + beta[:, None]
    return y.unflatten(1, (B, H, W)).movedim(0, 1)


# %% wrong: statistics detached | says: nothing is detached
def batch_norm_train(x, gamma, beta, eps: float = 1e-5):
    with torch.no_grad():
        mu = x.mean((0, 2, 3), keepdim=True)
        var = x.var((0, 2, 3), keepdim=True, unbiased=False)
    return gamma.view(1, -1, 1, 1) * (x - mu) / (var + eps).sqrt() + beta.view(1, -1, 1, 1)


# %% wrong: beta inside the scaling | says: gamma multiplies before beta
def batch_norm_train(x, gamma, beta, eps: float = 1e-5):
    mu = x.mean((0, 2, 3), keepdim=True)
    var = x.var((0, 2, 3), keepdim=True, unbiased=False)
    return gamma.view(1, -1, 1, 1) * ((x - mu) / (var + eps).sqrt() + beta.view(1, -1, 1, 1))


# %% wrong: reshape takes the channels for pixels | says: permute them there first
def batch_norm_train(x, gamma, beta, eps: float = 1e-5):
    B, C, H, W = x.shape
    flat = x.reshape(-1, C)
    mu = flat.mean(0)
    var = ((flat - mu) ** 2).mean(0)
    return (gamma * (flat - mu) / torch.sqrt(var + eps) + beta).reshape(B, C, H, W)


# %% wrong: batch of one as it is | says: like any other
def batch_norm_train(x, gamma, beta, eps: float = 1e-5):
    g, b = gamma.view(1, -1, 1, 1), beta.view(1, -1, 1, 1)
    if len(x) == 1:  # no statistics from a single example
        return g * x + b
    mu = x.mean((0, 2, 3), keepdim=True)
    var = ((x - mu) ** 2).mean((0, 2, 3), keepdim=True)
    return g * (x - mu) / (var + eps) ** 0.5 + b


# %% wrong: little variance not divided by | says: no special case
def batch_norm_train(x, gamma, beta, eps=1e-5):
    mean = x.mean((0, 2, 3), keepdim=True)
    var = ((x - mean) ** 2).mean((0, 2, 3), keepdim=True)
    root = torch.where(var < eps, torch.ones_like(var), (var + eps).sqrt())
    return gamma[:, None, None] * (x - mean) / root + beta[:, None, None]


# %% wrong: var_mean taken apart in the wrong order | says: variance first, then the mean
def batch_norm_train(x, gamma, beta, eps: float = 1e-5):
    mean, var = torch.var_mean(x, dim=(0, 2, 3), correction=0, keepdim=True)
    return (x - mean) / torch.sqrt(var + eps) * gamma[:, None, None] + beta[:, None, None]


# %% wrong: one mean for the deviations | says: from its own mean, not from that of all
def batch_norm_train(x, gamma, beta, eps: float = 1e-5):
    mean = x.mean(dim=(0, 2, 3), keepdim=True)
    var = ((x - x.mean()) ** 2).mean(dim=(0, 2, 3), keepdim=True)
    y = (x - mean) / torch.sqrt(var + eps)
    return y * gamma.view(1, -1, 1, 1) + beta.view(1, -1, 1, 1)
