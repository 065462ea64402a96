# says: dtype torch.float32
def value(logit, is_real):
    logit = logit.double()
    return -F.softplus(-logit[is_real]).mean() - F.softplus(logit[~is_real]).mean()
