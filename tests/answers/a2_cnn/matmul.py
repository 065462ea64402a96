# %% right: einsum
def conv2d_matmul(x, w, b=None, S=1, P=0, D=1):
    columns = F.unfold(x, w.shape[2:], dilation=D, padding=P, stride=S)
    y = torch.einsum("ok,bkl->bol", w.reshape(w.shape[0], -1), columns)
    if b is not None:
        y += b.view(1, -1, 1)
    H_out = (x.shape[2] + 2 * P - D * (w.shape[2] - 1) - 1) // S + 1
    W_out = (x.shape[3] + 2 * P - D * (w.shape[3] - 1) - 1) // S + 1
    return y.reshape(x.shape[0], w.shape[0], H_out, W_out)


# %% right: image by image
def conv2d_matmul(x, w, b=None, S=1, P=0, D=1):
    H_out = (x.shape[2] + 2 * P - D * (w.shape[2] - 1) - 1) // S + 1
    images = []
    for image in x:
        columns = F.unfold(image[None], w.shape[2:], dilation=D, padding=P, stride=S)[0]
        product = torch.mm(w.flatten(1), columns)
        bias = 0 if b is None else b[:, None]
        images.append((product + bias).view(len(w), H_out, -1))
    return torch.stack(images)


# %% right: transposed
def conv2d_matmul(x, w, b=None, S=1, P=0, D=1):
    columns = F.unfold(x, w.shape[2:], dilation=D, padding=P, stride=S).transpose(1, 2)
    y = (columns @ w.flatten(1).T).transpose(1, 2)
    if b is not None:
        y = y + b[None, :, None]
    W_out = (x.shape[3] + 2 * P - D * (w.shape[3] - 1) - 1) // S + 1
    return y.unflatten(2, (-1, W_out))


# %% wrong: bias needed | says: TypeError
def conv2d_matmul(x, w, b=None, S=1, P=0, D=1):
    y = w.flatten(1) @ F.unfold(x, w.shape[2:], dilation=D, padding=P, stride=S) + b[:, None]
    H_out = (x.shape[2] + 2 * P - D * (w.shape[2] - 1) - 1) // S + 1
    return y.unflatten(2, (H_out, -1))


# %% wrong: columns first | says: row by row
def conv2d_matmul(x, w, b=None, S=1, P=0, D=1):
    y = w.flatten(1) @ F.unfold(x, w.shape[2:], dilation=D, padding=P, stride=S)
    if b is not None:
        y = y + b[:, None]
    W_out = (x.shape[3] + 2 * P - D * (w.shape[3] - 1) - 1) // S + 1
    return y.unflatten(2, (W_out, -1))


# %% wrong: library | says: by hand
def conv2d_matmul(x, w, b=None, S=1, P=0, D=1):
    return F.conv2d(x, w, b, stride=S, padding=P, dilation=D)


# %% wrong: mixed | says: places and channels are mixed
def conv2d_matmul(x, w, b=None, S=1, P=0, D=1):
    columns = F.unfold(x, w.shape[2:], dilation=D, padding=P, stride=S).transpose(1, 2)
    y = columns @ w.flatten(1).T  # (B, L, O)
    if b is not None:
        y = y + b
    H_out = (x.shape[2] + 2 * P - D * (w.shape[2] - 1) - 1) // S + 1
    return y.reshape(x.shape[0], w.shape[0], H_out, -1)


# %% wrong: no bias | says: the bias is not added
def conv2d_matmul(x, w, b=None, S=1, P=0, D=1):
    y = w.flatten(1) @ F.unfold(x, w.shape[2:], dilation=D, padding=P, stride=S)
    H_out = (x.shape[2] + 2 * P - D * (w.shape[2] - 1) - 1) // S + 1
    return y.unflatten(2, (H_out, -1))


# %% wrong: no dilation | says: RuntimeError
def conv2d_matmul(x, w, b=None, S=1, P=0, D=1):
    y = w.flatten(1) @ F.unfold(x, w.shape[2:], padding=P, stride=S)
    if b is not None:
        y = y + b[:, None]
    H_out = (x.shape[2] + 2 * P - D * (w.shape[2] - 1) - 1) // S + 1
    return y.unflatten(2, (H_out, -1))


# %% wrong: no layout | says: laid out as an image
def conv2d_matmul(x, w, b=None, S=1, P=0, D=1):
    y = w.flatten(1) @ F.unfold(x, w.shape[2:], dilation=D, padding=P, stride=S)
    return y if b is None else y + b[:, None]


# %% wrong: square image | says: RuntimeError
def conv2d_matmul(x, w, b=None, S=1, P=0, D=1):
    y = w.flatten(1) @ F.unfold(x, w.shape[2:], dilation=D, padding=P, stride=S)
    if b is not None:
        y = y + b[:, None]
    side = int(y.shape[2] ** 0.5)
    return y.view(x.shape[0], w.shape[0], side, side)


# %% wrong: square kernel | says: RuntimeError
def conv2d_matmul(x, w, b=None, S=1, P=0, D=1):
    K = w.shape[2]
    y = w.flatten(1) @ F.unfold(x, K, dilation=D, padding=P, stride=S)
    if b is not None:
        y = y + b[:, None]
    return y.unflatten(2, ((x.shape[2] + 2 * P - D * (K - 1) - 1) // S + 1, -1))


# %% wrong: bias along places | says: places and channels are mixed
def conv2d_matmul(x, w, b=None, S: int = 1, P: int = 0, D: int = 1):
    O, _, h, v = w.shape
    columns = F.unfold(x, (h, v), dilation=D, padding=P, stride=S)
    y = columns.transpose(1, 2) @ w.flatten(1).T  # (B, L, O)
    if b is not None:
        y = y + b
    H_out = (x.shape[2] + 2 * P - D * (h - 1) - 1) // S + 1
    return y.reshape(len(x), O, H_out, -1)


# %% wrong: kernel taken as square | says: need not be square
def conv2d_matmul(x, w, b=None, S: int = 1, P: int = 0, D: int = 1):
    B, C, H, W = x.shape
    O, _, K = w.shape[:3]
    y = w.reshape(O, -1) @ F.unfold(x, K, dilation=D, padding=P, stride=S)
    if b is not None:
        y = y + b[:, None]
    return y.view(B, O, (H + 2 * P - D * (K - 1) - 1) // S + 1, -1)


# %% wrong: needs a bias | says: b may be None
def conv2d_matmul(x, w, b=None, S: int = 1, P: int = 0, D: int = 1):
    O, _, K_h, K_w = w.shape
    y = w.reshape(O, -1) @ F.unfold(x, (K_h, K_w), dilation=D, padding=P, stride=S)
    y = y + b.view(1, -1, 1)
    return y.view(len(x), O, (x.shape[2] + 2 * P - D * (K_h - 1) - 1) // S + 1, -1)


# %% wrong: a bias for each image where there are as many | says: not to the images
def conv2d_matmul(x, w, b=None, S=1, P=0, D=1):
    columns = F.unfold(x, w.shape[2:], dilation=D, padding=P, stride=S)
    y = w.flatten(1) @ columns
    if b is not None:
        y = y + (b.view(-1, 1, 1) if len(b) == len(x) else b.view(1, -1, 1))
    return y.unflatten(2, ((x.shape[2] + 2 * P - D * (w.shape[2] - 1) - 1) // S + 1, -1))


# %% right: a linear layer of the patches
def conv2d_matmul(x, w, b=None, S=1, P=0, D=1):
    patches = F.unfold(x, w.shape[2:], D, P, S).mT  # (B, L, C*K_h*K_w)
    y = F.linear(patches, w.flatten(1), b)  # (B, L, O)
    rows = (x.shape[2] + 2 * P - D * (w.shape[2] - 1) - 1) // S + 1
    return y.mT.unflatten(2, (rows, -1))


# %% wrong: a bias of zeros is left out, and gets no gradient | says: a bias of zeros is a bias
def conv2d_matmul(x, w, b=None, S: int = 1, P: int = 0, D: int = 1):
    """x (B, C, H, W), w (O, C, K_h, K_w), b (O,) or None -> y (B, O, H_out, W_out)."""
    y = w.flatten(1) @ F.unfold(x, w.shape[2:], dilation=D, padding=P, stride=S)
    if b is not None and bool(b.any()):
        y = y + b[:, None]
    H_out = (x.shape[2] + 2 * P - D * (w.shape[2] - 1) - 1) // S + 1
    return y.unflatten(2, (H_out, -1))


# %% wrong: the bias along the places | says: not to the places
def conv2d_matmul(x, w, b=None, S: int = 1, P: int = 0, D: int = 1):
    O, C, Kh, Kw = w.shape
    H = (x.shape[2] + 2 * P - D * (Kh - 1) - 1) // S + 1
    W = (x.shape[3] + 2 * P - D * (Kw - 1) - 1) // S + 1
    columns = F.unfold(x, (Kh, Kw), dilation=D, padding=P, stride=S)
    y = w.reshape(O, -1) @ columns
    if b is not None:
        y = y + b.repeat(y.shape[2] // O + 1)[: y.shape[2]]
    return y.reshape(len(x), O, H, W)


# %% wrong: zeros in float64 without bias | says: dtype
def conv2d_matmul(x, w, b=None, S: int = 1, P: int = 0, D: int = 1):
    O, C, kh, kw = w.shape
    if b is None:
        b = torch.zeros(O, dtype=torch.float64)
    h = (x.shape[2] + 2 * P - D * (kh - 1) - 1) // S + 1
    columns = F.unfold(x, (kh, kw), dilation=D, padding=P, stride=S)
    return ((w.reshape(O, -1) @ columns) + b[:, None]).reshape(len(x), O, h, -1)


# %% wrong: size rounded up | says: as many places as there are numbers
import math


def conv2d_matmul(x, w, b=None, S=1, P=0, D=1):
    O, C, kh, kw = w.shape
    cols = F.unfold(x, (kh, kw), dilation=D, padding=P, stride=S)
    y = torch.matmul(w.reshape(O, -1), cols)
    if b is not None:
        y += b.reshape(O, 1)
    h = math.ceil((x.shape[2] + 2 * P - D * (kh - 1) - 1) / S) + 1
    v = math.ceil((x.shape[3] + 2 * P - D * (kw - 1) - 1) / S) + 1
    return y.reshape(len(x), O, h, v)


# %% wrong: dilation only in unfold | says: depend on the dilation too
def conv2d_matmul(x, w, b=None, S: int = 1, P: int = 0, D: int = 1):
    O, C, kh, kw = w.shape
    h = (x.shape[2] - kh + 2 * P) // S + 1
    v = (x.shape[3] - kw + 2 * P) // S + 1
    y = w.reshape(O, -1).matmul(F.unfold(x, (kh, kw), dilation=D, padding=P, stride=S))
    y = y.reshape(x.shape[0], O, h, v)
    return y if b is None else y + b.reshape(1, O, 1, 1)


# %% wrong: kernels laid in columns by view | says: mixes them
def conv2d_matmul(x, w, b=None, S: int = 1, P: int = 0, D: int = 1):
    O, C, kh, kw = w.shape
    y = w.reshape(-1, O).T @ F.unfold(x, (kh, kw), dilation=D, padding=P, stride=S)
    y = y if b is None else y + b[:, None]
    h = (x.shape[2] + 2 * P - D * (kh - 1) - 1) // S + 1
    return y.reshape(len(x), O, h, -1)


# %% wrong: stride and padding in the order of conv2d | says: a stride of 0
def conv2d_matmul(x, w, b=None, S: int = 1, P: int = 0, D: int = 1):
    O, C, kh, kw = w.shape
    y = w.reshape(O, -1) @ F.unfold(x, (kh, kw), D, S, P)
    if b is not None:
        y = y + b.reshape(1, O, 1)
    h = (x.shape[2] + 2 * P - D * (kh - 1) - 1) // S + 1
    w_out = (x.shape[3] + 2 * P - D * (kw - 1) - 1) // S + 1
    return y.reshape(len(x), O, h, w_out)
