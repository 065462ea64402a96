# says: Expected: shape
def update_running(x, running_mean, running_var, momentum=0.1):
    mean, var = x.mean((0, 2, 3), keepdim=True), x.var((0, 2, 3), keepdim=True)
    old_mean, old_var = running_mean.view(1, -1, 1, 1), running_var.view(1, -1, 1, 1)
    new_mean = (1 - momentum) * old_mean + momentum * mean
    return new_mean, (1 - momentum) * old_var + momentum * var
