# says: Nesterov
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    d = g + decay * theta
    v = beta * v + d
    return theta - lr * (d + beta * v), v
