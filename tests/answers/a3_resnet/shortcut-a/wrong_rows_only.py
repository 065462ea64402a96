# says: both axes
def shortcut_a(x, C_out, S):
    return F.pad(x[:, :, ::S], (0, 0, 0, 0, 0, C_out - x.shape[1]))
