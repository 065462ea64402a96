# says: the old velocity is not used
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    v = g + decay * theta
    return theta - lr * v, v
