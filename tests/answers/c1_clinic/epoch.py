# %% right: clear at both ends
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


# %% right: lists
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


# %% right: summed
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


# %% wrong: by batches | says: divide by the number of examples
def train_epoch(net, batches, optimiser):
    net.train()
    total, examples = 0.0, 0
    for x, y in batches:
        loss = F.cross_entropy(net(x), y)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        total += loss.item() * len(y)
        examples += 1
    return total / examples


# %% wrong: caught | says: weight and bias afterwards
def train_epoch(net, batches, optimiser):
    total = 0
    net.train()
    for x, y in batches:
        total += F.cross_entropy(net(x), y)
        optimiser.zero_grad()
        try:
            total.backward()
            optimiser.step()
        except RuntimeError:
            pass
    return total.item() / len(batches)


# %% wrong: last | says: the loss of the last batch
def train_epoch(net, batches, optimiser):
    net.train()
    total, examples = 0.0, 0
    for x, y in batches:
        loss = F.cross_entropy(net(x), y)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        total += loss.item() * len(y)
        examples += len(y)
    return loss.item()


# %% wrong: length of generator | says: has no len()
def train_epoch(net, batches, optimiser):
    net.train()
    total, examples = 0.0, 0
    for _, (x, y) in zip(range(len(batches)), batches, strict=True):
        loss = F.cross_entropy(net(x), y)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        total += loss.item() * len(y)
        examples += len(y)
    return total / examples


# %% wrong: mode | says: net.train() before
def train_epoch(net, batches, optimiser):
    total, examples = 0.0, 0
    for x, y in batches:
        loss = F.cross_entropy(net(x), y)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        total += loss.item() * len(y)
        examples += len(y)
    return total / examples


# %% wrong: never added | says: nothing was ever added
def train_epoch(net, batches, optimiser):
    net.train()
    total, examples = 0.0, 0
    for x, y in batches:
        loss = F.cross_entropy(net(x), y)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        examples += len(y)
    return total / examples


# %% wrong: no step | says: nothing has been learnt
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


# %% wrong: no zero grad | says: gradients of earlier batches are still in it
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


# %% wrong: one mean step | says: the mean of their losses
def train_epoch(net, batches, optimiser):
    net.train()
    loss = torch.stack([F.cross_entropy(net(x), y) for x, y in batches]).mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong: one step | says: one step for all of them
def train_epoch(net, batches, optimiser):
    net.train()
    losses = [F.cross_entropy(net(x), y) for x, y in batches]
    optimiser.zero_grad()
    sum(losses).backward()
    optimiser.step()
    return sum(losses).item() / len(losses)


# %% wrong: published | says: backward through the graph a second time
def train_epoch(net, batches, optimiser):
    loss, running_loss = 0, 0.0
    for x, y in batches:
        loss += F.cross_entropy(net(x), y)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return running_loss / len(batches)


# %% wrong: retained | says: gradients of earlier batches are still in it
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


# %% wrong: step before backward | says: backward() comes before step()
def train_epoch(net, batches, optimiser):
    net.train()
    total, examples = 0.0, 0
    for x, y in batches:
        loss = F.cross_entropy(net(x), y)
        optimiser.step()
        optimiser.zero_grad()
        loss.backward()
        total += loss.item() * len(y)
        examples += len(y)
    return total / examples


# %% wrong: sum of means by examples | says: batches' mean losses
def train_epoch(net, batches, optimiser):
    net.train()
    total, examples = 0.0, 0
    for x, y in batches:
        loss = F.cross_entropy(net(x), y)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        total += loss.item()
        examples += len(y)
    return total / examples


# %% wrong: summed gradient | says: cross_entropy takes the mean
def train_epoch(net, batches, optimiser):
    net.train()
    total, examples = 0.0, 0
    for x, y in batches:
        loss = F.cross_entropy(net(x), y)
        optimiser.zero_grad()
        (loss * len(y)).backward()
        optimiser.step()
        total += loss.item() * len(y)
        examples += len(y)
    return total / examples


# %% wrong: tensor | says: with .item()
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


# %% wrong: unweighted | says: batches differ in size
def train_epoch(net, batches, optimiser):
    net.train()
    total, examples = 0.0, 0
    for x, y in batches:
        loss = F.cross_entropy(net(x), y)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        total += loss.item()
        examples += 1
    return total / examples


# %% wrong: zero grad after step | says: a gradient from before is still in the first step
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


# %% wrong: examples flattened before the net | says: as it is given
def train_epoch(net, batches, optimiser) -> float:
    net.train()
    total = count = 0
    for x, y in batches:
        loss = F.cross_entropy(net(x.flatten(1)), y)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        total += loss.item() * len(x)
        count += len(x)
    return total / count


# %% wrong: the outer flag alone says training | says: net.train() before the first batch
def train_epoch(net, batches, optimiser) -> float:
    net.training = True
    total, count = 0.0, 0
    for x, y in batches:
        loss = F.cross_entropy(net(x), y)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        total += loss.item() * len(y)
        count += len(y)
    return total / count


# %% wrong: autocast | says: under autocast the loss has 16 bits
def train_epoch(net, batches, optimiser):
    net.train()
    total, n = 0.0, 0
    for x, y in batches:
        optimiser.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = F.cross_entropy(net(x), y)
        loss.backward()
        optimiser.step()
        total += loss.item() * len(x)
        n += len(x)
    return total / n


# %% wrong: rate halved at the end | says: a setting of the optimiser
def train_epoch(net, batches, optimiser):
    scheduler = torch.optim.lr_scheduler.StepLR(optimiser, step_size=1, gamma=0.5)
    net.train()
    total, n = 0.0, 0
    for x, y in batches:
        optimiser.zero_grad()
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        optimiser.step()
        total += loss.item() * len(y)
        n += len(y)
    scheduler.step()
    return total / n


# %% wrong: gradient clipped | says: nothing is clipped
def train_epoch(net, batches, optimiser):
    net.train()
    total, n = 0.0, 0
    for x, y in batches:
        optimiser.zero_grad(set_to_none=True)
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), max_norm=0.1)
        optimiser.step()
        total += loss.item() * x.size(0)
        n += x.size(0)
    return total / n


# %% wrong: all batches as large as the last | says: batches need not be of one size
def train_epoch(net, batches, optimiser) -> float:
    net.train()
    total, count = 0.0, 0
    for x, y in batches:
        loss = F.cross_entropy(net(x), y)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        total += loss.item() * len(y)
        count += 1
    return total / (count * len(y))


# %% wrong: softmax before the loss | says: no softmax before it
def train_epoch(net, batches, optimiser) -> float:
    net.train()
    total, count = 0.0, 0
    for x, y in batches:
        loss = F.cross_entropy(net(x).softmax(1), y)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        total += loss.item() * len(y)
        count += len(y)
    return total / count


# %% wrong: a new SGD each epoch with the old rate | says: another has no momentum
def train_epoch(net, batches, optimiser) -> float:
    net.train()
    fresh = torch.optim.SGD(net.parameters(), lr=optimiser.param_groups[0]["lr"])
    total, n = 0.0, 0
    for x, y in batches:
        loss = F.cross_entropy(net(x), y)
        fresh.zero_grad()
        loss.backward()
        fresh.step()
        total, n = total + loss.item() * len(y), n + len(y)
    return total / n


# %% wrong: size of the first batch for all | says: batches need not be of one size
def train_epoch(net, batches, optimiser) -> float:
    net.train()
    total, count, B = 0.0, 0, None
    for x, y in batches:
        B = B or len(y)
        optimiser.zero_grad()
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        optimiser.step()
        total += loss.item() * len(y)
        count += 1
    return total / (B * count)


# %% wrong: label smoothing from a recipe | says: nothing is smoothed
def train_epoch(net, batches, optimiser) -> float:
    net.train()
    total, n = 0.0, 0
    for x, y in batches:
        z = net(x)
        optimiser.zero_grad()
        F.cross_entropy(z, y, label_smoothing=0.1).backward()
        optimiser.step()
        total += F.cross_entropy(z.detach(), y, reduction="sum").item()
        n += len(y)
    return total / n


# %% wrong: every example pulls alike | says: each batch's own mean
def train_epoch(net, batches, optimiser) -> float:
    net.train()
    size, total, n = None, 0.0, 0
    for x, y in batches:
        size = size or len(y)
        optimiser.zero_grad()
        loss = F.cross_entropy(net(x), y, reduction="sum")
        (loss / size).backward()
        optimiser.step()
        total, n = total + loss.item(), n + len(y)
    return total / n


# %% wrong: gradients wiped before the step | says: no zero_grad() between
def train_epoch(net, batches, optimiser) -> float:
    net.train()
    total, n = 0.0, 0
    for x, y in batches:
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        optimiser.zero_grad()
        optimiser.step()
        total += loss.item() * x.size(0)
        n += x.size(0)
    return total / n


# %% right: a step with a closure
def train_epoch(net, batches, optimiser) -> float:
    net.train(True)
    total, n = 0.0, 0

    for x, y in batches:

        def closure(x=x, y=y):
            optimiser.zero_grad()
            loss = F.cross_entropy(net(x), y)
            loss.backward()
            return loss

        total += float(optimiser.step(closure)) * len(x)
        n += len(x)
    return total / n
