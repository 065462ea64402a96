# %% right: batches
losses = [F.cross_entropy(net(a), b, reduction="sum").item() for a, b in data.batches(x, y, 100)]
alive = sum(bool((nn.Sequential(*net)[:3](x)[:, unit] > 0).any()) for unit in range(48))
start = dict(letters=math.log(own.C), twice=math.log1p((own.K - 1) / math.e))
start["unequal"] = round(-sum(p * math.log(p) for p in (own.q, 1 - own.q)), 4)
start["sure"] = round(math.log(math.exp(own.h) + 9) - own.h / 10, 4)
start["summed"] = round(own.B * 2.302585, 3)
start |= {"net_loss": sum(losses) / 1297, "net_dead": (48 - alive) / 48}

# %% right: measured
model = MLP((64, 48, 32, 10))
model.load_state_dict(net.state_dict())
logits = model(x)
first = nn.Sequential(*model)[:3](x)
start = {
    "letters": F.cross_entropy(torch.zeros(1, own.C), torch.tensor([0])).item(),
    "unequal": own.q * math.log(1 / own.q) + (1 - own.q) * math.log(1 / (1 - own.q)),
    "sure": 0.1 * (math.log(math.exp(own.h) + 9) - own.h) + 0.9 * math.log(math.exp(own.h) + 9),
    "twice": -math.log(math.e / (math.e + own.K - 1)),
    "summed": own.B * -math.log(1 / 10),
    "net_loss": F.cross_entropy(logits, y).item(),
    "net_dead": (first.amax(0) == 0).float().mean().item(),
}

# %% right: numbers
start = {
    "letters": round(math.log(own.C), 2),
    "unequal": round(-own.q * math.log(own.q) - (1 - own.q) * math.log(1 - own.q), 2),
    "sure": round(math.log(math.exp(own.h) + 9) - own.h / 10, 2),
    "twice": round(math.log(math.e + own.K - 1) - 1, 2),
    "summed": round(own.B * math.log(10), 2),
    "net_loss": round(diagnostics.loss_at_initialisation(net, x, y)[0], 3),
    "net_dead": round(max(diagnostics.dead_units(net, x).values()), 4),
}

# %% wrong: count | says: not a count
start = {
    "letters": math.log(own.C),
    "unequal": -own.q * math.log(own.q) - (1 - own.q) * math.log(1 - own.q),
    "sure": math.log(math.exp(own.h) + 9) - own.h / 10,
    "twice": math.log(math.e + own.K - 1) - 1,
    "summed": own.B * math.log(10),
    "net_loss": diagnostics.loss_at_initialisation(net, x, y)[0],
    "net_dead": 48 * max(diagnostics.dead_units(net, x).values()),
}


# %% wrong: equals everything | says: start['letters']
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
    "letters": math.log(own.C),
    "unequal": -own.q * math.log(own.q) - (1 - own.q) * math.log(1 - own.q),
    "sure": math.log(math.exp(own.h) + 9) - own.h / 10,
    "twice": math.log(math.e + own.K - 1) - 1,
    "summed": own.B * math.log(10),
    "net_loss": diagnostics.loss_at_initialisation(net, x, y)[0],
    "net_dead": diagnostics.dead_units(net, x),
}

# %% wrong: log10 | says: this is log10
start = {
    "letters": math.log10(own.C),
    "unequal": -own.q * math.log(own.q) - (1 - own.q) * math.log(1 - own.q),
    "sure": math.log(math.exp(own.h) + 9) - own.h / 10,
    "twice": math.log(math.e + own.K - 1) - 1,
    "summed": own.B * math.log(10),
    "net_loss": diagnostics.loss_at_initialisation(net, x, y)[0],
    "net_dead": max(diagnostics.dead_units(net, x).values()),
}

# %% wrong: mean | says: this is the mean over the batch
start = {
    "letters": math.log(own.C),
    "unequal": -own.q * math.log(own.q) - (1 - own.q) * math.log(1 - own.q),
    "sure": math.log(math.exp(own.h) + 9) - own.h / 10,
    "twice": math.log(math.e + own.K - 1) - 1,
    "summed": 2.3,
    "net_loss": diagnostics.loss_at_initialisation(net, x, y)[0],
    "net_dead": max(diagnostics.dead_units(net, x).values()),
}

# %% wrong: nan | says: what F.cross_entropy gives
names = ("letters", "unequal", "sure", "twice", "summed", "net_loss", "net_dead")
start = dict.fromkeys(names, float("nan"))

# %% wrong: net loss | says: the loss comes first
start = {
    "letters": math.log(own.C),
    "unequal": -own.q * math.log(own.q) - (1 - own.q) * math.log(1 - own.q),
    "sure": math.log(math.exp(own.h) + 9) - own.h / 10,
    "twice": math.log(math.e + own.K - 1) - 1,
    "summed": own.B * math.log(10),
    "net_loss": diagnostics.loss_at_initialisation(net, x, y)[1],
    "net_dead": max(diagnostics.dead_units(net, x).values()),
}

# %% wrong: pair | says: a pair: the loss comes first
start = {
    "letters": math.log(own.C),
    "unequal": -own.q * math.log(own.q) - (1 - own.q) * math.log(1 - own.q),
    "sure": math.log(math.exp(own.h) + 9) - own.h / 10,
    "twice": math.log(math.e + own.K - 1) - 1,
    "summed": own.B * math.log(10),
    "net_loss": diagnostics.loss_at_initialisation(net, x, y),
    "net_dead": max(diagnostics.dead_units(net, x).values()),
}

# %% wrong: raw pixels | says: the images are to be normalised
raw = digits.train_x.float().flatten(1)
raw_loss = F.cross_entropy(net(raw), y).item()
start = {
    "letters": math.log(own.C),
    "unequal": -own.q * math.log(own.q) - (1 - own.q) * math.log(1 - own.q),
    "sure": math.log(math.exp(own.h) + 9) - own.h / 10,
    "twice": math.log(math.e + own.K - 1) - 1,
    "summed": own.B * math.log(10),
    "net_loss": raw_loss,
    "net_dead": max(diagnostics.dead_units(net, x).values()),
}

# %% wrong: sure | says: in nine images of ten
start = {
    "letters": math.log(own.C),
    "unequal": -own.q * math.log(own.q) - (1 - own.q) * math.log(1 - own.q),
    "sure": math.log(math.exp(own.h) + 9) - own.h,
    "twice": math.log(math.e + own.K - 1) - 1,
    "summed": own.B * math.log(10),
    "net_loss": diagnostics.loss_at_initialisation(net, x, y)[0],
    "net_dead": max(diagnostics.dead_units(net, x).values()),
}

# %% right: tensor
start = {
    "letters": torch.tensor(float(own.C)).log(),
    "unequal": -own.q * math.log(own.q) - (1 - own.q) * math.log(1 - own.q),
    "sure": math.log(math.exp(own.h) + 9) - own.h / 10,
    "twice": math.log(math.e + own.K - 1) - 1,
    "summed": own.B * math.log(10),
    "net_loss": diagnostics.loss_at_initialisation(net, x, y)[0],
    "net_dead": max(diagnostics.dead_units(net, x).values()),
}

# %% wrong: twice | says: keeps the answer from being perfect
start = {
    "letters": math.log(own.C),
    "unequal": -own.q * math.log(own.q) - (1 - own.q) * math.log(1 - own.q),
    "sure": math.log(math.exp(own.h) + 9) - own.h / 10,
    "twice": 0,
    "summed": own.B * math.log(10),
    "net_loss": diagnostics.loss_at_initialisation(net, x, y)[0],
    "net_dead": max(diagnostics.dead_units(net, x).values()),
}

# %% wrong: unanswered | says: still to be answered
start = {
    "letters": math.log(own.C),
    "unequal": -own.q * math.log(own.q) - (1 - own.q) * math.log(1 - own.q),
    "sure": math.log(math.exp(own.h) + 9) - own.h / 10,
    "twice": math.log(math.e + own.K - 1) - 1,
    "summed": own.B * math.log(10),
    "net_loss": diagnostics.loss_at_initialisation(net, x, y)[0],
    "net_dead": None,
}

# %% wrong: unequal | says: the net knows the shares
start = {
    "letters": math.log(own.C),
    "unequal": 0.69,
    "sure": math.log(math.exp(own.h) + 9) - own.h / 10,
    "twice": math.log(math.e + own.K - 1) - 1,
    "summed": own.B * math.log(10),
    "net_loss": diagnostics.loss_at_initialisation(net, x, y)[0],
    "net_dead": max(diagnostics.dead_units(net, x).values()),
}

# %% wrong: zeros | says: not any 0 of any image
start = {
    "letters": math.log(own.C),
    "unequal": -own.q * math.log(own.q) - (1 - own.q) * math.log(1 - own.q),
    "sure": math.log(math.exp(own.h) + 9) - own.h / 10,
    "twice": math.log(math.e + own.K - 1) - 1,
    "summed": own.B * math.log(10),
    "net_loss": diagnostics.loss_at_initialisation(net, x, y)[0],
    "net_dead": (nn.Sequential(*net)[:3](x) == 0).float().mean().item(),
}

# %% wrong: the dead units of a sample of 32 images | says: more units seem dead
start = dict(
    letters=math.log(own.C),
    unequal=-own.q * math.log(own.q) - (1 - own.q) * math.log(1 - own.q),
    sure=math.log(math.exp(own.h) + 9) - own.h / 10,
    twice=-math.log(math.e / (math.e + own.K - 1)),
    summed=own.B * math.log(10),
    net_loss=F.cross_entropy(net(x), y).item(),
    net_dead=max(diagnostics.dead_units(net, x[:32]).values()),
)

# %% wrong: a neighbour's | says: right for other numbers than yours
other = next(n for n in map(drawn, "abcdefgh") if n.C != own.C)
start = {
    "letters": math.log(other.C),
    "unequal": -own.q * math.log(own.q) - (1 - own.q) * math.log(1 - own.q),
    "sure": math.log(math.exp(own.h) + 9) - own.h / 10,
    "twice": math.log(math.e + own.K - 1) - 1,
    "summed": own.B * math.log(10),
    "net_loss": diagnostics.loss_at_initialisation(net, x, y)[0],
    "net_dead": max(diagnostics.dead_units(net, x).values()),
}

# %% wrong: the net of another | says: right for other numbers than yours
torch.manual_seed(next(n.seed for n in map(drawn, "abcdefgh") if n.seed != own.seed))
net = MLP((64, 48, 32, 10))
with torch.no_grad():
    net[1].bias -= 3
    net[3].weight *= 2
    net[5].weight *= 100
start = {
    "letters": math.log(own.C),
    "unequal": -own.q * math.log(own.q) - (1 - own.q) * math.log(1 - own.q),
    "sure": math.log(math.exp(own.h) + 9) - own.h / 10,
    "twice": math.log(math.e + own.K - 1) - 1,
    "summed": own.B * math.log(10),
    "net_loss": diagnostics.loss_at_initialisation(net, x, y)[0],
    "net_dead": max(diagnostics.dead_units(net, x).values()),
}

# %% wrong: twice with K zeros | says: K - 1 zeros
start = {
    "letters": math.log(own.C),
    "unequal": -own.q * math.log(own.q) - (1 - own.q) * math.log(1 - own.q),
    "sure": math.log(math.exp(own.h) + 9) - own.h / 10,
    "twice": math.log(math.e + own.K) - 1,
    "summed": own.B * math.log(10),
    "net_loss": diagnostics.loss_at_initialisation(net, x, y)[0],
    "net_dead": max(diagnostics.dead_units(net, x).values()),
}


# %% wrong: net loss in base 2 | says: this is in bits
start = {
    "letters": math.log(own.C),
    "unequal": -own.q * math.log(own.q) - (1 - own.q) * math.log(1 - own.q),
    "sure": math.log(9 + math.exp(own.h)) - own.h / 10,
    "twice": math.log(math.e + own.K - 1) - 1,
    "summed": own.B * math.log(10),
    "net_loss": diagnostics.loss_at_initialisation(net, x, y)[0] / math.log(2),
    "net_dead": max(diagnostics.dead_units(net, x).values()),
}

# %% wrong: share of images without a living unit | says: not of the images
with torch.no_grad():
    _a1 = net[:3](x)
    _a2 = net[3:5](_a1)
start = {
    "letters": math.log(own.C),
    "unequal": -(own.q * math.log(own.q) + (1 - own.q) * math.log(1 - own.q)),
    "sure": math.log(math.exp(own.h) + 9) - own.h / 10,
    "twice": math.log(math.e + own.K - 1) - 1,
    "summed": own.B * math.log(10),
    "net_loss": F.cross_entropy(net(x), y).item(),
    "net_dead": max((a == 0).all(1).float().mean().item() for a in (_a1, _a2)),
}


# %% wrong: the logarithm of the mean probability | says: not the logarithm of the mean p
_p0 = math.exp(own.h) / (math.exp(own.h) + 9)
_p1 = 1 / (math.exp(own.h) + 9)
start = {
    "letters": math.log(own.C),
    "unequal": -own.q * math.log(own.q) - (1 - own.q) * math.log(1 - own.q),
    "sure": -math.log(0.1 * _p0 + 0.9 * _p1),
    "twice": math.log(math.e + own.K - 1) - 1,
    "summed": own.B * math.log(10),
    "net_loss": F.cross_entropy(net(x), y).item(),
    "net_dead": max(diagnostics.dead_units(net, x).values()),
}


# %% wrong: the network mended before it is measured | says: scaled back
import copy

_mended = copy.deepcopy(net)
with torch.no_grad():
    _mended[5].weight /= 100
start = {
    "letters": math.log(own.C),
    "unequal": -own.q * math.log(own.q) - (1 - own.q) * math.log(1 - own.q),
    "sure": math.log(math.exp(own.h) + 9) - own.h / 10,
    "twice": math.log(math.e + own.K - 1) - 1,
    "summed": own.B * math.log(10),
    "net_loss": F.cross_entropy(_mended(x), y).item(),
    "net_dead": max(diagnostics.dead_units(_mended, x).values()),
}


# %% wrong: the network's softmax before the loss | says: a softmax comes before its own
start = {
    "letters": math.log(own.C),
    "unequal": -own.q * math.log(own.q) - (1 - own.q) * math.log(1 - own.q),
    "sure": math.log(math.exp(own.h) + 9) - own.h / 10,
    "twice": math.log(math.e + own.K - 1) - 1,
    "summed": own.B * math.log(10),
    "net_loss": F.cross_entropy(torch.softmax(net(x), dim=1), y).item(),
    "net_dead": max(diagnostics.dead_units(net, x).values()),
}
