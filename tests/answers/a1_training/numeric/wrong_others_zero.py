# says: they do not become 0
def numeric_gradient(loss, theta, h=1e-5):
    found = []
    for i, value in enumerate(theta.flatten().tolist()):
        alone = torch.zeros(theta.numel(), dtype=theta.dtype)
        alone[i] = value + h
        above = loss(alone.view(theta.shape))
        alone[i] = value - h
        found.append(float(above - loss(alone.view(theta.shape))) / (2 * h))
    return torch.tensor(found, dtype=theta.dtype).view(theta.shape)
