def conv2d_matmul(x, w, b=None, S=1, P=0, D=1):
    columns = F.unfold(x, w.shape[2:], dilation=D, padding=P, stride=S).transpose(1, 2)
    y = (columns @ w.flatten(1).T).transpose(1, 2)
    if b is not None:
        y = y + b[None, :, None]
    W_out = (x.shape[3] + 2 * P - D * (w.shape[3] - 1) - 1) // S + 1
    return y.unflatten(2, (-1, W_out))
