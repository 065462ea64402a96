# says: last - first + 1
def measured_field(net, size):
    x = torch.randn(1, *size, requires_grad=True)
    y = net(x)
    y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum().backward()
    seen = (x.grad[0] != 0).any(0)
    rows, columns = seen.any(1).nonzero(), seen.any(0).nonzero()
    return (rows.max() - rows.min()).item(), (columns.max() - columns.min()).item()
