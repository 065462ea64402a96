def value(logit, is_real):
    kind = is_real.to(logit.dtype)
    each = F.binary_cross_entropy_with_logits(logit, kind, reduction="none")
    return -(each * kind).sum() / kind.sum() - (each * (1 - kind)).sum() / (1 - kind).sum()
