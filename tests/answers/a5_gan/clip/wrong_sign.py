# says: the critic makes E f(real) - E f(fake) large
def critic_step(critic, optimiser, real, fake, c):
    difference = critic(real).mean() - critic(fake).mean()
    optimiser.zero_grad()
    difference.backward()
    optimiser.step()
    with torch.no_grad():
        for p in critic.parameters():
            p.clamp_(-c, c)
    return difference.item()
