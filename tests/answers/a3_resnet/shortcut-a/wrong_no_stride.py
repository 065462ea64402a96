# says: the stride is not used
def shortcut_a(x, C_out, S):
    return F.pad(x, (0, 0, 0, 0, 0, C_out - x.shape[1]))
