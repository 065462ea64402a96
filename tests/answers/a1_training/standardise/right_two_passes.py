def standardise(train_x, test_x):
    var, mean = torch.var_mean(train_x.float() / 255, dim=(0, 2, 3), correction=0)
    std = var.sqrt()
    std[std == 0] = 1
    mean, std = mean[:, None, None], std[:, None, None]
    return (train_x / 255 - mean) / std, (test_x / 255 - mean) / std
