# says: clip after the step
def critic_step(critic, optimiser, real, fake, c):
    with torch.no_grad():
        for p in critic.parameters():
            p.clamp_(-c, c)
    difference = critic(real).mean() - critic(fake).mean()
    optimiser.zero_grad()
    (-difference).backward()
    optimiser.step()
    return difference.item()
