# says: put each number back
def numeric_gradient(loss, theta, h=1e-5):
    flat = theta.reshape(-1).clone()
    found = []
    for i in range(len(flat)):
        flat[i] += h
        above = loss(flat.view(theta.shape))
        flat[i] -= 2 * h
        below = loss(flat.view(theta.shape))
        found.append(float(above - below) / (2 * h))
    return torch.tensor(found, dtype=theta.dtype).view(theta.shape)
