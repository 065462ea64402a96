def conv2d_loop(x, w, b):
    B, C, H, W = x.shape
    O, _, K, _ = w.shape
    y = x.new_zeros(B, O, H - K + 1, W - K + 1)
    for n in range(B):
        for o in range(O):
            for i in range(H - K + 1):
                for j in range(W - K + 1):
                    y[n, o, i, j] = (x[n, :, i : i + K, j : j + K] * w[o]).sum() + b[o]
    return y
