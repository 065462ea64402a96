# %% right: by channel
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    kernels, biases = [], []
    for o in range(len(w)):
        scale = gamma[o] / (var[o] + eps) ** 0.5
        kernels.append(scale * w[o])
        before = -mean[o] if b is None else b[o] - mean[o]
        biases.append(before * scale + beta[o])
    return torch.stack(kernels), torch.stack(biases)


# %% right: einsum
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = gamma * torch.rsqrt(var + eps)
    b = 0 if b is None else b
    return torch.einsum("o,ocuv->ocuv", scale, w), beta + scale * (b - mean)


# %% right: matrix
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = torch.diag(gamma / torch.sqrt(var + eps))
    shift = beta - scale @ mean
    if b is not None:
        shift = shift + scale @ b
    return (scale @ w.flatten(1)).view(w.shape), shift


# %% right: probed
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    def bn(z):
        return (z - mean) / (var + eps).sqrt() * gamma + beta

    offset = bn(torch.zeros_like(mean))
    scale = bn(torch.ones_like(mean)) - offset  # BN is linear: its value at 0 and at 1 says all
    return w * scale[:, None, None, None], offset if b is None else offset + scale * b


# %% wrong: as it was | says: the convolution as it was
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    return w.clone(), b.clone() if b is not None else torch.zeros_like(mean)


# %% wrong: beta scaled | says: beta is added as it is
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / (var + eps).sqrt()
    if b is None:
        b = torch.zeros_like(mean)
    return w * scale.view(-1, 1, 1, 1), (b - mean + beta) * scale


# %% wrong: bias lost | says: the bias of the convolution is lost
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / (var + eps).sqrt()
    if b is None:
        b = torch.zeros_like(mean)
    return w * scale.view(-1, 1, 1, 1), beta - mean * scale


# %% wrong: bias needed | says: unsupported operand
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / (var + eps).sqrt()
    return w * scale.view(-1, 1, 1, 1), (b - mean) * scale + beta


# %% wrong: bias not scaled | says: the bias of the convolution is multiplied by the scale too
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / (var + eps).sqrt()
    if b is None:
        b = torch.zeros_like(mean)
    return w * scale.view(-1, 1, 1, 1), b - mean * scale + beta


# %% wrong: eps hard coded | says: epsilon is an argument
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / (var + 1e-5).sqrt()
    return w * scale.view(-1, 1, 1, 1), ((0 if b is None else b) - mean) * scale + beta


# %% wrong: epsilon outside | says: under the root
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / (var.sqrt() + eps)
    if b is None:
        b = torch.zeros_like(mean)
    return w * scale.view(-1, 1, 1, 1), (b - mean) * scale + beta


# %% wrong: graph cut | says: the graph is cut
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / (var + eps).sqrt()
    if b is None:
        b = torch.zeros_like(mean)
    return w * scale.detach().view(-1, 1, 1, 1), (b - mean) * scale.detach() + beta


# %% wrong: in place | says: clone() first
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / (var + eps).sqrt()
    w *= scale.view(-1, 1, 1, 1)
    return w, ((0 if b is None else b) - mean) * scale + beta


# %% wrong: input channels | says: belongs to output channels
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / (var + eps).sqrt()
    if b is None:
        b = torch.zeros_like(mean)
    return w * scale.view(1, -1, 1, 1), (b - mean) * scale + beta


# %% wrong: library | says: by hand
from torch.nn.utils.fusion import fuse_conv_bn_weights


def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    w, b = fuse_conv_bn_weights(w, b, mean, var, eps, gamma, beta)
    return w.data, b.data


# %% wrong: library linear | says: by hand
from torch.nn.utils.fusion import fuse_linear_bn_weights


def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    w_new, b_new = fuse_linear_bn_weights(w.flatten(1), b, mean, var, eps, gamma, beta)
    return w_new.data.view_as(w), b_new.data


# %% wrong: mean added | says: subtracted, not added
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / (var + eps).sqrt()
    if b is None:
        b = torch.zeros_like(mean)
    return w * scale.view(-1, 1, 1, 1), (b + mean) * scale + beta


# %% wrong: mean not scaled | says: the stored mean is multiplied by the scale too
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / (var + eps).sqrt()
    if b is None:
        b = torch.zeros_like(mean)
    return w * scale.view(-1, 1, 1, 1), b * scale - mean + beta


# %% wrong: no beta | says: beta is not added
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / (var + eps).sqrt()
    if b is None:
        b = torch.zeros_like(mean)
    return w * scale.view(-1, 1, 1, 1), (b - mean) * scale


# %% wrong: no epsilon | says: epsilon is added to the variance
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / var.sqrt()
    if b is None:
        b = torch.zeros_like(mean)
    return w * scale.view(-1, 1, 1, 1), (b - mean) * scale + beta


# %% wrong: no gamma | says: gamma is not applied
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = 1 / (var + eps).sqrt()
    if b is None:
        b = torch.zeros_like(mean)
    return w * scale.view(-1, 1, 1, 1), (b - mean) * scale + beta


# %% wrong: no mean | says: the stored mean is not subtracted
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / (var + eps).sqrt()
    if b is None:
        b = torch.zeros_like(mean)
    return w * scale.view(-1, 1, 1, 1), b * scale + beta


# %% wrong: no root | says: divide by the root
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / (var + eps)
    if b is None:
        b = torch.zeros_like(mean)
    return w * scale.view(-1, 1, 1, 1), (b - mean) * scale + beta


# %% wrong: no view | says: w * scale multiplies the last axis
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / (var + eps).sqrt()
    if b is None:
        b = torch.zeros_like(mean)
    return w * scale, (b - mean) * scale + beta


# %% wrong: parameters | says: a plain tensor
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / (var + eps).sqrt()
    if b is None:
        b = torch.zeros_like(mean)
    return nn.Parameter(w * scale.view(-1, 1, 1, 1)), nn.Parameter((b - mean) * scale + beta)


# %% wrong: weights kept | says: the weights are not scaled
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / (var + eps).sqrt()
    if b is None:
        b = torch.zeros_like(mean)
    return w, (b - mean) * scale + beta


# %% wrong: divided by a quotient | says: nan comes of 0/0
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    by = (var + eps).sqrt() / gamma
    b = torch.zeros_like(mean) if b is None else b
    return w / by.view(-1, 1, 1, 1), (b - mean) / by + beta


# %% wrong: zeros are no bias | says: a bias of zeros is a bias
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / (var + eps).sqrt()
    shift = -mean if b is None or (b == 0).all() else b - mean
    return w * scale.view(-1, 1, 1, 1), shift * scale + beta


# %% wrong: left in float64 | says: as those of the weights
def fold(w, b, gamma, beta, mean, var, eps: float = 1e-5):
    w, gamma, beta, mean, var = (t.double() for t in (w, gamma, beta, mean, var))
    b = 0.0 if b is None else b.double()
    scale = gamma / torch.sqrt(var + eps)
    return w * scale[:, None, None, None], (b - mean) * scale + beta


# %% wrong: a γ of zero replaced | says: nothing stands in for it
def fold(w, b, gamma, beta, mean, var, eps: float = 1e-5):
    gamma = torch.where(gamma == 0, torch.full_like(gamma, eps), gamma)
    factor = gamma / torch.sqrt(var + eps)
    if b is None:
        b = torch.zeros_like(beta)
    return w * factor.reshape(-1, 1, 1, 1), beta + (b - mean) * factor


# %% wrong: the missing bias makes float64 | says: torch.float32
def fold(w, b, gamma, beta, mean, var, eps: float = 1e-5):
    scale = gamma / torch.sqrt(var + eps)
    if b is None:
        b = torch.zeros(len(mean), dtype=torch.float64)
    return w * scale[:, None, None, None], (b - mean) * scale + beta


# %% wrong: both parts squeezed | says: no squeeze()
def fold(w, b, gamma, beta, mean, var, eps: float = 1e-5):
    s = (gamma / (var + eps).sqrt()).reshape(-1, 1, 1, 1)
    old = torch.zeros_like(mean) if b is None else b
    return (w * s).squeeze(), (beta + (old - mean) * s.squeeze()).squeeze()


# %% wrong: epsilon added twice | says: epsilon is added once
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    s = gamma / (var + eps + eps).sqrt()
    b = torch.zeros_like(mean) if b is None else b
    return w * s[:, None, None, None], (b - mean) * s + beta


# %% wrong: unbiased correction | says: without n / (n - 1)
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    s = gamma / (var * len(var) / (len(var) - 1) + eps).sqrt()
    b = torch.zeros_like(mean) if b is None else b
    return w * s[:, None, None, None], (b - mean) * s + beta


# %% wrong: bias first | says: in this order
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    s = gamma / (var + eps).sqrt()
    b = torch.zeros_like(mean) if b is None else b
    return (b - mean) * s + beta, w * s[:, None, None, None]


# %% wrong: kernels through F.batch_norm | says: comes through w_new
def fold(w, b, gamma, beta, mean, var, eps: float = 1e-5):
    zero = torch.zeros_like(mean)
    rows = w.flatten(1).T  # (C K K, O): the output channels are the features
    w_new = F.batch_norm(rows, zero, var.detach(), gamma, zero, False, 0.0, eps).T.reshape(w.shape)
    scale = gamma / torch.sqrt(var + eps)
    b_new = beta - mean * scale
    return w_new, b_new if b is None else b_new + b * scale


# %% wrong: the factor in the space of logarithms | says: no root and no logarithm
def fold(w, b, gamma, beta, mean, var, eps: float = 1e-5):
    s = torch.exp(torch.log(gamma) - 0.5 * torch.log(var + eps))
    b = mean * 0 if b is None else b
    return w * s.reshape(-1, 1, 1, 1), (b - mean) * s + beta


# %% wrong: an epsilon of its own | says: no gradient: write it as arithmetic
def fold(w, b, gamma, beta, mean, var, eps: float = 1e-5):
    zero = torch.zeros_like(mean)[None]
    bias = zero if b is None else b[None]
    b_new = F.batch_norm(bias, mean, var, gamma, beta, training=False)[0]
    s = F.batch_norm(torch.ones_like(zero), mean, var, gamma, beta)[0]
    s = s - F.batch_norm(zero, mean, var, gamma, beta)[0]
    return w * s[:, None, None, None], b_new
