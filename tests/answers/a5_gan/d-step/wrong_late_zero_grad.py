# says: nothing has moved
def discriminator_step(g, d, optimiser, real, z):
    fake = g(z).detach()
    loss = F.softplus(-d(real)).mean() + F.softplus(d(fake)).mean()
    loss.backward()
    optimiser.zero_grad()
    optimiser.step()
    return loss.item()
