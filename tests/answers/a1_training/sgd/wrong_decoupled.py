# says: the decay is missing
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    v = beta * v + g
    return theta - lr * v - lr * decay * theta, v
