def discriminator_step(g, d, optimiser, real, z):
    optimiser.zero_grad()
    loss = -F.logsigmoid(d(real)).mean() - F.logsigmoid(-d(g(z).detach())).mean()
    loss.backward()
    optimiser.step()
    return float(loss)
