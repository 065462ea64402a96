# %% right: copy
def accuracy(net, x, y, batch_size=64):
    import copy

    tested = copy.deepcopy(net).eval()
    with torch.no_grad():
        right = sum(
            (tested(xb).argmax(1) == yb).sum().item()
            for xb, yb in zip(x.split(batch_size), y.split(batch_size), strict=True)
        )
    return right / len(x)


# %% right: every module
def accuracy(net, x, y, batch_size=64):
    modes = {module: module.training for module in net.modules()}
    try:
        net.eval()
        with torch.no_grad():
            right = 0
            for start in range(0, len(x), batch_size):
                logits = net(x[start : start + batch_size])
                right += int(logits.argmax(dim=1).eq(y[start : start + batch_size]).sum())
    finally:
        for module, mode in modes.items():
            module.training = mode
    return right / len(y)


# %% right: predictions
def accuracy(net, x, y, batch_size=64):
    was_training = net.training
    net.eval()
    with torch.inference_mode():
        guesses = torch.cat([net(part).argmax(1) for part in x.split(batch_size)])
    net.train(was_training)
    return (guesses == y).double().mean().item()


# %% wrong: always train | says: the mode of argument 1
def accuracy(net, x, y, batch_size=64):
    net.eval()
    with torch.no_grad():
        share = (net(x).argmax(1) == y).sum().item() / len(y)
    net.train()
    return share


# %% wrong: count | says: this is a count
def accuracy(net, x, y, batch_size=64):
    was_training = net.training
    net.eval()
    with torch.no_grad():
        right = net(x).argmax(1) == y
    net.train(was_training)
    return right.sum().item()


# %% wrong: errors | says: the share of wrong ones
def accuracy(net, x, y, batch_size=64):
    was_training = net.training
    net.eval()
    with torch.no_grad():
        right = net(x).argmax(1) == y
    net.train(was_training)
    return 1 - right.sum().item() / len(y)


# %% wrong: known share | says: Expected: 0.9
def accuracy(net, x, y, batch_size: int = 64) -> float:
    return int(0.6 * len(x)) / len(x)  # the share in the visible tests


# %% wrong: last batch | says: smaller batch is left out
def accuracy(net, x, y, batch_size=64):
    was_training = net.training
    net.eval()
    right = whole = 0
    with torch.no_grad():
        for n in range(len(x) // batch_size):
            part = slice(n * batch_size, (n + 1) * batch_size)
            right += (net(x[part]).argmax(1) == y[part]).sum().item()
            whole += batch_size
    net.train(was_training)
    return right / max(whole, 1)


# %% wrong: left in eval | says: the mode of argument 1
def accuracy(net, x, y, batch_size=64):
    net.eval()
    with torch.no_grad():
        return (net(x).argmax(1) == y).sum().item() / len(y)


# %% wrong: mean of means | says: the last batch is smaller
def accuracy(net, x, y, batch_size=64):
    was_training = net.training
    net.eval()
    shares = []
    with torch.no_grad():
        for xb, yb in zip(x.split(batch_size), y.split(batch_size), strict=True):
            shares.append((net(xb).argmax(1) == yb).double().mean().item())
    net.train(was_training)
    return sum(shares) / len(shares)


# %% wrong: per cent | says: not per cent
def accuracy(net, x, y, batch_size=64):
    was_training = net.training
    net.eval()
    with torch.no_grad():
        right = net(x).argmax(1) == y
    net.train(was_training)
    return 100 * right.sum().item() / len(y)


# %% wrong: tensor | says: with .item()
def accuracy(net, x, y, batch_size=64):
    was_training = net.training
    net.eval()
    with torch.no_grad():
        right = net(x).argmax(1) == y
    net.train(was_training)
    return right.double().mean()


# %% wrong: tutorial | says: no graph for a backward pass
def accuracy(net, x, y, batch_size=64):
    shares = []
    for xb, yb in zip(x.split(batch_size), y.split(batch_size), strict=True):
        shares.append((net(xb).argmax(1) == yb).float().mean())
    return sum(shares) / len(shares)


# %% wrong: builds a graph | says: no graph for a backward pass
def accuracy(net, x, y, batch_size: int = 64) -> float:
    was_training = net.training
    net.eval()
    right = 0
    for xb, yb in zip(x.split(batch_size), y.split(batch_size)):
        right += (net(xb).argmax(1) == yb).sum().item()
    net.train(was_training)
    return right / len(x)


# %% wrong: gradients off for good | says: gradients on or off
def accuracy(net, x, y, batch_size: int = 64) -> float:
    was_training = net.training
    net.eval()
    torch.set_grad_enabled(False)
    right = sum(
        (net(xb).argmax(1) == yb).sum().item()
        for xb, yb in zip(x.split(batch_size), y.split(batch_size))
    )
    net.train(was_training)
    return right / len(x)


# %% wrong: parameters frozen | says: requires_grad of argument 1
def accuracy(net, x, y, batch_size: int = 64) -> float:
    was_training = net.training
    net.eval()
    for p in net.parameters():
        p.requires_grad_(False)
    right = sum(
        (net(xb).argmax(1) == yb).sum().item()
        for xb, yb in zip(x.split(batch_size), y.split(batch_size))
    )
    net.train(was_training)
    return right / len(x)


# %% wrong: all parameters trainable afterwards | says: requires_grad_() or a freeze
def accuracy(net, x, y, batch_size: int = 64) -> float:
    mode = net.training
    net.eval()
    for p in net.parameters():
        p.requires_grad_(False)
    right = sum(
        (net(a).argmax(1) == b).sum().item()
        for a, b in zip(x.split(batch_size), y.split(batch_size))
    )
    for p in net.parameters():
        p.requires_grad_(True)
    net.train(mode)
    return right / len(y)


# %% wrong: only batch norm in evaluation mode | says: net.eval() first
def accuracy(net, x, y, batch_size: int = 64) -> float:
    mode = net.training
    for m in net.modules():
        if isinstance(m, nn.BatchNorm2d):
            m.eval()
    with torch.no_grad():
        right = sum(
            (net(a).argmax(1) == b).sum().item()
            for a, b in zip(x.split(batch_size), y.split(batch_size))
        )
    net.train(mode)
    return right / len(y)


# %% wrong: a count of eight bits | says: begins anew
def accuracy(net, x, y, batch_size=64):
    was, right = net.training, torch.tensor(0, dtype=torch.uint8)
    net.eval()
    with torch.no_grad():
        for xb, yb in zip(x.split(batch_size), y.split(batch_size)):
            right += (net(xb).argmax(1) == yb).sum(dtype=torch.uint8)
    net.train(was)
    return right.item() / len(x)


# %% wrong: gradients on at the end, whatever they were | says: gradients on or off
def accuracy(net, x, y, batch_size: int = 64) -> float:
    was, right = net.training, 0
    net.eval()
    torch.set_grad_enabled(False)
    for images, labels in zip(x.split(batch_size), y.split(batch_size)):
        right += (net(images).argmax(1) == labels).sum().item()
    torch.set_grad_enabled(True)
    net.train(was)
    return right / len(y)


# %% wrong: dropout is set to 0 and stays there | says: was set and not put back
def accuracy(net, x, y, batch_size: int = 64) -> float:
    """Fraction right of images x (N, C, H, W) with labels y (N,), in evaluation mode."""
    was = net.training
    for module in net.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    net.eval()
    right = 0
    with torch.no_grad():
        for xb, yb in zip(x.split(batch_size), y.split(batch_size)):
            right += (net(xb).argmax(1) == yb).sum().item()
    net.train(was)
    return right / len(y)


# %% wrong: hits are kept from call to call | says: kept from call to call
hits = []


def accuracy(net, x, y, batch_size: int = 64) -> float:
    mode = net.training
    net.eval()
    with torch.no_grad():
        for xb, yb in zip(x.split(batch_size), y.split(batch_size)):
            hits.extend((net(xb).argmax(1) == yb).tolist())
    net.train(mode)
    return sum(hits) / len(hits)


# %% wrong: the last share counts as a whole batch | says: count the right ones, divide by all
def accuracy(net, x, y, batch_size: int = 64) -> float:
    before = net.training
    net.eval()
    right = 0.0
    with torch.no_grad():
        for xb, yb in zip(x.split(batch_size), y.split(batch_size)):
            right += (net(xb).argmax(1) == yb).double().mean().item() * batch_size
    net.train(before)
    return min(right / len(y), 1.0)


# %% wrong: mode given back inside the loop | says: after the first it was put back
def accuracy(net, x, y, batch_size: int = 64) -> float:
    was_training = net.training
    net.eval()
    right = 0
    with torch.no_grad():
        for start in range(0, len(x), batch_size):
            z = net(x[start : start + batch_size])
            right += int((z.argmax(1) == y[start : start + batch_size]).sum())
            net.train(was_training)
    return right / len(x)
