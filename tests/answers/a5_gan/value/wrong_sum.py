# says: a mean, not a sum
def value(logit, is_real):
    return -F.softplus(-logit[is_real]).sum() - F.softplus(logit[~is_real]).sum()
