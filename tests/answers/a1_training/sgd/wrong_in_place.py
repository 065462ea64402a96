# says: an operation in place
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    v.mul_(beta).add_(g + decay * theta)
    theta -= lr * v
    return theta, v
