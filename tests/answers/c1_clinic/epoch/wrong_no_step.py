# says: nothing has been learnt
def train_epoch(net, batches, optimiser):
    net.train()
    total, examples = 0.0, 0
    for x, y in batches:
        loss = F.cross_entropy(net(x), y)
        optimiser.zero_grad()
        loss.backward()
        total += loss.item() * len(y)
        examples += len(y)
    return total / examples
