# says: Expected: shape
def patch_at(x, i, j, K, S=1, P=0, D=1):
    top, left, reach = i * S - P, j * S - P, D * (K - 1) + 1
    return x[:, :, top : top + reach : D, left : left + reach : D]
