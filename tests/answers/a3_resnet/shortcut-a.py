# %% right: cat
def shortcut_a(x, C_out, S):
    y = x[..., ::S, ::S]
    zeros = torch.zeros_like(y[:, :1]).expand(-1, C_out - x.shape[1], -1, -1)
    return torch.cat([y, zeros], dim=1)


# %% right: index select
def shortcut_a(x, C_out, S):
    rows, columns = torch.arange(0, x.shape[2], S), torch.arange(0, x.shape[3], S)
    y = x.index_select(2, rows).index_select(3, columns)
    more = C_out - y.shape[1]
    if more == 0:
        return y
    shape = (y.shape[0], more, y.shape[2], y.shape[3])
    return torch.cat((y, torch.zeros(shape, dtype=x.dtype, device=x.device)), 1)


# %% right: matrix
def shortcut_a(x, C_out, S):
    keep = torch.eye(C_out, x.shape[1], dtype=x.dtype)  # (C_out, C)
    return torch.einsum("oc,bchw->bohw", keep, x[:, :, ::S, ::S])


# %% right: new tensor
def shortcut_a(x, C_out, S):
    B, C, H, W = x.shape
    y = x.new_zeros(B, C_out, -(-H // S), -(-W // S))
    y[:, :C] = x[:, :, ::S, ::S]
    return y


# %% wrong: both sides | says: not half of them on each side
def shortcut_a(x, C_out, S):
    y = x[:, :, ::S, ::S]
    front = (C_out - x.shape[1]) // 2
    return F.pad(y, (0, 0, 0, 0, front, C_out - x.shape[1] - front))


# %% wrong: copied | says: not a copy of those
def shortcut_a(x, C_out, S):
    y = x[:, :, ::S, ::S]
    return torch.cat([y] * -(-C_out // y.shape[1]), 1)[:, :C_out]


# %% wrong: corner | says: the top left corner
def shortcut_a(x, C_out, S):
    y = x[:, :, : -(-x.shape[2] // S), : -(-x.shape[3] // S)]
    return F.pad(y, (0, 0, 0, 0, 0, C_out - x.shape[1]))


# %% wrong: course | says: by hand
from helpers.models.resnet import ZeroPad


def shortcut_a(x, C_out, S):
    return ZeroPad(C_out - x.shape[1], S)(x)


# %% wrong: detached | says: the graph is cut
def shortcut_a(x, C_out, S):
    return F.pad(x.detach()[:, :, ::S, ::S], (0, 0, 0, 0, 0, C_out - x.shape[1]))


# %% wrong: doubled | says: Expected: shape
def shortcut_a(x, C_out, S):
    y = x[:, :, ::S, ::S]
    return torch.cat([y, torch.zeros_like(y)], 1)  # right for C_out = 2 C only


# %% wrong: dtype | says: dtype torch.float64
def shortcut_a(x, C_out, S):
    B, C, H, W = x.shape
    y = torch.zeros(B, C_out, -(-H // S), -(-W // S))
    y[:, :C] = x[:, :, ::S, ::S]
    return y


# %% wrong: front | says: zeros follow the channels of x
def shortcut_a(x, C_out, S):
    return F.pad(x[:, :, ::S, ::S], (0, 0, 0, 0, C_out - x.shape[1], 0))


# %% wrong: half hard coded | says: Expected: shape
def shortcut_a(x, C_out, S):
    return F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 0, 3))


# %% wrong: last pixel | says: begin with the first pixel
def shortcut_a(x, C_out, S):
    return F.pad(x[:, :, S - 1 :: S, S - 1 :: S], (0, 0, 0, 0, 0, C_out - x.shape[1]))


# %% wrong: mean | says: not the mean of S x S
def shortcut_a(x, C_out, S):
    y = (x[:, :, ::2, ::2] + x[:, :, 1::2, ::2] + x[:, :, ::2, 1::2] + x[:, :, 1::2, 1::2]) / 4
    return F.pad(y, (0, 0, 0, 0, 0, C_out - x.shape[1]))


# %% wrong: no stride | says: the stride is not used
def shortcut_a(x, C_out, S):
    return F.pad(x, (0, 0, 0, 0, 0, C_out - x.shape[1]))


# %% wrong: pooled | says: by hand
def shortcut_a(x, C_out, S):
    return F.pad(F.avg_pool2d(x, S), (0, 0, 0, 0, 0, C_out - x.shape[1]))


# %% wrong: rounded down | says: RuntimeError
def shortcut_a(x, C_out, S):
    B, C, H, W = x.shape
    y = x.new_zeros(B, C_out, H // S, W // S)
    y[:, :C] = x[:, :, ::S, ::S]
    return y


# %% wrong: rows only | says: both axes
def shortcut_a(x, C_out, S):
    return F.pad(x[:, :, ::S], (0, 0, 0, 0, 0, C_out - x.shape[1]))


# %% wrong: stride 2 always | says: not always 2
def shortcut_a(x, C_out: int, S: int):
    return F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 0, C_out - x.shape[1]))


# %% wrong: begins in the middle of each window | says: not in the middle (S // 2)
def shortcut_a(x, C_out: int, S: int):
    picked = x[:, :, S // 2 :: S, S // 2 :: S]
    return F.pad(picked, (0, 0, 0, 0, 0, C_out - x.shape[1]))


# %% wrong: nearest pixel by integer proportion | says: the step is S itself
def shortcut_a(x, C_out: int, S: int):
    B, C, H, W = x.shape
    h, w = -(-H // S), -(-W // S)
    rows, columns = torch.arange(h) * H // h, torch.arange(w) * W // w
    return F.pad(x[:, :, rows][:, :, :, columns], (0, 0, 0, 0, 0, C_out - C))


# %% wrong: the tail slice from minus new | says: every number is 0
def shortcut_a(x, C_out: int, S: int):
    picked = x[:, :, ::S, ::S]
    B, C, H, W = picked.shape
    new = C_out - C
    out = torch.cat([picked, picked.new_empty(B, new, H, W)], 1)
    out[:, -new:] = 0
    return out


# %% right: cat with zeros of the default dtype, which promotes
def shortcut_a(x, C_out: int, S: int):
    picked = x[..., ::S, ::S]
    B, C, H, W = picked.shape
    return torch.cat([picked, torch.zeros(B, C_out - C, H, W)], dim=1)


# %% wrong: from the middle of each window, padded | says: in the middle
def shortcut_a(x, C_out: int, S: int):
    H, W = x.shape[2:]
    y = F.pad(x, (0, -W % S, 0, -H % S, 0, C_out - x.shape[1]))
    return y[:, :, S // 2 :: S, S // 2 :: S]


# %% right: zeros by a module that does nothing else
def shortcut_a(x, C_out: int, S: int):
    pad = nn.ConstantPad3d((0, 0, 0, 0, 0, C_out - x.shape[1]), 0.0)
    return pad(x[:, :, ::S, ::S])


# %% wrong: ones follow | says: the new channels are zero
def shortcut_a(x, C_out, S):
    return F.pad(x[:, :, ::S, ::S], (0, 0, 0, 0, 0, C_out - x.shape[1]), value=1.0)


# %% wrong: no graph where nothing changes | says: the graph is cut
def shortcut_a(x, C_out, S):
    if S == 1 and C_out == x.shape[1]:
        return x.detach()
    return F.pad(x[:, :, ::S, ::S], (0, 0, 0, 0, 0, C_out - x.shape[1]))


# %% wrong: places by linspace | says: not spread evenly
def shortcut_a(x, C_out: int, S: int):
    B, C, H, W = x.shape
    rows = torch.linspace(0, H - 1, -(-H // S)).long()
    cols = torch.linspace(0, W - 1, -(-W // S)).long()
    x = x[:, :, rows][:, :, :, cols]
    return F.pad(x, (0, 0, 0, 0, 0, C_out - C))


# %% wrong: the padding counted from the first axis | says: from the last one
def shortcut_a(x, C_out: int, S: int):
    new = C_out - x.shape[1]
    return F.pad(x[:, :, ::S, ::S], (0, new, 0, 0, 0, 0, 0, 0))
