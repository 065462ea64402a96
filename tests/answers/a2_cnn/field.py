# %% right: backwards
def receptive_field(layers):
    field = 1
    for K, S, D in reversed(layers):
        field = (field - 1) * S + D * (K - 1) + 1
    return field


# %% right: products
def receptive_field(layers):
    import math

    strides = [S for _, S, _ in layers]
    return 1 + sum(D * (K - 1) * math.prod(strides[:n]) for n, (K, _, D) in enumerate(layers))


# %% right: recursive
def receptive_field(layers):
    if not layers:
        return 1
    (K, S, D), rest = layers[0], layers[1:]
    return D * (K - 1) + 1 + S * (receptive_field(rest) - 1)


# %% wrong: dilation kept | says: dilation spreads its own kernel only
def receptive_field(layers):
    field, step = 1, 1
    for K, S, D in layers:
        field += D * (K - 1) * step
        step *= S * D
    return field


# %% wrong: empty | says: IndexError
def receptive_field(layers):
    field, step = layers[0][2] * (layers[0][0] - 1) + 1, layers[0][1]
    for K, S, D in layers[1:]:
        field += D * (K - 1) * step
        step *= S
    return field


# %% wrong: from zero | says: start from 1
def receptive_field(layers):
    field, step = 0, 1
    for K, S, D in layers:
        field += D * (K - 1) * step
        step *= S
    return field


# %% wrong: kernel | says: K taps have K - 1 gaps
def receptive_field(layers):
    field, step = 1, 1
    for K, S, D in layers:
        field += D * K * step
        step *= S
    return field


# %% wrong: last first | says: next to the image
def receptive_field(layers):
    field = 1
    for K, S, D in layers:
        field = (field - 1) * S + D * (K - 1) + 1
    return field


# %% wrong: no dilation | says: dilation is not used
def receptive_field(layers):
    field, step = 1, 1
    for K, S, _ in layers:
        field += (K - 1) * step
        step *= S
    return field


# %% wrong: no stride | says: strides of earlier layers
def receptive_field(layers):
    return 1 + sum(D * (K - 1) for K, S, D in layers)


# %% wrong: own stride | says: a layer's own stride
def receptive_field(layers):
    field, step = 1, 1
    for K, S, D in layers:
        step *= S
        field += D * (K - 1) * step
    return field


# %% wrong: no layer fails | says: the unit is the pixel itself
def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    K, S, D = layers[0]
    r, jump = D * (K - 1) + 1, S
    for K, S, D in layers[1:]:
        r += D * (K - 1) * jump
        jump *= S
    return r


# %% wrong: a kernel smaller than the stride adds nothing | says: K - S may be below 0
def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    r = 1
    for K, S, D in layers[::-1]:
        extent = D * (K - 1) + 1
        r = S * r + max(extent - S, 0)
    return r


# %% wrong: holes left out | says: pixels in the holes
def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    pixels = {0}
    for K, S, D in reversed(layers):
        pixels = {S * p + D * k for p in pixels for k in range(K)}
    return len(pixels)


# %% wrong: S times the size | says: n units see
def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    size = 1
    for K, S, D in reversed(layers):
        size = size * S + D * (K - 1)
    return size


# %% wrong: last stride above 1 alone | says: one of them alone
def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    field, jump = 1, 1
    for K, S, D in layers:
        field += (K - 1) * D * jump
        if S > 1:
            jump = S
    return field


# %% wrong: stride no larger than the kernel | says: leaves holes
def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    field, jump = 1, 1
    for K, S, D in layers:
        field += (K - 1) * D * jump
        jump *= min(S, K)
    return field


# %% wrong: counts with holes of the strides | says: pixels in the holes
def receptive_field(layers):
    seen = {0}
    for K, S, D in reversed(layers):
        width = D * (K - 1) + 1
        seen = {S * place + tap for place in seen for tap in range(width)}
    return len(seen)


# %% wrong: measured on a line of 201 pixels | says: thousands of pixels large
def receptive_field(layers):
    x = torch.ones(1, 1, 201, dtype=torch.float64, requires_grad=True)
    with torch.enable_grad():
        y = x * 1.0
        for K, S, D in layers:
            w = torch.full((1, 1, K), 1 / K, dtype=torch.float64)
            y = F.conv1d(y, w, stride=S, padding=D * (K - 1) // 2 + 1, dilation=D)
        (g,) = torch.autograd.grad(y[0, 0, y.shape[2] // 2], x)
    at = g[0, 0].nonzero()
    return int(at.max() - at.min()) + 1


# %% wrong: layers of one tap skipped | says: its stride counts
def receptive_field(layers):
    field, jump = 1, 1
    for K, S, D in layers:
        if K == 1:
            continue
        field += (K - 1) * D * jump
        jump *= S
    return field


# %% wrong: strides added | says: added up, not multiplied
def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    size, jump = 1, 0
    for K, S, D in layers:
        size += D * (K - 1) * max(jump, 1)
        jump += S if S > 1 else 0
    return size


# %% right: a float where strides are multiplied by NumPy
import numpy as np


def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    strides = [S for _, S, _ in layers]
    return 1 + sum((K - 1) * D * np.prod(strides[:i]) for i, (K, S, D) in enumerate(layers))
