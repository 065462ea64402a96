# says: the loss before the step
def discriminator_step(g, d, optimiser, real, z):
    fake = g(z).detach()

    def loss():
        return F.softplus(-d(real)).mean() + F.softplus(d(fake)).mean()

    optimiser.zero_grad()
    loss().backward()
    optimiser.step()
    return loss().item()
