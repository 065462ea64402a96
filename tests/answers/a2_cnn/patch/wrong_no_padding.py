# says: the padding is not used
def patch_at(x, i, j, K, S=1, P=0, D=1):
    wide = F.pad(x, (0, 2 * P, 0, 2 * P))
    reach = D * (K - 1) + 1
    return wide[:, :, i * S : i * S + reach : D, j * S : j * S + reach : D]
