# says: graph is cut
def value(logit, is_real):
    real, fake = logit[is_real].detach(), logit[~is_real].detach()
    return -F.softplus(-real).mean() - F.softplus(fake).mean()
