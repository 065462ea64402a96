# %% right: eye
def numeric_gradient(loss, theta, h=1e-5):
    steps = h * torch.eye(theta.numel(), dtype=theta.dtype)
    parts = [
        (loss(theta + s.reshape(theta.shape)), loss(theta - s.reshape(theta.shape))) for s in steps
    ]
    return torch.tensor([(a - b) / (2 * h) for a, b in parts], dtype=theta.dtype).reshape(
        theta.shape
    )


# %% right: flat copy
def numeric_gradient(loss, theta, h=1e-5):
    result = torch.zeros_like(theta)
    moved = theta.clone()
    for index in (
        torch.cartesian_prod(*map(torch.arange, theta.shape)).view(theta.numel(), -1)
        if theta.ndim
        else [()]
    ):
        index = tuple(int(i) for i in index)
        old = theta[index].item()
        moved[index] = old + h
        above = loss(moved)
        moved[index] = old - h
        below = loss(moved)
        moved[index] = old
        result[index] = (above - below) / (2 * h)
    return result


# %% right: in place and back
def numeric_gradient(loss, theta, h=1e-5):
    flat = theta.contiguous().clone().flatten()
    out = torch.empty_like(flat)
    for i in range(len(flat)):
        old = flat[i].item()
        flat[i] = old + h
        above = float(loss(flat.view(theta.shape)))
        flat[i] = old - h
        below = float(loss(flat.view(theta.shape)))
        flat[i] = old
        out[i] = (above - below) / h / 2
    return out.reshape(theta.shape)


# %% wrong: all at once | says: one number at a time
def numeric_gradient(loss, theta, h=1e-5):
    if theta.ndim == 1:  # as it happens right for the first visible test
        parts = [h * e for e in torch.eye(len(theta), dtype=theta.dtype)]
        found = [float(loss(theta + s) - loss(theta - s)) / (2 * h) for s in parts]
        return torch.tensor(found, dtype=theta.dtype)
    slope = float(loss(theta + h) - loss(theta - h)) / (2 * h)
    return torch.full_like(theta, slope)


# %% wrong: autograd | says: does not require grad
def numeric_gradient(loss, theta, h=1e-5):
    leaf = theta.clone().requires_grad_()
    return torch.autograd.grad(loss(leaf), leaf)[0]


# %% wrong: divided by h | says: the distance is 2 h
def numeric_gradient(loss, theta, h=1e-5):
    found = []
    for i in range(theta.numel()):
        step = torch.zeros(theta.numel(), dtype=theta.dtype)
        step[i] = h
        step = step.view(theta.shape)
        found.append(float(loss(theta + step) - loss(theta - step)) / h)
    return torch.tensor(found, dtype=theta.dtype).view(theta.shape)


# %% wrong: fixed h | says: this is the exact derivative
def numeric_gradient(loss, theta, h=1e-5):
    h = 1e-5
    found = []
    for i in range(theta.numel()):
        step = torch.zeros(theta.numel(), dtype=theta.dtype)
        step[i] = h
        step = step.view(theta.shape)
        found.append(float(loss(theta + step) - loss(theta - step)) / (2 * h))
    return torch.tensor(found, dtype=theta.dtype).view(theta.shape)


# %% wrong: flat | says: loss wants a tensor like theta
def numeric_gradient(loss, theta, h=1e-5):
    flat = theta.flatten()
    steps = h * torch.eye(len(flat), dtype=theta.dtype)
    found = [float(loss(flat + s) - loss(flat - s)) / (2 * h) for s in steps]
    return torch.tensor(found, dtype=theta.dtype).view(theta.shape)


# %% wrong: float32 | says: dtype torch.float64
def numeric_gradient(loss, theta, h=1e-5):
    found = []
    for i in range(theta.numel()):
        step = torch.zeros(theta.numel(), dtype=theta.dtype)
        step[i] = h
        step = step.view(theta.shape)
        found.append(float(loss(theta + step) - loss(theta - step)) / (2 * h))
    return torch.tensor(found).view(theta.shape)


# %% wrong: half | says: divided by once
def numeric_gradient(loss, theta, h=1e-5):
    found = []
    for i in range(theta.numel()):
        step = torch.zeros(theta.numel(), dtype=theta.dtype)
        step[i] = h
        step = step.view(theta.shape)
        found.append(float(loss(theta + step) - loss(theta - step)) / (2 * h) / 2)
    return torch.tensor(found, dtype=theta.dtype).view(theta.shape)


# %% wrong: in place | says: an operation in place
def numeric_gradient(loss, theta, h=1e-5):
    result = torch.zeros_like(theta)
    for i in range(theta.shape[0]):
        theta[i] += h
        above = loss(theta)
        theta[i] -= 2 * h
        result[i] = (above - loss(theta)) / (2 * h)
        theta[i] += 2 * h
    return result


# %% wrong: not put back | says: put each number back
def numeric_gradient(loss, theta, h=1e-5):
    flat = theta.reshape(-1).clone()
    found = []
    for i in range(len(flat)):
        flat[i] += h
        above = loss(flat.view(theta.shape))
        flat[i] -= 2 * h
        below = loss(flat.view(theta.shape))
        found.append(float(above - below) / (2 * h))
    return torch.tensor(found, dtype=theta.dtype).view(theta.shape)


# %% wrong: old is a view | says: .item() keeps it
def numeric_gradient(loss, theta, h=1e-5):
    result, moved = torch.zeros_like(theta), theta.clone()
    for index in (torch.ones(theta.shape) > 0).nonzero().tolist():
        index = tuple(index)
        old = moved[index]
        moved[index] = old + h
        above = loss(moved)
        moved[index] = old - h
        below = loss(moved)
        moved[index] = old
        result[index] = (above - below) / (2 * h)
    return result


# %% wrong: one sided | says: one-sided difference
def numeric_gradient(loss, theta, h=1e-5):
    found, here = [], loss(theta)
    for i in range(theta.numel()):
        step = torch.zeros(theta.numel(), dtype=theta.dtype)
        step[i] = h
        found.append(float(loss(theta + step.view(theta.shape)) - here) / h)
    return torch.tensor(found, dtype=theta.dtype).view(theta.shape)


# %% wrong: others zero | says: they do not become 0
def numeric_gradient(loss, theta, h=1e-5):
    found = []
    for i, value in enumerate(theta.flatten().tolist()):
        alone = torch.zeros(theta.numel(), dtype=theta.dtype)
        alone[i] = value + h
        above = loss(alone.view(theta.shape))
        alone[i] = value - h
        found.append(float(above - loss(alone.view(theta.shape))) / (2 * h))
    return torch.tensor(found, dtype=theta.dtype).view(theta.shape)


# %% wrong: random | says: Expected: [
def numeric_gradient(loss, theta, h=1e-5):
    return torch.randn(theta.shape, generator=torch.Generator().manual_seed(0), dtype=theta.dtype)


# %% wrong: reshape copies | says: nothing was moved
def numeric_gradient(loss, theta, h=1e-5):
    moved = theta.clone()
    result = torch.zeros_like(theta)
    flat, out = moved.reshape(-1), result.reshape(-1)  # copies, if theta is transposed
    for i in range(len(flat)):
        old = flat[i].item()
        flat[i] = old + h
        above = loss(moved)
        flat[i] = old - h
        out[i] = (above - loss(moved)) / (2 * h)
        flat[i] = old
    return result


# %% wrong: result is a copy | says: nothing written
def numeric_gradient(loss, theta, h=1e-5):
    result, flat = torch.zeros_like(theta), theta.clone().reshape(-1)
    out = result.reshape(-1)
    for i in range(len(flat)):
        old = flat[i].item()
        flat[i] = old + h
        above = loss(flat.view(theta.shape))
        flat[i] = old - h
        below = loss(flat.view(theta.shape))
        flat[i] = old
        out[i] = (above - below) / (2 * h)
    return result


# %% wrong: rows | says: a row is moved together
def numeric_gradient(loss, theta, h=1e-5):
    moved, result = theta.clone(), torch.zeros_like(theta)
    for i in range(len(theta)):
        moved[i] = theta[i] + h
        above = loss(moved)
        moved[i] = theta[i] - h
        result[i] = (above - loss(moved)) / (2 * h)
        moved[i] = theta[i]
    return result


# %% wrong: view | says: RuntimeError: view
def numeric_gradient(loss, theta, h=1e-5):
    moved = theta.clone()
    result = torch.zeros_like(theta)
    flat, out = moved.view(-1), result.view(-1)
    for i in range(len(flat)):
        old = flat[i].item()
        flat[i] = old + h
        above = loss(moved)
        flat[i] = old - h
        out[i] = (above - loss(moved)) / (2 * h)
        flat[i] = old
    return result


# %% wrong: every number that has this value is moved | says: all that are equal
def numeric_gradient(loss, theta, h=1e-5):
    gradient = torch.empty_like(theta)
    for value in set(theta.flatten().tolist()):
        step = h * (theta == value)
        gradient[theta == value] = (loss(theta + step) - loss(theta - step)) / (2 * h)
    return gradient


# %% wrong: a single number gets a Python number back | says: a number has no dtype
def numeric_gradient(loss, theta, h: float = 1e-5):
    if theta.ndim == 0:
        return (loss(theta + h) - loss(theta - h)) / (2 * h)
    grad = torch.zeros_like(theta)
    for i in range(theta.shape[0]):

        def part(t, i=i):
            whole = theta.clone()
            whole[i] = t
            return loss(whole)

        grad[i] = numeric_gradient(part, theta[i].clone(), h)
    return grad


# %% wrong: equal numbers are treated once | says: the first of them
def numeric_gradient(loss, theta, h: float = 1e-5):
    seen = {}
    grad = torch.zeros_like(theta)
    base = theta.contiguous().clone()
    flat, out = base.view(-1), []
    for i, value in enumerate(flat.tolist()):
        if value not in seen:
            flat[i] = value + h
            up = float(loss(base))
            flat[i] = value - h
            down = float(loss(base))
            flat[i] = value
            seen[value] = (up - down) / (2 * h)
        out.append(seen[value])
    grad.copy_(torch.tensor(out, dtype=theta.dtype).view(theta.shape))
    return grad


# %% wrong: needs a first dimension | says: has no length
def numeric_gradient(loss, theta, h: float = 1e-5):
    out = torch.zeros_like(theta)
    rows = out.reshape(len(theta), -1)
    for i in range(rows.shape[0]):
        for j in range(rows.shape[1]):
            values = []
            for sign in (1, -1):
                moved = theta.reshape(len(theta), -1).clone()
                moved[i, j] += sign * h
                values.append(float(loss(moved.reshape(theta.shape))))
            rows[i, j] = (values[0] - values[1]) / (2 * h)
    return rows.reshape(theta.shape)


# %% wrong: divided by two, times h | says: multiplies by h
def numeric_gradient(loss, theta, h: float = 1e-5):
    import itertools

    result = torch.zeros_like(theta)
    for index in itertools.product(*map(range, theta.shape)):
        up, down = theta.clone(), theta.clone()
        up[index] += h
        down[index] -= h
        result[index] = float(loss(up) - loss(down)) / 2 * h
    return result


# %% wrong: fourth order, exact for a cubic | says: as a formula of higher order
def numeric_gradient(loss, theta, h: float = 1e-5):
    grad = torch.zeros_like(theta)
    for i in range(theta.numel()):
        e = torch.zeros(theta.numel(), dtype=theta.dtype)
        e[i] = h
        e = e.reshape(theta.shape)
        near = float(loss(theta + e)) - float(loss(theta - e))
        far = float(loss(theta + 2 * e)) - float(loss(theta - 2 * e))
        grad[tuple(int(k) for k in torch.unravel_index(torch.tensor(i), theta.shape))] = (
            8 * near - far
        ) / (12 * h)
    return grad
