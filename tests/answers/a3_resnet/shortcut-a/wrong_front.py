# says: zeros follow the channels of x
def shortcut_a(x, C_out, S):
    return F.pad(x[:, :, ::S, ::S], (0, 0, 0, 0, C_out - x.shape[1], 0))
