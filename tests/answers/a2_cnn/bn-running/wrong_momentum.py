# says: momentum weighs the new value
def update_running(x, running_mean, running_var, momentum=0.1):
    mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3))
    new_mean = momentum * running_mean + (1 - momentum) * mean
    return new_mean, momentum * running_var + (1 - momentum) * var
