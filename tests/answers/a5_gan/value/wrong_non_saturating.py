# says: ln(1 - D), not with ln D
def value(logit, is_real):
    return F.logsigmoid(logit[is_real]).mean() + F.logsigmoid(logit[~is_real]).mean()
