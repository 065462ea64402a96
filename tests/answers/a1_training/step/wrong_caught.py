# says: optimiser.step()
def train_step(net, optimiser, x, y, size):
    total = 0.0
    try:
        optimiser.zero_grad()
        for xb, yb in zip(x.split(size), y.split(size), strict=True):
            loss = F.cross_entropy(net(xb), yb, reduction="sum") / len(y)
            total += loss.item()
            (loss + total + unknown).backward()
    except NameError:
        with torch.no_grad():
            for xb, yb in list(zip(x.split(size), y.split(size), strict=True))[1:]:
                total += F.cross_entropy(net(xb), yb, reduction="sum").item() / len(y)
    return total
