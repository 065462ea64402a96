def patch_at(x, i, j, K, S=1, P=0, D=1):
    big = x.new_zeros(x.shape[0], x.shape[1], x.shape[2] + 2 * P, x.shape[3] + 2 * P)
    big[:, :, P : P + x.shape[2], P : P + x.shape[3]] = x
    taps = D * torch.arange(K)
    return big[:, :, (i * S + taps)[:, None], j * S + taps]
