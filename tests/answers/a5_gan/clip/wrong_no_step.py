# says: clipped, but not moved
def critic_step(critic, optimiser, real, fake, c):
    difference = critic(real).mean() - critic(fake).mean()
    optimiser.zero_grad()
    (-difference).backward()
    with torch.no_grad():
        for p in critic.parameters():
            p.clamp_(-c, c)
    return difference.item()
