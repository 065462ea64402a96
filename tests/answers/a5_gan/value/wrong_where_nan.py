# says: overflows
def value(logit, is_real):
    low = torch.log(torch.sigmoid(logit))
    ln_d = torch.where(logit < -500, logit, low)
    other = torch.log(torch.sigmoid(-logit))
    ln_other = torch.where(logit > 500, -logit, other)
    return ln_d[is_real].mean() + ln_other[~is_real].mean()
