# says: net.eval() first
def accuracy(net, x, y, batch_size=64):
    shares = []
    for xb, yb in zip(x.split(batch_size), y.split(batch_size), strict=True):
        shares.append((net(xb).argmax(1) == yb).float().mean())
    return sum(shares) / len(shares)
