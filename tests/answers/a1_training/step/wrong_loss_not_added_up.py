# says: sum over the pieces
def train_step(net, optimiser, x, y, size):
    optimiser.zero_grad()
    for xb, yb in zip(x.split(size), y.split(size), strict=True):
        loss = F.cross_entropy(net(xb), yb, reduction="sum") / len(y)
        loss.backward()
    optimiser.step()
    return loss.item()
