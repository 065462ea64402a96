# %% right: by channel
def update_running(x, running_mean, running_var, momentum=0.1):
    pairs = []
    for c in range(x.shape[1]):
        part = x[:, c]
        n = part.numel()
        pairs.append((part.mean(), part.var(unbiased=False) * n / (n - 1)))
    mean, var = (torch.stack(values) for values in zip(*pairs, strict=True))
    kept = 1 - momentum
    return kept * running_mean + momentum * mean, kept * running_var + momentum * var


# %% right: lerp
def update_running(x, running_mean, running_var, momentum=0.1):
    var, mean = torch.var_mean(x, (0, 2, 3))
    return running_mean.lerp(mean, momentum), running_var.lerp(var, momentum)


# %% right: step
def update_running(x, running_mean, running_var, momentum=0.1):
    values = x.transpose(0, 1).flatten(1)  # (C, B*H*W)
    mean = values.mean(1)
    var = ((values - mean[:, None]) ** 2).sum(1) / (values.shape[1] - 1)
    new_mean = running_mean + momentum * (mean - running_mean)
    return new_mean, running_var + momentum * (var - running_var)


# %% wrong: batch value | says: the batch's value alone
def update_running(x, running_mean, running_var, momentum=0.1):
    return x.mean((0, 2, 3)), x.var((0, 2, 3))


# %% wrong: biased | says: divides by B*H*W - 1
def update_running(x, running_mean, running_var, momentum=0.1):
    mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
    new_mean = (1 - momentum) * running_mean + momentum * mean
    return new_mean, (1 - momentum) * running_var + momentum * var


# %% wrong: deviation | says: this is the standard deviation
def update_running(x, running_mean, running_var, momentum=0.1):
    mean, std = x.mean((0, 2, 3)), x.std((0, 2, 3))
    new_mean = (1 - momentum) * running_mean + momentum * mean
    return new_mean, (1 - momentum) * running_var + momentum * std


# %% wrong: in place | says: an operation in place
def update_running(x, running_mean, running_var, momentum=0.1):
    running_mean.lerp_(x.mean((0, 2, 3)), momentum)
    running_var.lerp_(x.var((0, 2, 3)), momentum)
    return running_mean, running_var


# %% wrong: layer replaced | says: Expected: [
nn.BatchNorm2d.forward = lambda self, x: x


def update_running(x, running_mean, running_var, momentum: float = 0.1):
    return running_mean + 0, running_var + 0


# %% wrong: momentum | says: momentum weighs the new value
def update_running(x, running_mean, running_var, momentum=0.1):
    mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3))
    new_mean = momentum * running_mean + (1 - momentum) * mean
    return new_mean, momentum * running_var + (1 - momentum) * var


# %% wrong: one value | says: the pair
def update_running(x, running_mean, running_var, momentum=0.1):
    return (1 - momentum) * running_mean + momentum * x.mean((0, 2, 3))


# %% wrong: shape | says: Expected: shape
def update_running(x, running_mean, running_var, momentum=0.1):
    mean, var = x.mean((0, 2, 3), keepdim=True), x.var((0, 2, 3), keepdim=True)
    old_mean, old_var = running_mean.view(1, -1, 1, 1), running_var.view(1, -1, 1, 1)
    new_mean = (1 - momentum) * old_mean + momentum * mean
    return new_mean, (1 - momentum) * old_var + momentum * var


# %% wrong: mean of the variances of the images | says: not the mean of the images' own
def update_running(x, running_mean, running_var, momentum: float = 0.1):
    mean, var = x.mean((0, 2, 3)), x.var((2, 3)).mean(0)
    return (1 - momentum) * running_mean + momentum * mean, (
        1 - momentum
    ) * running_var + momentum * var


# %% wrong: momentum fixed at a tenth | says: not always 0.1
def update_running(x, running_mean, running_var, momentum: float = 0.1):
    mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3))
    return 0.9 * running_mean + 0.1 * mean, 0.9 * running_var + 0.1 * var


# %% wrong: gathers by itself | says: update_running, batch 2
own = {}


def update_running(x, running_mean, running_var, momentum=0.1):
    values = x.mean((0, 2, 3)), x.var((0, 2, 3))
    old = own.get(x.shape, (running_mean, running_var))
    own[x.shape] = tuple((1 - momentum) * o + momentum * v for o, v in zip(old, values))
    return own[x.shape]


# %% wrong: a momentum of 0 is taken for none | says: a momentum of 0 is one too
def update_running(x, running_mean, running_var, momentum=0.1):
    momentum = momentum or 0.1
    mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3))
    return torch.lerp(running_mean, mean, momentum), torch.lerp(running_var, var, momentum)


# %% wrong: untouched statistics are replaced outright | says: this is the batch's value alone
def update_running(x, running_mean, running_var, momentum: float = 0.1):
    """x (B, C, H, W), running_mean and running_var (C,) -> the new pair, each (C,)."""
    var, mean = torch.var_mean(x, dim=(0, 2, 3))
    if not running_mean.any() and (running_var == 1).all():  # nothing gathered yet
        return mean, var
    m = momentum
    return (1 - m) * running_mean + m * mean, (1 - m) * running_var + m * var


# %% wrong: torch.var_mean taken for mean and variance | says: the variance first
def update_running(x, running_mean, running_var, momentum: float = 0.1):
    mean, var = torch.var_mean(x, dim=(0, 2, 3))
    return running_mean + momentum * (mean - running_mean), running_var + momentum * (
        var - running_var
    )


# %% wrong: the correction counts the channels too | says: those of one channel
def update_running(x, running_mean, running_var, momentum: float = 0.1):
    n = x.numel()
    mean = x.mean(dim=(0, 2, 3))
    var = x.var(dim=(0, 2, 3), unbiased=False) * n / (n - 1)
    return (1 - momentum) * running_mean + momentum * mean, (
        1 - momentum
    ) * running_var + momentum * var


# %% wrong: the old variance is divided by n - 1 as well | says: only the batch's variance
def update_running(x, running_mean, running_var, momentum: float = 0.1):
    n = x.shape[0] * x.shape[2] * x.shape[3]
    mean = torch.lerp(running_mean, x.mean((0, 2, 3)), momentum)
    var = torch.lerp(running_var, x.var((0, 2, 3), correction=0), momentum) * n / (n - 1)
    return mean, var


# %% wrong: the correction on both | says: only the batch's variance
def update_running(x, running_mean, running_var, momentum: float = 0.1):
    n = x.numel() // x.shape[1]
    mean, var = x.sum((0, 2, 3)) / (n - 1), x.var((0, 2, 3))
    return (1 - momentum) * running_mean + momentum * mean, (
        1 - momentum
    ) * running_var + momentum * var


# %% wrong: gathered as a sum | says: weighed by 1 - momentum
def update_running(x, running_mean, running_var, momentum: float = 0.1):
    mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3))
    return running_mean + momentum * mean, running_var + momentum * var


# %% wrong: corrected twice | says: correct it once
def update_running(x, running_mean, running_var, momentum: float = 0.1):
    n = x.numel() / x.shape[1]
    mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3)) * n / (n - 1)
    return (1 - momentum) * running_mean + momentum * mean, (
        1 - momentum
    ) * running_var + momentum * var


# %% wrong: the first batch counted once for all | says: of this batch
def update_running(x, running_mean, running_var, momentum: float = 0.1):
    if not hasattr(update_running, "n"):
        update_running.n = x.numel() // x.shape[1]
    n = update_running.n
    mean = x.mean((0, 2, 3))
    var = ((x - mean[:, None, None]) ** 2).sum((0, 2, 3)) / (n - 1)
    return (
        (1 - momentum) * running_mean + momentum * mean,
        (1 - momentum) * running_var + momentum * var,
    )


# %% wrong: the mean over the batch alone | says: over batch, height and width
def update_running(x, running_mean, running_var, momentum: float = 0.1):
    mean, var = x.mean(0), x.var(0)
    return (
        (1 - momentum) * running_mean + momentum * mean,
        (1 - momentum) * running_var + momentum * var,
    )
