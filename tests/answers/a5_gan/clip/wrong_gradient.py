# says: not the gradient
def critic_step(critic, optimiser, real, fake, c):
    difference = critic(real).mean() - critic(fake).mean()
    optimiser.zero_grad()
    (-difference).backward()
    nn.utils.clip_grad_value_(critic.parameters(), c)
    optimiser.step()
    return difference.item()
