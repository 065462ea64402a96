# %% right: every index
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


# %% right: places
def conv2d_loop(x, w, b):
    B, C, H, W = x.shape
    O, _, K, _ = w.shape
    y = torch.zeros(B, O, H - K + 1, W - K + 1, dtype=x.dtype, device=x.device)
    for i in range(H - K + 1):
        for j in range(W - K + 1):
            y[:, :, i, j] = (x[:, None, :, i : i + K, j : j + K] * w).sum((2, 3, 4)) + b
    return y


# %% right: tensordot
def conv2d_loop(x, w, b):
    H, W = x.shape[2:]
    K = w.shape[2]
    rows = []
    for i in range(H - K + 1):
        places = [
            torch.tensordot(x[:, :, i : i + K, j : j + K], w, dims=([1, 2, 3], [1, 2, 3]))
            for j in range(W - K + 1)
        ]
        rows.append(torch.stack(places, 2))
    return torch.stack(rows, 2) + b.view(1, -1, 1, 1)


# %% wrong: bias per tap | says: once per tap
def conv2d_loop(x, w, b):
    B, C, H, W = x.shape
    O, _, K, _ = w.shape
    y = 0
    for u in range(K):
        for v in range(K):
            window = x[:, :, u : u + H - K + 1, v : v + W - K + 1]
            y = y + torch.einsum("oc,bchw->bohw", w[:, :, u, v], window) + b[:, None, None]
    return y


# %% wrong: dtype | says: dtype torch.float64
def conv2d_loop(x, w, b):
    B, C, H, W = x.shape
    O, _, K, _ = w.shape
    y = torch.zeros(B, O, H - K + 1, W - K + 1)
    for i in range(H - K + 1):
        for j in range(W - K + 1):
            y[:, :, i, j] = (x[:, None, :, i : i + K, j : j + K] * w).sum((2, 3, 4)) + b
    return y


# %% wrong: flipped | says: the kernel is flipped
def conv2d_loop(x, w, b):
    B, C, H, W = x.shape
    O, _, K, _ = w.shape
    w = w.flip(2, 3)
    rows = [
        [(x[:, None, :, i : i + K, j : j + K] * w).sum((2, 3, 4)) + b for j in range(W - K + 1)]
        for i in range(H - K + 1)
    ]
    return torch.stack([torch.stack(row, -1) for row in rows], -2)


# %% wrong: graph cut | says: the graph is cut
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


# %% wrong: in place | says: an operation in place
def conv2d_loop(x, w, b):
    B, C, H, W = x.shape
    O, _, K, _ = w.shape
    y = torch.zeros(B, O, H - K + 1, W - K + 1, dtype=x.dtype)
    w *= 1.5
    for i in range(H - K + 1):
        for j in range(W - K + 1):
            y[:, :, i, j] = (x[:, None, :, i : i + K, j : j + K] * w).sum((2, 3, 4)) / 1.5 + b
    return y


# %% wrong: last place | says: the last row and column of places are missing
def conv2d_loop(x, w, b):
    B, C, H, W = x.shape
    O, _, K, _ = w.shape
    y = torch.zeros(B, O, H - K, W - K, dtype=x.dtype)
    for i in range(H - K):
        for j in range(W - K):
            y[:, :, i, j] = (x[:, None, :, i : i + K, j : j + K] * w).sum((2, 3, 4)) + b
    return y


# %% wrong: library | says: by hand
def conv2d_loop(x, w, b):
    return F.conv2d(x, w, b)


# %% wrong: library for gradient | says: by hand
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


# %% wrong: no bias | says: the bias b is not added
def conv2d_loop(x, w, b):
    B, C, H, W = x.shape
    O, _, K, _ = w.shape
    y = 0
    for u in range(K):
        for v in range(K):
            y = y + torch.einsum(
                "oc,bchw->bohw", w[:, :, u, v], x[:, :, u : u + H - K + 1, v : v + W - K + 1]
            )
    return y


# %% wrong: one channel | says: only the first channel
def conv2d_loop(x, w, b):
    B, C, H, W = x.shape
    O, _, K, _ = w.shape
    y = b[:, None, None]
    for u in range(K):
        for v in range(K):
            y = y + w[:, 0, u, v].view(1, O, 1, 1) * x[:, :1, u : u + H - K + 1, v : v + W - K + 1]
    return y


# %% wrong: thread | says: by hand
from concurrent.futures import ThreadPoolExecutor


def conv2d_loop(x, w, b):
    return ThreadPoolExecutor(1).submit(F.conv2d, x, w, b).result()


# %% wrong: transposed | says: rows and columns of the kernel are exchanged
def conv2d_loop(x, w, b):
    B, C, H, W = x.shape
    O, _, K, _ = w.shape
    y = b[:, None, None]
    for u in range(K):
        for v in range(K):
            window = x[:, :, u : u + H - K + 1, v : v + W - K + 1]
            y = y + torch.einsum("oc,bchw->bohw", w[:, :, v, u], window)
    return y


# %% wrong: a bias for each image where there are as many | says: not to images
def conv2d_loop(x, w, b):
    B, _, H, W = x.shape
    O, _, K, _ = w.shape
    patches = x.unfold(2, K, 1).unfold(3, K, 1)  # (B, C, H', W', K, K)
    y = torch.einsum("bchwuv,ocuv->bohw", patches, w)
    return y + (b.view(-1, 1, 1, 1) if len(b) == B else b.view(1, -1, 1, 1))


# %% right: a linear layer at every place
def conv2d_loop(x, w, b):
    K = w.shape[2]
    patches = x.unfold(2, K, 1).unfold(3, K, 1)  # (B, C, H', W', K, K)
    patches = patches.permute(0, 2, 3, 1, 4, 5).flatten(3)
    return F.linear(patches, w.flatten(1), b).permute(0, 3, 1, 2)


# %% wrong: taps whose weights are all zero are skipped, and get no gradient | says: has a gradient all the same
def conv2d_loop(x, w, b):
    """x (B, C, H, W), w (O, C, K, K), b (O,) -> y (B, O, H-K+1, W-K+1)."""
    K = w.shape[2]
    H, W = x.shape[2] - K + 1, x.shape[3] - K + 1
    y = x.new_zeros(x.shape[0], w.shape[0], H, W) + b.view(-1, 1, 1)
    for u in range(K):
        for v in range(K):
            if (w[:, :, u, v] == 0).all():
                continue
            y = y + torch.einsum("oc,bchw->bohw", w[:, :, u, v], x[:, :, u : u + H, v : v + W])
    return y


# %% wrong: channel by channel | says: not one of them
def conv2d_loop(x, w, b):
    K = w.shape[-1]
    H, W = x.shape[2] - K + 1, x.shape[3] - K + 1
    y = b.view(1, -1, 1, 1).expand(len(x), -1, H, W)
    channel = torch.arange(len(w)) % x.shape[1]
    for u in range(K):
        for v in range(K):
            y = (
                y
                + w[torch.arange(len(w)), channel, u, v].view(1, -1, 1, 1)
                * x[:, channel, u : u + H, v : v + W]
            )
    return y


# %% wrong: last places left at 0 | says: the last row and column of places
def conv2d_loop(x, w, b):
    K = w.shape[-1]
    H, W = x.shape[2:]
    y = torch.zeros(len(x), len(w), H - K + 1, W - K + 1, dtype=x.dtype)
    for i in range(max(1, H - K)):
        for j in range(max(1, W - K)):
            patch = x[:, None, :, i : i + K, j : j + K]
            y[:, :, i, j] = (patch * w).sum(dim=(2, 3, 4)) + b
    return y


# %% wrong: K from the channels | says: axes of different length
def conv2d_loop(x, w, b):
    B, C, H, W = x.shape
    O, K = w.shape[0], w.shape[1]
    y = torch.zeros(B, O, H - K + 1, W - K + 1, dtype=x.dtype)
    for i in range(H - K + 1):
        for j in range(W - K + 1):
            patch = x[:, :, i : i + K, j : j + K]
            y[:, :, i, j] = torch.einsum("bcuv,ocuv->bo", patch, w) + b
    return y


# %% wrong: kernel size read from the wrong axis | says: not its number of channels
def conv2d_loop(x, w, b):
    O, K = w.shape[0], w.shape[1]
    B, C, H, W = x.shape
    y = x.new_zeros(B, O, H - K + 1, W - K + 1)
    for i in range(H - K + 1):
        for j in range(W - K + 1):
            patch = x[:, :, i : i + K, j : j + K]
            y[:, :, i, j] = torch.einsum("bcuv,ocuv->bo", patch, w[:, :, :K, :K]) + b
    return y


# %% wrong: windows flattened before the axes are in order | says: permute before reshape
def conv2d_loop(x, w, b):
    O, C, K, _ = w.shape
    windows = x.unfold(2, K, 1).unfold(3, K, 1)
    B, _, h, v = windows.shape[:4]
    columns = windows.reshape(B, C * K * K, h * v)
    y = w.reshape(O, -1) @ columns + b[:, None]
    return y.reshape(B, O, h, v)


# %% wrong: result is a leaf that needs a gradient | says: without requires_grad=True
def conv2d_loop(x, w, b):
    B, C, H, W = x.shape
    O, _, K, _ = w.shape
    y = torch.zeros(B, O, H - K + 1, W - K + 1, dtype=x.dtype, requires_grad=True)
    for i in range(H - K + 1):
        for j in range(W - K + 1):
            patch = x[:, None, :, i : i + K, j : j + K]
            y[:, :, i, j] = (patch * w).sum((2, 3, 4)) + b
    return y


# %% wrong: kernel summed over its taps first | says: all of a kernel are alike
def conv2d_loop(x, w, b):
    K = w.shape[-1]
    h, v = x.shape[2] - K + 1, x.shape[3] - K + 1
    y = torch.zeros(x.shape[0], w.shape[0], h, v, dtype=x.dtype)
    for r in range(K):
        for c in range(K):
            y = y + torch.einsum("bchw,ockl->bohw", x[:, :, r : r + h, c : c + v], w) / K**2
    return y + b.reshape(1, -1, 1, 1)


# %% wrong: bias added along the last axis | says: not to images, rows or columns
def conv2d_loop(x, w, b):
    K = w.shape[-1]
    patches = x.unfold(2, K, 1).unfold(3, K, 1)
    return torch.einsum("bcijuv,ocuv->boij", patches, w) + b
