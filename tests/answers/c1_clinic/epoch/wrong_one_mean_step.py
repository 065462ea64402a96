# says: the mean of their losses
def train_epoch(net, batches, optimiser):
    net.train()
    loss = torch.stack([F.cross_entropy(net(x), y) for x, y in batches]).mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()
