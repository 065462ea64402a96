# says: once per tap
def conv2d_loop(x, w, b):
    B, C, H, W = x.shape
    O, _, K, _ = w.shape
    y = 0
    for u in range(K):
        for v in range(K):
            window = x[:, :, u : u + H - K + 1, v : v + W - K + 1]
            y = y + torch.einsum("oc,bchw->bohw", w[:, :, u, v], window) + b[:, None, None]
    return y
