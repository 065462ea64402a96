# says: has no len()
def train_epoch(net, batches, optimiser):
    net.train()
    total, examples = 0.0, 0
    for _, (x, y) in zip(range(len(batches)), batches, strict=True):
        loss = F.cross_entropy(net(x), y)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        total += loss.item() * len(y)
        examples += len(y)
    return total / examples
