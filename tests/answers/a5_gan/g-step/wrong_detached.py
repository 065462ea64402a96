# says: does not require grad
def generator_step(g, d, optimiser, z, loss):
    d.requires_grad_(False)
    a = d(g(z).detach())
    value = F.softplus(-a).mean() if loss == "non-saturating" else -F.softplus(a).mean()
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    d.requires_grad_(True)
    return value.item()
