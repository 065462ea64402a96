from helpers.models import gan


def discriminator_step(g, d, optimiser, real, z):
    with torch.no_grad():
        fake = g(z)
    loss = gan.discriminator_loss(d(real), d(fake))
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()
