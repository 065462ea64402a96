# says: optimiser.step()
def train_step(net, optimiser, x, y, size):
    optimiser.zero_grad()
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size), strict=False):
        loss = F.cross_entropy(net(xb), yb, reduction="sum") / len(x)
        loss.backward()
        total += loss.item()
    return total
