# says: gradients of earlier batches are still in it
def train_epoch(net, batches, optimiser):
    net.train()
    loss, n = 0, 0
    for x, y in batches:
        loss = loss + F.cross_entropy(net(x), y)
        optimiser.zero_grad()
        loss.backward(retain_graph=True)
        optimiser.step()
        n += 1
    return loss.item() / n
