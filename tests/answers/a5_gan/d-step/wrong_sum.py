# says: a mean, not a sum
def discriminator_step(g, d, optimiser, real, z):
    fake = g(z).detach()
    loss = F.softplus(-d(real)).sum() + F.softplus(d(fake)).sum()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()
