# says: nothing has moved
def generator_step(g, d, optimiser, z, loss):
    d.requires_grad_(False)
    a = d(g(z))
    value = F.softplus(-a).mean() if loss == "non-saturating" else -F.softplus(a).mean()
    optimiser.zero_grad()
    value.backward()
    d.requires_grad_(True)
    return value.item()
