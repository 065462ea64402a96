# says: each kind has its own mean
def value(logit, is_real):
    return -2 * F.binary_cross_entropy_with_logits(logit, is_real.to(logit.dtype))
