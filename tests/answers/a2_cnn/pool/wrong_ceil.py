# says: windows that do not fit are left out
def max_pool(x, K, S):
    H, W = x.shape[2:]
    rows = range(0, min(H, H - K + S), S)
    columns = range(0, min(W, W - K + S), S)
    return torch.stack(
        [
            torch.stack([x[:, :, i : i + K, j : j + K].amax((2, 3)) for j in columns], 2)
            for i in rows
        ],
        2,
    )
