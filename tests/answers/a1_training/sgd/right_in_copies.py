def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    d = g.clone()
    d.add_(theta, alpha=decay)
    new_v = v.clone().mul_(beta).add_(d)
    return theta.clone().sub_(lr * new_v), new_v
