# says: run x.split(size)
def train_step(net, optimiser, x, y, size):
    optimiser.zero_grad()
    loss = F.cross_entropy(net(x), y)
    loss.backward()
    optimiser.step()
    return loss.item()
