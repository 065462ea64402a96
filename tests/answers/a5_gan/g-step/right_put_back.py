def generator_step(g, d, optimiser, z, loss):
    kept = [None if p.grad is None else p.grad.clone() for p in d.parameters()]
    a = d(g(z))
    value = F.softplus(-a).mean() if loss == "non-saturating" else -F.softplus(a).mean()
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    for p, old in zip(d.parameters(), kept, strict=True):
        p.grad = old
    return value.item()
