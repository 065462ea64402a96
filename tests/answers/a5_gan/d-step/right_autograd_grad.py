def discriminator_step(g, d, optimiser, real, z):
    loss = F.softplus(-d(real)).mean() + F.softplus(d(g(z))).mean()
    parameters = list(d.parameters())
    for p, slope in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
        p.grad = slope
    optimiser.step()
    return loss.item()
