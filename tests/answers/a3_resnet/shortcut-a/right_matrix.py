def shortcut_a(x, C_out, S):
    keep = torch.eye(C_out, x.shape[1], dtype=x.dtype)  # (C_out, C)
    return torch.einsum("oc,bchw->bohw", keep, x[:, :, ::S, ::S])
