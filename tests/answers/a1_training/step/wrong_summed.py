# says: summed over the batch
def train_step(net, optimiser, x, y, size):
    optimiser.zero_grad()
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size), strict=False):
        loss = F.cross_entropy(net(xb), yb, reduction="sum")
        loss.backward()
        total += loss.item()
    optimiser.step()
    return total / len(x)
