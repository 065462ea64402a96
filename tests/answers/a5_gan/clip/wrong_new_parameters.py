# says: a new nn.Parameter is unknown
def critic_step(critic, optimiser, real, fake, c):
    difference = critic(real).mean() - critic(fake).mean()
    optimiser.zero_grad()
    (-difference).backward()
    optimiser.step()
    for layer in critic:
        if isinstance(layer, nn.Linear):
            layer.weight = nn.Parameter(layer.weight.detach().clamp(-c, c))
            layer.bias = nn.Parameter(layer.bias.detach().clamp(-c, c))
    return difference.item()
