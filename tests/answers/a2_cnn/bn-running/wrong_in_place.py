# says: an operation in place
def update_running(x, running_mean, running_var, momentum=0.1):
    running_mean.lerp_(x.mean((0, 2, 3)), momentum)
    running_var.lerp_(x.var((0, 2, 3)), momentum)
    return running_mean, running_var
