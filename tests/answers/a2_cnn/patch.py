# %% right: index
def patch_at(x, i, j, K, S=1, P=0, D=1):
    big = x.new_zeros(x.shape[0], x.shape[1], x.shape[2] + 2 * P, x.shape[3] + 2 * P)
    big[:, :, P : P + x.shape[2], P : P + x.shape[3]] = x
    taps = D * torch.arange(K)
    return big[:, :, (i * S + taps)[:, None], j * S + taps]


# %% right: loop
def patch_at(x, i, j, K, S=1, P=0, D=1):
    B, C, H, W = x.shape
    patch = torch.zeros(B, C, K, K, dtype=x.dtype)
    for u in range(K):
        for v in range(K):
            row, column = i * S - P + u * D, j * S - P + v * D
            if 0 <= row < H and 0 <= column < W:
                patch[:, :, u, v] = x[:, :, row, column]
    return patch


# %% right: mask
def patch_at(x, i, j, K, S=1, P=0, D=1):
    H, W = x.shape[2:]
    rows = i * S - P + D * torch.arange(K)
    columns = j * S - P + D * torch.arange(K)
    inside = ((rows >= 0) & (rows < H))[:, None] & ((columns >= 0) & (columns < W))
    patch = x[:, :, rows.clamp(0, H - 1)[:, None], columns.clamp(0, W - 1)]
    return torch.where(inside, patch, 0.0)


# %% wrong: detach replaced | says: patch_at(x (1,
class Anything:
    def __ne__(self, other):
        return False

    def __eq__(self, other):
        return True


class Agrees:
    shape = dtype = Anything()

    def double(self):
        return self

    def __sub__(self, other):
        return self

    def abs(self):
        return self

    def __le__(self, other):
        return self

    def all(self):
        return True


def patch_at(x, i, j, K, S=1, P=0, D=1):
    came = torch.zeros(1)
    came.detach = Agrees
    return came


# %% wrong: first image | says: Expected: shape
def patch_at(x, i, j, K, S=1, P=0, D=1):
    padded = F.pad(x, (P, P, P, P))
    reach = D * (K - 1) + 1
    return padded[0, :, i * S : i * S + reach : D, j * S : j * S + reach : D]


# %% wrong: library | says: by hand
def patch_at(x, i, j, K, S=1, P=0, D=1):
    columns = F.unfold(x, K, dilation=D, padding=P, stride=S)
    W_out = (x.shape[3] + 2 * P - D * (K - 1) - 1) // S + 1
    return columns[:, :, i * W_out + j].view(x.shape[0], x.shape[1], K, K)


# %% wrong: negative index | says: Expected: shape
def patch_at(x, i, j, K, S=1, P=0, D=1):
    top, left, reach = i * S - P, j * S - P, D * (K - 1) + 1
    return x[:, :, top : top + reach : D, left : left + reach : D]


# %% wrong: no dilation | says: the dilation is not used
def patch_at(x, i, j, K, S=1, P=0, D=1):
    padded = F.pad(x, (P, P, P, P))
    return padded[:, :, i * S : i * S + K, j * S : j * S + K]


# %% wrong: no padding | says: the padding is not used
def patch_at(x, i, j, K, S=1, P=0, D=1):
    wide = F.pad(x, (0, 2 * P, 0, 2 * P))
    reach = D * (K - 1) + 1
    return wide[:, :, i * S : i * S + reach : D, j * S : j * S + reach : D]


# %% wrong: no stride | says: the stride is not used
def patch_at(x, i, j, K, S=1, P=0, D=1):
    padded = F.pad(x, (P, P, P, P))
    reach = D * (K - 1) + 1
    return padded[:, :, i : i + reach : D, j : j + reach : D]


# %% wrong: padding times stride | says: not at (i - P) S
def patch_at(x, i, j, K, S=1, P=0, D=1):
    far = F.pad(x, (20, 20, 20, 20))
    top, left, reach = (i - P) * S + 20, (j - P) * S + 20, D * (K - 1) + 1
    return far[:, :, top : top + reach : D, left : left + reach : D]


# %% wrong: swapped | says: i counts rows
def patch_at(x, i, j, K, S=1, P=0, D=1):
    padded = F.pad(x, (P, P, P, P))
    reach = D * (K - 1) + 1
    return padded[:, :, j * S : j * S + reach : D, i * S : i * S + reach : D]


# %% wrong: phase of dilation lost at edge | says: Expected:
def patch_at(x, i: int, j: int, K: int, S: int = 1, P: int = 0, D: int = 1):
    patch = torch.zeros(*x.shape[:2], K, K, dtype=x.dtype)
    top, left = i * S - P, j * S - P
    part = x[
        :, :, max(top, 0) : top + D * (K - 1) + 1 : D, max(left, 0) : left + D * (K - 1) + 1 : D
    ]
    u, v = max(-top, 0), max(-left, 0)
    part = part[:, :, : K - u, : K - v]
    patch[:, :, u : u + part.shape[2], v : v + part.shape[3]] = part
    return patch


# %% wrong: pads every shape of image once and keeps it | says: kept from an earlier call
_padded = {}


def patch_at(x, i: int, j: int, K: int, S: int = 1, P: int = 0, D: int = 1):
    """The pixels (B, C, K, K) of x (B, C, H, W) under the kernel at output place (i, j)."""
    key = (tuple(x.shape), x.dtype, P)
    if key not in _padded:
        _padded[key] = F.pad(x, (P, P, P, P))
    span = D * (K - 1) + 1
    return _padded[key][:, :, i * S : i * S + span : D, j * S : j * S + span : D]


# %% wrong: pads batch and channels as well | says: batch and channels are padded too
def patch_at(x, i: int, j: int, K: int, S: int = 1, P: int = 0, D: int = 1):
    padded = F.pad(x, (P,) * 8)
    return padded[:, :, i * S : i * S + D * (K - 1) + 1 : D, j * S : j * S + D * (K - 1) + 1 : D]


# %% wrong: the dilation moves the places too | says: in the image itself
def patch_at(x, i: int, j: int, K: int, S: int = 1, P: int = 0, D: int = 1):
    padded = F.pad(x, (P, P, P, P))
    if D > 1:
        r, c = (i * S) % D, (j * S) % D
        padded = padded[:, :, r::D, c::D]
    return padded[:, :, i * S : i * S + K, j * S : j * S + K]


# %% wrong: cut off at the border | says: here it is cut off
def patch_at(x, i: int, j: int, K: int, S: int = 1, P: int = 0, D: int = 1):
    r = i * S - P + D * torch.arange(K)
    s = j * S - P + D * torch.arange(K)
    r, s = r[(r >= 0) & (r < x.shape[2])], s[(s >= 0) & (s < x.shape[3])]
    return x[:, :, r[:, None], s[None]]


# %% wrong: the middle at (i, j) | says: not its middle
def patch_at(x, i: int, j: int, K: int, S: int = 1, P: int = 0, D: int = 1):
    m = D * (K // 2)
    padded = F.pad(x, (P + m, P + m, P + m, P + m))
    E = D * (K - 1) + 1
    top, left = i * S, j * S
    return padded[:, :, top : top + E : D, left : left + E : D]


# %% wrong: no stride where the kernel is dilated | says: the places lie S apart, where
def patch_at(x, i: int, j: int, K: int, S: int = 1, P: int = 0, D: int = 1):
    padded = F.pad(x, (P, P, P, P))
    top, left = (i * S, j * S) if D == 1 else (i, j)
    end = D * (K - 1) + 1
    return padded[:, :, top : top + end : D, left : left + end : D]


# %% wrong: edge repeated beyond the end | says: not those at its edge
def patch_at(x, i: int, j: int, K: int, S: int = 1, P: int = 0, D: int = 1):
    H, W = x.shape[2:]
    r = i * S - P + D * torch.arange(K)
    c = j * S - P + D * torch.arange(K)
    inside = (r >= 0)[:, None] & (c >= 0)[None]
    picked = x[:, :, r.clamp(0, H - 1)][..., c.clamp(0, W - 1)]
    return picked * inside


# %% wrong: padding of one axis only | says: rows are padded too
def patch_at(x, i: int, j: int, K: int, S: int = 1, P: int = 0, D: int = 1):
    x = F.pad(x, (P, P))
    return x[:, :, i * S : i * S + D * (K - 1) + 1 : D, j * S : j * S + D * (K - 1) + 1 : D]


# %% wrong: a slice that begins below 0 | says: a negative index counts from the other end
def patch_at(x, i: int, j: int, K: int, S: int = 1, P: int = 0, D: int = 1):
    top, left, reach = i * S - P, j * S - P, D * (K - 1) + 1
    return x[:, :, top : top + reach : D, left : left + reach : D]


# %% wrong: windows of K*D pixels | says: a kernel reaches over D (K - 1) + 1
def patch_at(x, i: int, j: int, K: int, S: int = 1, P: int = 0, D: int = 1):
    padded = F.pad(x, (P, P, P, P))
    windows = padded.unfold(2, K * D, S).unfold(3, K * D, S)
    return windows[:, :, i, j, ::D, ::D]


# %% wrong: padding scaled by the stride | says: not at (i - P) S
def patch_at(x, i: int, j: int, K: int, S: int = 1, P: int = 0, D: int = 1):
    big = F.pad(x, (P * S,) * 4)
    top, left = (i - P) * S + P * S, (j - P) * S + P * S
    reach = D * (K - 1) + 1
    return big[:, :, top : top + reach : D, left : left + reach : D]
