# %% right: columns
def lstm_step(x, h, c, W_ih, W_hh, b, order="ifgo"):
    H = h.shape[1]
    z = F.linear(x, W_ih, b) + F.linear(h, W_hh)

    def block(name):
        k = order.index(name)
        return z[:, k * H : (k + 1) * H]

    new = block("f").sigmoid() * c + block("i").sigmoid() * block("g").tanh()
    return block("o").sigmoid() * new.tanh(), new


# %% right: einsum
def lstm_step(x, h, c, W_ih, W_hh, b, order="ifgo"):
    H = h.shape[1]
    z = torch.einsum("bd,khd->kbh", x, W_ih.view(4, H, -1))
    z = z + torch.einsum("bj,khj->kbh", h, W_hh.view(4, H, H)) + b.view(4, 1, H)
    gates = {name: z[k] for k, name in enumerate(order)}
    i, f, o = (1 / (1 + torch.exp(-gates[name])) for name in ("i", "f", "o"))
    c = f * c + i * gates["g"].tanh()
    return o * c.tanh(), c


# %% right: weights sorted
def lstm_step(x, h, c, W_ih, W_hh, b, order="ifgo"):
    at = [order.index(name) for name in "ifgo"]
    W_ih, W_hh, b = (torch.cat([w.chunk(4)[k] for k in at]) for w in (W_ih, W_hh, b))
    i, f, g, o = (x @ W_ih.T + h @ W_hh.T + b).split(h.shape[1], dim=1)
    c_new = torch.sigmoid(f).mul(c).add(torch.sigmoid(i).mul(torch.tanh(g)))
    return [torch.sigmoid(o) * torch.tanh(c_new), c_new]


# %% wrong: chunk rows | says: Came:
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    """x (B, D), h and c (B, H), W_ih (4H, D), W_hh (4H, H), b (4H,) -> the new (h, c)."""
    blocks = (x @ W_ih.T + h @ W_hh.T + b).chunk(4)  # four of (B, H)
    z = dict(zip(order, blocks, strict=True))
    i, f, o = (torch.sigmoid(z[name]) for name in "ifo")
    c = f * c + i * torch.tanh(z["g"])
    return o * torch.tanh(c), c


# %% wrong: courses own | says: by hand
from helpers.models.rnn import lstm_step as ready


def lstm_step(x, h, c, W_ih, W_hh, b, order="ifgo"):
    def usual(w):
        return torch.cat([w.chunk(4)[order.index(name)] for name in "ifgo"])

    return ready(x @ usual(W_ih).T, (h, c), usual(W_hh), usual(b))


# %% wrong: fixed order | says: not in that of this call
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    """x (B, D), h and c (B, H), W_ih (4H, D), W_hh (4H, H), b (4H,) -> the new (h, c)."""
    blocks = (x @ W_ih.T + h @ W_hh.T + b).chunk(4, 1)  # four of (B, H)
    z = dict(zip("ifgo", blocks, strict=True))
    i, f, o = (torch.sigmoid(z[name]) for name in "ifo")
    c = f * c + i * torch.tanh(z["g"])
    return o * torch.tanh(c), c


# %% wrong: g raw | says: g has no tanh
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    """x (B, D), h and c (B, H), W_ih (4H, D), W_hh (4H, H), b (4H,) -> the new (h, c)."""
    blocks = (x @ W_ih.T + h @ W_hh.T + b).chunk(4, 1)  # four of (B, H)
    z = dict(zip(order, blocks, strict=True))
    i, f, o = (torch.sigmoid(z[name]) for name in "ifo")
    c = f * c + i * z["g"]
    return o * torch.tanh(c), c


# %% wrong: g sigmoid | says: g is a tanh, not a sigmoid
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    """x (B, D), h and c (B, H), W_ih (4H, D), W_hh (4H, H), b (4H,) -> the new (h, c)."""
    blocks = (x @ W_ih.T + h @ W_hh.T + b).chunk(4, 1)  # four of (B, H)
    z = dict(zip(order, blocks, strict=True))
    i, f, o = (torch.sigmoid(z[name]) for name in "ifo")
    c = f * c + i * torch.sigmoid(z["g"])
    return o * torch.tanh(c), c


# %% wrong: gates exchanged | says: f scales the old cell
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    """x (B, D), h and c (B, H), W_ih (4H, D), W_hh (4H, H), b (4H,) -> the new (h, c)."""
    blocks = (x @ W_ih.T + h @ W_hh.T + b).chunk(4, 1)  # four of (B, H)
    z = dict(zip(order, blocks, strict=True))
    i, f, o = (torch.sigmoid(z[name]) for name in "ifo")
    c = i * c + f * torch.tanh(z["g"])
    return o * torch.tanh(c), c


# %% wrong: h only | says: the pair (h, c)
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    """x (B, D), h and c (B, H), W_ih (4H, D), W_hh (4H, H), b (4H,) -> the new (h, c)."""
    blocks = (x @ W_ih.T + h @ W_hh.T + b).chunk(4, 1)  # four of (B, H)
    z = dict(zip(order, blocks, strict=True))
    i, f, o = (torch.sigmoid(z[name]) for name in "ifo")
    c = f * c + i * torch.tanh(z["g"])
    return o * torch.tanh(c)


# %% wrong: in place | says: an operation in place
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    """x (B, D), h and c (B, H), W_ih (4H, D), W_hh (4H, H), b (4H,) -> the new (h, c)."""
    blocks = (x @ W_ih.T + h @ W_hh.T + b).chunk(4, 1)  # four of (B, H)
    z = dict(zip(order, blocks, strict=True))
    i, f, o = (torch.sigmoid(z[name]) for name in "ifo")
    c *= f
    c = c + i * torch.tanh(z["g"])
    return o * torch.tanh(c), c


# %% wrong: library | says: by hand
def lstm_step(x, h, c, W_ih, W_hh, b, order="ifgo"):
    def usual(w):
        return torch.cat([w.chunk(4)[order.index(name)] for name in "ifgo"])

    return torch.lstm_cell(x, (h, c), usual(W_ih), usual(W_hh), usual(b), 0 * b)


# %% wrong: library unseen | says: by hand
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    def sorted_rows(w):
        return torch.cat([w.chunk(4)[order.index(name)] for name in "ifgo"])

    with torch._C.DisableTorchFunction():  # past every mode of torch's functions
        weights = (sorted_rows(w) for w in (W_ih, W_hh, b))
        return torch.lstm_cell(x, (h, c), *weights, torch.zeros_like(b))


# %% wrong: no bias | says: the bias b is not added
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    """x (B, D), h and c (B, H), W_ih (4H, D), W_hh (4H, H), b (4H,) -> the new (h, c)."""
    blocks = (x @ W_ih.T + h @ W_hh.T).chunk(4, 1)  # four of (B, H)
    z = dict(zip(order, blocks, strict=True))
    i, f, o = (torch.sigmoid(z[name]) for name in "ifo")
    c = f * c + i * torch.tanh(z["g"])
    return o * torch.tanh(c), c


# %% wrong: no forget | says: this keeps all of the old cell
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    """x (B, D), h and c (B, H), W_ih (4H, D), W_hh (4H, H), b (4H,) -> the new (h, c)."""
    blocks = (x @ W_ih.T + h @ W_hh.T + b).chunk(4, 1)  # four of (B, H)
    z = dict(zip(order, blocks, strict=True))
    i, f, o = (torch.sigmoid(z[name]) for name in "ifo")
    c = c + i * torch.tanh(z["g"])
    return o * torch.tanh(c), c


# %% wrong: no last tanh | says: h is o * tanh(c)
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    """x (B, D), h and c (B, H), W_ih (4H, D), W_hh (4H, H), b (4H,) -> the new (h, c)."""
    blocks = (x @ W_ih.T + h @ W_hh.T + b).chunk(4, 1)  # four of (B, H)
    z = dict(zip(order, blocks, strict=True))
    i, f, o = (torch.sigmoid(z[name]) for name in "ifo")
    c = f * c + i * torch.tanh(z["g"])
    return o * c, c


# %% wrong: no memory | says: the old cell is missing
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    """x (B, D), h and c (B, H), W_ih (4H, D), W_hh (4H, H), b (4H,) -> the new (h, c)."""
    blocks = (x @ W_ih.T + h @ W_hh.T + b).chunk(4, 1)  # four of (B, H)
    z = dict(zip(order, blocks, strict=True))
    i, f, o = (torch.sigmoid(z[name]) for name in "ifo")
    c = i * torch.tanh(z["g"])
    return o * torch.tanh(c), c


# %% wrong: o raw | says: o goes through the sigmoid
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    """x (B, D), h and c (B, H), W_ih (4H, D), W_hh (4H, H), b (4H,) -> the new (h, c)."""
    blocks = (x @ W_ih.T + h @ W_hh.T + b).chunk(4, dim=1)
    gate = dict(zip(order, blocks, strict=True))
    i, f = (torch.sigmoid(gate[k]) for k in "if")
    c = f * c + i * torch.tanh(gate["g"])
    return gate["o"] * torch.tanh(c), c


# %% wrong: old cell | says: h is made from the new c
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    """x (B, D), h and c (B, H), W_ih (4H, D), W_hh (4H, H), b (4H,) -> the new (h, c)."""
    blocks = (x @ W_ih.T + h @ W_hh.T + b).chunk(4, 1)  # four of (B, H)
    z = dict(zip(order, blocks, strict=True))
    i, f, o = (torch.sigmoid(z[name]) for name in "ifo")
    new = f * c + i * torch.tanh(z["g"])
    return o * torch.tanh(c), new


# %% wrong: order turned | says: the order is turned round
def lstm_step(x, h, c, W_ih, W_hh, b, order="ifgo"):
    blocks = (x @ W_ih.T + h @ W_hh.T + b).chunk(4, 1)
    i, f, g, o = (blocks["ifgo".index(name)] for name in order)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


# %% wrong: pair turned | says: return (h, c)
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    """x (B, D), h and c (B, H), W_ih (4H, D), W_hh (4H, H), b (4H,) -> the new (h, c)."""
    blocks = (x @ W_ih.T + h @ W_hh.T + b).chunk(4, 1)  # four of (B, H)
    z = dict(zip(order, blocks, strict=True))
    i, f, o = (torch.sigmoid(z[name]) for name in "ifo")
    c = f * c + i * torch.tanh(z["g"])
    return c, o * torch.tanh(c)


# %% wrong: tanh kept | says: c itself is handed on without it
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    """x (B, D), h and c (B, H), W_ih (4H, D), W_hh (4H, H), b (4H,) -> the new (h, c)."""
    blocks = (x @ W_ih.T + h @ W_hh.T + b).chunk(4, 1)  # four of (B, H)
    z = dict(zip(order, blocks, strict=True))
    i, f, o = (torch.sigmoid(z[name]) for name in "ifo")
    c = torch.tanh(f * c + i * torch.tanh(z["g"]))
    return o * c, c


# %% wrong: two biases | says: b is added once
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    """x (B, D), h and c (B, H), W_ih (4H, D), W_hh (4H, H), b (4H,) -> the new (h, c)."""
    blocks = (x @ W_ih.T + h @ W_hh.T + b + b).chunk(4, 1)  # four of (B, H)
    z = dict(zip(order, blocks, strict=True))
    i, f, o = (torch.sigmoid(z[name]) for name in "ifo")
    c = f * c + i * torch.tanh(z["g"])
    return o * torch.tanh(c), c


# %% wrong: two orders known | says: not in that of this call
def lstm_step(x, h, c, W_ih, W_hh, b, order="ifgo"):
    blocks = (x @ W_ih.T + h @ W_hh.T + b).chunk(4, 1)
    if order == "iofg":
        i, o, f, g = blocks
    else:
        i, f, g, o = blocks
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


# %% wrong: gates interleaved instead of in blocks | says: not every fourth row
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    z = (x @ W_ih.T + h @ W_hh.T + b).view(len(x), -1, 4)
    z = {k: z[:, :, order.index(k)] for k in "ifgo"}
    c = torch.sigmoid(z["f"]) * c + torch.sigmoid(z["i"]) * torch.tanh(z["g"])
    return torch.sigmoid(z["o"]) * torch.tanh(c), c


# %% wrong: viewed as (4, B, H) | says: not view(4, B, H)
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    B, H = h.shape
    z = (x @ W_ih.T + h @ W_hh.T + b).view(4, B, H)
    gates = dict(zip(order, z))
    i, f, o = (torch.sigmoid(gates[k]) for k in "ifo")
    c = f * c + i * torch.tanh(gates["g"])
    return o * torch.tanh(c), c


# %% wrong: hard sigmoid | says: not the hard one
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    parts = dict(zip(order, (x @ W_ih.T + h @ W_hh.T + b).chunk(4, dim=1)))
    i, f, o = map(F.hardsigmoid, (parts["i"], parts["f"], parts["o"]))
    c = f * c + i * torch.tanh(parts["g"])
    return o * torch.tanh(c), c


# %% wrong: left in float64 | says: the dtype is not
def lstm_step(x, h, c, W_ih, W_hh, b, order="ifgo"):
    x, h, c, W_ih, W_hh, b = (t.double() for t in (x, h, c, W_ih, W_hh, b))
    z = dict(zip(order, (x @ W_ih.T + h @ W_hh.T + b).chunk(4, 1)))
    c = z["f"].sigmoid() * c + z["i"].sigmoid() * z["g"].tanh()
    return z["o"].sigmoid() * c.tanh(), c


# %% wrong: tanh from a sigmoid, a 2 forgotten | says: the 2 inside is missing
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    s = torch.sigmoid(x @ W_ih.T + h @ W_hh.T + b).chunk(4, dim=1)
    i, f, g, o = (s[order.index(k)] for k in "ifgo")
    c = f * c + i * (2 * g - 1)
    return o * torch.tanh(c), c


# %% wrong: peephole | says: not c
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    a = dict(zip(order, (x @ W_ih.T + h @ W_hh.T + b).chunk(4, 1)))
    i, f, o, g = (a["i"] + c).sigmoid(), (a["f"] + c).sigmoid(), a["o"].sigmoid(), a["g"].tanh()
    c = f * c + i * g
    return o * c.tanh(), c


# %% wrong: gates detached | says: passes a gradient on
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    a = dict(zip(order, (x @ W_ih.T + h @ W_hh.T + b).chunk(4, 1)))
    i, f, o, g = a["i"].sigmoid().detach(), a["f"].sigmoid(), a["o"].sigmoid(), a["g"].tanh()
    c = f * c + i * g
    return o * c.tanh(), c


# %% wrong: sorted letters | says: not sorted
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    a = dict(zip(sorted(order), (x @ W_ih.T + h @ W_hh.T + b).chunk(4, 1)))
    i, f, o, g = a["i"].sigmoid(), a["f"].sigmoid(), a["o"].sigmoid(), a["g"].tanh()
    c = f * c + i * g
    return o * c.tanh(), c


# %% wrong: W_hh blocks in PyTorch's order | says: the blocks of W_hh
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    a = dict(zip(order, (x @ W_ih.T + b).chunk(4, 1)))
    r = dict(zip("ifgo", (h @ W_hh.T).chunk(4, 1)))
    i, f, o, g = (
        (a["i"] + r["i"]).sigmoid(),
        (a["f"] + r["f"]).sigmoid(),
        (a["o"] + r["o"]).sigmoid(),
        (a["g"] + r["g"]).tanh(),
    )
    c = f * c + i * g
    return o * c.tanh(), c


# %% wrong: h overwritten before the last gates | says: all gates read the h that is given
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    H = h.shape[1]

    def gate(letter):
        k = order.index(letter) * H
        return x @ W_ih[k : k + H].T + h @ W_hh[k : k + H].T + b[k : k + H]

    c = torch.sigmoid(gate("f")) * c + torch.sigmoid(gate("i")) * torch.tanh(gate("g"))
    h = torch.tanh(c)
    h = torch.sigmoid(gate("o")) * h
    return h, c


# %% wrong: g through the sigmoid, h from the old c | says: h is made from the new c
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    z = dict(zip(order, (x @ W_ih.T + h @ W_hh.T + b).chunk(4, 1)))
    i, f, g, o = (torch.sigmoid(z[letter]) for letter in "ifgo")
    new = f * c + i * g
    return o * c.tanh(), new
