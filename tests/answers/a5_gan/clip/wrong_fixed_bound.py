# says: c=0.1
def critic_step(critic, optimiser, real, fake, c):
    difference = critic(real).mean() - critic(fake).mean()
    optimiser.zero_grad()
    (-difference).backward()
    optimiser.step()
    with torch.no_grad():
        for p in critic.parameters():
            p.clamp_(-0.2, 0.2)
    return difference.item()
