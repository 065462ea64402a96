# %% right: autograd grad
def discriminator_step(g, d, optimiser, real, z):
    loss = F.softplus(-d(real)).mean() + F.softplus(d(g(z))).mean()
    parameters = list(d.parameters())
    for p, slope in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
        p.grad = slope
    optimiser.step()
    return loss.item()


# %% right: course
from helpers.models import gan


def discriminator_step(g, d, optimiser, real, z):
    with torch.no_grad():
        fake = g(z)
    loss = gan.discriminator_loss(d(real), d(fake))
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% right: detach
def discriminator_step(g, d, optimiser, real, z):
    optimiser.zero_grad()
    loss = -F.logsigmoid(d(real)).mean() - F.logsigmoid(-d(g(z).detach())).mean()
    loss.backward()
    optimiser.step()
    return float(loss)


# %% right: two backward
def discriminator_step(g, d, optimiser, real, z):
    """The gradients of the two parts add up in .grad; one step follows."""
    bce = nn.BCEWithLogitsLoss()
    optimiser.zero_grad(set_to_none=False)
    on_real, on_fake = d(real), d(g(z).detach())
    first = bce(on_real, torch.ones_like(on_real))
    first.backward()
    second = bce(on_fake, torch.zeros_like(on_fake))
    second.backward()
    optimiser.step()
    return first.item() + second.item()


# %% wrong: exchanged | says: exchanged
def discriminator_step(g, d, optimiser, real, z):
    fake = g(z).detach()
    loss = F.softplus(d(real)).mean() + F.softplus(-d(fake)).mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong: frozen | says: requires_grad of argument
def discriminator_step(g, d, optimiser, real, z):
    g.requires_grad_(False)
    loss = F.softplus(-d(real)).mean() + F.softplus(d(g(z))).mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong: g cleared | says: zero_grad() of G
def discriminator_step(g, d, optimiser, real, z):
    loss = F.softplus(-d(real)).mean() + F.softplus(d(g(z))).mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    g.zero_grad()
    return loss.item()


# %% wrong: half | says: not half of it
def discriminator_step(g, d, optimiser, real, z):
    fake = g(z).detach()
    loss = (F.softplus(-d(real)).mean() + F.softplus(d(fake)).mean()) / 2
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong: late zero grad | says: nothing has moved
def discriminator_step(g, d, optimiser, real, z):
    fake = g(z).detach()
    loss = F.softplus(-d(real)).mean() + F.softplus(d(fake)).mean()
    loss.backward()
    optimiser.zero_grad()
    optimiser.step()
    return loss.item()


# %% wrong: loss after | says: the loss before the step
def discriminator_step(g, d, optimiser, real, z):
    fake = g(z).detach()

    def loss():
        return F.softplus(-d(real)).mean() + F.softplus(d(fake)).mean()

    optimiser.zero_grad()
    loss().backward()
    optimiser.step()
    return loss().item()


# %% wrong: loss sign | says: the sign: the loss is -V
def discriminator_step(g, d, optimiser, real, z):
    fake = g(z).detach()
    loss = F.softplus(-d(real)).mean() + F.softplus(d(fake)).mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return -loss.item()


# %% wrong: no step | says: nothing has moved
def discriminator_step(g, d, optimiser, real, z):
    fake = g(z).detach()
    loss = F.softplus(-d(real)).mean() + F.softplus(d(fake)).mean()
    optimiser.zero_grad()
    loss.backward()
    return loss.item()


# %% wrong: no zero grad | says: zero_grad() before backward()
def discriminator_step(g, d, optimiser, real, z):
    fake = g(z).detach()
    loss = F.softplus(-d(real)).mean() + F.softplus(d(fake)).mean()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong: nothing done | says: nothing has moved
def discriminator_step(g, d, optimiser, real, z):
    fake = g(z).detach()
    return (F.softplus(-d(real)).mean() + F.softplus(d(fake)).mean()).item()


# %% wrong: one mean | says: twice the mean over all
def discriminator_step(g, d, optimiser, real, z):
    fake = g(z).detach()
    logit = d(torch.cat([real, fake]))
    kind = (torch.arange(len(logit)) < len(real)).to(logit.dtype)
    loss = 2 * F.binary_cross_entropy_with_logits(logit, kind)
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong: only real | says: the samples are missing
def discriminator_step(g, d, optimiser, real, z):
    fake = g(z).detach()
    loss = F.softplus(-d(real)).mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong: own optimiser | says: step 2
def discriminator_step(g, d, optimiser, real, z):
    fake = g(z).detach()
    own = type(optimiser)(d.parameters(), lr=optimiser.param_groups[0]["lr"])
    loss = F.softplus(-d(real)).mean() + F.softplus(d(fake)).mean()
    own.zero_grad()
    loss.backward()
    own.step()
    return loss.item()


# %% wrong: sign | says: D makes V large
def discriminator_step(g, d, optimiser, real, z):
    fake = g(z).detach()
    loss = -F.softplus(-d(real)).mean() - F.softplus(d(fake)).mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong: sum | says: a mean, not a sum
def discriminator_step(g, d, optimiser, real, z):
    fake = g(z).detach()
    loss = F.softplus(-d(real)).sum() + F.softplus(d(fake)).sum()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong: tensor | says: .item()
def discriminator_step(g, d, optimiser, real, z):
    fake = g(z).detach()
    loss = F.softplus(-d(real)).mean() + F.softplus(d(fake)).mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.detach()


# %% wrong: through g | says: backward() fills G's .grad too
def discriminator_step(g, d, optimiser, real, z):
    loss = F.softplus(-d(real)).mean() + F.softplus(d(g(z))).mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong: two steps | says: not a step on each
def discriminator_step(g, d, optimiser, real, z):
    fake = g(z).detach()
    total = 0.0
    for loss in (lambda: F.softplus(-d(real)).mean(), lambda: F.softplus(d(fake)).mean()):
        optimiser.zero_grad()
        part = loss()
        part.backward()
        optimiser.step()
        total += part.item()
    return total


# %% wrong: all of G thawed at the end | says: requires_grad of argument
def discriminator_step(g, d, optimiser, real, z) -> float:
    g.requires_grad_(False)
    loss = F.softplus(-d(real)).mean() + F.softplus(d(g(z))).mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    g.requires_grad_(True)
    return loss.item()


# %% wrong: G left in training mode | says: the mode of argument 1
def discriminator_step(g, d, optimiser, real, z) -> float:
    g.eval()
    with torch.no_grad():
        fake = g(z)
    g.train()
    loss = F.softplus(-d(real)).mean() + F.softplus(d(fake)).mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong: a fresh optimiser of the same kind | says: none is made anew
def discriminator_step(g, d, optimiser, real, z) -> float:
    fake = g(z).detach()
    loss = F.softplus(-d(real)).mean() + F.softplus(d(fake)).mean()
    fresh = type(optimiser)(d.parameters(), lr=optimiser.param_groups[0]["lr"])
    fresh.zero_grad()
    loss.backward()
    fresh.step()
    return loss.item()


# %% wrong: labels of 0.9 | says: nothing is smoothed
def discriminator_step(g, d, optimiser, real, z) -> float:
    criterion = nn.BCEWithLogitsLoss()
    optimiser.zero_grad()
    with torch.no_grad():
        fake = g(z)
    real_logits, fake_logits = d(real), d(fake)
    real_labels = torch.full_like(real_logits, 0.9)
    fake_labels = torch.zeros_like(fake_logits)
    loss = criterion(real_logits, real_labels) + criterion(fake_logits, fake_labels)
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong: updates by hand | says: the optimiser makes the step
def discriminator_step(g, d, optimiser, real, z) -> float:
    with torch.no_grad():
        fake = g(z)
    loss = F.softplus(-d(real)).mean() + F.softplus(d(fake)).mean()
    parameters = list(d.parameters())
    grads = torch.autograd.grad(loss, parameters)
    lr = optimiser.param_groups[0]["lr"]
    with torch.no_grad():
        for p, grad in zip(parameters, grads):
            p -= lr * grad
    return loss.item()


# %% wrong: inference mode | says: goes into no backward pass
def discriminator_step(g, d, optimiser, real, z) -> float:
    with torch.inference_mode():
        fake = g(z)
    optimiser.zero_grad()
    loss = F.softplus(-d(real)).mean() + F.softplus(d(fake)).mean()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong: only as many as both have | says: neither batch is cut
def discriminator_step(g, d, optimiser, real, z) -> float:
    with torch.no_grad():
        fake = g(z)
    n = min(len(real), len(fake))
    real, fake = real[:n], fake[:n]
    loss = F.softplus(-d(real)).mean() + F.softplus(d(fake)).mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong: cleared between backward and step | says: cleared after backward()
def discriminator_step(g, d, optimiser, real, z) -> float:
    with torch.no_grad():
        fake = g(z)
    loss = F.softplus(-d(real)).mean() + F.softplus(d(fake)).mean()
    loss.backward()
    optimiser.zero_grad()
    optimiser.step()
    return loss.item()


# %% wrong: fresh noise | says: nothing is drawn
def discriminator_step(g, d, optimiser, real, z) -> float:
    with torch.no_grad():
        fake = g(torch.randn_like(z))
    optimiser.zero_grad()
    loss = F.softplus(-d(real)).mean() + F.softplus(d(fake)).mean()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong: one mode for all modules of G | says: the mode of argument 1
def discriminator_step(g, d, optimiser, real, z) -> float:
    was = g.training
    g.eval()
    with torch.no_grad():
        fake = g(z)
    g.train(was)
    optimiser.zero_grad()
    loss = F.softplus(-d(real)).mean() + F.softplus(d(fake)).mean()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong: G's modules flattened to one mode | says: to each its own
def discriminator_step(g, d, optimiser, real, z) -> float:
    was = g.training
    g.eval()
    with torch.no_grad():
        fake = g(z)
    g.train(was)
    optimiser.zero_grad()
    loss = -F.logsigmoid(d(real)).mean() - F.logsigmoid(-d(fake)).mean()
    loss.backward()
    optimiser.step()
    return loss.item()
