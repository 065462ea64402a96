# says: not half of it
def discriminator_step(g, d, optimiser, real, z):
    fake = g(z).detach()
    loss = (F.softplus(-d(real)).mean() + F.softplus(d(fake)).mean()) / 2
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()
