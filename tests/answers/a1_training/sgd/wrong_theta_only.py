# says: the pair (theta, v)
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    return theta - lr * (beta * v + g + decay * theta)
