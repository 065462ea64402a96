# says: was .grad cleared
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
