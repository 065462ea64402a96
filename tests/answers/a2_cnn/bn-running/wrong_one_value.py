# says: the pair
def update_running(x, running_mean, running_var, momentum=0.1):
    return (1 - momentum) * running_mean + momentum * x.mean((0, 2, 3))
