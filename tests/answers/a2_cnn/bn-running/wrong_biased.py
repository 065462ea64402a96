# says: divides by B*H*W - 1
def update_running(x, running_mean, running_var, momentum=0.1):
    mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
    new_mean = (1 - momentum) * running_mean + momentum * mean
    return new_mean, (1 - momentum) * running_var + momentum * var
