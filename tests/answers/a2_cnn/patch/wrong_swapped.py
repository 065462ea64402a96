# says: i counts rows
def patch_at(x, i, j, K, S=1, P=0, D=1):
    padded = F.pad(x, (P, P, P, P))
    reach = D * (K - 1) + 1
    return padded[:, :, j * S : j * S + reach : D, i * S : i * S + reach : D]
