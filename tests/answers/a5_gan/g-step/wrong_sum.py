# says: a mean, not a sum
def generator_step(g, d, optimiser, z, loss):
    d.requires_grad_(False)
    a = d(g(z))
    value = F.softplus(-a).sum() if loss == "non-saturating" else -F.softplus(a).sum()
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    d.requires_grad_(True)
    return value.item()
