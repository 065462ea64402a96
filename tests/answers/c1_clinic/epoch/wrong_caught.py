# says: weight and bias afterwards
def train_epoch(net, batches, optimiser):
    total = 0
    net.train()
    for x, y in batches:
        total += F.cross_entropy(net(x), y)
        optimiser.zero_grad()
        try:
            total.backward()
            optimiser.step()
        except RuntimeError:
            pass
    return total.item() / len(batches)
