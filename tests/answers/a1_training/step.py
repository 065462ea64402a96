# %% right: autograd grad
def train_step(net, optimiser, x, y, size):
    parameters = list(net.parameters())
    gathered, losses = [torch.zeros_like(p) for p in parameters], []
    for xb, yb in zip(x.split(size), y.split(size), strict=False):
        loss = nn.CrossEntropyLoss(reduction="sum")(net(xb), yb)
        for total, g in zip(gathered, torch.autograd.grad(loss, parameters), strict=False):
            total += g
        losses.append(loss.detach())
    for p, g in zip(parameters, gathered, strict=False):
        p.grad = g / len(x)
    optimiser.step()
    return (sum(losses) / len(x)).item()


# %% right: scaled at the end
def train_step(net, optimiser, x, y, size):
    for group in optimiser.param_groups:
        for p in group["params"]:
            p.grad = None
    seen = 0.0
    for i in range(math.ceil(len(x) / size)):
        part = slice(i * size, (i + 1) * size)
        log_p = net(x[part]).log_softmax(1)
        loss = -log_p.gather(1, y[part, None]).sum()
        loss.backward()
        seen += float(loss)
    for p in net.parameters():
        p.grad /= len(x)
    optimiser.step()
    optimiser.zero_grad()
    return seen / len(x)


# %% right: weights
def train_step(net, optimiser, x, y, size):
    optimiser.zero_grad()
    total = 0.0
    for first in range(0, len(x), size):
        xb, yb = x[first : first + size], y[first : first + size]
        loss = F.cross_entropy(net(xb), yb) * (len(xb) / len(x))
        loss.backward()
        total += loss.item()
    optimiser.step()
    return total


# %% wrong: by hand descent | says: Tried:    train_step 2
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


# %% wrong: caught | says: optimiser.step()
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


# %% wrong: cleared each time | says: only the last piece counts
def train_step(net, optimiser, x, y, size):
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size), strict=False):
        optimiser.zero_grad()
        loss = F.cross_entropy(net(xb), yb, reduction="sum") / len(x)
        loss.backward()
        total += loss.item()
    optimiser.step()
    return total


# %% wrong: divided by size | says: not by the size of a piece
def train_step(net, optimiser, x, y, size):
    optimiser.zero_grad()
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size), strict=False):
        loss = F.cross_entropy(net(xb), yb, reduction="sum")
        (loss / size).backward()
        total += loss.item() / len(x)
    optimiser.step()
    return total


# %% wrong: frozen | says: RuntimeError
def train_step(net, optimiser, x, y, size):
    optimiser.zero_grad()
    total = 0.0
    with torch.no_grad():
        for xb, yb in zip(x.split(size), y.split(size), strict=False):
            total += F.cross_entropy(net(xb), yb, reduction="sum") / len(x)
    total.backward()
    optimiser.step()
    return total.item()


# %% wrong: graph gathered | says: .item()
def train_step(net, optimiser, x, y, size):
    optimiser.zero_grad()
    total = 0
    for xb, yb in zip(x.split(size), y.split(size), strict=False):
        total = total + F.cross_entropy(net(xb), yb, reduction="sum") / len(x)
    total.backward()
    optimiser.step()
    return total


# %% wrong: last piece left out | says: the last, smaller piece too
def train_step(net, optimiser, x, y, size):
    optimiser.zero_grad()
    total, pieces = 0.0, len(x) // size
    for i in range(pieces):
        xb, yb = x[i * size : (i + 1) * size], y[i * size : (i + 1) * size]
        loss = F.cross_entropy(net(xb), yb, reduction="sum") / len(x)
        loss.backward()
        total += loss.item()
    optimiser.step()
    return total


# %% wrong: loss not added up | says: sum over the pieces
def train_step(net, optimiser, x, y, size):
    optimiser.zero_grad()
    for xb, yb in zip(x.split(size), y.split(size), strict=True):
        loss = F.cross_entropy(net(xb), yb, reduction="sum") / len(y)
        loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong: loss of last piece | says: this is the loss of the last piece
def train_step(net, optimiser, x, y, size):
    optimiser.zero_grad()
    for xb, yb in zip(x.split(size), y.split(size), strict=False):
        loss = F.cross_entropy(net(xb), yb)
        (loss * len(xb) / len(x)).backward()
    optimiser.step()
    return loss.item()


# %% wrong: mean of means | says: weigh each piece by its number
def train_step(net, optimiser, x, y, size):
    optimiser.zero_grad()
    total, pieces = 0.0, x.split(size)
    for xb, yb in zip(pieces, y.split(size), strict=False):
        loss = F.cross_entropy(net(xb), yb) / len(pieces)
        loss.backward()
        total += loss.item()
    optimiser.step()
    return total


# %% wrong: no step | says: optimiser.step()
def train_step(net, optimiser, x, y, size):
    optimiser.zero_grad()
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size), strict=False):
        loss = F.cross_entropy(net(xb), yb, reduction="sum") / len(x)
        loss.backward()
        total += loss.item()
    return total


# %% wrong: stale | says: zero_grad() first
def train_step(net, optimiser, x, y, size):
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size), strict=False):
        loss = F.cross_entropy(net(xb), yb, reduction="sum") / len(x)
        loss.backward()
        total += loss.item()
    optimiser.step()
    return total


# %% wrong: step each time | says: one step, after the last piece
def train_step(net, optimiser, x, y, size):
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size), strict=False):
        optimiser.zero_grad()
        loss = F.cross_entropy(net(xb), yb)
        loss.backward()
        optimiser.step()
        total += loss.item() * len(xb)
    return total / len(x)


# %% wrong: step while gathering | says: one step, after the last piece
def train_step(net, optimiser, x, y, size):
    optimiser.zero_grad()
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size), strict=True):
        loss = F.cross_entropy(net(xb), yb, reduction="sum") / len(y)
        loss.backward()
        optimiser.step()
        total += loss.item()
    return total


# %% wrong: sum of means | says: each piece's mean counts in full
def train_step(net, optimiser, x, y, size):
    optimiser.zero_grad()
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size), strict=False):
        loss = F.cross_entropy(net(xb), yb)
        loss.backward()
        total += loss.item() * len(xb) / len(x)
    optimiser.step()
    return total


# %% wrong: summed | says: summed over the batch
def train_step(net, optimiser, x, y, size):
    optimiser.zero_grad()
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size), strict=False):
        loss = F.cross_entropy(net(xb), yb, reduction="sum")
        loss.backward()
        total += loss.item()
    optimiser.step()
    return total / len(x)


# %% wrong: whole batch | says: run x.split(size)
def train_step(net, optimiser, x, y, size):
    optimiser.zero_grad()
    loss = F.cross_entropy(net(x), y)
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong: net is put into training mode | says: leave the modules in the mode
def train_step(net, optimiser, x, y, size: int) -> float:
    net.train()
    optimiser.zero_grad()
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size)):
        loss = F.cross_entropy(net(xb), yb, reduction="sum") / len(x)
        loss.backward()
        total += loss.item()
    optimiser.step()
    return total


# %% wrong: divided by pieces of full size, ceil(B / size) * size | says: not by full pieces
def train_step(net, optimiser, x, y, size: int) -> float:
    optimiser.zero_grad()
    pieces = math.ceil(len(x) / size)
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size)):
        loss = F.cross_entropy(net(xb), yb, reduction="sum")
        (loss / (pieces * size)).backward()
        total += loss.item()
    optimiser.step()
    return total / len(x)


# %% wrong: plain gradient descent, whatever the optimiser | says: the step is the optimiser's
def train_step(net, optimiser, x, y, size: int) -> float:
    optimiser.zero_grad()
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size)):
        loss = F.cross_entropy(net(xb), yb, reduction="sum") / len(x)
        loss.backward()
        total += loss.item()
    with torch.no_grad():
        for group in optimiser.param_groups:
            for p in group["params"]:
                p -= group["lr"] * p.grad
    return total


# %% wrong: gradients cleared by hand, as if there always were some | says: .grad is None before backward()
def train_step(net, optimiser, x, y, size):
    for p in net.parameters():
        p.grad.zero_()
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size)):
        loss = F.cross_entropy(net(xb), yb, reduction="sum") / len(y)
        loss.backward()
        total += loss.item()
    optimiser.step()
    return total


# %% wrong: vectors of images | says: images as images
def train_step(net, optimiser, x, y, size):
    optimiser.zero_grad()
    total = 0.0
    for start in range(0, len(x), size):
        piece = x[start : start + size].reshape(-1, x[0].numel())
        loss = F.cross_entropy(net(piece), y[start : start + size], reduction="sum") / len(x)
        loss.backward()
        total += loss.item()
    optimiser.step()
    return total


# %% wrong: the last examples first | says: the pieces are those of x
def train_step(net, optimiser, x, y, size):
    optimiser.zero_grad()
    total = 0.0
    for xb, yb in zip(x.flip(0).split(size), y.flip(0).split(size)):
        loss = F.cross_entropy(net(xb), yb, reduction="sum") / len(x)
        loss.backward()
        total += loss.item()
    optimiser.step()
    return total


# %% wrong: a batch that fits at once keeps the old gradients | says: train_step 2
def train_step(net, optimiser, x, y, size: int) -> float:
    """One step of `optimiser` on x (B, ...), y (B,), at most `size` examples at a time; the loss."""
    if size >= len(y):
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        optimiser.step()
        return loss.item()
    optimiser.zero_grad()
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size)):
        loss = F.cross_entropy(net(xb), yb, reduction="sum") / len(y)
        loss.backward()
        total += loss.item()
    optimiser.step()
    return total


# %% right: pieces of equal size by chunk
def train_step(net, optimiser, x, y, size: int) -> float:
    """One step of `optimiser` on x (B, ...), y (B,), at most `size` examples at a time; the loss."""
    pieces = math.ceil(len(y) / size)
    optimiser.zero_grad()
    total = 0.0
    for xb, yb in zip(x.tensor_split(pieces), y.tensor_split(pieces)):
        loss = F.cross_entropy(net(xb), yb, reduction="sum") / len(y)
        loss.backward()
        total += loss.item()
    optimiser.step()
    return total


# %% wrong: clips the gradient by habit | says: nothing is clipped
def train_step(net, optimiser, x, y, size: int) -> float:
    optimiser.zero_grad(set_to_none=True)
    n, total = len(y), 0.0
    for i in range(0, n, size):
        loss = (
            nn.functional.cross_entropy(net(x[i : i + size]), y[i : i + size], reduction="sum") / n
        )
        loss.backward()
        total += float(loss)
    torch.nn.utils.clip_grad_norm_(net.parameters(), max_norm=0.1)
    optimiser.step()
    return total


# %% wrong: mixed precision from a blog | says: float32 and float64
def train_step(net, optimiser, x, y, size: int) -> float:
    optimiser.zero_grad()
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size)):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            out = net(xb.float())
            loss = F.cross_entropy(out.float(), yb, reduction="sum") / len(y)
        loss.backward()
        total += loss.item()
    optimiser.step()
    return total


# %% wrong: each mean weighted by size / B | says: not by `size`
def train_step(net, optimiser, x, y, size: int) -> float:
    optimiser.zero_grad()
    total = 0.0
    for xb, yb in zip(x.split(size), y.split(size)):
        loss = F.cross_entropy(net(xb), yb) * size / len(y)
        loss.backward()
        total += loss.item()
    optimiser.step()
    return total


# %% wrong: first group alone cleared | says: zero_grad() first
def train_step(net, optimiser, x, y, size):
    for p in optimiser.param_groups[0]["params"]:
        p.grad = None
    total = 0.0
    for start in range(0, len(x), size):
        xb, yb = x[start : start + size], y[start : start + size]
        loss = F.cross_entropy(net(xb), yb) * len(yb) / len(y)
        loss.backward()
        total += loss.item()
    optimiser.step()
    return total


# %% wrong: shares by whole division | says: of whole numbers is 0
def train_step(net, optimiser, x, y, size: int) -> float:
    optimiser.zero_grad()
    total = 0.0
    for xs, ys in zip(x.split(size), y.split(size)):
        loss = F.cross_entropy(net(xs), ys) * (len(xs) // len(x))
        loss.backward()
        total += loss.item()
    optimiser.step()
    return total
