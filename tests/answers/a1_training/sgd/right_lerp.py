def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    gradient = torch.add(g, theta, alpha=decay)
    velocity = torch.add(gradient, v, alpha=beta)
    return torch.sub(theta, velocity, alpha=lr), velocity
