# says: has to be undone
def discriminator_step(g, d, optimiser, real, z):
    g.requires_grad_(False)
    loss = F.softplus(-d(real)).mean() + F.softplus(d(g(z))).mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()
