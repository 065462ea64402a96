# says: minus the mean over all
def value(logit, is_real):
    return F.binary_cross_entropy_with_logits(logit, is_real.to(logit.dtype))
