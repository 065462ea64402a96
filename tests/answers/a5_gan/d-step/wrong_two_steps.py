# says: not a step on each
def discriminator_step(g, d, optimiser, real, z):
    fake = g(z).detach()
    total = 0.0
    for loss in (lambda: F.softplus(-d(real)).mean(), lambda: F.softplus(d(fake)).mean()):
        optimiser.zero_grad()
        part = loss()
        part.backward()
        optimiser.step()
        total += part.item()
    return total
