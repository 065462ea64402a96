def discriminator_step(g, d, optimiser, real, z):
    """The gradients of the two parts add up in .grad; one step follows."""
    bce = nn.BCEWithLogitsLoss()
    optimiser.zero_grad(set_to_none=False)
    on_real, on_fake = d(real), d(g(z).detach())
    first = bce(on_real, torch.ones_like(on_real))
    first.backward()
    second = bce(on_fake, torch.zeros_like(on_fake))
    second.backward()
    optimiser.step()
    return first.item() + second.item()
