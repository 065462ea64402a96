# says: with .item()
def train_epoch(net, batches, optimiser):
    net.train()
    total, examples = 0.0, 0
    for x, y in batches:
        loss = F.cross_entropy(net(x), y)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        total += loss.detach() * len(y)
        examples += len(y)
    return total / examples
