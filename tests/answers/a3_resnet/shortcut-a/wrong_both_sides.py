# says: not half of them on each side
def shortcut_a(x, C_out, S):
    y = x[:, :, ::S, ::S]
    front = (C_out - x.shape[1]) // 2
    return F.pad(y, (0, 0, 0, 0, front, C_out - x.shape[1] - front))
