import copy


def generator_step(g, d, optimiser, z, loss):
    a = copy.deepcopy(d)(g(z))
    losses = {"minimax": -F.softplus(a).mean(), "non-saturating": F.softplus(-a).mean()}
    optimiser.zero_grad()
    losses[loss].backward()
    optimiser.step()
    return losses[loss].item()
