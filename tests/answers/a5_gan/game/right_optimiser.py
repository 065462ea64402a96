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
