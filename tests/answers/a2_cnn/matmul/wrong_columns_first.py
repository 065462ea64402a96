# says: row by row
def conv2d_matmul(x, w, b=None, S=1, P=0, D=1):
    y = w.flatten(1) @ F.unfold(x, w.shape[2:], dilation=D, padding=P, stride=S)
    if b is not None:
        y = y + b[:, None]
    W_out = (x.shape[3] + 2 * P - D * (w.shape[3] - 1) - 1) // S + 1
    return y.unflatten(2, (W_out, -1))
