def update_running(x, running_mean, running_var, momentum=0.1):
    var, mean = torch.var_mean(x, (0, 2, 3))
    return running_mean.lerp(mean, momentum), running_var.lerp(var, momentum)
