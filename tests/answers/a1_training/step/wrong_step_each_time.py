# says: one step, after the last piece
def train_step(net, optimiser, x, y, size):
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size), strict=False):
        optimiser.zero_grad()
        loss = F.cross_entropy(net(xb), yb)
        loss.backward()
        optimiser.step()
        total += loss.item() * len(xb)
    return total / len(x)
