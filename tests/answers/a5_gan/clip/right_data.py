def critic_step(critic, optimiser, real, fake, c):
    optimiser.zero_grad()
    loss = critic(fake).mean() - critic(real).mean()
    loss.backward()
    optimiser.step()
    for p in critic.parameters():
        p.data.clamp_(-c, c)
    return -loss.item()
