# says: not the loss of D, which is -V
def value(logit, is_real):
    return F.softplus(-logit[is_real]).mean() + F.softplus(logit[~is_real]).mean()
