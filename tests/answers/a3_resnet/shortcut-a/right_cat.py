def shortcut_a(x, C_out, S):
    y = x[..., ::S, ::S]
    zeros = torch.zeros_like(y[:, :1]).expand(-1, C_out - x.shape[1], -1, -1)
    return torch.cat([y, zeros], dim=1)
