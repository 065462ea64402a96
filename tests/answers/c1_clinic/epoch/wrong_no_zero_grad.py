# says: gradients of earlier batches are still in it
def train_epoch(net, batches, optimiser):
    net.train()
    total, examples = 0.0, 0
    for x, y in batches:
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        optimiser.step()
        total += loss.item() * len(y)
        examples += len(y)
    return total / examples
