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
