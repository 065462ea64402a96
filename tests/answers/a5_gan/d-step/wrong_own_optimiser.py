# says: step 2
def discriminator_step(g, d, optimiser, real, z):
    fake = g(z).detach()
    own = type(optimiser)(d.parameters(), lr=optimiser.param_groups[0]["lr"])
    loss = F.softplus(-d(real)).mean() + F.softplus(d(fake)).mean()
    own.zero_grad()
    loss.backward()
    own.step()
    return loss.item()
