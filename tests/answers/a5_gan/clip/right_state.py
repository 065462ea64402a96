def critic_step(critic, optimiser, real, fake, c):
    loss = -(critic(real).mean() - critic(fake).mean())
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    state = {name: value.clamp(-c, c) for name, value in critic.state_dict().items()}
    critic.load_state_dict(state)
    return -float(loss)
