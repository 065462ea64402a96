# %% right: copy
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


# %% right: data
def critic_step(critic, optimiser, real, fake, c):
    optimiser.zero_grad()
    loss = critic(fake).mean() - critic(real).mean()
    loss.backward()
    optimiser.step()
    for p in critic.parameters():
        p.data.clamp_(-c, c)
    return -loss.item()


# %% right: state
def critic_step(critic, optimiser, real, fake, c):
    loss = -(critic(real).mean() - critic(fake).mean())
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    state = {name: value.clamp(-c, c) for name, value in critic.state_dict().items()}
    critic.load_state_dict(state)
    return -float(loss)


# %% right: one batch, each example with its share in float32
def critic_step(critic, optimiser, real, fake, c):
    signs = ((real, 1.0), (fake, -1.0))
    share = torch.cat([torch.full((len(part),), sign / len(part)) for part, sign in signs])
    up = (critic(torch.cat([real, fake])) * share).sum()
    optimiser.zero_grad()
    (-up).backward()
    optimiser.step()
    for p in critic.parameters():
        p.data.clamp_(-c, c)
    return up.item()


# %% wrong: above only | says: clip below too
def critic_step(critic, optimiser, real, fake, c):
    difference = critic(real).mean() - critic(fake).mean()
    optimiser.zero_grad()
    (-difference).backward()
    optimiser.step()
    with torch.no_grad():
        for p in critic.parameters():
            p.clamp_(max=c)
    return difference.item()


# %% wrong: after | says: the difference before the step
def critic_step(critic, optimiser, real, fake, c):
    difference = critic(real).mean() - critic(fake).mean()
    optimiser.zero_grad()
    (-difference).backward()
    optimiser.step()
    with torch.no_grad():
        for p in critic.parameters():
            p.clamp_(-c, c)
    return (critic(real).mean() - critic(fake).mean()).item()


# %% wrong: before | says: clip after the step
def critic_step(critic, optimiser, real, fake, c):
    with torch.no_grad():
        for p in critic.parameters():
            p.clamp_(-c, c)
    difference = critic(real).mean() - critic(fake).mean()
    optimiser.zero_grad()
    (-difference).backward()
    optimiser.step()
    return difference.item()


# %% wrong: between | says: clip after the step, not before it
def critic_step(critic, optimiser, real, fake, c):
    difference = critic(real).mean() - critic(fake).mean()
    optimiser.zero_grad()
    (-difference).backward()
    with torch.no_grad():
        for p in critic.parameters():
            p.clamp_(-c, c)
    optimiser.step()
    return difference.item()


# %% wrong: discarded | says: nothing is clipped
def critic_step(critic, optimiser, real, fake, c):
    difference = critic(real).mean() - critic(fake).mean()
    optimiser.zero_grad()
    (-difference).backward()
    optimiser.step()
    for p in critic.parameters():
        p.clamp(-c, c)
    return difference.item()


# %% wrong: fixed bound | says: c=0.1
def critic_step(critic, optimiser, real, fake, c):
    difference = critic(real).mean() - critic(fake).mean()
    optimiser.zero_grad()
    (-difference).backward()
    optimiser.step()
    with torch.no_grad():
        for p in critic.parameters():
            p.clamp_(-0.2, 0.2)
    return difference.item()


# %% wrong: gradient | says: not the gradient
def critic_step(critic, optimiser, real, fake, c):
    difference = critic(real).mean() - critic(fake).mean()
    optimiser.zero_grad()
    (-difference).backward()
    nn.utils.clip_grad_value_(critic.parameters(), c)
    optimiser.step()
    return difference.item()


# %% wrong: logarithms | says: neither logarithms nor a sigmoid
def critic_step(critic, optimiser, real, fake, c):
    loss = F.softplus(-critic(real)).mean() + F.softplus(critic(fake)).mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    with torch.no_grad():
        for p in critic.parameters():
            p.clamp_(-c, c)
    return -loss.item()


# %% wrong: loss returned | says: the sign: E f(real) - E f(fake)
def critic_step(critic, optimiser, real, fake, c):
    difference = critic(real).mean() - critic(fake).mean()
    optimiser.zero_grad()
    (-difference).backward()
    optimiser.step()
    with torch.no_grad():
        for p in critic.parameters():
            p.clamp_(-c, c)
    return -difference.item()


# %% wrong: new parameters | says: the same parameters
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


# %% wrong: no clipping | says: nothing is clipped
def critic_step(critic, optimiser, real, fake, c):
    difference = critic(real).mean() - critic(fake).mean()
    optimiser.zero_grad()
    (-difference).backward()
    optimiser.step()
    return difference.item()


# %% wrong: no step | says: clipped, but not moved
def critic_step(critic, optimiser, real, fake, c):
    difference = critic(real).mean() - critic(fake).mean()
    optimiser.zero_grad()
    (-difference).backward()
    with torch.no_grad():
        for p in critic.parameters():
            p.clamp_(-c, c)
    return difference.item()


# %% wrong: no zero grad | says: zero_grad() before backward()
def critic_step(critic, optimiser, real, fake, c):
    difference = critic(real).mean() - critic(fake).mean()
    (-difference).backward()
    optimiser.step()
    with torch.no_grad():
        for p in critic.parameters():
            p.clamp_(-c, c)
    return difference.item()


# %% wrong: norm | says: shrunk to norm c
def critic_step(critic, optimiser, real, fake, c):
    difference = critic(real).mean() - critic(fake).mean()
    optimiser.zero_grad()
    (-difference).backward()
    optimiser.step()
    with torch.no_grad():
        for p in critic.parameters():
            p *= min(1, c / p.norm().item())
    return difference.item()


# %% wrong: sign | says: the critic makes E f(real) - E f(fake) large
def critic_step(critic, optimiser, real, fake, c):
    difference = critic(real).mean() - critic(fake).mean()
    optimiser.zero_grad()
    difference.backward()
    optimiser.step()
    with torch.no_grad():
        for p in critic.parameters():
            p.clamp_(-c, c)
    return difference.item()


# %% wrong: sum | says: a mean, not a sum
def critic_step(critic, optimiser, real, fake, c):
    difference = critic(real).sum() - critic(fake).sum()
    optimiser.zero_grad()
    (-difference).backward()
    optimiser.step()
    with torch.no_grad():
        for p in critic.parameters():
            p.clamp_(-c, c)
    return (critic(real).mean() - critic(fake).mean()).item()


# %% wrong: weights only | says: the biases have to be clipped too
def critic_step(critic, optimiser, real, fake, c):
    difference = critic(real).mean() - critic(fake).mean()
    optimiser.zero_grad()
    (-difference).backward()
    optimiser.step()
    with torch.no_grad():
        for p in (layer.weight for layer in critic if hasattr(layer, "weight")):
            p.clamp_(-c, c)
    return difference.item()


# %% right: negated gradients
def critic_step(critic, optimiser, real, fake, c: float) -> float:
    params = tuple(critic.parameters())
    f = critic(torch.cat([real, fake]))
    gap = f[: len(real)].mean() - f[len(real) :].mean()
    for p, slope in zip(params, torch.autograd.grad(gap, params)):
        p.grad = -slope
    optimiser.step()
    with torch.no_grad():
        for p in params:
            p.copy_(
                torch.minimum(
                    torch.maximum(p, torch.tensor(-c, dtype=p.dtype)),
                    torch.tensor(c, dtype=p.dtype),
                )
            )
    return float(gap)


# %% right: one batch
def critic_step(critic, optimiser, real, fake, c: float) -> float:
    optimiser.zero_grad()
    f = critic(torch.cat([real, fake]))
    gap = f[: len(real)].mean() - f[len(real) :].mean()
    (-gap).backward()
    optimiser.step()
    with torch.no_grad():
        for p in critic.parameters():
            p.clamp_(-c, c)
    return gap.item()


# %% wrong: never below the bound of the paper | says: c=0.004
def critic_step(critic, optimiser, real, fake, c: float) -> float:
    optimiser.zero_grad()
    gap = critic(real).mean() - critic(fake).mean()
    (-gap).backward()
    optimiser.step()
    with torch.no_grad():
        for p in critic.parameters():
            p.clamp_(-max(c, 0.01), max(c, 0.01))
    return gap.item()


# %% wrong: never wider than the visible bound | says: a smaller one has taken its place
def critic_step(critic, optimiser, real, fake, c: float) -> float:
    difference = critic(real).mean() - critic(fake).mean()
    optimiser.zero_grad()
    (-difference).backward()
    optimiser.step()
    c = min(c, 0.2)
    for p in critic.parameters():
        p.data.clamp_(-c, c)
    return difference.item()


# %% wrong: two halves | says: cut both at B
def critic_step(critic, optimiser, real, fake, c: float) -> float:
    optimiser.zero_grad()
    on_real, on_fake = critic(torch.cat([real, fake], dim=0)).chunk(2)
    difference = on_real.mean() - on_fake.mean()
    (-difference).backward()
    optimiser.step()
    for p in critic.parameters():
        p.data.clamp_(-c, c)
    return difference.item()


# %% wrong: gradients' norm clipped | says: not the gradient's norm
def critic_step(critic, optimiser, real, fake, c: float) -> float:
    difference = critic(real).mean() - critic(fake).mean()
    optimiser.zero_grad()
    (-difference).backward()
    nn.utils.clip_grad_norm_(critic.parameters(), c)
    optimiser.step()
    return difference.item()


# %% wrong: pairs only | says: neither batch is cut
def critic_step(critic, optimiser, real, fake, c: float) -> float:
    n = min(len(real), len(fake))
    real, fake = real[:n], fake[:n]
    difference = critic(real).mean() - critic(fake).mean()
    optimiser.zero_grad()
    (-difference).backward()
    optimiser.step()
    with torch.no_grad():
        for p in critic.parameters():
            p.clamp_(-c, c)
    return difference.item()


# %% wrong: five steps | says: one step, not several
def critic_step(critic, optimiser, real, fake, c: float) -> float:
    first = None
    for _ in range(5):
        difference = critic(real).mean() - critic(fake).mean()
        if first is None:
            first = difference.item()
        optimiser.zero_grad()
        (-difference).backward()
        optimiser.step()
        for p in critic.parameters():
            p.data.clamp_(-c, c)
    return first


# %% wrong: divided by c | says: not divided by c
def critic_step(critic, optimiser, real, fake, c: float) -> float:
    optimiser.zero_grad()
    gap = critic(real).mean() - critic(fake).mean()
    (-gap).backward()
    optimiser.step()
    for p in critic.parameters():
        p.data.clamp_(-c, c)
    return gap.item() / c


# %% wrong: what is outside goes to +c | says: what is below -c becomes -c
def critic_step(critic, optimiser, real, fake, c: float) -> float:
    optimiser.zero_grad()
    gap = critic(real).mean() - critic(fake).mean()
    (-gap).backward()
    optimiser.step()
    for p in critic.parameters():
        p.data = torch.where(p.data.abs() > c, torch.full_like(p.data, c), p.data)
    return gap.item()


# %% wrong: means over both batches alike | says: divided by the number of real ones
def critic_step(critic, optimiser, real, fake, c: float) -> float:
    scores = critic(torch.cat([real, fake]))
    B = len(real)
    difference = (scores[:B].sum() - scores[B:].sum()) / B
    optimiser.zero_grad()
    (-difference).backward()
    optimiser.step()
    with torch.no_grad():
        for p in critic.parameters():
            p.clamp_(-c, c)
    return difference.item()
