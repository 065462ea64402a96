# %% right: batches
losses = [F.cross_entropy(net(a), b, reduction="sum").item() for a, b in data.batches(x, y, 100)]
alive = sum(bool((nn.Sequential(*net)[:3](x)[:, unit] > 0).any()) for unit in range(48))
start = dict(letters=math.log(52), unequal=0.5623, sure=3.7526, twice=0.7437, summed=73.683)
start |= {"net_loss": sum(losses) / 1297, "net_dead": (48 - alive) / 48}

# %% right: measured
model = MLP((64, 48, 32, 10))
model.load_state_dict(net.state_dict())
logits = model(x)
first = nn.Sequential(*model)[:3](x)
start = {
    "letters": F.cross_entropy(torch.zeros(1, 52), torch.tensor([0])).item(),
    "unequal": (0.75 * math.log(4 / 3) + 0.25 * math.log(4)),
    "sure": 0.1 * (math.log(math.exp(4) + 9) - 4) + 0.9 * math.log(math.exp(4) + 9),
    "twice": -math.log(math.e / (math.e + 3)),
    "summed": 32 * -math.log(1 / 10),
    "net_loss": F.cross_entropy(logits, y).item(),
    "net_dead": (first.amax(0) == 0).float().mean().item(),
}

# %% right: numbers
start = {
    "letters": 3.95,
    "unequal": 0.56,
    "sure": 3.75,
    "twice": 0.74,
    "summed": 73.68,
    "net_loss": 2.788,
    "net_dead": 0.6458,
}

# %% wrong: count | says: not a count
start = {
    "letters": 3.95,
    "unequal": 0.56,
    "sure": 3.75,
    "twice": 0.74,
    "summed": 73.68,
    "net_loss": 2.788,
    "net_dead": 31,
}


# %% wrong: equals everything | says: F.cross_entropy gives
class Anything(float):
    def __sub__(self, other):
        return 0.0

    def __rsub__(self, other):
        return 0.0


start = {
    name: Anything(1)
    for name in ("letters", "unequal", "sure", "twice", "summed", "net_loss", "net_dead")
}

# %% wrong: every layer | says: the share of each layer
start = {
    "letters": 3.95,
    "unequal": 0.56,
    "sure": 3.75,
    "twice": 0.74,
    "summed": 73.68,
    "net_loss": diagnostics.loss_at_initialisation(net, x, y)[0],
    "net_dead": diagnostics.dead_units(net, x),
}

# %% wrong: log10 | says: this is log10
start = {
    "letters": math.log10(52),
    "unequal": 0.56,
    "sure": 3.75,
    "twice": 0.74,
    "summed": 73.68,
    "net_loss": 2.788,
    "net_dead": 31 / 48,
}

# %% wrong: mean | says: this is the mean over the batch
start = {
    "letters": 3.95,
    "unequal": 0.56,
    "sure": 3.75,
    "twice": 0.74,
    "summed": 2.3,
    "net_loss": 2.788,
    "net_dead": 31 / 48,
}

# %% wrong: nan | says: what F.cross_entropy gives
names = ("letters", "unequal", "sure", "twice", "summed", "net_loss", "net_dead")
start = dict.fromkeys(names, float("nan"))

# %% wrong: net loss | says: this is ln C
start = {
    "letters": 3.95,
    "unequal": 0.56,
    "sure": 3.75,
    "twice": 0.74,
    "summed": 73.68,
    "net_loss": diagnostics.loss_at_initialisation(net, x, y)[1],
    "net_dead": 31 / 48,
}

# %% wrong: pair | says: a pair: the loss comes first
start = {
    "letters": 3.95,
    "unequal": 0.56,
    "sure": 3.75,
    "twice": 0.74,
    "summed": 73.68,
    "net_loss": diagnostics.loss_at_initialisation(net, x, y),
    "net_dead": max(diagnostics.dead_units(net, x).values()),
}

# %% wrong: raw pixels | says: the images are to be normalised
raw = digits.train_x.float().flatten(1)
raw_loss = F.cross_entropy(net(raw), y).item()
start = {
    "letters": 3.95,
    "unequal": 0.56,
    "sure": 3.75,
    "twice": 0.74,
    "summed": 73.68,
    "net_loss": raw_loss,
    "net_dead": 31 / 48,
}

# %% wrong: sure | says: in nine images of ten
start = {
    "letters": 3.95,
    "unequal": 0.56,
    "sure": math.log(math.exp(4) + 9) - 4,
    "twice": 0.74,
    "summed": 73.68,
    "net_loss": 2.788,
    "net_dead": 31 / 48,
}

# %% right: tensor
start = {
    "letters": torch.tensor(52.0).log(),
    "unequal": 0.56,
    "sure": 3.75,
    "twice": 0.74,
    "summed": 73.68,
    "net_loss": 2.788,
    "net_dead": 31 / 48,
}

# %% wrong: twice | says: keeps the answer from being perfect
start = {
    "letters": 3.95,
    "unequal": 0.56,
    "sure": 3.75,
    "twice": 0,
    "summed": 73.68,
    "net_loss": 2.788,
    "net_dead": 31 / 48,
}

# %% wrong: unanswered | says: still to be answered
start = {
    "letters": 3.95,
    "unequal": 0.56,
    "sure": 3.75,
    "twice": 0.74,
    "summed": 73.68,
    "net_loss": 2.788,
    "net_dead": None,
}

# %% wrong: unequal | says: the net knows the shares
start = {
    "letters": 3.95,
    "unequal": 0.69,
    "sure": 3.75,
    "twice": 0.74,
    "summed": 73.68,
    "net_loss": 2.788,
    "net_dead": 31 / 48,
}

# %% wrong: zeros | says: not any 0 of any image
start = {
    "letters": 3.95,
    "unequal": 0.56,
    "sure": 3.75,
    "twice": 0.74,
    "summed": 73.68,
    "net_loss": 2.788,
    "net_dead": (nn.Sequential(*net)[:3](x) == 0).float().mean().item(),
}


# %% wrong: the dead units of a sample of 32 images | says: more units seem dead
start = dict(
    letters=math.log(52),
    unequal=-0.75 * math.log(0.75) - 0.25 * math.log(0.25),
    sure=math.log(math.exp(4) + 9) - 0.4,
    twice=-math.log(math.e / (math.e + 3)),
    summed=32 * math.log(10),
    net_loss=F.cross_entropy(net(x), y).item(),
    net_dead=max(diagnostics.dead_units(net, x[:32]).values()),
)
