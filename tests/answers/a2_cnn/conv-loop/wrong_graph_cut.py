# says: the graph is cut
def conv2d_loop(x, w, b):
    B, C, H, W = x.shape
    O, _, K, _ = w.shape
    y = torch.zeros(B, O, H - K + 1, W - K + 1, dtype=x.dtype)
    for i in range(H - K + 1):
        for j in range(W - K + 1):
            for o in range(O):
                for n in range(B):
                    y[n, o, i, j] = (x[n, :, i : i + K, j : j + K] * w[o]).sum().item() + b[
                        o
                    ].item()
    return y
