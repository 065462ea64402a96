# says: nothing has moved
def discriminator_step(g, d, optimiser, real, z):
    fake = g(z).detach()
    loss = F.softplus(-d(real)).mean() + F.softplus(d(fake)).mean()
    optimiser.zero_grad()
    loss.backward()
    return loss.item()
