# says: by hand
def shortcut_a(x, C_out, S):
    return F.pad(F.avg_pool2d(x, S), (0, 0, 0, 0, 0, C_out - x.shape[1]))
