def measured_field(net, size):
    x = torch.randn(1, *size, requires_grad=True)
    y = net(x)
    y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum().backward()
    seen = (x.grad[0] != 0).any(0)
    rows = [i for i in range(size[1]) if seen[i].any()]
    columns = [j for j in range(size[2]) if seen[:, j].any()]
    return rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
