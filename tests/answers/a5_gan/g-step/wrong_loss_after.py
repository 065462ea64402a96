# says: the loss before the step
def generator_step(g, d, optimiser, z, loss):
    d.requires_grad_(False)
    a = d(g(z))
    value = F.softplus(-a).mean() if loss == "non-saturating" else -F.softplus(a).mean()
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    d.requires_grad_(True)
    return (
        F.softplus(-d(g(z))).mean() if loss == "non-saturating" else -F.softplus(d(g(z))).mean()
    ).item()
