# says: not the mean of S x S
def shortcut_a(x, C_out, S):
    y = (x[:, :, ::2, ::2] + x[:, :, 1::2, ::2] + x[:, :, ::2, 1::2] + x[:, :, 1::2, 1::2]) / 4
    return F.pad(y, (0, 0, 0, 0, 0, C_out - x.shape[1]))
