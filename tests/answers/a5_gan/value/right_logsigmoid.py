def value(logit, is_real):
    real, fake = F.logsigmoid(logit[is_real]), F.logsigmoid(-logit[~is_real])
    return real.mean() + fake.mean()
