# says: the middle unit only
def measured_field(net, size):
    x = torch.randn(1, *size, requires_grad=True)
    net(x).sum().backward()
    seen = (x.grad[0] != 0).any(0)
    rows, columns = seen.any(1).nonzero(), seen.any(0).nonzero()
    return (rows.max() - rows.min() + 1).item(), (columns.max() - columns.min() + 1).item()
