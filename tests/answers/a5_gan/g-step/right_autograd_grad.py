def generator_step(g, d, optimiser, z, loss):
    a = d(g(z))
    value = -F.logsigmoid(a).mean() if loss == "non-saturating" else F.logsigmoid(-a).mean()
    optimiser.zero_grad()
    for p, slope in zip(
        g.parameters(), torch.autograd.grad(value, list(g.parameters())), strict=True
    ):
        p.grad = slope
    optimiser.step()
    return value.item()
