def train_step(net, optimiser, x, y, size):
    optimiser.zero_grad()
    total = 0.0
    for first in range(0, len(x), size):
        xb, yb = x[first : first + size], y[first : first + size]
        loss = F.cross_entropy(net(xb), yb) * (len(xb) / len(x))
        loss.backward()
        total += loss.item()
    optimiser.step()
    return total
