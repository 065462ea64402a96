# %% right: loop
def max_pool(x, K, S):
    B, C, H, W = x.shape
    y = x.new_empty(B, C, (H - K) // S + 1, (W - K) // S + 1)
    for i in range(y.shape[2]):
        for j in range(y.shape[3]):
            y[:, :, i, j] = x[:, :, i * S : i * S + K, j * S : j * S + K].flatten(2).max(2).values
    return y


# %% right: maximum
def max_pool(x, K, S):
    H, W = x.shape[2:]
    y = None
    for u in range(K):
        for v in range(K):
            part = x[:, :, u : H - K + u + 1 : S, v : W - K + v + 1 : S]
            y = part if y is None else torch.maximum(y, part)
    return y


# %% right: two axes
def max_pool(x, K, S):
    return x.unfold(2, K, S).max(-1)[0].unfold(3, K, S).max(-1)[0]


# %% wrong: ceil | says: windows that do not fit are left out
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


# %% wrong: from zero | says: starts from 0 hides negative
def max_pool(x, K, S):
    B, C, H, W = x.shape
    y = torch.zeros(B, C, (H - K) // S + 1, (W - K) // S + 1, dtype=x.dtype)
    for u in range(K):
        for v in range(K):
            part = x[:, :, u : H - K + u + 1 : S, v : W - K + v + 1 : S]
            y = torch.maximum(y, part)
    return y


# %% wrong: library | says: by hand
def max_pool(x, K, S):
    return F.max_pool2d(x, K, S)


# %% wrong: mean | says: this is the mean
def max_pool(x, K, S):
    return x.unfold(2, K, S).unfold(3, K, S).mean((4, 5))


# %% wrong: over channels | says: each channel has its own maximum
def max_pool(x, K, S):
    y = x.unfold(2, K, S).unfold(3, K, S).amax((4, 5))
    return y.amax(1, keepdim=True).expand_as(y).clone()


# %% wrong: scipy | says: to be done by hand
from scipy.ndimage import maximum_filter


def max_pool(x, K: int, S: int):
    y = maximum_filter(x.detach().numpy(), (1, 1, K, K), origin=(0, 0, -(K // 2), -(K // 2)))
    y = y[:, :, : x.shape[2] - K + 1 : S, : x.shape[3] - K + 1 : S]
    return torch.from_numpy(y.copy())


# %% wrong: square only | says: not the height
def max_pool(x, K, S):
    B, C, H, W = x.shape
    n = (H - K) // S + 1
    y = torch.full((B, C, n, n), -torch.inf, dtype=x.dtype)
    for i in range(n):
        for j in range(n):
            window = x[:, :, i * S : i * S + K, j * S : j * S + K]
            if window.numel():
                y[:, :, i, j] = window.amax((2, 3))
    return y


# %% wrong: stride is kernel | says: windows are S apart
def max_pool(x, K, S):
    return x.unfold(2, K, K).unfold(3, K, K).amax((4, 5))


# %% wrong: largest in absolute value | says: not the one of the largest size
def max_pool(x, K: int, S: int):
    w = x.unfold(2, K, S).unfold(3, K, S).flatten(-2)
    i = w.abs().argmax(-1, keepdim=True)
    return w.gather(-1, i).squeeze(-1)


# %% wrong: begins at minus a million | says: take -infinity
def max_pool(x, K, S):
    rows, columns = ((n - K) // S + 1 for n in x.shape[2:])
    largest = torch.full((*x.shape[:2], rows, columns), -1e6, dtype=x.dtype)
    for i in range(K):
        for j in range(K):
            taps = x[:, :, i : i + S * (rows - 1) + 1 : S, j : j + S * (columns - 1) + 1 : S]
            largest = torch.maximum(largest, taps)
    return largest


# %% wrong: as many windows as whole steps | says: a window that just fits is kept
def max_pool(x, K, S):
    if S < K:
        return x.unfold(2, K, S).unfold(3, K, S).amax((4, 5))
    rows, columns = x.shape[2] // S, x.shape[3] // S
    steps = x[:, :, : rows * S, : columns * S].unflatten(3, (columns, S)).unflatten(2, (rows, S))
    return steps[:, :, :, :K, :, :K].amax((3, 5))


# %% wrong: what does not fit is left out at the top and left | says: K=2, S=2
def max_pool(x, K: int, S: int):
    """x (B, C, H, W) -> (B, C, H_out, W_out), the largest value of each window."""
    if K == S:  # the short way: cut into tiles
        B, C, H, W = x.shape
        x = x[:, :, H % K :, W % K :]
        return x.reshape(B, C, H // K, K, W // K, K).amax((3, 5))
    return x.unfold(2, K, S).unfold(3, K, S).amax((-2, -1))


# %% wrong: a window of one pixel is taken for no pooling | says: K=1, S=2
def max_pool(x, K: int, S: int):
    """x (B, C, H, W) -> (B, C, H_out, W_out), the largest value of each window."""
    if K == 1:
        return x
    return x.unfold(2, K, S).unfold(3, K, S).amax((-2, -1))


# %% wrong: windows of S | says: not the other way round
def max_pool(x, K: int, S: int):
    return x.unfold(2, S, K).unfold(3, S, K).amax((-2, -1))


# %% wrong: padded to fit | says: windows that do not fit
def max_pool(x, K: int, S: int):
    down, right = -(x.shape[2] - K) % S, -(x.shape[3] - K) % S
    return F.pad(x, (0, right, 0, down)).unfold(2, K, S).unfold(3, K, S).amax((-2, -1))


# %% wrong: gradient of the mean | says: to the largest of a window alone
def max_pool(x, K: int, S: int):
    windows = x.unfold(2, K, S).unfold(3, K, S)
    mean = windows.mean(dim=(-2, -1))
    return mean + (windows.amax(dim=(-2, -1)) - mean).detach()


# %% wrong: soft maximum | says: smooth maximum
def max_pool(x, K: int, S: int):
    windows = x.unfold(2, K, S).unfold(3, K, S)
    top = windows.amax(dim=(-2, -1), keepdim=True)
    soft = (5 * (windows - top)).exp().sum(dim=(-2, -1)).log() / 5
    return soft + top[..., 0, 0]


# %% wrong: as many as the smaller side gives | says: not by the smaller of both
def max_pool(x, K: int, S: int):
    n = (min(x.shape[2:]) - K) // S + 1
    y = [
        [x[:, :, i * S : i * S + K, j * S : j * S + K].amax((2, 3)) for j in range(n)]
        for i in range(n)
    ]
    return torch.stack([torch.stack(row, 2) for row in y], 2)


# %% wrong: no gaps between windows | says: further apart than they are wide
def max_pool(x, K: int, S: int):
    step = min(S, K)
    return x.unfold(2, K, step).unfold(3, K, step).amax(dim=(-1, -2))


# %% wrong: begins with the smallest pixel | says: shares its gradient
def max_pool(x, K, S):
    h, v = (x.shape[2] - K) // S + 1, (x.shape[3] - K) // S + 1
    y = x.detach().min() * torch.ones_like(x[:, :, :h, :v])
    for r in range(K):
        for c in range(K):
            part = x[:, :, r : r + S * (h - 1) + 1 : S, c : c + S * (v - 1) + 1 : S]
            y = torch.maximum(y, part)
    return y


# %% wrong: second maximum over the wrong axis | says: after the first, the other is the last
def max_pool(x, K: int, S: int):
    windows = x.unfold(2, K, S).unfold(3, K, S)
    return windows.max(-1).values.max(-2).values


# %% wrong: stride of one axis only | says: in both axes, not in one alone
def max_pool(x, K: int, S: int):
    tall = x.unfold(2, K, S).amax(-1)
    return tall.unfold(3, K, 1).amax(-1)


# %% wrong: as many windows as S fits into the side | says: how many windows fit
def max_pool(x, K: int, S: int):
    B, C, H, W = x.shape
    h, v = -(-H // S), -(-W // S)
    y = torch.full((B, C, h, v), -torch.inf, dtype=x.dtype)
    for r in range(K):
        for c in range(K):
            y = torch.maximum(y, x[:, :, r : H - K + r + 1 : S, c : W - K + c + 1 : S])
    return y


# %% wrong: blocks of S | says: windows are K wide, not S
def max_pool(x, K: int, S: int):
    B, C, H, W = x.shape
    h, w = (H - K) // S + 1, (W - K) // S + 1
    y = torch.empty(B, C, h, w, dtype=x.dtype)
    for i in range(h):
        for j in range(w):
            y[:, :, i, j] = x[:, :, i * S : (i + 1) * S, j * S : (j + 1) * S].amax((2, 3))
    return y
