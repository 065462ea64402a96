def critic_step(critic, optimiser, real, fake, c):
    difference = critic(real).mean() - critic(fake).mean()
    parameters = list(critic.parameters())
    for p, slope in zip(parameters, torch.autograd.grad(difference, parameters), strict=True):
        p.grad = -slope
    optimiser.step()
    with torch.no_grad():
        for p in parameters:
            p.copy_(torch.minimum(torch.maximum(p, p.new_tensor(-c)), p.new_tensor(c)))
    return float(difference)
