# says: one step for all of them
def train_epoch(net, batches, optimiser):
    net.train()
    losses = [F.cross_entropy(net(x), y) for x, y in batches]
    optimiser.zero_grad()
    sum(losses).backward()
    optimiser.step()
    return sum(losses).item() / len(losses)
