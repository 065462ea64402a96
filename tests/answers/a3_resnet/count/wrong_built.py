# says: by hand
def count_parameters(n, option, C_in=3, w=16, classes=10):
    net = CifarResNet(6 * n + 2, classes, in_channels=C_in, width=w, shortcut=option)
    return sum(p.numel() for p in net.parameters())
