# says: the last place is missing
def conv2d_loop(x, w, b):
    B, C, H, W = x.shape
    O, _, K, _ = w.shape
    y = torch.zeros(B, O, H - K, W - K, dtype=x.dtype)
    for i in range(H - K):
        for j in range(W - K):
            y[:, :, i, j] = (x[:, None, :, i : i + K, j : j + K] * w).sum((2, 3, 4)) + b
    return y
