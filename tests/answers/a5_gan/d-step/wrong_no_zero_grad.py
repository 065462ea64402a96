# says: zero_grad() before backward()
def discriminator_step(g, d, optimiser, real, z):
    fake = g(z).detach()
    loss = F.softplus(-d(real)).mean() + F.softplus(d(fake)).mean()
    loss.backward()
    optimiser.step()
    return loss.item()
