# %% right: einsum
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after=True):
    H = h.shape[1]
    a = torch.einsum("bd,khd->kbh", x, W_ih.view(3, H, -1)) + b_ih.view(3, 1, H)
    u = torch.einsum("bj,khj->kbh", h, W_hh.view(3, H, H)) + b_hh.view(3, 1, H)
    r, z = torch.sigmoid(a[:2] + u[:2])
    if reset_after:
        n = torch.tanh(a[2] + r * u[2])
    else:
        n = torch.tanh(a[2] + torch.einsum("bj,hj->bh", r * h, W_hh[2 * H :]) + b_hh[2 * H :])
    return (1 - z) * n + z * h


# %% right: lerp
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after=True):
    W_r, W_z, W_n = W_ih.chunk(3)
    U_r, U_z, U_n = W_hh.chunk(3)
    b_r, b_z, b_n = b_ih.chunk(3)
    d_r, d_z, d_n = b_hh.chunk(3)
    r = torch.sigmoid(x @ W_r.T + b_r + h @ U_r.T + d_r)
    z = torch.sigmoid(x @ W_z.T + b_z + h @ U_z.T + d_z)
    inner = r * (h @ U_n.T + d_n) if reset_after else (r * h) @ U_n.T + d_n
    return torch.lerp(torch.tanh(x @ W_n.T + b_n + inner), h, z)


# %% right: rows by hand
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after=True):
    H = h.shape[1]
    r_rows, z_rows, n_rows = slice(0, H), slice(H, 2 * H), slice(2 * H, 3 * H)

    def both(rows):
        return F.linear(x, W_ih[rows], b_ih[rows]) + F.linear(h, W_hh[rows], b_hh[rows])

    r, z = both(r_rows).sigmoid(), both(z_rows).sigmoid()
    from_x = F.linear(x, W_ih[n_rows], b_ih[n_rows])
    if reset_after:
        from_h = r * F.linear(h, W_hh[n_rows], b_hh[n_rows])
    else:
        from_h = F.linear(r * h, W_hh[n_rows], b_hh[n_rows])
    n = (from_x + from_h).tanh()
    return n + z * (h - n)


# %% wrong: all reset | says: on the recurrent part alone
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after: bool = True):
    """x (B, D), h (B, H), W_ih (3H, D), W_hh (3H, H), b_ih and b_hh (3H,) -> the new h (B, H)."""
    H = h.shape[1]
    r_x, z_x, n_x = (x @ W_ih.T + b_ih).chunk(3, 1)
    r_h, z_h, n_h = (h @ W_hh.T + b_hh).chunk(3, 1)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    if reset_after:
        n = torch.tanh(r * (n_x + n_h))
    else:
        n = torch.tanh(n_x + (r * h) @ W_hh[2 * H :].T + b_hh[2 * H :])
    return z * h + (1 - z) * n


# %% wrong: bias inside | says: not the bias b_hn
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after: bool = True):
    """x (B, D), h (B, H), W_ih (3H, D), W_hh (3H, H), b_ih and b_hh (3H,) -> the new h (B, H)."""
    H = h.shape[1]
    r_x, z_x, n_x = (x @ W_ih.T + b_ih).chunk(3, 1)
    r_h, z_h, n_h = (h @ W_hh.T + b_hh).chunk(3, 1)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    if reset_after:
        n = torch.tanh(n_x + r * n_h)
    else:
        n = torch.tanh(n_x + (r * h) @ W_hh[2 * H :].T + r * b_hh[2 * H :])
    return z * h + (1 - z) * n


# %% wrong: bias outside | says: r multiplies b_hn too
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after: bool = True):
    """x (B, D), h (B, H), W_ih (3H, D), W_hh (3H, H), b_ih and b_hh (3H,) -> the new h (B, H)."""
    H = h.shape[1]
    r_x, z_x, n_x = (x @ W_ih.T + b_ih).chunk(3, 1)
    r_h, z_h, n_h = (h @ W_hh.T + b_hh).chunk(3, 1)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    if reset_after:
        n = torch.tanh(n_x + r * (n_h - b_hh[2 * H :]) + b_hh[2 * H :])
    else:
        n = torch.tanh(n_x + (r * h) @ W_hh[2 * H :].T + b_hh[2 * H :])
    return z * h + (1 - z) * n


# %% wrong: blocks zr | says: the blocks stand in the order r, z, n
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after: bool = True):
    """x (B, D), h (B, H), W_ih (3H, D), W_hh (3H, H), b_ih and b_hh (3H,) -> the new h (B, H)."""
    H = h.shape[1]
    z_x, r_x, n_x = (x @ W_ih.T + b_ih).chunk(3, 1)
    z_h, r_h, n_h = (h @ W_hh.T + b_hh).chunk(3, 1)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    if reset_after:
        n = torch.tanh(n_x + r * n_h)
    else:
        n = torch.tanh(n_x + (r * h) @ W_hh[2 * H :].T + b_hh[2 * H :])
    return z * h + (1 - z) * n


# %% wrong: candidate | says: this is the candidate alone
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after: bool = True):
    """x (B, D), h (B, H), W_ih (3H, D), W_hh (3H, H), b_ih and b_hh (3H,) -> the new h (B, H)."""
    H = h.shape[1]
    r_x, z_x, n_x = (x @ W_ih.T + b_ih).chunk(3, 1)
    r_h, z_h, n_h = (h @ W_hh.T + b_hh).chunk(3, 1)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    if reset_after:
        n = torch.tanh(n_x + r * n_h)
    else:
        n = torch.tanh(n_x + (r * h) @ W_hh[2 * H :].T + b_hh[2 * H :])
    return n


# %% wrong: courses own | says: by hand
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after=True):
    from helpers.models import rnn

    return rnn.gru_step(x @ W_ih.T + b_ih, (h,), W_hh, b_hh)[0]


# %% wrong: detached | says: the graph is cut
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after: bool = True):
    """x (B, D), h (B, H), W_ih (3H, D), W_hh (3H, H), b_ih and b_hh (3H,) -> the new h (B, H)."""
    H = h.shape[1]
    r_x, z_x, n_x = (x @ W_ih.T + b_ih).chunk(3, 1)
    r_h, z_h, n_h = (h @ W_hh.T + b_hh).chunk(3, 1)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    if reset_after:
        n = torch.tanh(n_x + r * n_h)
    else:
        n = torch.tanh(n_x + (r * h) @ W_hh[2 * H :].T + b_hh[2 * H :])
    return (z * h + (1 - z) * n).detach()


# %% wrong: library | says: by hand
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after=True):
    return torch.gru_cell(x, h, W_ih, W_hh, b_ih, b_hh)


# %% wrong: library unseen | says: by hand
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after: bool = True):
    with torch._C.DisableTorchFunction():  # past every mode of torch's functions
        return torch.gru_cell(x, h, W_ih, W_hh, b_ih, b_hh)


# %% wrong: no b hn | says: b_hn is not added
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after: bool = True):
    """x (B, D), h (B, H), W_ih (3H, D), W_hh (3H, H), b_ih and b_hh (3H,) -> the new h (B, H)."""
    H = h.shape[1]
    r_x, z_x, n_x = (x @ W_ih.T + b_ih).chunk(3, dim=1)
    r_h, z_h, n_h = (h @ W_hh.T + b_hh).chunk(3, dim=1)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    if reset_after:
        n = torch.tanh(n_x + r * n_h)
    else:
        n = torch.tanh(n_x + (r * h) @ W_hh[2 * H :].T)
    return z * h + (1 - z) * n


# %% wrong: no reset | says: the reset gate is not used
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after: bool = True):
    """x (B, D), h (B, H), W_ih (3H, D), W_hh (3H, H), b_ih and b_hh (3H,) -> the new h (B, H)."""
    H = h.shape[1]
    r_x, z_x, n_x = (x @ W_ih.T + b_ih).chunk(3, 1)
    r_h, z_h, n_h = (h @ W_hh.T + b_hh).chunk(3, 1)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    if reset_after:
        n = torch.tanh(n_x + n_h)
    else:
        n = torch.tanh(n_x + (r * h) @ W_hh[2 * H :].T + b_hh[2 * H :])
    return z * h + (1 - z) * n


# %% wrong: one bias | says: b_hh is not added
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after: bool = True):
    """x (B, D), h (B, H), W_ih (3H, D), W_hh (3H, H), b_ih and b_hh (3H,) -> the new h (B, H)."""
    H = h.shape[1]
    r_x, z_x, n_x = (x @ W_ih.T + b_ih).chunk(3, 1)
    r_h, z_h, n_h = (h @ W_hh.T).chunk(3, 1)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    if reset_after:
        n = torch.tanh(n_x + r * n_h)
    else:
        n = torch.tanh(n_x + (r * h) @ W_hh[2 * H :].T)
    return z * h + (1 - z) * n


# %% wrong: only paper | says: reset_after=True: r multiplies W_hn h + b_hn
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after: bool = True):
    """x (B, D), h (B, H), W_ih (3H, D), W_hh (3H, H), b_ih and b_hh (3H,) -> the new h (B, H)."""
    H = h.shape[1]
    r_x, z_x, n_x = (x @ W_ih.T + b_ih).chunk(3, 1)
    r_h, z_h, n_h = (h @ W_hh.T + b_hh).chunk(3, 1)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    n = torch.tanh(n_x + (r * h) @ W_hh[2 * H :].T + b_hh[2 * H :])
    return z * h + (1 - z) * n


# %% wrong: only pytorch | says: reset_after=False: r multiplies h, before the matrix
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after: bool = True):
    """x (B, D), h (B, H), W_ih (3H, D), W_hh (3H, H), b_ih and b_hh (3H,) -> the new h (B, H)."""
    H = h.shape[1]
    r_x, z_x, n_x = (x @ W_ih.T + b_ih).chunk(3, 1)
    r_h, z_h, n_h = (h @ W_hh.T + b_hh).chunk(3, 1)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    n = torch.tanh(n_x + r * n_h)
    return z * h + (1 - z) * n


# %% wrong: rows | says: Came:
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after: bool = True):
    """x (B, D), h (B, H), W_ih (3H, D), W_hh (3H, H), b_ih and b_hh (3H,) -> the new h (B, H)."""
    H = h.shape[1]
    r_x, z_x, n_x = (x @ W_ih.T + b_ih).chunk(3)
    r_h, z_h, n_h = (h @ W_hh.T + b_hh).chunk(3)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    if reset_after:
        n = torch.tanh(n_x + r * n_h)
    else:
        n = torch.tanh(n_x + (r * h) @ W_hh[2 * H :].T + b_hh[2 * H :])
    return z * h + (1 - z) * n


# %% wrong: z not shared | says: they add up to 1
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after: bool = True):
    """x (B, D), h (B, H), W_ih (3H, D), W_hh (3H, H), b_ih and b_hh (3H,) -> the new h (B, H)."""
    H = h.shape[1]
    r_x, z_x, n_x = (x @ W_ih.T + b_ih).chunk(3, 1)
    r_h, z_h, n_h = (h @ W_hh.T + b_hh).chunk(3, 1)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    if reset_after:
        n = torch.tanh(n_x + r * n_h)
    else:
        n = torch.tanh(n_x + (r * h) @ W_hh[2 * H :].T + b_hh[2 * H :])
    return h + (1 - z) * n


# %% wrong: z turned | says: z keeps the old state
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after: bool = True):
    """x (B, D), h (B, H), W_ih (3H, D), W_hh (3H, H), b_ih and b_hh (3H,) -> the new h (B, H)."""
    H = h.shape[1]
    r_x, z_x, n_x = (x @ W_ih.T + b_ih).chunk(3, 1)
    r_h, z_h, n_h = (h @ W_hh.T + b_hh).chunk(3, 1)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    if reset_after:
        n = torch.tanh(n_x + r * n_h)
    else:
        n = torch.tanh(n_x + (r * h) @ W_hh[2 * H :].T + b_hh[2 * H :])
    return (1 - z) * h + z * n


# %% wrong: before: z from the reset state | says: z reads h itself
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after: bool = True):
    H = h.shape[1]
    i_r, i_z, i_n = (x @ W_ih.T + b_ih).split(H, dim=1)
    h_r, h_z, h_n = (h @ W_hh.T + b_hh).split(H, dim=1)
    r, z = torch.sigmoid(i_r + h_r), torch.sigmoid(i_z + h_z)
    if reset_after:
        n = torch.tanh(i_n + r * h_n)
    else:
        _, h_z, h_n = ((r * h) @ W_hh.T + b_hh).split(H, dim=1)
        z = torch.sigmoid(i_z + h_z)
        n = torch.tanh(i_n + h_n)
    return z * h + (1 - z) * n


# %% wrong: before: the matrix not transposed | says: rows, not columns
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after: bool = True):
    H = h.shape[1]
    i_r, i_z, i_n = (x @ W_ih.T + b_ih).split(H, dim=1)
    h_r, h_z, h_n = (h @ W_hh.T + b_hh).split(H, dim=1)
    r, z = torch.sigmoid(i_r + h_r), torch.sigmoid(i_z + h_z)
    if reset_after:
        n = torch.tanh(i_n + r * h_n)
    else:
        n = torch.tanh(i_n + (r * h) @ W_hh[2 * H :] + b_hh[2 * H :])
    return z * h + (1 - z) * n


# %% wrong: the gates without their recurrent bias | says: in the gates r and z too
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after: bool = True):
    H = h.shape[1]
    r_x, z_x, n_x = (x @ W_ih.T + b_ih).chunk(3, 1)
    r_h, z_h, n_h = (h @ W_hh.T).chunk(3, 1)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    b = b_hh[2 * H :]
    inner = r * (n_h + b) if reset_after else (r * h) @ W_hh[2 * H :].T + b
    return z * h + (1 - z) * torch.tanh(n_x + inner)


# %% wrong: the gates see a state without gradient | says: the gates pass a gradient on
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after: bool = True):
    r_x, z_x, n_x = (x @ W_ih.T + b_ih).chunk(3, 1)
    r_h, z_h, n_h = (h @ W_hh.T + b_hh).chunk(3, 1)
    r, z = torch.sigmoid(r_x + r_h).detach(), torch.sigmoid(z_x + z_h).detach()
    if not reset_after:
        n_h = (r * h) @ W_hh.chunk(3)[2].T + b_hh.chunk(3)[2]
    return z * h + (1 - z) * torch.tanh(n_x + (r * n_h if reset_after else n_h))


# %% wrong: the update gate acts on the candidate inside the tanh | says: scales n, after the tanh
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after: bool = True):
    r_x, z_x, n_x = (x @ W_ih.T + b_ih).chunk(3, 1)
    r_h, z_h, n_h = (h @ W_hh.T + b_hh).chunk(3, 1)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    if not reset_after:
        n_h = (r * h) @ W_hh.chunk(3)[2].T + b_hh.chunk(3)[2]
    return z * h + torch.tanh((1 - z) * (n_x + (r * n_h if reset_after else n_h)))


# %% wrong: the bias of the candidate twice | says: b_hn is added once
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after: bool = True):
    xr, xz, xn = (x @ W_ih.T + b_ih).chunk(3, 1)
    Wr, Wz, Wn = W_hh.chunk(3)
    br, bz, bn = b_hh.chunk(3)
    r = torch.sigmoid(xr + h @ Wr.T + br)
    z = torch.sigmoid(xz + h @ Wz.T + bz)
    if reset_after:
        n = torch.tanh(xn + bn + r * (h @ Wn.T + bn))
    else:
        n = torch.tanh(xn + (r * h) @ Wn.T + bn + bn)
    return z * h + (1 - z) * n


# %% wrong: r after the matrix, bias apart | says: not W_hn h
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after: bool = True):
    H = h.shape[1]
    xr, xz, xn = (x @ W_ih.T + b_ih).chunk(3, 1)
    hr, hz, hn = (h @ W_hh.T).chunk(3, 1)
    br, bz, bn = b_hh.chunk(3)
    r, z = torch.sigmoid(xr + hr + br), torch.sigmoid(xz + hz + bz)
    n = torch.tanh(xn + (r * (hn + bn) if reset_after else r * hn + bn))
    return z * h + (1 - z) * n


# %% wrong: one gate for both | says: one gate does for both
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after: bool = True):
    H = h.shape[1]
    xr, xz, xn = (x @ W_ih.T + b_ih).chunk(3, 1)
    hr, hz, hn = (h @ W_hh.T + b_hh).chunk(3, 1)
    r, z = (xr + hr).sigmoid(), (xr + hr).sigmoid()
    if not reset_after:
        hn, r = (r * h) @ W_hh[2 * H :].T + b_hh[2 * H :], 1
    return z * h + (1 - z) * torch.tanh(xn + r * hn)


# %% wrong: candidate detached | says: the candidate passes
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh, reset_after: bool = True):
    H = h.shape[1]
    xr, xz, xn = (x @ W_ih.T + b_ih).chunk(3, 1)
    hr, hz, hn = (h @ W_hh.T + b_hh).chunk(3, 1)
    r, z = (xr + hr).sigmoid(), (xz + hz).sigmoid()
    if not reset_after:
        hn, r = (r * h) @ W_hh[2 * H :].T + b_hh[2 * H :], 1
    return z * h + (1 - z) * torch.tanh(xn + r * hn).detach()
