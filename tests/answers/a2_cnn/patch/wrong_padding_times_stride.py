# says: the padding is multiplied by the stride
def patch_at(x, i, j, K, S=1, P=0, D=1):
    far = F.pad(x, (20, 20, 20, 20))
    top, left, reach = (i - P) * S + 20, (j - P) * S + 20, D * (K - 1) + 1
    return far[:, :, top : top + reach : D, left : left + reach : D]
