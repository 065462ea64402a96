# says: the graph is cut
def shortcut_a(x, C_out, S):
    return F.pad(x.detach()[:, :, ::S, ::S], (0, 0, 0, 0, 0, C_out - x.shape[1]))
