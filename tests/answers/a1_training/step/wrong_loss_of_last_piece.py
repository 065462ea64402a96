# says: this is the loss of the last piece
def train_step(net, optimiser, x, y, size):
    optimiser.zero_grad()
    for xb, yb in zip(x.split(size), y.split(size), strict=False):
        loss = F.cross_entropy(net(xb), yb)
        (loss * len(xb) / len(x)).backward()
    optimiser.step()
    return loss.item()
