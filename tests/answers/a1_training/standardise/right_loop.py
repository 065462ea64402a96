def standardise(train_x, test_x):
    parts = [train_x.double() / 255, test_x.double() / 255]
    for c in range(train_x.shape[1]):
        values = parts[0][:, c].clone()
        mean, std = values.mean(), values.std(unbiased=False)
        if std == 0:
            std = 1.0
        for part in parts:
            part[:, c] = (part[:, c] - mean) / std
    return [part.float() for part in parts]
