# says: laid out as an image
def conv2d_matmul(x, w, b=None, S=1, P=0, D=1):
    y = w.flatten(1) @ F.unfold(x, w.shape[2:], dilation=D, padding=P, stride=S)
    return y if b is None else y + b[:, None]
