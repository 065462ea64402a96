# says: not a copy of those
def shortcut_a(x, C_out, S):
    y = x[:, :, ::S, ::S]
    return torch.cat([y] * -(-C_out // y.shape[1]), 1)[:, :C_out]
