# says: keep dim 1 apart
def standardise(train_x, test_x):
    train, test = train_x.float() / 255, test_x.float() / 255
    mean, std = train.mean(), train.std(unbiased=False)
    return (train - mean) / std, (test - mean) / std
