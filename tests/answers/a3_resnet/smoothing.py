# %% right: loop
def smoothed_loss(logits, y, eps=0.1):
    total = logits.new_zeros(())
    for row, label in zip(logits, y, strict=True):
        log_p = row - row.max()
        log_p = log_p - log_p.exp().sum().log()
        for c in range(len(row)):
            t = eps / len(row) + (1 - eps if c == label else 0)
            total = total - t * log_p[c]
    return total / len(y)


# %% right: one hot
def smoothed_loss(logits, y, eps=0.1):
    C = logits.shape[1]
    targets = (1 - eps) * F.one_hot(y, C) + eps / C
    log_p = logits - torch.logsumexp(logits, dim=1, keepdim=True)
    return -torch.einsum("bc,bc->b", targets.to(logits), log_p).mean()


# %% right: targets
def smoothed_loss(logits, y, eps=0.1):
    B, C = logits.shape
    targets = torch.full_like(logits, eps / C)
    targets[torch.arange(B), y] += 1 - eps
    return -(targets * logits.log_softmax(1)).sum(1).mean()


# %% wrong: c minus one | says: not eps / (C - 1)
def smoothed_loss(logits, y, eps=0.1):
    B, C = logits.shape
    targets = torch.full_like(logits, eps / (C - 1))
    targets[torch.arange(B), y] = 1 - eps
    return -(targets * F.log_softmax(logits, 1)).sum(1).mean()


# %% wrong: dim | says: over the classes, dim 1
def smoothed_loss(logits, y, eps=0.1):
    log_p = F.log_softmax(logits, 0)
    return -((1 - eps) * log_p[torch.arange(len(y)), y] + eps * log_p.mean(1)).mean()


# %% wrong: exchanged | says: the targets are exchanged
def smoothed_loss(logits, y, eps=0.1):
    log_p = F.log_softmax(logits, 1)
    right = log_p[torch.arange(len(y)), y]
    return -(eps * right + (1 - eps) * log_p.mean(1)).mean()


# %% wrong: graph cut | says: the graph is cut
def smoothed_loss(logits, y, eps=0.1):
    log_p = F.log_softmax(logits, 1).detach()
    return -((1 - eps) * log_p[torch.arange(len(y)), y] + eps * log_p.mean(1)).mean()


# %% wrong: library | says: by hand
def smoothed_loss(logits, y, eps=0.1):
    return F.cross_entropy(logits, y, label_smoothing=eps)


# %% wrong: mean over all | says: not over images and classes
def smoothed_loss(logits, y, eps=0.1):
    B, C = logits.shape
    targets = torch.full_like(logits, eps / C)
    targets[torch.arange(B), y] += 1 - eps
    return -(targets * F.log_softmax(logits, 1)).mean()


# %% wrong: module | says: by hand
def smoothed_loss(logits, y, eps=0.1):
    return nn.CrossEntropyLoss(label_smoothing=eps)(logits, y)


# %% wrong: number | says: .item()
def smoothed_loss(logits, y, eps=0.1):
    log_p = F.log_softmax(logits, 1)
    return -((1 - eps) * log_p[torch.arange(len(y)), y] + eps * log_p.mean(1)).mean().item()


# %% wrong: per image | says: take the mean
def smoothed_loss(logits, y, eps=0.1):
    log_p = F.log_softmax(logits, 1)
    return -((1 - eps) * log_p[torch.arange(len(y)), y] + eps * log_p.mean(1))


# %% wrong: plain | says: without smoothing
def smoothed_loss(logits, y, eps=0.1):
    return -F.log_softmax(logits, 1)[torch.arange(len(y)), y].mean()


# %% wrong: right class short | says: gets its share
def smoothed_loss(logits, y, eps=0.1):
    B, C = logits.shape
    targets = torch.full_like(logits, eps / C)
    targets[torch.arange(B), y] = 1 - eps
    return -(targets * F.log_softmax(logits, 1)).sum(1).mean()


# %% wrong: sign | says: minus 1: the sign
def smoothed_loss(logits, y, eps=0.1):
    log_p = F.log_softmax(logits, 1)
    return ((1 - eps) * log_p[torch.arange(len(y)), y] + eps * log_p.mean(1)).mean()


# %% wrong: sum | says: the mean over the batch, not the sum
def smoothed_loss(logits, y, eps=0.1):
    log_p = F.log_softmax(logits, 1)
    right = log_p[torch.arange(len(y)), y]
    return -((1 - eps) * right + eps * log_p.mean(1)).sum()


# %% wrong: sum of logarithms | says: the mean of the logarithms, not their sum
def smoothed_loss(logits, y, eps=0.1):
    log_p = F.log_softmax(logits, 1)
    right = log_p[torch.arange(len(y)), y]
    return -((1 - eps) * right + eps * log_p.sum(1)).mean()


# %% wrong: targets above 1 | says: the targets add up to 1
def smoothed_loss(logits, y, eps=0.1):
    B, C = logits.shape
    t = torch.full_like(logits, eps / (C - 1))
    t[torch.arange(B), y] = 1 - eps + eps / C
    return -(t * F.log_softmax(logits, 1)).sum(1).mean()


# %% wrong: ten classes | says: logits.shape[1]
def smoothed_loss(logits, y, eps=0.1):
    log_p = F.log_softmax(logits, 1)
    right = log_p[torch.arange(len(y)), y]
    return -((1 - eps) * right + eps / 10 * log_p.sum(1)).mean()


# %% wrong: ten others | says: not always 10
def smoothed_loss(logits, y, eps=0.1):
    B, C = logits.shape
    t = torch.full_like(logits, eps / 10)
    t[torch.arange(B), y] = 1 - eps + eps / C
    return -(t * F.log_softmax(logits, 1)).sum(1).mean()


# %% wrong: unstable | says: softmax, then log
def smoothed_loss(logits, y, eps=0.1):
    log_p = torch.log(torch.softmax(logits, 1))
    return -((1 - eps) * log_p[torch.arange(len(y)), y] + eps * log_p.mean(1)).mean()


# %% wrong: whole columns | says: whole columns
def smoothed_loss(logits, y, eps=0.1):
    log_p = F.log_softmax(logits, 1)
    t = torch.full_like(log_p, eps / logits.shape[1])
    t[:, y] = 1 - eps + eps / logits.shape[1]
    return -(t * log_p).sum(1).mean()


# %% wrong: classes counted from the labels | says: not of those that occur
def smoothed_loss(logits, y, eps: float = 0.1):
    t = F.one_hot(y).to(logits.dtype) * (1 - eps) + eps / logits.shape[1]
    return -(t * F.log_softmax(logits, 1)).sum(1).mean()


# %% wrong: probabilities clamped | says: no logarithm is cut off
def smoothed_loss(logits, y, eps: float = 0.1):
    p = logits.softmax(1).clamp_min(1e-12)
    t = F.one_hot(y, logits.shape[1]) * (1 - eps) + eps / logits.shape[1]
    return -(t * p.log()).sum(1).mean()


# %% wrong: a small number added to the probabilities | says: no logarithm is cut off
def smoothed_loss(logits, y, eps=0.1):
    log_p = (logits.softmax(1) + 1e-9).log()
    right = log_p.gather(1, y[:, None])[:, 0]
    return -((1 - eps) * right + eps * log_p.mean(1)).mean()


# %% wrong: eps or the default | says: eps may be 0
def smoothed_loss(logits, y, eps: float = 0.1):
    eps = eps or 0.1
    C = logits.size(-1)
    logp = F.log_softmax(logits, dim=-1)
    t = torch.full_like(logp, eps / C)
    t[torch.arange(len(y)), y] = 1 - eps + eps / C
    return -(t * logp).sum(-1).mean()


# %% wrong: columns in place of pairs | says: all pairs of images and labels
def smoothed_loss(logits, y, eps: float = 0.1):
    logp = F.log_softmax(logits, dim=1)
    right = -logp[:, y].mean()
    uniform = -logp.mean()
    return (1 - eps) * right + eps * uniform


# %% wrong: as many classes as the labels show | says: not of those that occur
def smoothed_loss(logits, y, eps: float = 0.1):
    hot = F.one_hot(y).to(logits.dtype)
    t = (1 - eps) * hot + eps / hot.shape[1]
    return -(t * F.log_softmax(logits, 1)).sum(1).mean()


# %% wrong: epsilon is always 0.1 | says: not always 0.1
def smoothed_loss(logits, y, eps: float = 0.1):
    log_p = F.log_softmax(logits, dim=1)
    return -(0.9 * log_p[torch.arange(len(y)), y] + 0.1 * log_p.mean(1)).mean()


# %% wrong: the normaliser carries no gradient | says: the logarithm of the sum
def smoothed_loss(logits, y, eps: float = 0.1):
    log_p = logits - torch.logsumexp(logits, 1, keepdim=True).detach()
    return -((1 - eps) * log_p[torch.arange(len(y)), y] + eps * log_p.mean(1)).mean()


# %% wrong: the largest logit of the batch subtracted | says: not the largest of all
def smoothed_loss(logits, y, eps: float = 0.1):
    C = logits.shape[1]
    z = logits - logits.max().detach()
    logp = z - z.exp().sum(1, keepdim=True).log()
    t = torch.full_like(logits, eps / C).scatter(1, y[:, None], 1 - eps + eps / C)
    return -(t * logp).sum(1).mean()


# %% wrong: nothing for the others | says: have their share too
def smoothed_loss(logits, y, eps=0.1):
    logp = logits.log_softmax(1)
    return -((1 - eps) * logp[torch.arange(len(y)), y]).mean()


# %% wrong: a sigmoid of each class | says: not a sigmoid of each
def smoothed_loss(logits, y, eps=0.1):
    t = F.one_hot(y, logits.shape[1]).to(logits) * (1 - eps) + eps / logits.shape[1]
    return -(t * F.logsigmoid(logits) + (1 - t) * F.logsigmoid(-logits)).sum(1).mean()


# %% wrong: as many classes as images | says: logits.shape[1]
def smoothed_loss(logits, y, eps: float = 0.1):
    C = logits.shape[0]
    logp = logits.log_softmax(dim=1)
    right = logp[torch.arange(len(y)), y]
    return -((1 - eps) * right + eps / C * logp.sum(dim=1)).mean()
