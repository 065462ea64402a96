# %% right: own gradient
def own_norms(net):
    outputs = []
    a = F.relu(net.bn1(net.conv1(x)))
    for stage in (net.layer1, net.layer2, net.layer3):
        for block in stage:
            a = block(a)
            outputs.append(a)
    loss = F.cross_entropy(net.fc(a.mean((2, 3))), y)
    return [gradient.norm().item() for gradient in torch.autograd.grad(loss, outputs)]


growth = {}
for kind, shortcut in (("plain", "none"), ("residual", "A")):
    for depth in (8, 20, 56):
        factors = []
        for seed in (0, 1, 2):
            torch.manual_seed(seed)
            net = CifarResNet(depth, in_channels=1, width=8, shortcut=shortcut).train()
            norms = own_norms(net)
            factors.append((norms[0] / norms[-1]) ** (0.5 / (len(norms) - 1)))
        growth[f"{kind} {depth}"] = sum(factors) / 3


# %% right: root later
def g(depth, shortcut):
    values = []
    for seed in range(3):
        torch.manual_seed(seed)
        net = CifarResNet(depth, in_channels=1, width=8, shortcut=shortcut)
        norms = norms_at_blocks(net, x, y)
        values.append(norms[0] / norms[-1])
    return sum(v ** (1 / (depth - 4)) for v in values) / len(values)


growth = {
    "plain 8": g(8, "none"),
    "plain 20": g(20, "none"),
    "plain 56": g(56, "none"),
    "residual 20": g(20, "A"),
    "residual 56": g(56, "A"),
}


# %% right: rounded
def g(depth, shortcut):
    values = []
    for seed in range(3):
        torch.manual_seed(seed)
        net = CifarResNet(depth, in_channels=1, width=8, shortcut=shortcut)
        norms = norms_at_blocks(net, x, y)
        values.append((norms[0] / norms[-1]) ** (1 / (2 * len(norms) - 2)))
    return round(sum(values) / 3, 3)


growth = {
    "plain 8": g(8, "none"),
    "plain 20": g(20, "none"),
    "plain 56": g(56, "none"),
    "residual 20": g(20, "A"),
    "residual 56": g(56, "A"),
}


# %% wrong: all blocks | says: two steps, not three
def g(depth, shortcut):
    values = []
    for seed in range(3):
        torch.manual_seed(seed)
        net = CifarResNet(depth, in_channels=1, width=8, shortcut=shortcut)
        norms = norms_at_blocks(net, x, y)
        values.append((norms[0] / norms[-1]) ** (1 / (2 * len(norms))))
    return sum(values) / 3


growth = {
    "plain 8": g(8, "none"),
    "plain 20": g(20, "none"),
    "plain 56": g(56, "none"),
    "residual 20": g(20, "A"),
    "residual 56": g(56, "A"),
}


# %% wrong: all layers | says: not all layers
def g(depth, shortcut):
    values = []
    for seed in range(3):
        torch.manual_seed(seed)
        net = CifarResNet(depth, in_channels=1, width=8, shortcut=shortcut)
        norms = norms_at_blocks(net, x, y)
        values.append((norms[0] / norms[-1]) ** (1 / depth))
    return sum(values) / 3


growth = {
    "plain 8": g(8, "none"),
    "plain 20": g(20, "none"),
    "plain 56": g(56, "none"),
    "residual 20": g(20, "A"),
    "residual 56": g(56, "A"),
}


# %% wrong: eval | says: in training mode
def g(depth, shortcut):
    values = []
    for seed in range(3):
        torch.manual_seed(seed)
        net = CifarResNet(depth, in_channels=1, width=8, shortcut=shortcut).eval()
        norms = norms_at_blocks(net, x, y)
        values.append((norms[0] / norms[-1]) ** (1 / (2 * len(norms) - 2)))
    return sum(values) / 3


growth = {
    "plain 8": g(8, "none"),
    "plain 20": g(20, "none"),
    "plain 56": g(56, "none"),
    "residual 20": g(20, "A"),
    "residual 56": g(56, "A"),
}

# %% wrong: from lecture | says: growth['plain 20']
growth = {
    "plain 8": 1.1658,
    "plain 20": 1.18,
    "plain 56": 1.15,
    "residual 20": 1.09,
    "residual 56": 1.03,
}

# %% wrong: hard coded | says: growth['plain 20']
growth = dict.fromkeys(("plain 8", "plain 20", "plain 56", "residual 20", "residual 56"), 1.16579)


# %% wrong: inverse | says: stands above, at the last one's below
def g(depth, shortcut):
    values = []
    for seed in range(3):
        torch.manual_seed(seed)
        net = CifarResNet(depth, in_channels=1, width=8, shortcut=shortcut)
        norms = norms_at_blocks(net, x, y)
        values.append((norms[-1] / norms[0]) ** (1 / (2 * len(norms) - 2)))
    return sum(values) / 3


growth = {
    "plain 8": g(8, "none"),
    "plain 20": g(20, "none"),
    "plain 56": g(56, "none"),
    "residual 20": g(20, "A"),
    "residual 56": g(56, "A"),
}


# %% wrong: median | says: not the median
def g(depth, shortcut):
    values = []
    for seed in range(3):
        torch.manual_seed(seed)
        net = CifarResNet(depth, in_channels=1, width=8, shortcut=shortcut)
        norms = norms_at_blocks(net, x, y)
        values.append((norms[0] / norms[-1]) ** (1 / (2 * len(norms) - 2)))
    return sorted(values)[1]


growth = {
    "plain 8": g(8, "none"),
    "plain 20": g(20, "none"),
    "plain 56": g(56, "none"),
    "residual 20": g(20, "A"),
    "residual 56": g(56, "A"),
}

# %% wrong: nan | says: growth['plain 8']
growth = dict.fromkeys(
    ("plain 8", "plain 20", "plain 56", "residual 20", "residual 56"), float("nan")
)

# %% wrong: one missing | says: still to be answered
growth = {
    "plain 8": 1.1658,
    "plain 20": 1.1586,
    "plain 56": 1.1578,
    "residual 20": 1.0856,
    "residual 56": None,
}


# %% wrong: one seed | says: not the first alone
def g(depth, shortcut):
    values = []
    for seed in (0,):
        torch.manual_seed(seed)
        net = CifarResNet(depth, in_channels=1, width=8, shortcut=shortcut)
        norms = norms_at_blocks(net, x, y)
        values.append((norms[0] / norms[-1]) ** (1 / (2 * len(norms) - 2)))
    return values[0]


growth = {
    "plain 8": g(8, "none"),
    "plain 20": g(20, "none"),
    "plain 56": g(56, "none"),
    "residual 20": g(20, "A"),
    "residual 56": g(56, "A"),
}


# %% wrong: per block | says: per layer, not per block
def g(depth, shortcut):
    values = []
    for seed in range(3):
        torch.manual_seed(seed)
        net = CifarResNet(depth, in_channels=1, width=8, shortcut=shortcut)
        norms = norms_at_blocks(net, x, y)
        values.append((norms[0] / norms[-1]) ** (1 / (len(norms) - 1)))
    return sum(values) / 3


growth = {
    "plain 8": g(8, "none"),
    "plain 20": g(20, "none"),
    "plain 56": g(56, "none"),
    "residual 20": g(20, "A"),
    "residual 56": g(56, "A"),
}


# %% wrong: plain everywhere | says: the network of the other kind
def g(depth, shortcut):
    values = []
    for seed in range(3):
        torch.manual_seed(seed)
        net = CifarResNet(depth, in_channels=1, width=8, shortcut=shortcut)
        norms = norms_at_blocks(net, x, y)
        values.append((norms[0] / norms[-1]) ** (1 / (2 * len(norms) - 2)))
    return sum(values) / 3


growth = {
    "plain 8": g(8, "none"),
    "plain 20": g(20, "none"),
    "plain 56": g(56, "none"),
    "residual 20": g(20, "none"),
    "residual 56": g(56, "none"),
}


# %% wrong: ratio | says: take the m-th root
def g(depth, shortcut):
    values = []
    for seed in range(3):
        torch.manual_seed(seed)
        net = CifarResNet(depth, in_channels=1, width=8, shortcut=shortcut)
        norms = norms_at_blocks(net, x, y)
        values.append(norms[0] / norms[-1])
    return sum(values) / 3


growth = {
    "plain 8": g(8, "none"),
    "plain 20": g(20, "none"),
    "plain 56": g(56, "none"),
    "residual 20": g(20, "A"),
    "residual 56": g(56, "A"),
}


# %% wrong: residual everywhere | says: this is the residual network
def g(depth, shortcut):
    values = []
    for seed in range(3):
        torch.manual_seed(seed)
        net = CifarResNet(depth, in_channels=1, width=8, shortcut="A")
        norms = norms_at_blocks(net, x, y)
        values.append((norms[0] / norms[-1]) ** (1 / (2 * len(norms) - 2)))
    return sum(values) / 3


growth = {
    "plain 8": g(8, "none"),
    "plain 20": g(20, "none"),
    "plain 56": g(56, "none"),
    "residual 20": g(20, "A"),
    "residual 56": g(56, "A"),
}


# %% wrong: same seed | says: not the first alone
def g(depth, shortcut):
    values = []
    for _ in range(3):
        torch.manual_seed(0)
        net = CifarResNet(depth, in_channels=1, width=8, shortcut=shortcut)
        norms = norms_at_blocks(net, x, y)
        values.append((norms[0] / norms[-1]) ** (1 / (2 * len(norms) - 2)))
    return sum(values) / 3


growth = {
    "plain 8": g(8, "none"),
    "plain 20": g(20, "none"),
    "plain 56": g(56, "none"),
    "residual 20": g(20, "A"),
    "residual 56": g(56, "A"),
}


# %% right: tensors
def g(depth, shortcut):
    values = []
    for seed in range(3):
        torch.manual_seed(seed)
        net = CifarResNet(depth, in_channels=1, width=8, shortcut=shortcut)
        norms = norms_at_blocks(net, x, y)
        values.append((norms[0] / norms[-1]) ** (1 / (2 * len(norms) - 2)))
    return torch.tensor(values).mean()


growth = {
    "plain 8": g(8, "none"),
    "plain 20": g(20, "none"),
    "plain 56": g(56, "none"),
    "residual 20": g(20, "A"),
    "residual 56": g(56, "A"),
}

# %% wrong: two decimals | says: at least three decimals
growth = {
    "plain 8": 1.17,
    "plain 20": 1.16,
    "plain 56": 1.16,
    "residual 20": 1.08,
    "residual 56": 1.05,
}


# %% wrong: width | says: over the three seeds
def g(depth, shortcut):
    values = []
    for seed in range(3):
        torch.manual_seed(seed)
        net = CifarResNet(depth, in_channels=1, width=16, shortcut=shortcut)
        norms = norms_at_blocks(net, x, y)
        values.append((norms[0] / norms[-1]) ** (1 / (2 * len(norms) - 2)))
    return sum(values) / 3


growth = {
    "plain 8": g(8, "none"),
    "plain 20": g(20, "none"),
    "plain 56": g(56, "none"),
    "residual 20": g(20, "A"),
    "residual 56": g(56, "A"),
}


# %% wrong: seeded once | says: it was seeded once
growth = {}
torch.manual_seed(0)
for name in ("plain 8", "plain 20", "plain 56", "residual 20", "residual 56"):
    kind, depth = name.split()
    shortcut = {"plain": "none", "residual": "A"}[kind]
    values = []
    for _ in range(3):
        net = CifarResNet(int(depth), in_channels=1, width=8, shortcut=shortcut)
        norms = norms_at_blocks(net, x, y)
        m = 2 * (len(norms) - 1)
        values.append((norms[0] / norms[-1]) ** (1 / m))
    growth[name] = sum(values) / 3


# %% wrong: the root of the mean ratio | says: growth['plain 20']
growth = {}
for name in ("plain 8", "plain 20", "plain 56", "residual 20", "residual 56"):
    kind, depth = name.split()
    shortcut = {"plain": "none", "residual": "A"}[kind]
    values, first, last = [], 0, 0
    for seed in range(3):
        torch.manual_seed(seed)
        net = CifarResNet(int(depth), in_channels=1, width=8, shortcut=shortcut)
        norms = norms_at_blocks(net, x, y)
        m = 2 * (len(norms) - 1)
        first, last = first + norms[0], last + norms[-1]
    growth[name] = (first / last) ** (1 / m)


# %% wrong: slope of a straight line through all blocks | says: not a line through all
import numpy as np

growth = {}
for name, depth, shortcut in [
    ("plain 8", 8, "none"),
    ("plain 20", 20, "none"),
    ("plain 56", 56, "none"),
    ("residual 20", 20, "A"),
    ("residual 56", 56, "A"),
]:
    values = []
    for seed in range(3):
        torch.manual_seed(seed)
        net = CifarResNet(depth, in_channels=1, width=8, shortcut=shortcut)
        norms = norms_at_blocks(net, x, y)
        values.append(np.exp(-np.polyfit(2 * np.arange(len(norms)), np.log(norms), 1)[0]))
    growth[name] = float(np.mean(values))


# %% wrong: ratio of the mean norms | says: not g of the mean norms
growth = {}
for name, depth, shortcut in [
    ("plain 8", 8, "none"),
    ("plain 20", 20, "none"),
    ("plain 56", 56, "none"),
    ("residual 20", 20, "A"),
    ("residual 56", 56, "A"),
]:
    first = last = 0.0
    for seed in range(3):
        torch.manual_seed(seed)
        norms = norms_at_blocks(CifarResNet(depth, in_channels=1, width=8, shortcut=shortcut), x, y)
        first, last = first + norms[0], last + norms[-1]
    growth[name] = (first / last) ** (1 / (2 * (len(norms) - 1)))


# %% wrong: m of the network with 8 layers | says: not 4 for all
growth = {}
for name, depth, shortcut in [
    ("plain 8", 8, "none"),
    ("plain 20", 20, "none"),
    ("plain 56", 56, "none"),
    ("residual 20", 20, "A"),
    ("residual 56", 56, "A"),
]:
    m, total = 4, 0.0
    for seed in range(3):
        torch.manual_seed(seed)
        norms = norms_at_blocks(CifarResNet(depth, in_channels=1, width=8, shortcut=shortcut), x, y)
        total += (norms[0] / norms[-1]) ** (1 / m)
    growth[name] = total / 3

# %% wrong: the mean of the ratios, then the root | says: not the root of the mean ratio
growth = {
    "plain 8": 1.1669,
    "plain 20": 1.1605,
    "plain 56": 1.1589,
    "residual 20": 1.0858,
    "residual 56": 1.0486,
}

# %% wrong: seeds 1, 2, 3 | says: not 1, 2, 3
growth = {
    "plain 8": 1.1547,
    "plain 20": 1.1593,
    "plain 56": 1.1563,
    "residual 20": 1.0925,
    "residual 56": 1.0497,
}


# %% wrong: the inverse of the mean | says: stands above, at the last one
growth = {
    "plain 8": 0.85779,
    "plain 20": 0.86314,
    "plain 56": 0.86369,
    "residual 20": 0.92114,
    "residual 56": 0.95364,
}

# %% wrong: seeded once for five networks | says: not after others
growth = dict.fromkeys(("plain 8", "plain 20", "plain 56", "residual 20", "residual 56"), 0.0)
for seed in range(3):
    torch.manual_seed(seed)
    for name in growth:
        kind, depth = name.split()
        net = CifarResNet(
            int(depth), in_channels=1, width=8, shortcut="none" if kind == "plain" else "A"
        )
        norms = norms_at_blocks(net, x, y)
        growth[name] += (norms[0] / norms[-1]) ** (1 / (2 * len(norms) - 2)) / 3

# %% wrong: other seeds, the visible number corrected | says: not 1, 2, 3
growth = {
    "plain 8": 1.1658,
    "plain 20": 1.15925,
    "plain 56": 1.15634,
    "residual 20": 1.09253,
    "residual 56": 1.04968,
}


# %% wrong: arithmetic mean of the factors from block to block | says: not the mean of the steps
growth = {}
for name in ("plain 8", "plain 20", "plain 56", "residual 20", "residual 56"):
    kind, depth = name.split()
    found = []
    for seed in range(3):
        torch.manual_seed(seed)
        net = CifarResNet(
            int(depth), in_channels=1, width=8, shortcut="none" if kind == "plain" else "A"
        )
        norms = norms_at_blocks(net, x, y)
        factors = [here / above for here, above in zip(norms, norms[1:])]
        found.append((sum(factors) / len(factors)) ** 0.5)
    growth[name] = sum(found) / 3


# %% wrong: root without brackets | says: r ** (1 / m)
growth = {}
for kind, depth in (("plain", 8), ("plain", 20), ("plain", 56), ("residual", 20), ("residual", 56)):
    factors = []
    for seed in (0, 1, 2):
        torch.manual_seed(seed)
        net = CifarResNet(
            depth, in_channels=1, width=8, shortcut="none" if kind == "plain" else "A"
        )
        norms = norms_at_blocks(net, x, y)
        m = 2 * (len(norms) - 1)
        factors.append((norms[0] / norms[-1]) ** 1 / m)
    growth[f"{kind} {depth}"] = sum(factors) / 3
