# says: Tried:    train_step 2
def train_step(net, optimiser, x, y, size):
    optimiser.zero_grad()
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size), strict=False):
        loss = F.cross_entropy(net(xb), yb, reduction="sum") / len(x)
        loss.backward()
        total += loss.item()
    group = optimiser.param_groups[0]
    with torch.no_grad():
        for p in net.parameters():
            p -= group["lr"] * (p.grad + group["weight_decay"] * p)
    return total
