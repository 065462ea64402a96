# %% right: autograd grad
def generator_step(g, d, optimiser, z, loss):
    a = d(g(z))
    value = -F.logsigmoid(a).mean() if loss == "non-saturating" else F.logsigmoid(-a).mean()
    optimiser.zero_grad()
    for p, slope in zip(
        g.parameters(), torch.autograd.grad(value, list(g.parameters())), strict=True
    ):
        p.grad = slope
    optimiser.step()
    return value.item()


# %% right: backward inputs
def generator_step(g, d, optimiser, z, loss):
    optimiser.zero_grad()
    a = d(g(z))
    one, zero = torch.ones_like(a), torch.zeros_like(a)
    if loss == "minimax":
        value = -F.binary_cross_entropy_with_logits(a, zero)
    else:
        value = F.binary_cross_entropy_with_logits(a, one)
    value.backward(inputs=list(g.parameters()))
    optimiser.step()
    return float(value)


# %% right: copied d
import copy


def generator_step(g, d, optimiser, z, loss):
    a = copy.deepcopy(d)(g(z))
    losses = {"minimax": -F.softplus(a).mean(), "non-saturating": F.softplus(-a).mean()}
    optimiser.zero_grad()
    losses[loss].backward()
    optimiser.step()
    return losses[loss].item()


# %% right: put back
def generator_step(g, d, optimiser, z, loss):
    kept = [None if p.grad is None else p.grad.clone() for p in d.parameters()]
    a = d(g(z))
    value = F.softplus(-a).mean() if loss == "non-saturating" else -F.softplus(a).mean()
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    for p, old in zip(d.parameters(), kept, strict=True):
        p.grad = old
    return value.item()


# %% wrong: always minimax | says: this is the step of the minimax loss
def generator_step(g, d, optimiser, z, loss):
    d.requires_grad_(False)
    a = d(g(z))
    value = -F.softplus(a).mean()
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    d.requires_grad_(True)
    return value.item()


# %% wrong: always non saturating | says: this is the step of the non-saturating loss
def generator_step(g, d, optimiser, z, loss):
    d.requires_grad_(False)
    a = d(g(z))
    value = F.softplus(-a).mean()
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    d.requires_grad_(True)
    return value.item()


# %% wrong: by the book | says: finite numbers
def generator_step(g, d, optimiser, z, loss):
    d.requires_grad_(False)
    a = d(g(z))
    value = (
        -torch.sigmoid(a).log().mean()
        if loss == "non-saturating"
        else (1 - torch.sigmoid(a)).log().mean()
    )
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    d.requires_grad_(True)
    return value.item()


# %% wrong: d cleared | says: zero_grad() of D
def generator_step(g, d, optimiser, z, loss):
    a = d(g(z))
    value = F.softplus(-a).mean() if loss == "non-saturating" else -F.softplus(a).mean()
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    d.zero_grad()
    return value.item()


# %% wrong: d moves | says: D's parameters as they were
def generator_step(g, d, optimiser, z, loss):
    a = d(g(z))
    value = F.softplus(-a).mean() if loss == "non-saturating" else -F.softplus(a).mean()
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    with torch.no_grad():
        for p in d.parameters():
            p -= 0.1 * p.grad
            p.grad = None
    return value.item()


# %% wrong: detached | says: does not require grad
def generator_step(g, d, optimiser, z, loss):
    d.requires_grad_(False)
    a = d(g(z).detach())
    value = F.softplus(-a).mean() if loss == "non-saturating" else -F.softplus(a).mean()
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    d.requires_grad_(True)
    return value.item()


# %% wrong: frozen | says: requires_grad of argument
def generator_step(g, d, optimiser, z, loss):
    d.requires_grad_(False)
    a = d(g(z))
    value = F.softplus(-a).mean() if loss == "non-saturating" else -F.softplus(a).mean()
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    return value.item()


# %% wrong: into d | says: backward() fills D's .grad too
def generator_step(g, d, optimiser, z, loss):
    a = d(g(z))
    value = F.softplus(-a).mean() if loss == "non-saturating" else -F.softplus(a).mean()
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    return value.item()


# %% wrong: loss after | says: the loss before the step
def generator_step(g, d, optimiser, z, loss):
    d.requires_grad_(False)
    a = d(g(z))
    value = F.softplus(-a).mean() if loss == "non-saturating" else -F.softplus(a).mean()
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    d.requires_grad_(True)
    return (
        F.softplus(-d(g(z))).mean() if loss == "non-saturating" else -F.softplus(d(g(z))).mean()
    ).item()


# %% wrong: no step | says: nothing has moved
def generator_step(g, d, optimiser, z, loss):
    d.requires_grad_(False)
    a = d(g(z))
    value = F.softplus(-a).mean() if loss == "non-saturating" else -F.softplus(a).mean()
    optimiser.zero_grad()
    value.backward()
    d.requires_grad_(True)
    return value.item()


# %% wrong: no zero grad | says: zero_grad() before backward()
def generator_step(g, d, optimiser, z, loss):
    d.requires_grad_(False)
    a = d(g(z))
    value = F.softplus(-a).mean() if loss == "non-saturating" else -F.softplus(a).mean()
    value.backward()
    optimiser.step()
    d.requires_grad_(True)
    return value.item()


# %% wrong: sign | says: the sign: G goes the other way
def generator_step(g, d, optimiser, z, loss):
    d.requires_grad_(False)
    a = d(g(z))
    value = -F.softplus(-a).mean() if loss == "non-saturating" else F.softplus(a).mean()
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    d.requires_grad_(True)
    return value.item()


# %% wrong: sign and other | says: the sign, and the other loss
def generator_step(g, d, optimiser, z, loss):
    d.requires_grad_(False)
    a = d(g(z))
    value = F.softplus(a).mean() if loss == "non-saturating" else -F.softplus(-a).mean()
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    d.requires_grad_(True)
    return value.item()


# %% wrong: small number | says: nothing has moved
def generator_step(g, d, optimiser, z, loss):
    d.requires_grad_(False)
    a = d(g(z))
    value = (
        -(torch.sigmoid(a) + 1e-300).log().mean()
        if loss == "non-saturating"
        else (1 - torch.sigmoid(a) + 1e-300).log().mean()
    )
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    d.requires_grad_(True)
    return value.item()


# %% wrong: sum | says: a mean, not a sum
def generator_step(g, d, optimiser, z, loss):
    d.requires_grad_(False)
    a = d(g(z))
    value = F.softplus(-a).sum() if loss == "non-saturating" else -F.softplus(a).sum()
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    d.requires_grad_(True)
    return value.item()


# %% wrong: tensor | says: take the number out
def generator_step(g, d, optimiser, z, loss):
    d.requires_grad_(False)
    a = d(g(z))
    value = F.softplus(-a).mean() if loss == "non-saturating" else -F.softplus(a).mean()
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    d.requires_grad_(True)
    return value.detach()


# %% wrong: D left in training mode | says: the mode of argument 2
def generator_step(g, d, optimiser, z, loss: str) -> float:
    d.eval()
    d.requires_grad_(False)
    a = d(g(z))
    value = F.softplus(-a).mean() if loss == "non-saturating" else -F.softplus(a).mean()
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    d.requires_grad_(True)
    d.train()
    return value.item()


# %% wrong: samples detached | says: never there
def generator_step(g, d, optimiser, z, loss: str) -> float:
    a = d(g(z).detach().requires_grad_())
    value = F.softplus(-a).mean() if loss == "non-saturating" else -F.softplus(a).mean()
    optimiser.zero_grad()
    torch.autograd.grad(value, list(d.parameters()))
    optimiser.step()
    return value.item()


# %% wrong: a small number in the log | says: by an epsilon or a clamp
def generator_step(g, d, optimiser, z, loss: str) -> float:
    d.requires_grad_(False)
    a = d(g(z))
    value = (
        -(torch.sigmoid(a) + 1e-12).log().mean()
        if loss == "non-saturating"
        else -F.softplus(a).mean()
    )
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    d.requires_grad_(True)
    return value.item()


# %% wrong: a frozen copy of D, made in the first call | says: not through an earlier one that was kept
import copy


def generator_step(g, d, optimiser, z, loss: str) -> float:
    if not hasattr(generator_step, "judge"):
        generator_step.judge = copy.deepcopy(d).requires_grad_(False)
    optimiser.zero_grad()
    a = generator_step.judge(g(z))
    cost = -F.softplus(a).mean() if loss == "minimax" else F.softplus(-a).mean()
    cost.backward()
    optimiser.step()
    return cost.item()


# %% wrong: logarithm of the mean | says: the mean of the logarithms
def generator_step(g, d, optimiser, z, loss: str) -> float:
    a = d(g(z))
    n = torch.log(torch.tensor(float(len(z)), dtype=a.dtype))
    if loss == "minimax":
        value = torch.logsumexp(F.logsigmoid(-a), 0) - n
    else:
        value = -(torch.logsumexp(F.logsigmoid(a), 0) - n)
    parameters = list(g.parameters())
    for p, slope in zip(parameters, torch.autograd.grad(value, parameters)):
        p.grad = slope
    optimiser.step()
    return value.item()


# %% wrong: one minus the logit | says: sigma of minus the logit
def generator_step(g, d, optimiser, z, loss: str) -> float:
    a = d(g(z))
    value = F.logsigmoid(1 - a).mean() if loss == "minimax" else -F.logsigmoid(a).mean()
    parameters = list(g.parameters())
    for p, slope in zip(parameters, torch.autograd.grad(value, parameters)):
        p.grad = slope
    optimiser.step()
    return value.item()
