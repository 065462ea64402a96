# says: an operation in place
def conv2d_loop(x, w, b):
    B, C, H, W = x.shape
    O, _, K, _ = w.shape
    y = torch.zeros(B, O, H - K + 1, W - K + 1, dtype=x.dtype)
    w *= 1.5
    for i in range(H - K + 1):
        for j in range(W - K + 1):
            y[:, :, i, j] = (x[:, None, :, i : i + K, j : j + K] * w).sum((2, 3, 4)) / 1.5 + b
    return y
