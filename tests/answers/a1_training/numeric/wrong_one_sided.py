# says: one-sided difference
def numeric_gradient(loss, theta, h=1e-5):
    found, here = [], loss(theta)
    for i in range(theta.numel()):
        step = torch.zeros(theta.numel(), dtype=theta.dtype)
        step[i] = h
        found.append(float(loss(theta + step.view(theta.shape)) - here) / h)
    return torch.tensor(found, dtype=theta.dtype).view(theta.shape)
