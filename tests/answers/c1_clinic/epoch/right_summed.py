def train_epoch(net, batches, optimiser):
    net.train(True)
    count, running_loss = 0, 0.0
    for inputs, targets in batches:
        optimiser.zero_grad(set_to_none=False)
        logits = net(inputs)
        summed = F.cross_entropy(logits, targets, reduction="sum")
        (summed / targets.numel()).backward()
        optimiser.step()
        running_loss = running_loss + float(summed)
        count = count + targets.numel()
    return running_loss / count
