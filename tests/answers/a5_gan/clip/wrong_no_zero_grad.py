# says: zero_grad() before backward()
def critic_step(critic, optimiser, real, fake, c):
    difference = critic(real).mean() - critic(fake).mean()
    (-difference).backward()
    optimiser.step()
    with torch.no_grad():
        for p in critic.parameters():
            p.clamp_(-c, c)
    return difference.item()
