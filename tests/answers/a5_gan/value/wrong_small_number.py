# says: inside the logarithm bends V
def value(logit, is_real):
    d = torch.sigmoid(logit)
    return (d[is_real] + 1e-8).log().mean() + (1 - d[~is_real] + 1e-8).log().mean()
