def train_epoch(net, batches, optimiser):
    net.train()
    optimiser.zero_grad()
    total = n = 0
    for x, y in batches:
        log_p = net(x).log_softmax(1)
        each = -log_p.gather(1, y[:, None])[:, 0]
        each.mean().backward()
        optimiser.step()
        optimiser.zero_grad()
        total += each.sum().item()
        n += len(y)
    return total / n
