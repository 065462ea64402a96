# says: not by an epsilon (1e-06)
def standardise(train_x, test_x):
    train, test = train_x.float() / 255, test_x.float() / 255
    mean = train.mean((0, 2, 3), keepdim=True)
    std = train.std((0, 2, 3), keepdim=True, correction=0).clamp_min(1e-6)
    return (train - mean) / std, (test - mean) / std
