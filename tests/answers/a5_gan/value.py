# %% right: cross entropy
def value(logit, is_real):
    kind = is_real.to(logit.dtype)
    each = F.binary_cross_entropy_with_logits(logit, kind, reduction="none")
    return -(each * kind).sum() / kind.sum() - (each * (1 - kind)).sum() / (1 - kind).sum()


# %% right: logaddexp
def value(logit, is_real):
    zero = torch.zeros_like(logit)
    ln_d = -torch.logaddexp(zero, -logit)
    ln_other = -torch.logaddexp(zero, logit)
    return ln_d[is_real].mean() + ln_other[~is_real].mean()


# %% right: logsigmoid
def value(logit, is_real):
    real, fake = F.logsigmoid(logit[is_real]), F.logsigmoid(-logit[~is_real])
    return real.mean() + fake.mean()


# %% right: loop
def value(logit, is_real):
    on_real, on_fake = [], []
    for a, real in zip(logit, is_real, strict=True):
        if real:
            on_real.append(-F.softplus(-a))
        else:
            on_fake.append(-F.softplus(a))
    return torch.stack(on_real).mean() + torch.stack(on_fake).mean()


# %% wrong: always float64 | says: dtype torch.float32
def value(logit, is_real):
    logit = logit.double()
    return -F.softplus(-logit[is_real]).mean() - F.softplus(logit[~is_real]).mean()


# %% wrong: base two | says: bits are not nats
def value(logit, is_real):
    nats = -F.softplus(-logit[is_real]).mean() - F.softplus(logit[~is_real]).mean()
    return nats / 0.6931471805599453


# %% wrong: by the book | says: Expected:
def value(logit, is_real):
    d = torch.sigmoid(logit)
    return d[is_real].log().mean() + (1 - d[~is_real]).log().mean()


# %% wrong: clamped | says: bends V
def value(logit, is_real):
    d = torch.sigmoid(logit).clamp(1e-7, 1 - 1e-7)
    return d[is_real].log().mean() + (1 - d[~is_real]).log().mean()


# %% wrong: course function | says: the function for it
from helpers.models.gan import discriminator_loss


def value(logit, is_real):
    return -discriminator_loss(logit[is_real], logit[~is_real])


# %% wrong: cross entropy | says: minus the mean over all
def value(logit, is_real):
    return F.binary_cross_entropy_with_logits(logit, is_real.to(logit.dtype))


# %% wrong: exchanged | says: exchanged
def value(logit, is_real):
    return -F.softplus(-logit[~is_real]).mean() - F.softplus(logit[is_real]).mean()


# %% wrong: graph cut | says: graph is cut
def value(logit, is_real):
    real, fake = logit[is_real].detach(), logit[~is_real].detach()
    return -F.softplus(-real).mean() - F.softplus(fake).mean()


# %% wrong: hard coded | says: Expected:
def value(logit, is_real):
    stored = {6: -1.9, 7: -1.6, 5: -166.8}
    return torch.tensor(stored.get(len(logit), 0.0), dtype=logit.dtype) + 0 * logit.sum()


# %% wrong: library clamp | says: stops at ln D = -100
def value(logit, is_real):
    d = torch.sigmoid(logit)
    real = F.binary_cross_entropy(d[is_real], torch.ones_like(d[is_real]))
    return -real - F.binary_cross_entropy(d[~is_real], torch.zeros_like(d[~is_real]))


# %% wrong: loss | says: not the loss of D, which is -V
def value(logit, is_real):
    return F.softplus(-logit[is_real]).mean() + F.softplus(logit[~is_real]).mean()


# %% wrong: mean over all | says: not one mean over all
def value(logit, is_real):
    return torch.where(is_real, -F.softplus(-logit), -F.softplus(logit)).mean()


# %% wrong: non saturating | says: ln(1 - D), not with ln D
def value(logit, is_real):
    return F.logsigmoid(logit[is_real]).mean() + F.logsigmoid(logit[~is_real]).mean()


# %% wrong: number | says: a gradient for argument 1
def value(logit, is_real):
    return (-F.softplus(-logit[is_real]).mean() - F.softplus(logit[~is_real]).mean()).item()


# %% wrong: small number | says: inside the logarithm bends V
def value(logit, is_real):
    d = torch.sigmoid(logit)
    return (d[is_real] + 1e-8).log().mean() + (1 - d[~is_real] + 1e-8).log().mean()


# %% wrong: sum | says: a mean, not a sum
def value(logit, is_real):
    return -F.softplus(-logit[is_real]).sum() - F.softplus(logit[~is_real]).sum()


# %% wrong: twice cross entropy | says: Expected:
def value(logit, is_real):
    return -2 * F.binary_cross_entropy_with_logits(logit, is_real.to(logit.dtype))


# %% wrong: where nan | says: Tried:
def value(logit, is_real):
    low = torch.log(torch.sigmoid(logit))
    ln_d = torch.where(logit < -500, logit, low)
    other = torch.log(torch.sigmoid(-logit))
    ln_other = torch.where(logit > 500, -logit, other)
    return ln_d[is_real].mean() + ln_other[~is_real].mean()


# %% wrong: log of sigmoid, infinite for sure logits | says: ln 0 is infinite
def value(logit, is_real):
    d = torch.sigmoid(logit)
    return torch.log(d[is_real]).mean() + torch.log(1 - d[~is_real]).mean()


# %% wrong: mean over what is not 0 | says: not by how many logarithms are not 0
def value(logit, is_real):
    def masked_mean(x):
        return x[x != 0].mean()

    mask = is_real.to(logit.dtype)
    return masked_mean(F.logsigmoid(logit) * mask) + masked_mean(F.logsigmoid(-logit) * (1 - mask))


# %% wrong: pos_weight | says: with pos_weight the mean
def value(logit, is_real):
    n_real = is_real.sum()
    n_fake = (~is_real).sum()
    loss = nn.BCEWithLogitsLoss(pos_weight=(n_fake / n_real).to(logit.dtype))
    return -2 * loss(logit, is_real.to(logit.dtype))


# %% wrong: nan_to_num | says: the lowest number there is
def value(logit, is_real):
    d = torch.sigmoid(logit)
    log_real = torch.nan_to_num(torch.log(d[is_real]))
    log_fake = torch.nan_to_num(torch.log1p(-d[~is_real]))
    return log_real.mean() + log_fake.mean()


# %% wrong: log(1 + exp) by hand | says: exp of such a logit is infinite
def value(logit, is_real):
    real, fake = logit[is_real], logit[~is_real]
    return -torch.log(1 + torch.exp(-real)).mean() - torch.log(1 + torch.exp(fake)).mean()


# %% wrong: logits held within ±250 first | says: logits that are cut off bend V
def value(logit, is_real):
    a = logit.clamp(-250, 250)
    return F.logsigmoid(a[is_real]).mean() + F.logsigmoid(-a[~is_real]).mean()


# %% wrong: the real ones are taken to stand first | says: they need not stand first
def value(logit, is_real):
    n = int(is_real.sum())
    return F.logsigmoid(logit[:n]).mean() + F.logsigmoid(-logit[n:]).mean()


# %% wrong: nan_to_num puts -1000 for ln 0 | says: -inf has become another number
def value(logit, is_real):
    d = torch.sigmoid(logit)
    ln_d = torch.nan_to_num(d.log(), neginf=-1000.0)
    ln_not_d = torch.nan_to_num((1 - d).log(), neginf=-1000.0)
    return ln_d[is_real].mean() + ln_not_d[~is_real].mean()


# %% wrong: logits clamped to where exp is finite | says: logits that are cut off bend V
def value(logit, is_real):
    a = logit.clamp(-709, 709)
    return -F.softplus(-a[is_real]).mean() - F.softplus(a[~is_real]).mean()


# %% wrong: the mask as places | says: holds places
def value(logit, is_real):
    real = logit[is_real.long()]
    fake = logit[1 - is_real.long()]
    return F.logsigmoid(real).mean() + F.logsigmoid(-fake).mean()


# %% wrong: stable branches by where | says: torch.where leaves out
def value(logit, is_real):
    def log_sigmoid(a):
        return torch.where(a >= 0, -torch.log1p(torch.exp(-a)), a - torch.log1p(torch.exp(a)))

    return log_sigmoid(logit[is_real]).mean() + log_sigmoid(-logit[~is_real]).mean()


# %% wrong: bools made integers before the tilde | says: ~ is for bools
def value(logit, is_real):
    is_real = is_real.long()
    real = logit[is_real == 1]
    fake = logit[~is_real]
    return F.logsigmoid(real).mean() + F.logsigmoid(-fake).mean()


# %% wrong: one minus the log | says: not 1 - ln D
def value(logit, is_real):
    log_d = F.logsigmoid(logit)
    return log_d[is_real].mean() + (1 - log_d[~is_real]).mean()


# %% wrong: fake logits detached | says: they are detached
def value(logit, is_real):
    real = logit[is_real]
    fake = logit[~is_real].detach()
    return F.logsigmoid(real).mean() + F.logsigmoid(-fake).mean()
