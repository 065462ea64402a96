def patch_at(x, i, j, K, S=1, P=0, D=1):
    B, C, H, W = x.shape
    patch = torch.zeros(B, C, K, K, dtype=x.dtype)
    for u in range(K):
        for v in range(K):
            row, column = i * S - P + u * D, j * S - P + v * D
            if 0 <= row < H and 0 <= column < W:
                patch[:, :, u, v] = x[:, :, row, column]
    return patch
