# says: stands above, at the last one's below
def g(depth, shortcut):
    values = []
    for seed in range(3):
        torch.manual_seed(seed)
        net = CifarResNet(depth, in_channels=1, width=8, shortcut=shortcut)
        norms = norms_at_blocks(net, x, y)
        values.append((norms[-1] / norms[0]) ** (1 / (2 * len(norms) - 2)))
    return sum(values) / 3


growth = {
    "plain 8": g(8, "none"),
    "plain 20": g(20, "none"),
    "plain 56": g(56, "none"),
    "residual 20": g(20, "A"),
    "residual 56": g(56, "A"),
}
