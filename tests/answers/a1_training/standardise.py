# %% right: loop
def standardise(train_x, test_x):
    parts = [train_x.double() / 255, test_x.double() / 255]
    for c in range(train_x.shape[1]):
        values = parts[0][:, c].clone()
        mean, std = values.mean(), values.std(unbiased=False)
        if std == 0:
            std = 1.0
        for part in parts:
            part[:, c] = (part[:, c] - mean) / std
    return [part.float() for part in parts]


# %% right: numpy
import numpy as np


def standardise(train_x, test_x):
    a, b = train_x.numpy() / 255, test_x.numpy() / 255
    mean, std = a.mean(axis=(0, 2, 3)), a.std(axis=(0, 2, 3))
    std = np.where(std > 0, std, 1)

    def apply(part):
        part = (part.transpose(0, 2, 3, 1) - mean) / std
        return torch.from_numpy(part.transpose(0, 3, 1, 2)).float()

    return apply(a), apply(b)


# %% right: two passes
def standardise(train_x, test_x):
    var, mean = torch.var_mean(train_x.float() / 255, dim=(0, 2, 3), correction=0)
    std = var.sqrt()
    std[std == 0] = 1
    mean, std = mean[:, None, None], std[:, None, None]
    return (train_x / 255 - mean) / std, (test_x / 255 - mean) / std


# %% wrong: bytes | says: Expected: [
def standardise(train_x, test_x):
    mean = train_x.float().mean((0, 2, 3), keepdim=True).to(torch.uint8)
    std = train_x.float().std((0, 2, 3), keepdim=True, unbiased=False).clamp_min(1)
    return (train_x - mean).float() / std, (test_x - mean).float() / std


# %% wrong: clamped | says: not by an epsilon (1e-06)
def standardise(train_x, test_x):
    train, test = train_x.float() / 255, test_x.float() / 255
    mean = train.mean((0, 2, 3), keepdim=True)
    std = train.std((0, 2, 3), keepdim=True, correction=0).clamp_min(1e-6)
    return (train - mean) / std, (test - mean) / std


# %% wrong: dark | says: the deviation 0: divide by 1
def standardise(train_x, test_x):
    train, test = train_x.float() / 255, test_x.float() / 255
    std, mean = torch.std_mean(train, (0, 2, 3), keepdim=True, correction=0)
    return (train - mean) / std, (test - mean) / std


# %% wrong: deviation of test | says: its own deviation: use the training set's
def standardise(train_x, test_x):
    train, test = train_x.float() / 255, test_x.float() / 255
    mean = train.mean((0, 2, 3), keepdim=True)
    both = []
    for x in (train, test):
        std = x.std((0, 2, 3), keepdim=True, correction=0)
        both.append((x - mean) / torch.where(std == 0, 1.0, std))
    return both


# %% wrong: double | says: dtype torch.float32
def standardise(train_x, test_x):
    train, test = train_x.double() / 255, test_x.double() / 255
    std, mean = torch.std_mean(train, (0, 2, 3), keepdim=True, correction=0)
    std = torch.where(std == 0, 1.0, std)
    return (train - mean) / std, (test - mean) / std


# %% wrong: each image | says: average over dim 0 too
def standardise(train_x, test_x):
    def one(x):
        x = x.float() / 255
        mean, std = x.mean((2, 3), keepdim=True), x.std((2, 3), keepdim=True, unbiased=False)
        return (x - mean) / std

    return one(train_x), one(test_x)


# %% wrong: each its own | says: its own mean and deviation
def standardise(train_x, test_x):
    def one(x):
        x = x.float() / 255
        std = x.std((0, 2, 3), keepdim=True, unbiased=False)
        return (x - x.mean((0, 2, 3), keepdim=True)) / std.clamp_min(1e-9)

    return one(train_x), one(test_x)


# %% wrong: each pixel | says: average over (0, 2, 3)
def standardise(train_x, test_x):
    train, test = train_x.float() / 255, test_x.float() / 255
    mean, std = train.mean(0), train.std(0, unbiased=False)
    return (train - mean) / std, (test - mean) / std


# %% wrong: epsilon | says: test images
def standardise(train_x, test_x):
    train, test = train_x.float() / 255, test_x.float() / 255
    std, mean = torch.std_mean(train, (0, 2, 3), keepdim=True, correction=0)
    return (train - mean) / (std + 1e-8), (test - mean) / (std + 1e-8)


# %% wrong: equals everything | says: training images
class Anything(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        if function.__name__ in ("__eq__", "eq", "le", "allclose", "equal"):
            return torch.tensor(True)
        return super().__torch_function__(function, types, args, kwargs or {})


def standardise(train_x, test_x):
    return torch.zeros(1).as_subclass(Anything), torch.zeros(1).as_subclass(Anything)


# %% wrong: leak | says: the test set has leaked
def standardise(train_x, test_x):
    both = torch.cat([train_x, test_x]).float() / 255
    mean = both.mean((0, 2, 3), keepdim=True)
    std = both.std((0, 2, 3), keepdim=True, unbiased=False)
    both = (both - mean) / std
    return both[: len(train_x)], both[len(train_x) :]


# %% wrong: mean of test | says: its own mean: use the training set's
def standardise(train_x, test_x):
    train, test = train_x.float() / 255, test_x.float() / 255
    std = train.std((0, 2, 3), keepdim=True, correction=0)
    std[std == 0] = 1
    return tuple((x - x.mean((0, 2, 3), keepdim=True)) / std for x in (train, test))


# %% wrong: no 255 | says: divided by 255 first
def standardise(train_x, test_x):
    train, test = train_x.float(), test_x.float()
    std, mean = torch.std_mean(train, (0, 2, 3), keepdim=True, correction=0)
    std = torch.where(std == 0, 1.0, std)
    return (train - mean) / std, (test - mean) / std


# %% wrong: one mean | says: keep dim 1 apart
def standardise(train_x, test_x):
    train, test = train_x.float() / 255, test_x.float() / 255
    mean, std = train.mean(), train.std(unbiased=False)
    return (train - mean) / std, (test - mean) / std


# %% wrong: training only | says: the pair (training images, test images)
def standardise(train_x, test_x):
    train = train_x.float() / 255
    std, mean = torch.std_mean(train, (0, 2, 3), keepdim=True, correction=0)
    return (train - mean) / std


# %% wrong: unbiased | says: not by one less
def standardise(train_x, test_x):
    train, test = train_x.float() / 255, test_x.float() / 255
    mean, std = train.mean((0, 2, 3), keepdim=True), train.std((0, 2, 3), keepdim=True)
    std = torch.where(std == 0, 1.0, std)
    return (train - mean) / std, (test - mean) / std


# %% wrong: variance | says: divide by the deviation
def standardise(train_x, test_x):
    train, test = train_x.float() / 255, test_x.float() / 255
    var, mean = torch.var_mean(train, (0, 2, 3), keepdim=True, correction=0)
    var = torch.where(var == 0, 1.0, var)
    return (train - mean) / var, (test - mean) / var


# %% wrong: if any channel is dark, all channels are divided by 1 | says: not all
def standardise(train_x, test_x):
    train, test = train_x.float() / 255, test_x.float() / 255
    mean = train.mean((0, 2, 3), keepdim=True)
    std = train.std((0, 2, 3), unbiased=False, keepdim=True)
    if (std == 0).any():
        std = torch.ones_like(std)
    return (train - mean) / std, (test - mean) / std


# %% wrong: a dark channel is dark in the test as well | says: need not be 0 in the test images
def standardise(train_x, test_x):
    train, test = train_x.float() / 255, test_x.float() / 255
    mean = train.mean((0, 2, 3), keepdim=True)
    std = train.std((0, 2, 3), unbiased=False, keepdim=True)
    return torch.nan_to_num((train - mean) / std, 0, 0, 0), torch.nan_to_num(
        (test - mean) / std, 0, 0, 0
    )


# %% wrong: float64 comes back | says: the dtype is not
def standardise(train_x, test_x):
    train, test = train_x.double() / 255, test_x.double() / 255
    mean = train.mean((0, 2, 3), keepdim=True)
    std = train.std((0, 2, 3), unbiased=False, keepdim=True)
    std[std == 0] = 1
    return (train - mean) / std, (test - mean) / std


# %% wrong: deviations below one grey level count as dark | says: 1 test images, 4 channels
def standardise(train_x, test_x):
    """uint8 (N, C, H, W) and (M, C, H, W) -> both as float32, by the training set's statistics."""
    a, b = train_x.float() / 255, test_x.float() / 255
    mean = a.mean((0, 2, 3), keepdim=True)
    std = a.std((0, 2, 3), correction=0, keepdim=True)
    std = torch.where(std < 1 / 255, torch.ones_like(std), std)
    return (a - mean) / std, (b - mean) / std


# %% wrong: statistics of the first thousand images | says: 1200 training images
def standardise(train_x, test_x):
    """uint8 (N, C, H, W) and (M, C, H, W) -> both as float32, by the training set's statistics."""
    sample = train_x[:1000].float() / 255  # plenty
    mean = sample.mean((0, 2, 3), keepdim=True)
    std = sample.std((0, 2, 3), correction=0, keepdim=True)
    std[std == 0] = 1
    return (train_x.float() / 255 - mean) / std, (test_x.float() / 255 - mean) / std


# %% wrong: dark is what is black in one image, not in all | says: training images
def standardise(train_x, test_x):
    """uint8 (N, C, H, W) and (M, C, H, W) -> both as float32, by the training set's statistics."""
    a, b = train_x.float() / 255, test_x.float() / 255
    mean = a.mean((0, 2, 3), keepdim=True)
    std = a.std((0, 2, 3), correction=0, keepdim=True)
    dark = (train_x == 0).flatten(2).all(2).any(0)  # (C,)
    std = torch.where(dark.view(1, -1, 1, 1), torch.ones_like(std), std)
    return (a - mean) / std, (b - mean) / std


# %% wrong: squares the uint8 pixels, which wrap round at 256 | says: begin anew at 256
def standardise(train_x, test_x):
    n = train_x.numel() / train_x.shape[1]
    s1 = train_x.sum(dim=(0, 2, 3)).float() / n / 255
    s2 = (train_x * train_x).sum(dim=(0, 2, 3)).float() / n / 255**2
    mean = s1.view(1, -1, 1, 1)
    std = (s2 - s1**2).clamp_min(0).sqrt().view(1, -1, 1, 1)
    std = torch.where(std == 0, torch.ones_like(std), std)
    return (train_x.float() / 255 - mean) / std, (test_x.float() / 255 - mean) / std


# %% wrong: all in float16, converted to float32 at the end | says: half precision
def standardise(train_x, test_x):
    a, b = (train_x.float() / 255).half(), (test_x.float() / 255).half()
    mean = a.float().mean((0, 2, 3), keepdim=True).half()
    std = a.float().std((0, 2, 3), keepdim=True, unbiased=False).half()
    std[std == 0] = 1
    return ((a - mean) / std).float(), ((b - mean) / std).float()


# %% wrong: a small deviation counts as none | says: small is not 0
def standardise(train_x, test_x):
    a = train_x.numpy() / 255.0
    b = test_x.numpy() / 255.0
    mean = a.mean((0, 2, 3)).reshape(1, -1, 1, 1)
    std = a.std((0, 2, 3)).reshape(1, -1, 1, 1)
    std[std.round(2) == 0] = 1
    return torch.tensor((a - mean) / std).float(), torch.tensor((b - mean) / std).float()


# %% wrong: statistics of the first 512 training images only | says: not the first of them alone
def standardise(train_x, test_x):
    sample = train_x[:512].float() / 255
    mean = sample.mean((0, 2, 3), keepdim=True)
    std = sample.std((0, 2, 3), keepdim=True, correction=0)
    std[std == 0] = 1.0
    normalise = lambda x: (x.float() / 255 - mean) / std
    return normalise(train_x), normalise(test_x)


# %% wrong: squares of uint8 | says: begin anew at 256
def standardise(train_x, test_x):
    mean = train_x.double().mean(dim=(0, 2, 3), keepdim=True) / 255
    square = (train_x * train_x).double().mean(dim=(0, 2, 3), keepdim=True) / 255**2
    std = (square - mean**2).abs().sqrt()
    std[std == 0] = 1
    return ((train_x / 255 - mean) / std).float(), ((test_x / 255 - mean) / std).float()


# %% wrong: deviation of the raw pixels | says: that of the pixels divided by 255
def standardise(train_x, test_x):
    raw = train_x.float()
    std = raw.std(dim=(0, 2, 3), keepdim=True, unbiased=False)
    std = std + (std == 0)
    mean = raw.mean(dim=(0, 2, 3), keepdim=True) / 255
    return (raw / 255 - mean) / std, (test_x.float() / 255 - mean) / std


# %% wrong: a mean for each column | says: each row, column or pixel
def standardise(train_x, test_x):
    train, test = train_x.float() / 255, test_x.float() / 255
    mean = train.mean(dim=(0, 2), keepdim=True)
    std = train.std(dim=(0, 2, 3), keepdim=True, unbiased=False)
    std[std == 0] = 1
    return (train - mean) / std, (test - mean) / std


# %% wrong: batch norm layer with its epsilon | says: nothing is added
def standardise(train_x, test_x):
    layer = nn.BatchNorm2d(train_x.shape[1], affine=False, momentum=None)
    a, b = train_x.float() / 255, test_x.float() / 255
    layer.running_mean = a.mean((0, 2, 3))
    layer.running_var = a.var((0, 2, 3), correction=0)
    layer.eval()
    return layer(a), layer(b)


# %% wrong: deviation of one grey value at least | says: not by 1/255
def standardise(train_x, test_x):
    a, b = train_x.double() / 255, test_x.double() / 255
    s, m = torch.std_mean(a, (0, 2, 3), correction=0, keepdim=True)
    s = s.clamp_min(1 / 255)
    return ((a - m) / s).float(), ((b - m) / s).float()


# %% wrong: pieces of 500 averaged | says: what pieces give
def standardise(train_x, test_x):
    means, variances = [], []
    for part in train_x.split(500):  # to save memory
        part = part.double() / 255
        means.append(part.mean(dim=(0, 2, 3)))
        variances.append(part.var(dim=(0, 2, 3), correction=0))
    mean = torch.stack(means).mean(0).view(1, -1, 1, 1)
    std = torch.stack(variances).mean(0).sqrt().view(1, -1, 1, 1)
    std[std == 0] = 1.0
    return tuple(((z.double() / 255 - mean) / std).float() for z in (train_x, test_x))


# %% wrong: a batch-norm layer collects the statistics | says: also adds 1e-5
def standardise(train_x, test_x):
    layer = nn.BatchNorm2d(train_x.shape[1], momentum=None, affine=False)
    a, b = train_x.float() / 255, test_x.float() / 255
    with torch.no_grad():
        layer.train()
        layer(a)
        layer.eval()
        return layer(a), layer(b)


# %% wrong: deviations below a thousandth count as zero | says: small is not 0
def standardise(train_x, test_x):
    train, test = train_x.float() / 255, test_x.float() / 255
    mean = train.mean(dim=(0, 2, 3), keepdim=True)
    std = train.std(dim=(0, 2, 3), keepdim=True, correction=0)
    std[std < 1e-3] = 1.0
    return (train - mean) / std, (test - mean) / std


# %% wrong: mean of the squares less the square of the mean | says: less the square of the mean has few right digits
def standardise(train_x, test_x):
    train, test = train_x.float() / 255, test_x.float() / 255
    mean = train.mean(dim=(0, 2, 3), keepdim=True)
    var = (train**2).mean(dim=(0, 2, 3), keepdim=True) - mean**2
    std = var.sqrt()
    std[std == 0] = 1
    return (train - mean) / std, (test - mean) / std


# %% wrong: reshaped to one row a channel | says: mixes images and channels
def standardise(train_x, test_x):
    train, test = train_x.float() / 255, test_x.float() / 255
    C = train.shape[1]
    rows = train.reshape(C, -1)
    mean = rows.mean(1).view(1, C, 1, 1)
    std = rows.std(1, unbiased=False).view(1, C, 1, 1)
    std = torch.where(std > 0, std, torch.ones_like(std))
    return (train - mean) / std, (test - mean) / std
