def train_epoch(net, batches, optimiser):
    losses, sizes = [], []
    for x, y in batches:
        net.train()
        loss = nn.CrossEntropyLoss()(net(x), y)
        for p in net.parameters():
            p.grad = None
        loss.backward()
        optimiser.step()
        losses.append(loss.detach())
        sizes.append(len(x))
    weights = torch.tensor(sizes, dtype=losses[0].dtype)
    return ((torch.stack(losses) * weights).sum() / weights.sum()).item()
