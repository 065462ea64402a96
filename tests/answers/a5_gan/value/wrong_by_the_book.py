# says: D rounds to 0 or 1
def value(logit, is_real):
    d = torch.sigmoid(logit)
    return d[is_real].log().mean() + (1 - d[~is_real]).log().mean()
