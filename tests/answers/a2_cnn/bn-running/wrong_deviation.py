# says: this is the standard deviation
def update_running(x, running_mean, running_var, momentum=0.1):
    mean, std = x.mean((0, 2, 3)), x.std((0, 2, 3))
    new_mean = (1 - momentum) * running_mean + momentum * mean
    return new_mean, (1 - momentum) * running_var + momentum * std
