def measured_field(net, size):
    # without a gradient: change one row, then one column at a time
    with torch.no_grad():
        x = torch.randn(1, *size)
        y = net(x)
        i, j = y.shape[2] // 2, y.shape[3] // 2
        found = []
        for axis in (2, 3):
            hit = []
            for n in range(x.shape[axis]):
                z = x.clone()
                z.select(axis, n).add_(1.0)
                if not torch.equal(net(z)[0, :, i, j], y[0, :, i, j]):
                    hit.append(n)
            found.append(hit[-1] - hit[0] + 1)
    return found[0], found[1]
