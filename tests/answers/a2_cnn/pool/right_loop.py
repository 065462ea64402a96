def max_pool(x, K, S):
    B, C, H, W = x.shape
    y = x.new_empty(B, C, (H - K) // S + 1, (W - K) // S + 1)
    for i in range(y.shape[2]):
        for j in range(y.shape[3]):
            y[:, :, i, j] = x[:, :, i * S : i * S + K, j * S : j * S + K].flatten(2).max(2).values
    return y
