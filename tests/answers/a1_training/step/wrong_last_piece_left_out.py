# says: the last, smaller piece too
def train_step(net, optimiser, x, y, size):
    optimiser.zero_grad()
    total, pieces = 0.0, len(x) // size
    for i in range(pieces):
        xb, yb = x[i * size : (i + 1) * size], y[i * size : (i + 1) * size]
        loss = F.cross_entropy(net(xb), yb, reduction="sum") / len(x)
        loss.backward()
        total += loss.item()
    optimiser.step()
    return total
