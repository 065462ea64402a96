# says: clip after the step, not before it
def critic_step(critic, optimiser, real, fake, c):
    difference = critic(real).mean() - critic(fake).mean()
    optimiser.zero_grad()
    (-difference).backward()
    with torch.no_grad():
        for p in critic.parameters():
            p.clamp_(-c, c)
    optimiser.step()
    return difference.item()
