# says: bends V
def value(logit, is_real):
    d = torch.sigmoid(logit).clamp(1e-7, 1 - 1e-7)
    return d[is_real].log().mean() + (1 - d[~is_real]).log().mean()
