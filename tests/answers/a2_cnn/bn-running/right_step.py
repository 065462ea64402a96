def update_running(x, running_mean, running_var, momentum=0.1):
    values = x.transpose(0, 1).flatten(1)  # (C, B*H*W)
    mean = values.mean(1)
    var = ((values - mean[:, None]) ** 2).sum(1) / (values.shape[1] - 1)
    new_mean = running_mean + momentum * (mean - running_mean)
    return new_mean, running_var + momentum * (var - running_var)
