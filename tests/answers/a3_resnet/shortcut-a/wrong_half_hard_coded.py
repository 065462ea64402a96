# says: Expected: shape
def shortcut_a(x, C_out, S):
    return F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 0, 3))
