# says: clip below too
def critic_step(critic, optimiser, real, fake, c):
    difference = critic(real).mean() - critic(fake).mean()
    optimiser.zero_grad()
    (-difference).backward()
    optimiser.step()
    with torch.no_grad():
        for p in critic.parameters():
            p.clamp_(max=c)
    return difference.item()
