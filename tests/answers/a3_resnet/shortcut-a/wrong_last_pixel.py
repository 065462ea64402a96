# says: begin with the first pixel
def shortcut_a(x, C_out, S):
    return F.pad(x[:, :, S - 1 :: S, S - 1 :: S], (0, 0, 0, 0, 0, C_out - x.shape[1]))
