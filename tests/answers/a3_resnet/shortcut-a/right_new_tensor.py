def shortcut_a(x, C_out, S):
    B, C, H, W = x.shape
    y = x.new_zeros(B, C_out, -(-H // S), -(-W // S))
    y[:, :C] = x[:, :, ::S, ::S]
    return y
