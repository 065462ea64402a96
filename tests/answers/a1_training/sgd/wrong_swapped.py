# says: the pair is (theta, v)
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    v = beta * v + g + decay * theta
    return v, theta - lr * v
