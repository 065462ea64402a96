def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after=True):
    W_r, W_z, W_n = W_ih.chunk(3)
    U_r, U_z, U_n = W_hh.chunk(3)
    b_r, b_z, b_n = b_ih.chunk(3)
    d_r, d_z, d_n = b_hh.chunk(3)
    r = torch.sigmoid(x @ W_r.T + b_r + h @ U_r.T + d_r)
    z = torch.sigmoid(x @ W_z.T + b_z + h @ U_z.T + d_z)
    inner = r * (h @ U_n.T + d_n) if reset_after else (r * h) @ U_n.T + d_n
    return torch.lerp(torch.tanh(x @ W_n.T + b_n + inner), h, z)
