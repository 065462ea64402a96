# says: one step, after the last piece
def train_step(net, optimiser, x, y, size):
    optimiser.zero_grad()
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size), strict=True):
        loss = F.cross_entropy(net(xb), yb, reduction="sum") / len(y)
        loss.backward()
        optimiser.step()
        total += loss.item()
    return total
