# says: no factor 1 - beta
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    v = beta * v + (1 - beta) * (g + decay * theta)
    return theta - lr * v, v
