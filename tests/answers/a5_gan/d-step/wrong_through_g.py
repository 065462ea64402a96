# says: make the samples without a graph
def discriminator_step(g, d, optimiser, real, z):
    loss = F.softplus(-d(real)).mean() + F.softplus(d(g(z))).mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()
