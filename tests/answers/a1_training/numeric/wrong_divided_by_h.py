# says: the distance is 2 h
def numeric_gradient(loss, theta, h=1e-5):
    found = []
    for i in range(theta.numel()):
        step = torch.zeros(theta.numel(), dtype=theta.dtype)
        step[i] = h
        step = step.view(theta.shape)
        found.append(float(loss(theta + step) - loss(theta - step)) / h)
    return torch.tensor(found, dtype=theta.dtype).view(theta.shape)
