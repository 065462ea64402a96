# says: not 2 lambda theta
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    v = beta * v + g + 2 * decay * theta
    return theta - lr * v, v
