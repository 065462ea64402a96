# says: the dilation is not used
def patch_at(x, i, j, K, S=1, P=0, D=1):
    padded = F.pad(x, (P, P, P, P))
    return padded[:, :, i * S : i * S + K, j * S : j * S + K]
