# says: dtype torch.float64
def numeric_gradient(loss, theta, h=1e-5):
    found = []
    for i in range(theta.numel()):
        step = torch.zeros(theta.numel(), dtype=theta.dtype)
        step[i] = h
        step = step.view(theta.shape)
        found.append(float(loss(theta + step) - loss(theta - step)) / (2 * h))
    return torch.tensor(found).view(theta.shape)
