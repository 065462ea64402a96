def value(logit, is_real):
    zero = torch.zeros_like(logit)
    ln_d = -torch.logaddexp(zero, -logit)
    ln_other = -torch.logaddexp(zero, logit)
    return ln_d[is_real].mean() + ln_other[~is_real].mean()
