# %% right: einsum
def cross_entropy(logits, y):
    one_hot = torch.eye(logits.shape[1], dtype=logits.dtype)[y]
    z = logits - logits.sort(dim=1).values[:, -1:]
    e = torch.exp(z)
    log_p = z - torch.log(torch.einsum("bc->b", e))[:, None]
    loss = -torch.einsum("bc,bc->", one_hot, log_p) / logits.shape[0]
    return loss, (torch.exp(log_p) - one_hot) / logits.shape[0]


# %% right: gather
def cross_entropy(logits, y):
    top = logits.max(dim=1, keepdim=True).values
    e = torch.exp(logits - top)
    total = e.sum(dim=1, keepdim=True)
    loss = (top + total.log() - logits.gather(1, y.unsqueeze(1))).mean()
    return loss, (e / total - F.one_hot(y, logits.shape[1]).to(logits.dtype)) / len(logits)


# %% right: loops
def cross_entropy(logits, y):
    B, C = logits.shape
    gradient, total = torch.zeros_like(logits), 0
    for i in range(B):
        z = logits[i] - logits[i].max()
        e = z.exp()
        total = total + e.sum().log() - z[y[i]]
        for c in range(C):
            gradient[i, c] = (e[c] / e.sum() - (1.0 if c == y[i] else 0.0)) / B
    return total / B, gradient


# %% right: NumPy in float64, back by from_numpy
def cross_entropy(logits, y):
    import numpy as np

    z = logits.numpy().astype(np.float64)
    t = y.numpy()
    z = z - z.max(axis=1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    rows = np.arange(len(t))
    g = np.exp(logp)
    g[rows, t] -= 1
    loss = torch.tensor(-logp[rows, t].mean(), dtype=logits.dtype)
    return loss, torch.from_numpy(g / len(t)).to(logits.dtype)


# %% wrong: autograd | says: by hand
from torch.autograd import grad


def cross_entropy(logits, y):
    z = logits.clone().requires_grad_()
    shifted = z - z.amax(1, keepdim=True)
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    loss = -log_p[torch.arange(len(y)), y].mean()
    return loss.detach(), grad(loss, z)[0]


# %% wrong: clamped | says: Expected: [
def cross_entropy(logits, y):
    z = logits.clamp(-30, 30)
    e = z.exp()
    p = e / e.sum(1, keepdim=True)
    loss = -p[torch.arange(len(y)), y].log().mean()
    p[torch.arange(len(y)), y] -= 1
    return loss, p / len(y)


# %% wrong: columns | says: in the column of every label
def cross_entropy(logits, y):
    z = logits - logits.amax(1, keepdim=True)
    log_p = z - z.exp().sum(1, keepdim=True).log()
    gradient = log_p.exp()
    gradient[:, y.unique()] -= 1
    return -log_p[torch.arange(len(y)), y].mean(), gradient / len(y)


# %% wrong: cumulative | says: without the library's logcumsumexp
def cross_entropy(logits, y):
    rows = torch.arange(len(y))
    log_p = logits - logits.logcumsumexp(1)[:, -1:]
    gradient = log_p.exp()
    gradient[rows, y] -= 1
    return -log_p[rows, y].mean(), gradient / len(y)


# %% wrong: dtype | says: dtype torch.float64
def cross_entropy(logits, y):
    z = (logits - logits.amax(1, keepdim=True)).double()
    log_p = z - z.exp().sum(1, keepdim=True).log()
    gradient = log_p.exp()
    gradient[torch.arange(len(y)), y] -= 1
    return -log_p[torch.arange(len(y)), y].mean(), gradient / len(y)


# %% wrong: engine | says: by hand
def cross_entropy(logits, y):
    from torch.autograd.graph import _engine_run_backward as run

    z = logits.clone().requires_grad_()
    moved = z - z.detach().amax(1, keepdim=True)
    loss = (moved.exp().sum(1).log() - moved[torch.arange(len(y)), y]).mean()
    one = torch.ones_like(loss)
    found = run((loss,), (one,), False, False, (z,), allow_unreachable=True, accumulate_grad=False)
    return loss.detach(), found[0]


# %% wrong: epsilon | says: an epsilon in the logarithm
def cross_entropy(logits, y):
    e = (logits - logits.max(1, keepdim=True).values).exp()
    p = e / e.sum(1, keepdim=True)
    loss = -(p[torch.arange(len(y)), y] + 1e-12).log().mean()
    p[torch.arange(len(y)), y] -= 1
    return loss, p / len(y)


# %% wrong: forward mode | says: by hand
def cross_entropy(logits, y):
    def loss(z):
        z = z - z.detach().amax(1, keepdim=True)
        return (z.exp().sum(1).log() - z[torch.arange(len(y)), y]).mean()

    return loss(logits), torch.func.jacfwd(loss)(logits)


# %% wrong: gradient not averaged | says: the 1/B of the mean is missing
def cross_entropy(logits, y):
    z = logits - logits.amax(1, keepdim=True)
    log_p = z - z.exp().sum(1, keepdim=True).log()
    gradient = log_p.exp()
    gradient[torch.arange(len(y)), y] -= 1
    return -log_p[torch.arange(len(y)), y].mean(), gradient


# %% wrong: in place | says: an operation in place
def cross_entropy(logits, y):
    logits -= logits.amax(1, keepdim=True)
    log_p = logits - logits.exp().sum(1, keepdim=True).log()
    gradient = log_p.exp()
    gradient[torch.arange(len(y)), y] -= 1
    return -log_p[torch.arange(len(y)), y].mean(), gradient / len(y)


# %% wrong: library | says: by hand
def cross_entropy(logits, y):
    p = logits.softmax(1)
    p[torch.arange(len(y)), y] -= 1
    return F.cross_entropy(logits, y), p / len(y)


# %% wrong: loss only | says: the pair (loss, gradient)
def cross_entropy(logits, y):
    z = logits - logits.amax(1, keepdim=True)
    log_p = z - z.exp().sum(1, keepdim=True).log()
    return -log_p[torch.arange(len(y)), y].mean()


# %% wrong: no one hot | says: 1 is to be taken off
def cross_entropy(logits, y):
    z = logits - logits.amax(1, keepdim=True)
    log_p = z - z.exp().sum(1, keepdim=True).log()
    return -log_p[torch.arange(len(y)), y].mean(), log_p.exp() / len(y)


# %% wrong: number | says: a torch.Tensor
def cross_entropy(logits, y):
    z = logits - logits.amax(1, keepdim=True)
    log_p = z - z.exp().sum(1, keepdim=True).log()
    gradient = log_p.exp()
    gradient[torch.arange(len(y)), y] -= 1
    return -log_p[torch.arange(len(y)), y].mean().item(), gradient / len(y)


# %% wrong: one maximum | says: each row's own largest
def cross_entropy(logits, y):
    z = logits - logits.max()
    log_p = z - z.exp().sum(1, keepdim=True).log()
    gradient = log_p.exp()
    gradient[torch.arange(len(y)), y] -= 1
    return -log_p[torch.arange(len(y)), y].mean(), gradient / len(y)


# %% wrong: overflow | says: e to a large logit overflows
def cross_entropy(logits, y):
    e = logits.exp()
    p = e / e.sum(1, keepdim=True)
    loss = -p[torch.arange(len(y)), y].log().mean()
    p[torch.arange(len(y)), y] -= 1
    return loss, p / len(y)


# %% wrong: scipy | says: by hand
from scipy import special


def cross_entropy(logits, y):
    rows = torch.arange(len(y))
    log_p = torch.tensor(special.log_softmax(logits.numpy(), 1), dtype=logits.dtype)
    gradient = torch.tensor(special.softmax(logits.numpy(), 1), dtype=logits.dtype)
    gradient[rows, y] -= 1
    return -log_p[rows, y].mean(), gradient / len(y)


# %% wrong: sign | says: the sign
def cross_entropy(logits, y):
    z = logits - logits.amax(1, keepdim=True)
    log_p = z - z.exp().sum(1, keepdim=True).log()
    one_hot = F.one_hot(y, logits.shape[1])
    return -log_p[torch.arange(len(y)), y].mean(), (one_hot - log_p.exp()) / len(y)


# %% wrong: sum | says: the mean over the batch, not the sum
def cross_entropy(logits, y):
    z = logits - logits.amax(1, keepdim=True)
    log_p = z - z.exp().sum(1, keepdim=True).log()
    gradient = log_p.exp()
    gradient[torch.arange(len(y)), y] -= 1
    return -log_p[torch.arange(len(y)), y].sum(), gradient


# %% wrong: underflow | says: form ln p without forming p
def cross_entropy(logits, y):
    e = (logits - logits.max(1, keepdim=True).values).exp()
    p = e / e.sum(1, keepdim=True)
    loss = -p[torch.arange(len(y)), y].log().mean()
    p[torch.arange(len(y)), y] -= 1
    return loss, p / len(y)


# %% wrong: softmax of scikit-learn | says: by hand
from sklearn.utils.extmath import softmax


def cross_entropy(logits, y):
    B, C = logits.shape
    p = torch.from_numpy(softmax(logits.numpy()))
    shifted = logits - logits.max(1, keepdim=True).values
    loss = (shifted.exp().sum(1).log() - shifted[torch.arange(B), y]).mean()
    return loss, (p - F.one_hot(y, C)) / B


# %% wrong: marks the true class by its value | says: may have the same logit
def cross_entropy(logits, y):
    z = logits - logits.amax(1, keepdim=True)
    zy = z.gather(1, y[:, None])
    log_sum = z.exp().sum(1, keepdim=True).log()
    loss = (log_sum - zy).mean()
    gradient = ((z - log_sum).exp() - (z == zy).to(z.dtype)) / len(z)
    return loss, gradient


# %% wrong: a single class is taken for a binary problem | says: not the sigmoid
def cross_entropy(logits, y):
    B, C = logits.shape
    if C == 1:
        z = logits[:, 0]
        t = y.to(z.dtype)
        loss = (z.clamp_min(0) - z * t + torch.log1p(torch.exp(-z.abs()))).mean()
        p = 1 / (1 + torch.exp(-z))
        return loss, ((p - t) / B)[:, None]
    shifted = logits - logits.max(1, keepdim=True).values
    exps = shifted.exp()
    probs = exps / exps.sum(1, keepdim=True)
    log_probs = shifted - exps.sum(1, keepdim=True).log()
    loss = -log_probs[range(B), y].mean()
    grad = probs.clone()
    grad[range(B), y] -= 1
    return loss, grad / B


# %% wrong: clamped logits | says: no logit is cut off
def cross_entropy(logits, y):
    B, C = logits.shape
    z = logits.clamp(-50, 50)
    log_p = z - z.exp().sum(1, keepdim=True).log()
    onehot = F.one_hot(y, C).to(logits.dtype)
    return -(onehot * log_p).sum() / B, (log_p.exp() - onehot) / B


# %% wrong: gradient by a softmax over the batch | says: the softmax runs over the classes
def cross_entropy(logits, y):
    s = logits - logits.max(1, keepdim=True).values
    logp = s - s.exp().sum(1, keepdim=True).log()
    rows = torch.arange(len(y))
    t = (logits - logits.max(0, keepdim=True).values).exp()
    g = t / t.sum(0, keepdim=True)
    g[rows, y] -= 1
    return -logp[rows, y].mean(), g / len(y)


# %% wrong: log1p without ties | says: share the largest logit
def cross_entropy(logits, y):
    m = logits.max(dim=1, keepdim=True).values
    e = (logits - m).exp()
    rest = torch.where(logits < m, e, torch.zeros_like(e)).sum(1)  # all but the largest
    loss = (m.squeeze(1) + torch.log1p(rest) - logits.gather(1, y[:, None]).squeeze(1)).mean()
    p = e / e.sum(1, keepdim=True)
    return loss, (p - F.one_hot(y, logits.shape[1]).to(p.dtype)) / len(y)


# %% wrong: differences cut at -700 | says: no logit is cut off
def cross_entropy(logits, y):
    z = (logits - logits.amax(1, keepdim=True)).clamp(min=-700)  # e^-745 would be 0
    log_p = z - z.exp().sum(1, keepdim=True).log()
    loss = -log_p.gather(1, y.unsqueeze(1)).mean()
    return loss, (log_p.exp() - F.one_hot(y, logits.size(1))) / logits.size(0)


# %% wrong: logaddexp begun at zero | says: begins with the first logit
def cross_entropy(logits, y):
    B, C = logits.shape
    total = torch.zeros(B, dtype=logits.dtype)
    for c in range(C):
        total = torch.logaddexp(total, logits[:, c])
    logp = logits - total[:, None]
    loss = -logp.gather(1, y[:, None]).mean()
    return loss, (logp.exp() - F.one_hot(y, C)) / B
