# says: belongs to D's optimiser here
def discriminator_step(g, d, optimiser, real, z):
    loss = F.softplus(-d(real)).mean() + F.softplus(d(g(z))).mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    g.zero_grad()
    return loss.item()
