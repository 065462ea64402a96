def shortcut_a(x, C_out, S):
    rows, columns = torch.arange(0, x.shape[2], S), torch.arange(0, x.shape[3], S)
    y = x.index_select(2, rows).index_select(3, columns)
    more = C_out - y.shape[1]
    if more == 0:
        return y
    shape = (y.shape[0], more, y.shape[2], y.shape[3])
    return torch.cat((y, torch.zeros(shape, dtype=x.dtype, device=x.device)), 1)
