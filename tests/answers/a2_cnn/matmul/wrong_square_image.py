# says: RuntimeError
def conv2d_matmul(x, w, b=None, S=1, P=0, D=1):
    y = w.flatten(1) @ F.unfold(x, w.shape[2:], dilation=D, padding=P, stride=S)
    if b is not None:
        y = y + b[:, None]
    side = int(y.shape[2] ** 0.5)
    return y.view(x.shape[0], w.shape[0], side, side)
