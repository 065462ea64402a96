# says: stops at ln D = -100
def value(logit, is_real):
    d = torch.sigmoid(logit)
    real = F.binary_cross_entropy(d[is_real], torch.ones_like(d[is_real]))
    return -real - F.binary_cross_entropy(d[~is_real], torch.zeros_like(d[~is_real]))
