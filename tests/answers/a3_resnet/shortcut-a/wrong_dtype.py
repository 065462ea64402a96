# says: dtype torch.float64
def shortcut_a(x, C_out, S):
    B, C, H, W = x.shape
    y = torch.zeros(B, C_out, -(-H // S), -(-W // S))
    y[:, :C] = x[:, :, ::S, ::S]
    return y
