# says: not a count
def measured_field(net, size):
    x = torch.randn(1, *size, requires_grad=True)
    y = net(x)
    y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum().backward()
    seen = (x.grad[0] != 0).any(0)
    return int(seen.any(1).sum()), int(seen.any(0).sum())
