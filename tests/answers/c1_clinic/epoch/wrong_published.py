# says: backward through the graph a second time
def train_epoch(net, batches, optimiser):
    loss, running_loss = 0, 0.0
    for x, y in batches:
        loss += F.cross_entropy(net(x), y)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return running_loss / len(batches)
