# %% right: edges
def measured_field(net, size):
    x = torch.rand(1, *size).requires_grad_()
    y = net(x).sum(1)[0]
    (g,) = torch.autograd.grad(y[len(y) // 2, y.shape[1] // 2], x)
    where = g.abs().sum((0, 1)).nonzero()
    extent = where.max(0).values - where.min(0).values + 1
    return tuple(extent.tolist())


# %% right: loops
def measured_field(net, size):
    x = torch.randn(1, *size, requires_grad=True)
    y = net(x)
    y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum().backward()
    seen = (x.grad[0] != 0).any(0)
    rows = [i for i in range(size[1]) if seen[i].any()]
    columns = [j for j in range(size[2]) if seen[:, j].any()]
    return rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1


# %% right: perturbed
def measured_field(net, size):
    # without a gradient: change one row, then one column at a time
    with torch.no_grad():
        x = torch.randn(1, *size)
        y = net(x)
        i, j = y.shape[2] // 2, y.shape[3] // 2
        found = []
        for axis in (2, 3):
            hit = []
            for n in range(x.shape[axis]):
                z = x.clone()
                z.select(axis, n).add_(torch.randn(size[0], 1))
                if not torch.equal(net(z)[0, :, i, j], y[0, :, i, j]):
                    hit.append(n)
            found.append(hit[-1] - hit[0] + 1)
    return found[0], found[1]


# %% wrong: all units | says: the middle unit only
def measured_field(net, size):
    x = torch.randn(1, *size, requires_grad=True)
    net(x).sum().backward()
    seen = (x.grad[0] != 0).any(0)
    rows, columns = seen.any(1).nonzero(), seen.any(0).nonzero()
    return (rows.max() - rows.min() + 1).item(), (columns.max() - columns.min() + 1).item()


# %% wrong: corner | says: the unit in the corner
def measured_field(net, size):
    x = torch.randn(1, *size, requires_grad=True)
    y = net(x)
    y[0, :, 0, 0].sum().backward()
    seen = (x.grad[0] != 0).any(0)
    rows, columns = seen.any(1).nonzero(), seen.any(0).nonzero()
    return (rows.max() - rows.min() + 1).item(), (columns.max() - columns.min() + 1).item()


# %% wrong: counted | says: not a count
def measured_field(net, size):
    x = torch.randn(1, *size, requires_grad=True)
    y = net(x)
    y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum().backward()
    seen = (x.grad[0] != 0).any(0)
    return int(seen.any(1).sum()), int(seen.any(0).sum())


# %% wrong: kernel | says: the kernel of the last layer
def measured_field(net, size):
    last = list(net)[-1]
    return last.kernel_size


# %% wrong: no plus one | says: last - first + 1
def measured_field(net, size):
    x = torch.randn(1, *size, requires_grad=True)
    y = net(x)
    y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum().backward()
    seen = (x.grad[0] != 0).any(0)
    rows, columns = seen.any(1).nonzero(), seen.any(0).nonzero()
    return (rows.max() - rows.min()).item(), (columns.max() - columns.min()).item()


# %% wrong: one channel | says: RuntimeError
def measured_field(net, size):
    x = torch.randn(1, 1, *size[1:], requires_grad=True)
    y = net(x)
    y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum().backward()
    seen = x.grad[0, 0] != 0
    rows, columns = seen.any(1).nonzero(), seen.any(0).nonzero()
    return (rows.max() - rows.min() + 1).item(), (columns.max() - columns.min() + 1).item()


# %% wrong: swapped | says: height first
def measured_field(net, size):
    x = torch.randn(1, *size, requires_grad=True)
    y = net(x)
    y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum().backward()
    seen = (x.grad[0] != 0).any(0)
    rows, columns = seen.any(1).nonzero(), seen.any(0).nonzero()
    return (columns.max() - columns.min() + 1).item(), (rows.max() - rows.min() + 1).item()


# %% right: tensors
def measured_field(net, size):
    x = torch.randn(1, *size, requires_grad=True)
    y = net(x)
    y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum().backward()
    seen = (x.grad[0] != 0).any(0)
    rows, columns = seen.any(1).nonzero(), seen.any(0).nonzero()
    return rows.max() - rows.min() + 1, columns.max() - columns.min() + 1


# %% wrong: channel zero of both | says: Expected: (7, 7)
def measured_field(net, size: tuple[int, int, int]) -> tuple[int, int]:
    x = torch.randn(1, *size, requires_grad=True)
    y = net(x)
    y[0, 0, y.shape[2] // 2, y.shape[3] // 2].backward()
    seen = x.grad[0, 0] != 0
    rows, columns = seen.any(1).nonzero(), seen.any(0).nonzero()
    return int(rows.max() - rows.min()) + 1, int(columns.max() - columns.min()) + 1


# %% wrong: first input channel only | says: all channels of the image count
def measured_field(net, size: tuple[int, int, int]) -> tuple[int, int]:
    x = torch.randn(1, *size, requires_grad=True)
    y = net(x)
    (g,) = torch.autograd.grad(y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum(), x)
    seen = g[0, 0].ne(0).nonzero()
    low, high = seen.amin(0), seen.amax(0)
    return tuple((high - low + 1).tolist())


# %% wrong: first output channel only | says: all channels of the result count
def measured_field(net, size: tuple[int, int, int]) -> tuple[int, int]:
    x = torch.randn(1, *size, requires_grad=True)
    y = net(x)
    (g,) = torch.autograd.grad(y[0, 0, y.shape[2] // 2, y.shape[3] // 2], x)
    seen = g[0].ne(0).any(0).nonzero()
    low, high = seen.amin(0), seen.amax(0)
    return tuple((high - low + 1).tolist())


# %% wrong: looks only along the middle row and column | says: Expected: (4, 4)
def measured_field(net, size: tuple[int, int, int]) -> tuple[int, int]:
    x = torch.randn(1, *size, requires_grad=True)
    y = net(x)
    y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum().backward()
    seen = (x.grad[0] != 0).any(0)
    column = seen[:, size[2] // 2].nonzero().flatten()
    row = seen[size[1] // 2].nonzero().flatten()
    height = (column[-1] - column[0] + 1).item() if len(column) else 0
    width = (row[-1] - row[0] + 1).item() if len(row) else 0
    return height, width


# %% wrong: what is small is taken for zero | says: a gradient that is small
def measured_field(net, size):
    x = torch.randn(1, *size, requires_grad=True)
    y = net(x)
    middle = y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum()
    (g,) = torch.autograd.grad(middle, x)
    seen = (g[0].abs() > 0.005 * g.abs().max()).any(0)
    rows, columns = seen.any(1).nonzero(), seen.any(0).nonzero()
    return int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1


# %% wrong: channels added before they are compared | says: may cancel
def measured_field(net, size):
    x = torch.randn(1, *size, requires_grad=True)
    y = net(x)
    middle = y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum()
    (g,) = torch.autograd.grad(middle, x)
    seen = g[0].sum(0) != 0
    rows, columns = seen.any(1).nonzero(), seen.any(0).nonzero()
    return int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1


# %% wrong: a black image | says: a random image
def measured_field(net, size):
    x = torch.zeros(1, *size, requires_grad=True)
    y = net(x)
    middle = y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum()
    (g,) = torch.autograd.grad(middle, x)
    seen = g[0].abs().sum(0) > 0
    if not seen.any():
        return 0, 0
    rows, columns = seen.any(1).nonzero(), seen.any(0).nonzero()
    return int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1


# %% wrong: above zero only | says: a gradient below 0
def measured_field(net, size):
    x = torch.randn(1, *size, requires_grad=True)
    y = net(x)
    middle = y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum()
    (g,) = torch.autograd.grad(middle, x)
    seen = g[0].amax(0) > 0
    rows, columns = seen.any(1).nonzero(), seen.any(0).nonzero()
    return int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1


# %% wrong: by formula | says: blind
def measured_field(net, size):
    # item 8's formula on the layers' attributes: nothing is measured
    field, step = [1, 1], [1, 1]
    for layer in net.modules():
        if isinstance(layer, nn.Conv2d):
            for axis in (0, 1):
                field[axis] += layer.dilation[axis] * (layer.kernel_size[axis] - 1) * step[axis]
                step[axis] *= layer.stride[axis]
    return field[0], field[1]


# %% right: gradients below 1e-8 are taken for zero by isclose
import copy


def measured_field(net, size: tuple[int, int, int]) -> tuple[int, int]:
    """(height, width) of the input pixels (C, H, W) that reach the middle output unit."""
    net = copy.deepcopy(net).eval()
    x = torch.randn(1, *size, requires_grad=True)
    y = net(x)
    middle = y[0, :, y.shape[2] // 2, y.shape[3] // 2]
    (g,) = torch.autograd.grad(middle, x, torch.randn_like(middle))
    seen = ~torch.isclose(g[0], torch.zeros(())).all(0)
    rows, columns = seen.any(1).nonzero(), seen.any(0).nonzero()
    return int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1


# %% wrong: parameters that were frozen are trainable afterwards | says: a freeze that is not undone
def measured_field(net, size: tuple[int, int, int]) -> tuple[int, int]:
    """(height, width) of the input pixels (C, H, W) that reach the middle output unit."""
    was = net.training
    net.eval().requires_grad_(False)  # only the image's gradient is wanted
    x = torch.randn(1, *size, requires_grad=True)
    y = net(x)
    middle = y[0, :, y.shape[2] // 2, y.shape[3] // 2]
    (g,) = torch.autograd.grad(middle, x, torch.randn_like(middle))
    net.requires_grad_(True).train(was)
    seen = (g[0] != 0).any(0)
    rows, columns = seen.any(1).nonzero(), seen.any(0).nonzero()
    return int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1


# %% wrong: widest extent of a single input channel | says: one channel's field
import copy


def measured_field(net, size: tuple[int, int, int]) -> tuple[int, int]:
    """(height, width) of the input pixels (C, H, W) that reach the middle output unit."""
    net = copy.deepcopy(net).eval()
    x = torch.randn(1, *size, requires_grad=True)
    y = net(x)
    middle = y[0, :, y.shape[2] // 2, y.shape[3] // 2]
    (g,) = torch.autograd.grad(middle, x, torch.randn_like(middle))
    best = (0, 0)
    for channel in g[0] != 0:
        rows, columns = channel.any(1).nonzero(), channel.any(0).nonzero()
        if len(rows):
            best = max(best, (int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1))
    return best


# %% right: a net in training mode gathers statistics of the random image
def measured_field(net, size: tuple[int, int, int]) -> tuple[int, int]:
    """(height, width) of the input pixels (C, H, W) that reach the middle output unit."""
    x = torch.randn(1, *size, requires_grad=True)
    y = net(x)
    middle = y[0, :, y.shape[2] // 2, y.shape[3] // 2]
    seen = torch.zeros(size[1:], dtype=torch.bool)
    for unit in middle:
        seen |= (torch.autograd.grad(unit, x, retain_graph=True)[0][0] != 0).any(0)
    rows, columns = seen.any(1).nonzero(), seen.any(0).nonzero()
    return int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1


# %% wrong: below 1e-5 is taken for rounding | says: a gradient that is small
def measured_field(net, size: tuple[int, int, int]) -> tuple[int, int]:
    x = torch.randn(1, *size, requires_grad=True)
    y = net(x)
    unit = y[0, :, y.shape[2] // 2, y.shape[3] // 2]
    (g,) = torch.autograd.grad((unit * (1 + torch.rand_like(unit))).sum(), x)
    rows, columns = (g[0].abs() > 1e-5).any(0).nonzero().T
    return int(rows.max() - rows.min() + 1), int(columns.max() - columns.min() + 1)


# %% wrong: left in double precision | says: change a module for good
def measured_field(net, size: tuple[int, int, int]) -> tuple[int, int]:
    x = torch.randn(1, *size, dtype=torch.float64, requires_grad=True)
    y = net.double()(x)
    unit = y[0, :, y.shape[2] // 2, y.shape[3] // 2]
    (g,) = torch.autograd.grad((unit * (1 + torch.rand_like(unit))).sum(), x)
    rows, columns = (g[0] != 0).any(0).nonzero().T
    return int(rows.max() - rows.min() + 1), int(columns.max() - columns.min() + 1)


# %% wrong: all weights become 1 | says: work on a copy
def measured_field(net, size: tuple[int, int, int]) -> tuple[int, int]:
    with torch.no_grad():
        for p in net.parameters():
            p.fill_(1.0 if p.ndim > 1 else 0.0)
    x = torch.rand(1, *size, requires_grad=True)
    y = net(x)
    y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum().backward()
    where = (x.grad[0] != 0).any(0).nonzero()
    return tuple((where.max(0).values - where.min(0).values + 1).tolist())


# %% wrong: the larger side twice | says: each by itself
def measured_field(net, size: tuple[int, int, int]) -> tuple[int, int]:
    kind = next((p.dtype for p in net.parameters()), torch.float32)
    x = torch.randn(1, *size, dtype=kind, requires_grad=True)
    y = net(x)
    middle = y[0, :, y.shape[2] // 2, y.shape[3] // 2]
    (g,) = torch.autograd.grad(middle.sum(), x)
    seen = (g[0] != 0).any(0)
    rows, columns = seen.any(1).nonzero(), seen.any(0).nonzero()
    n = int(max(rows.max() - rows.min(), columns.max() - columns.min())) + 1
    return n, n


# %% wrong: every channel must | says: where all have a gradient
def measured_field(net, size: tuple[int, int, int]) -> tuple[int, int]:
    kind = next((p.dtype for p in net.parameters()), torch.float32)
    x = torch.randn(1, *size, dtype=kind, requires_grad=True)
    y = net(x)
    middle = y[0, :, y.shape[2] // 2, y.shape[3] // 2]
    (g,) = torch.autograd.grad(middle.sum(), x)
    seen = (g[0] != 0).all(0)
    rows, columns = seen.any(1).nonzero(), seen.any(0).nonzero()
    return int(rows.max() - rows.min()) + 1, int(columns.max() - columns.min()) + 1


# %% wrong: largest sides of the channels | says: one rectangle around
def measured_field(net, size):
    x = torch.randn(1, *size, requires_grad=True)
    y = net(x)
    sides = []
    for unit in y[0, :, y.shape[2] // 2, y.shape[3] // 2]:
        (g,) = torch.autograd.grad(unit, x, retain_graph=True)
        rows, cols = (g[0].abs().sum(0) != 0).nonzero(as_tuple=True)
        if len(rows):
            sides.append(
                ((rows.max() - rows.min()).item() + 1, (cols.max() - cols.min()).item() + 1)
            )
    return max(h for h, _ in sides), max(w for _, w in sides)


# %% wrong: a copy with other weights | says: not one of other weights
import copy


def measured_field(net, size):
    twin = copy.deepcopy(net)
    for p in twin.parameters():
        p.data.fill_(1.0)  # so that nothing cancels
    x = torch.rand(1, *size, requires_grad=True)
    y = twin(x)
    (g,) = torch.autograd.grad(y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum(), x)
    rows, cols = (g[0] != 0).any(0).nonzero(as_tuple=True)
    return (rows.max() - rows.min()).item() + 1, (cols.max() - cols.min()).item() + 1


# %% wrong: columns of nonzero off by one | says: its axes 2 and 3
def measured_field(net, size: tuple[int, int, int]) -> tuple[int, int]:
    x = torch.randn(1, *size).requires_grad_()
    y = net(x)
    y[:, :, y.shape[2] // 2, y.shape[3] // 2].sum().backward()
    at = x.grad.nonzero()
    return int(at[:, 1].max() - at[:, 1].min()) + 1, int(at[:, 2].max() - at[:, 2].min()) + 1


# %% wrong: gradient of a tensor that is no leaf | says: where the tensor is no leaf
def measured_field(net, size: tuple[int, int, int]) -> tuple[int, int]:
    x = torch.randn(1, *size, requires_grad=True) * 0.1
    y = net(x)
    y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum().backward()
    seen = (x.grad[0] != 0).any(0)
    rows, cols = seen.any(1).nonzero(), seen.any(0).nonzero()
    return int(rows[-1] - rows[0] + 1), int(cols[-1] - cols[0] + 1)


# %% wrong: the middle column by the height | says: each by its own side
def measured_field(net, size):
    x = torch.randn(1, *size, requires_grad=True)
    y = net(x)
    H = y.shape[2]
    (g,) = torch.autograd.grad(y[0, :, H // 2, H // 2].sum(), x)
    rows, cols = g[0].abs().sum(0).nonzero(as_tuple=True)
    return (rows.max() - rows.min() + 1).item(), (cols.max() - cols.min() + 1).item()


# %% wrong: above a thousandth, with its sign | says: a gradient below 0 is not zero either
def measured_field(net, size):
    x = torch.randn(1, *size, requires_grad=True)
    y = net(x)
    (g,) = torch.autograd.grad(y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum(), x)
    rows, cols = (g[0] > 1e-3).any(0).nonzero(as_tuple=True)
    return (rows.max() - rows.min() + 1).item(), (cols.max() - cols.min() + 1).item()


# %% wrong: twice the way up | says: a side may be even
def measured_field(net, size: tuple[int, int, int]):
    x = torch.randn(1, *size, requires_grad=True)
    y = net(x)
    (g,) = torch.autograd.grad(y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum(), x)
    r, c = (g[0].abs().sum(0) > 0).nonzero(as_tuple=True)
    up = (r.max() + r.min()) // 2 - r.min()
    left = (c.max() + c.min()) // 2 - c.min()
    return 2 * up.item() + 1, 2 * left.item() + 1
