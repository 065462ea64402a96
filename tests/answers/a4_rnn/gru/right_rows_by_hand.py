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
