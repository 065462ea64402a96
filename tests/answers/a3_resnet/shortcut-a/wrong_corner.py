# says: the top left corner
def shortcut_a(x, C_out, S):
    y = x[:, :, : -(-x.shape[2] // S), : -(-x.shape[3] // S)]
    return F.pad(y, (0, 0, 0, 0, 0, C_out - x.shape[1]))
