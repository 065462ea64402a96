# says: not in the velocity
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    v = beta * v + lr * (g + decay * theta)
    return theta - v, v
