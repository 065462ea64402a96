# says: ln D overflows
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
