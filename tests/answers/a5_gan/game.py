# %% right: func
def game_step(V, x, y, eta, rule):
    down, up = torch.func.grad(V, argnums=0), torch.func.grad(V, argnums=1)
    ahead_x, ahead_y = x - eta * down(x, y), y + eta * up(x, y)
    if rule == "simultaneous":
        return ahead_x, ahead_y
    if rule == "alternating":
        return ahead_x, y + eta * up(ahead_x, y)
    return x - eta * down(ahead_x, ahead_y), y + eta * up(ahead_x, ahead_y)


# %% right: graph
def game_step(V, x, y, eta, rule):
    def step(x, y, at_x, at_y):
        at_x, at_y = at_x.clone().requires_grad_(), at_y.clone().requires_grad_()
        V(at_x, at_y).backward()
        return (x - eta * at_x.grad).detach(), (y + eta * at_y.grad).detach()

    new = step(x, y, x, y)
    if rule == "alternating":
        return new[0], step(x, y, new[0], y)[1]
    if rule == "extra-gradient":
        return step(x, y, *new)
    return new


# %% right: optimiser
def game_step(V, x, y, eta, rule):
    a, b = nn.Parameter(x.clone()), nn.Parameter(y.clone())
    if rule == "alternating":
        (slope,) = torch.autograd.grad(V(a, b), a)
        a.data -= eta * slope
        (slope,) = torch.autograd.grad(V(a, b), b)
        b.data += eta * slope
        return a.detach(), b.detach()
    optimisers = [torch.optim.SGD([a], lr=eta), torch.optim.SGD([b], lr=eta, maximize=True)]
    for round_number in range(2 if rule == "extra-gradient" else 1):
        for one in optimisers:
            one.zero_grad()
        V(a, b).backward()
        if round_number:
            a.data, b.data = x.clone(), y.clone()
        for one in optimisers:
            one.step()
    return a.detach(), b.detach()


# %% wrong: always alternating | says: this is the alternating step
def game_step(V, x, y, eta, rule):
    def slopes(x, y):
        x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
        return torch.autograd.grad(V(x, y), (x, y))

    slope_x, slope_y = slopes(x, y)
    new_x = x - eta * slope_x
    return new_x, y + eta * slopes(new_x, y)[1]


# %% wrong: both ascend | says: x makes V smaller
def game_step(V, x, y, eta, rule):
    def slopes(x, y):
        x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
        return torch.autograd.grad(V(x, y), (x, y))

    slope_x, slope_y = slopes(x, y)
    if rule == "extra-gradient":
        slope_x, slope_y = slopes(x + eta * slope_x, y + eta * slope_y)
    new_x = x + eta * slope_x
    if rule == "alternating":
        _, slope_y = slopes(new_x, y)
    return new_x, y + eta * slope_y


# %% wrong: both descend | says: y makes V larger
def game_step(V, x, y, eta, rule):
    def slopes(x, y):
        x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
        return torch.autograd.grad(V(x, y), (x, y))

    slope_x, slope_y = slopes(x, y)
    if rule == "extra-gradient":
        slope_x, slope_y = slopes(x - eta * slope_x, y - eta * slope_y)
    new_x = x - eta * slope_x
    if rule == "alternating":
        _, slope_y = slopes(new_x, y)
    return new_x, y - eta * slope_y


# %% wrong: exchanged slopes | says: along its own axis
def game_step(V, x, y, eta, rule):
    def slopes(x, y):
        x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
        return torch.autograd.grad(V(x, y), (x, y))

    slope_x, slope_y = slopes(x, y)
    return x - eta * slope_y, y + eta * slope_x


# %% wrong: gradients added | says: the step goes from (x, y)
def game_step(V, x, y, eta, rule):
    a, b = x.clone().requires_grad_(), y.clone().requires_grad_()
    V(a, b).backward()
    if rule == "alternating":
        new_x = (x - eta * a.grad).detach()
        return new_x, y + eta * torch.autograd.grad(V(new_x, b), b)[0]
    if rule == "extra-gradient":
        a.data, b.data = x - eta * a.grad, y + eta * b.grad
        V(a, b).backward()
    return x - eta * a.grad, y + eta * b.grad


# %% wrong: graph kept | says: requires_grad of argument 2
def game_step(V, x, y, eta, rule):
    x, y = x.requires_grad_(), y.requires_grad_()
    slope_x, slope_y = torch.autograd.grad(V(x, y), (x, y), create_graph=True)
    return x - eta * slope_x, y + eta * slope_y


# %% wrong: in place | says: argument 2 left as it was
def game_step(V, x, y, eta, rule):
    def slopes(x, y):
        x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
        return torch.autograd.grad(V(x, y), (x, y))

    slope_x, slope_y = slopes(x, y)
    x -= eta * slope_x
    y += eta * slope_y
    return x, y


# %% wrong: look ahead | says: the look ahead is a simultaneous step
def game_step(V, x, y, eta, rule):
    def slopes(x, y):
        x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
        return torch.autograd.grad(V(x, y), (x, y))

    slope_x, slope_y = slopes(x, y)
    new_x = x - eta * slope_x
    if rule == "alternating":
        return new_x, y + eta * slopes(new_x, y)[1]
    if rule == "extra-gradient":
        slope_x, slope_y = slopes(new_x, y + eta * slopes(new_x, y)[1])
    return x - eta * slope_x, y + eta * slope_y


# %% wrong: mean of slopes | says: the mean of two slopes
def game_step(V, x, y, eta, rule):
    def slopes(x, y):
        x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
        return torch.autograd.grad(V(x, y), (x, y))

    slope_x, slope_y = slopes(x, y)
    new_x, new_y = x - eta * slope_x, y + eta * slope_y
    if rule == "alternating":
        return new_x, y + eta * slopes(new_x, y)[1]
    if rule == "extra-gradient":
        far_x, far_y = slopes(new_x, new_y)
        return x - eta * (slope_x + far_x) / 2, y + eta * (slope_y + far_y) / 2
    return new_x, new_y


# %% wrong: only xy | says: must match
def game_step(V, x, y, eta, rule):
    ahead = x - eta * y, y + eta * x
    if rule == "alternating":
        return ahead[0], y + eta * ahead[0]
    if rule == "extra-gradient":
        return x - eta * ahead[1], y + eta * ahead[0]
    return ahead


# %% wrong: places | says: changed places
def game_step(V, x, y, eta, rule):
    def slopes(x, y):
        x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
        return torch.autograd.grad(V(x, y), (x, y))

    slope_x, slope_y = slopes(x, y)
    return y + eta * slope_y, x - eta * slope_x


# %% wrong: point ahead | says: this is the simultaneous step
def game_step(V, x, y, eta, rule):
    def slopes(x, y):
        x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
        return torch.autograd.grad(V(x, y), (x, y))

    slope_x, slope_y = slopes(x, y)
    new_x = x - eta * slope_x
    if rule == "alternating":
        _, slope_y = slopes(new_x, y)
    return new_x, y + eta * slope_y


# %% wrong: rule ignored | says: this is the simultaneous step
def game_step(V, x, y, eta, rule):
    def slopes(x, y):
        x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
        return torch.autograd.grad(V(x, y), (x, y))

    slope_x, slope_y = slopes(x, y)
    return x - eta * slope_x, y + eta * slope_y


# %% wrong: two steps | says: the step goes from (x, y)
def game_step(V, x, y, eta, rule):
    def slopes(x, y):
        x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
        return torch.autograd.grad(V(x, y), (x, y))

    slope_x, slope_y = slopes(x, y)
    if rule == "extra-gradient":
        x, y = x - eta * slope_x, y + eta * slope_y
        slope_x, slope_y = slopes(x, y)
    new_x = x - eta * slope_x
    if rule == "alternating":
        _, slope_y = slopes(new_x, y)
    return new_x, y + eta * slope_y


# %% wrong: y first | says: x moves first
def game_step(V, x, y, eta, rule):
    def slopes(x, y):
        x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
        return torch.autograd.grad(V(x, y), (x, y))

    slope_x, slope_y = slopes(x, y)
    if rule == "extra-gradient":
        slope_x, slope_y = slopes(x - eta * slope_x, y + eta * slope_y)
    new_y = y + eta * slope_y
    if rule == "alternating":
        slope_x, _ = slopes(x, new_y)
    return x - eta * slope_x, new_y


# %% wrong: slopes that pile up | says: added up in .grad
def game_step(V, x, y, eta: float, rule: str):
    a, b = x.detach().clone().requires_grad_(), y.detach().clone().requires_grad_()
    V(a, b).backward()
    if rule == "simultaneous":
        return x - eta * a.grad, y + eta * b.grad
    if rule == "alternating":
        new_x = (x - eta * a.grad).detach()
        V(new_x, b).backward()
        return new_x, y + eta * b.grad
    a2 = (x - eta * a.grad).detach().requires_grad_()
    b2 = (y + eta * b.grad).detach().requires_grad_()
    V(a2, b2).backward()
    return x - eta * a2.grad, y + eta * b2.grad


# %% wrong: each looks ahead for the opponent only | says: at the one point ahead
def game_step(V, x, y, eta: float, rule: str):
    def slopes(a, b):
        a, b = a.detach().clone().requires_grad_(), b.detach().clone().requires_grad_()
        return torch.autograd.grad(V(a, b), (a, b))

    gx, gy = slopes(x, y)
    new_x, new_y = x - eta * gx, y + eta * gy
    if rule == "simultaneous":
        return new_x, new_y
    if rule == "alternating":
        return new_x, y + eta * slopes(new_x, y)[1]
    return x - eta * slopes(x, new_y)[0], y + eta * slopes(new_x, y)[1]


# %% wrong: backward on what is given | says: backward() adds to .grad
def game_step(V, x, y, eta: float, rule: str):
    def slopes(a, b):
        a.requires_grad_(True)
        b.requires_grad_(True)
        V(a, b).backward()
        a.requires_grad_(False)
        b.requires_grad_(False)
        return a.grad, b.grad

    gx, gy = slopes(x, y)
    if rule == "simultaneous":
        return x - eta * gx, y + eta * gy
    if rule == "alternating":
        new_x = x - eta * gx
        gy = slopes(new_x, y.clone())[1]
        return new_x, y + eta * gy
    gx, gy = slopes(x - eta * gx, y + eta * gy)
    return x - eta * gx, y + eta * gy


# %% wrong: backward on the arguments, then tidied up | says: what stands in x's and y's .grad
def game_step(V, x, y, eta: float, rule: str):
    def slopes(x, y):
        x.requires_grad_(True)
        y.requires_grad_(True)
        x.grad = y.grad = None
        V(x, y).backward()
        found = x.grad, y.grad
        x.requires_grad_(False)
        y.requires_grad_(False)
        x.grad = y.grad = None
        return found

    gx, gy = slopes(x, y)
    if rule == "simultaneous":
        return x - eta * gx, y + eta * gy
    if rule == "alternating":
        new_x = x - eta * gx
        _, gy = slopes(new_x, y)
        return new_x, y + eta * gy
    gx, gy = slopes(x - eta * gx, y + eta * gy)
    return x - eta * gx, y + eta * gy


# %% wrong: always in float64 | says: dtype torch.float32
def game_step(V, x, y, eta: float, rule: str):
    def slopes(x, y):
        x, y = x.detach().clone().requires_grad_(), y.detach().clone().requires_grad_()
        return torch.autograd.grad(V(x, y), (x, y))

    x, y = x.double(), y.double()
    gx, gy = slopes(x, y)
    if rule == "simultaneous":
        return x - eta * gx, y + eta * gy
    if rule == "alternating":
        new_x = x - eta * gx
        _, gy = slopes(new_x, y)
        return new_x, y + eta * gy
    ahead_x, ahead_y = x - eta * gx, y + eta * gy
    gx, gy = slopes(ahead_x, ahead_y)
    return x - eta * gx, y + eta * gy


# %% wrong: the last y of extra-gradient at the new x | says: y's not at the new x
def game_step(V, x, y, eta: float, rule: str):
    def slopes(x, y):
        x, y = x.detach().clone().requires_grad_(), y.detach().clone().requires_grad_()
        return torch.autograd.grad(V(x, y), (x, y))

    gx, gy = slopes(x, y)
    if rule == "simultaneous":
        return x - eta * gx, y + eta * gy
    if rule == "alternating":
        new_x = x - eta * gx
        _, gy = slopes(new_x, y)
        return new_x, y + eta * gy
    ahead_x, ahead_y = x - eta * gx, y + eta * gy
    new_x = x - eta * slopes(ahead_x, ahead_y)[0]
    return new_x, y + eta * slopes(new_x, ahead_y)[1]


# %% wrong: half a step ahead | says: not half of one
def game_step(V, x, y, eta: float, rule: str):
    def slopes(x, y):
        x, y = x.detach().clone().requires_grad_(), y.detach().clone().requires_grad_()
        return torch.autograd.grad(V(x, y), (x, y))

    gx, gy = slopes(x, y)
    if rule == "simultaneous":
        return x - eta * gx, y + eta * gy
    if rule == "alternating":
        new_x = x - eta * gx
        _, gy = slopes(new_x, y)
        return new_x, y + eta * gy
    ahead_x, ahead_y = x - eta / 2 * gx, y + eta / 2 * gy
    gx, gy = slopes(ahead_x, ahead_y)
    return x - eta * gx, y + eta * gy


# %% wrong: the slopes of V = xy | says: here V is not used
def game_step(V, x, y, eta: float, rule: str):
    if rule == "simultaneous":
        return x - eta * y, y + eta * x
    if rule == "alternating":
        new = x - eta * y
        return new, y + eta * new
    u, w = x - eta * y, y + eta * x
    return x - eta * w, y + eta * u


# %% wrong: unrolled, y sees how the new x depends on it | says: the new x held
def game_step(V, x, y, eta: float, rule: str):
    a, b = x.clone().requires_grad_(), y.clone().requires_grad_()
    gx, gy = torch.autograd.grad(V(a, b), (a, b), create_graph=True)
    if rule == "simultaneous":
        return (a - eta * gx).detach(), (b + eta * gy).detach()
    if rule == "alternating":
        new = a - eta * gx
        (gy,) = torch.autograd.grad(V(new, b), b)
        return new.detach(), (b + eta * gy).detach()
    ahead = (a - eta * gx).detach().requires_grad_(), (b + eta * gy).detach().requires_grad_()
    gx, gy = torch.autograd.grad(V(*ahead), ahead)
    return (a - eta * gx).detach(), (b + eta * gy).detach()


# %% wrong: the look ahead takes the slopes of the call before | says: something kept from the call before
_past = {}


def game_step(V, x, y, eta: float, rule: str):
    def slopes(s, t):
        s, t = s.clone().requires_grad_(), t.clone().requires_grad_()
        return torch.autograd.grad(V(s, t), (s, t))

    if rule == "extra-gradient":
        key = (x.shape, y.shape, eta)
        vx, vy = _past.get(key) or slopes(x, y)
        vx, vy = _past[key] = slopes(x - eta * vx, y + eta * vy)
        return x - eta * vx, y + eta * vy
    vx, vy = slopes(x, y)
    new_x = x - eta * vx
    if rule == "alternating":
        vy = slopes(new_x, y)[1]
    return new_x, y + eta * vy
