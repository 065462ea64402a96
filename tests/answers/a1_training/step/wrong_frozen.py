# says: RuntimeError
def train_step(net, optimiser, x, y, size):
    optimiser.zero_grad()
    total = 0.0
    with torch.no_grad():
        for xb, yb in zip(x.split(size), y.split(size), strict=False):
            total += F.cross_entropy(net(xb), yb, reduction="sum") / len(x)
    total.backward()
    optimiser.step()
    return total.item()
