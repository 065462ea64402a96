# says: that of base 2
def value(logit, is_real):
    nats = -F.softplus(-logit[is_real]).mean() - F.softplus(logit[~is_real]).mean()
    return nats / 0.6931471805599453
