# says: nothing is clipped
def critic_step(critic, optimiser, real, fake, c):
    difference = critic(real).mean() - critic(fake).mean()
    optimiser.zero_grad()
    (-difference).backward()
    optimiser.step()
    return difference.item()
