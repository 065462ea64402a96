# says: a gradient from before is still in the first step
def train_epoch(net, batches, optimiser):
    net.train()
    total, examples = 0.0, 0
    for x, y in batches:
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
        total += loss.item() * len(y)
        examples += len(y)
    return total / examples
