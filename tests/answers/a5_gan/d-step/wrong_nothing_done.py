# says: nothing has moved
def discriminator_step(g, d, optimiser, real, z):
    fake = g(z).detach()
    return (F.softplus(-d(real)).mean() + F.softplus(d(fake)).mean()).item()
