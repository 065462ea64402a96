# says: each piece's mean counts in full
def train_step(net, optimiser, x, y, size):
    optimiser.zero_grad()
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size), strict=False):
        loss = F.cross_entropy(net(xb), yb)
        loss.backward()
        total += loss.item() * len(xb) / len(x)
    optimiser.step()
    return total
