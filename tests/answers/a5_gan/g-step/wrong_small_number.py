# says: a loss that is flat where D is sure
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
